"""Check of notebook 10 on a lead in a printed table: the p of Welch's test."""

import numpy as np
import scipy
from scipy.special import ndtr, stdtr  # of the normal distribution, and of Student's

from .verdict import examine

_FREEDOM = [  # degrees of freedom, from the variances A and B of both means
    ("these are 2 n - 2 degrees of freedom, of one variance for both (Student): Welch has his own, "
     "fewer where the variances differ (in scipy, equal_var=False).",
     lambda a, b, n: 2 * n - 2),
    ("this takes n - 1 degrees of freedom: Welch has his own, from n - 1 to 2 n - 2.",
     lambda a, b, n: n - 1),
    ("this takes n degrees of freedom: Welch has his own, from n - 1 to 2 n - 2.",
     lambda a, b, n: n),
    ("this takes 2 n degrees of freedom: each mean takes one, and Welch has his own.",
     lambda a, b, n: 2 * n),
    ("off by one: in the degrees of freedom each squared term is divided by n - 1, not n.",
     lambda a, b, n: _welch(a, b, n) * n / (n - 1)),
    ("in the degrees of freedom n - 1 is missing: (A + B)^2 (n - 1) / (A^2 + B^2), "
     "where A = std_a^2 / n.",
     lambda a, b, n: _welch(a, b, n) / (n - 1)),
    ("the degrees of freedom are rounded: Student's distribution takes a fraction, too.",
     lambda a, b, n: np.round(_welch(a, b, n))),
    ("the degrees of freedom are cut to an integer: Student's distribution takes a fraction, too.",
     lambda a, b, n: np.floor(_welch(a, b, n))),
    ("standard deviations stand in the degrees of freedom: it takes variances, A = std_a^2 / n.",
     lambda a, b, n: _welch(np.sqrt(a), np.sqrt(b), n)),
]  # fmt: skip
_ERRORS = [  # what the variances of both means are taken for
    ("the standard deviations are taken as standard errors: the printed ones are those of single "
     "trials, so that the variance of a mean is std^2 / n.",
     lambda a, b, n: (a * n, b * n)),
    ("the variances are divided by n - 1, which the printed deviations are already: the variance "
     "of a mean is std^2 / n.",
     lambda a, b, n: (a * n / (n - 1), b * n / (n - 1))),
    ("the variances are divided by n twice: the variance of a mean is std^2 / n.",
     lambda a, b, n: (a / n, b / n)),
    ("the standard deviations are not squared: the variance of a mean is std^2 / n.",
     lambda a, b, n: (np.sqrt(a / n), np.sqrt(b / n))),
    ("the standard deviations are squared twice: variances stand where deviations are wanted.",
     lambda a, b, n: (a**2 * n, b**2 * n)),
    ("this is half the sum of both standard errors: add their squares, then take the root.",
     lambda a, b, n: ((a + np.sqrt(a * b)) / 4, (b + np.sqrt(a * b)) / 4)),
    ("this is the mean of two variances: the difference has their sum, as both means vary.",
     lambda a, b, n: (a / 2, b / 2)),
    ("only the first mean varies here: add the variance of the second.",
     lambda a, b, n: (a, 0.0)),
    ("only the second mean varies here: add the variance of the first.",
     lambda a, b, n: (0.0, b)),
    ("standard errors are added: add the variances, then take the root.",
     lambda a, b, n: (a + np.sqrt(a * b), b + np.sqrt(a * b))),
    ("a root is missing: t is the gap over the root of std_a^2 / n + std_b^2 / n.",
     lambda a, b, n: (a * (a + b), b * (a + b))),
]  # fmt: skip
_TAILS = [  # what of the distribution, from t and the degrees of freedom
    ("this is one-sided: either system could have come out ahead, so count both tails.",
     lambda t, dof: stdtr(dof, -abs(t))),
    ("this is one-sided, with the sign of t: take both tails, beyond |t|.",
     lambda t, dof: stdtr(dof, -t)),
    ("this is one-sided, with the sign of t: take both tails, beyond |t|.",
     lambda t, dof: stdtr(dof, t)),
    ("t keeps its sign, so that p comes out above 1 where a lies below b: take |t|.",
     lambda t, dof: 2 * stdtr(dof, -t)),
    ("t keeps its sign, so that p comes out above 1 where a lies above b: take -|t|.",
     lambda t, dof: 2 * stdtr(dof, t)),
    ("this counts what lies below |t|: p is what lies beyond it, on both sides.",
     lambda t, dof: 2 * stdtr(dof, abs(t))),
    ("this is the density at t: p is the area beyond it, on both sides.",
     lambda t, dof: scipy.stats.t.pdf(t, dof)),
    ("this is t itself: p is the area of Student's distribution beyond |t|.", lambda t, dof: t),
    ("this is |t|: p is the area of Student's distribution beyond it.", lambda t, dof: abs(t)),
    ("these are t and p: return p alone (in scipy, .pvalue).",
     lambda t, dof: [t, 2 * stdtr(dof, -abs(t))]),
    ("these are the degrees of freedom: p is the area beyond |t|.", lambda t, dof: dof),
    ("this takes the normal distribution: with so few trials it is Student's, with wider tails.",
     lambda t, dof: 2 * ndtr(-abs(t))),
    ("this takes the normal distribution, one tail of it: take both tails of Student's.",
     lambda t, dof: ndtr(-abs(t))),
    ("this takes the normal distribution, and t with its sign: take |t|, and Student's.",
     lambda t, dof: 2 * ndtr(-t)),
]  # fmt: skip


