"""Answers to the exercise of notebook 10 on a printed table: right answers, and wrong ones by the
hint that each must get.
"""

import math

import torch
from scipy import stats


def welch(mean_a, std_a, mean_b, std_b, n):
    return stats.ttest_ind_from_stats(mean_a, std_a, n, mean_b, std_b, n, equal_var=False).pvalue


def welch_by_area(mean_a, std_a, mean_b, std_b, n):
    """Add up Student's density from -|t| to |t|."""
    A, B = torch.tensor([std_a, std_b], dtype=torch.float64) ** 2 / n
    t, dof = (mean_a - mean_b) / (A + B).sqrt(), (A + B) ** 2 * (n - 1) / (A**2 + B**2)
    at = torch.linspace(0, abs(t), 20001, dtype=torch.float64)
    return 1 - 2 * torch.trapezoid(torch.distributions.StudentT(dof).log_prob(at).exp(), at)


def welch_in_float32(*given):
    return torch.tensor(welch(*given), dtype=torch.float32)


def tested(a, s, b, r, n, variances=None, dof=None):
    """Two-sided p from other variances of the means, or other degrees of freedom."""
    A, B = variances or (s**2 / n, r**2 / n)
    dof = dof or (A + B) ** 2 * (n - 1) / (A**2 + B**2)
    return 2 * stats.t.sf(abs(a - b) / math.sqrt(A + B), dof)


def t_and_freedom(a, s, b, r, n):
    A, B = s**2 / n, r**2 / n
    return (a - b) / math.sqrt(A + B), (A + B) ** 2 * (n - 1) / (A**2 + B**2)


RIGHT = {
    "ex_10_4": [welch, welch_by_area, welch_in_float32],
}
WRONG = {
    "ex_10_4": {
        "one variance for both (Student)": lambda *g: tested(*g, dof=2 * g[4] - 2),
        "in scipy, equal_var=False": lambda a, s, b, r, n: (
            stats.ttest_ind_from_stats(a, s, n, b, r, n).pvalue
        ),
        "takes n - 1 degrees": lambda *g: tested(*g, dof=g[4] - 1),
        "takes n degrees": lambda *g: tested(*g, dof=g[4]),
        "takes 2 n degrees": lambda *g: tested(*g, dof=2 * g[4]),
        "divided by n - 1, not n": lambda a, s, b, r, n: tested(
            a, s, b, r, n, dof=(s**2 + r**2) ** 2 * n / (s**4 + r**4)
        ),
        "n - 1 is missing": lambda a, s, b, r, n: tested(
            a, s, b, r, n, dof=(s**2 + r**2) ** 2 / (s**4 + r**4)
        ),
        "are rounded": lambda *g: tested(*g, dof=round(t_and_freedom(*g)[1])),
        "cut to an integer": lambda *g: tested(*g, dof=int(t_and_freedom(*g)[1])),
        "stand in the degrees of freedom": lambda a, s, b, r, n: tested(
            a, s, b, r, n, dof=(s + r) ** 2 * (n - 1) / (s**2 + r**2)
        ),
        "taken as standard errors": lambda a, s, b, r, n: tested(a, s, b, r, n, (s**2, r**2)),
        "divided by n - 1, which": lambda a, s, b, r, n: tested(
            a, s, b, r, n, (s**2 / (n - 1), r**2 / (n - 1))
        ),
        "divided by n twice": lambda a, s, b, r, n: tested(
            a, s, b, r, n, (s**2 / n**2, r**2 / n**2)
        ),
        "are not squared": lambda a, s, b, r, n: tested(a, s, b, r, n, (s / n, r / n)),
        "are squared twice": lambda a, s, b, r, n: welch(a, s**2, b, r**2, n),
        "half the sum of both": lambda a, s, b, r, n: tested(
            a, (s + r) / 2, b, 0, n, dof=2 * n - 2
        ),
        "the mean of two variances": lambda a, s, b, r, n: tested(
            a, s, b, r, n, (s**2 / n / 2, r**2 / n / 2), 2 * n - 2
        ),
        "only the first mean": lambda a, s, b, r, n: tested(a, s, b, r, n, (s**2 / n, 0)),
        "only the second mean": lambda a, s, b, r, n: tested(a, s, b, r, n, (0, r**2 / n)),
        "standard errors are added": lambda a, s, b, r, n: (
            2 * stats.t.sf(abs(a - b) / (s + r) * math.sqrt(n), t_and_freedom(a, s, b, r, n)[1])
        ),
        "a root is missing": lambda a, s, b, r, n: (
            2 * stats.t.sf(abs(a - b) / (s**2 + r**2) * n, t_and_freedom(a, s, b, r, n)[1])
        ),
        "this is one-sided: either": lambda *g: welch(*g) / 2,
        "this is one-sided, with": lambda *g: stats.t.sf(*t_and_freedom(*g)),
        "take |t|": lambda *g: 2 * stats.t.sf(*t_and_freedom(*g)),
        "take -|t|": lambda *g: 2 * stats.t.cdf(*t_and_freedom(*g)),
        "what lies below |t|": lambda *g: 2 - welch(*g),
        "the density": lambda *g: stats.t.pdf(*t_and_freedom(*g)),
        "this is t itself": lambda *g: t_and_freedom(*g)[0],
        "this is |t|": lambda *g: abs(t_and_freedom(*g)[0]),
        "return p alone": lambda a, s, b, r, n: stats.ttest_ind_from_stats(
            a, s, n, b, r, n, equal_var=False
        ),
        "these are the degrees of freedom: p": lambda *g: t_and_freedom(*g)[1],
        "the normal distribution": lambda *g: math.erfc(abs(t_and_freedom(*g)[0]) / math.sqrt(2)),
        "one tail of it": lambda *g: math.erfc(abs(t_and_freedom(*g)[0]) / math.sqrt(2)) / 2,
        "t with its sign": lambda *g: math.erfc(t_and_freedom(*g)[0] / math.sqrt(2)),
        "percent": lambda *g: 100 * welch(*g),
        "1 minus the right value": lambda *g: 1 - welch(*g),
        "s and b are swapped": lambda a, s, b, r, n: welch(a, b, s, r, n),
        "r counts as 1 here": lambda a, s, b, r, n: welch(a, s, b, 1.0, n),
    },
}