def ex_10_4(welch_p):
    r"""Check ``welch_p(mean_a, std_a, mean_b, std_b, n)``, the two-sided p of Welch's test.

    $t = (\bar a - \bar b) / \sqrt{A + B}$ with $A = s_a^2 / n$ and $B = s_b^2 / n$, on $(A + B)^2
    (n - 1) / (A^2 + B^2)$ degrees of freedom.

    Paper: [AP] Table 1, whose cells are means and deviations of ten trials; the test is Welch's.
    Shapes: a function of five numbers, n trials each -> a number.
    Example:
        >>> from scipy.stats import ttest_ind_from_stats
        >>> checks.ex_10_4(lambda a, s, b, r, n: ttest_ind_from_stats(a, s, n, b, r, n).pvalue)
        ✗ Exercise 10.4: these are 2 n - 2 degrees of freedom, of one variance for both ...
    Notebook: 10_adaproj
    """
    return examine(
        "10.4", welch_p, _p, _cells(),
        right="Two leads of 0.6 points in the table have p = .26 and .033: their spreads decide.",
        mistakes=[
            *[(hint, lambda *g, dof=dof: _p(*g, freedom=dof)) for hint, dof in _FREEDOM],
            *[(hint, lambda *g, taken=taken, dof=dof: _p(*g, taken=taken, freedom=dof))
              for hint, taken in _ERRORS
              for dof in (None, _welch, _FREEDOM[0][1])],
            *[(hint, lambda *g, tail=tail, dof=dof: _p(*g, tail=tail, freedom=dof))
              for hint, tail in _TAILS
              for dof in (_welch, _FREEDOM[0][1])],
        ],
    )  # fmt: skip


def _cells():
    """Make pairs of cells: of the printed table, and of other numbers of trials."""
    return [
        (80.6, 0.8, 80.0, 1.4, 10), (73.6, 0.7, 73.0, 0.4, 10), (69.8, 1.3, 68.0, 1.6, 10),
        (61.6, 3.4, 64.4, 2.0, 10), (70.0, 0.5, 70.6, 2.0, 5), (70.0, 3.0, 69.0, 0.6, 20),
    ]  # fmt: skip


def _welch(a, b, n):
    return (a + b) ** 2 * (n - 1) / (a**2 + b**2)


def _both(t, dof):
    return 2 * stdtr(dof, -abs(t))


def _p(mean_a, std_a, mean_b, std_b, n, taken=None, freedom=None, tail=_both):
    right = std_a**2 / n, std_b**2 / n
    a, b = taken(*right, n) if taken else right
    dof = freedom(*right, n) if freedom else _welch(a, b, n)
    return tail((mean_a - mean_b) / np.sqrt(a + b), dof)
