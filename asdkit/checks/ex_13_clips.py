"""Check of notebook 13 on clips: the interval of a lead over draws of the clips."""

import numpy as np

from . import roc
from .verdict import examine


def ex_13_2(bootstrap_interval):
    """Check ``bootstrap_interval(label, a, b, rows)``, the 95 % interval of the lead of a over b in
    AUC where the clips are drawn again.

    Draw k holds the clips ``rows[k]``, the same for both; the ends are the quantiles at 0.025 and
    0.975 of the difference of both AUCs.

    Paper: none of the five has the interval of a lead.
    Shapes: a function of label (N,), scores (N,) and (N,), and rows (B, N) of numbers of clips ->
        (2,).
    Notebook: 13_compare_losses
    """
    return examine(
        "13.2", bootstrap_interval, _ends, [_clips(seed) for seed in range(3)],
        right="Both losses meet the same hard clips in a draw: that is what makes it narrow.",
        mistakes=MISTAKES,
    )  # fmt: skip


def _clips(seed):
    """Make labels, two scores that find the same clips hard, and draws that keep both counts."""
    rng = np.random.default_rng(seed)
    label = rng.permutation(np.repeat([0, 1], [9 + seed, 7]))
    a = np.round(rng.normal(size=len(label)) + label, 1)
    b = np.round(a + 0.6 * rng.normal(size=len(label)), 1)
    kinds = [np.flatnonzero(label == kind) for kind in (0, 1)]
    rows = np.concatenate([rng.choice(kind, (80, len(kind))) for kind in kinds], axis=1)
    return label, a, b, rows


def _aucs(label, score):
    """The AUC of each row, (B, N), (B, N) -> (B,)."""
    return np.array([roc.area(*row) for row in zip(label, score)])


def _areas(label, score, rows):
    return _aucs(label[rows], score[rows])


def _leads(label, a, b, rows):
    return _areas(label, a, rows) - _areas(label, b, rows)


def _middle(values, level=0.95):
    return np.quantile(values, [(1 - level) / 2, (1 + level) / 2])


def _ends(label, a, b, rows):
    return _middle(_leads(label, a, b, rows))


def _whole(label, a, b):
    return _aucs(label[None], a[None])[0] - _aucs(label[None], b[None])[0]


def _between(label, a, b, rows):
    """From the worst of a against the best of b to the reverse."""
    ours, theirs = (_middle(_areas(label, score, rows)) for score in (a, b))
    return ours - theirs[::-1]


def _other(label, a, b, rows):
    """The draws of b in reverse order, so that the two are no pairs."""
    return _middle(_areas(label, a, rows) - _areas(label, b, rows[::-1]))


MISTAKES = [
    ("the ends leave 5 % out on each side: 95 % in the middle leave 2.5 %.",
     lambda y, a, b, rows: _middle(_leads(y, a, b, rows), 0.9)),
    ("these are the smallest and the largest draw: take the quantiles at 0.025 and 0.975.",
     lambda y, a, b, rows: np.array([f(_leads(y, a, b, rows)) for f in (np.min, np.max)])),
    ("these are the quantiles at 0.25 and 0.75: 95 % want 0.025 and 0.975.",
     lambda y, a, b, rows: _middle(_leads(y, a, b, rows), 0.5)),
    ("the lead is that of a over b: a - b.", lambda y, a, b, rows: _ends(y, b, a, rows)),
    ("the larger end stands first: low, then high.",
     lambda y, a, b, rows: _ends(y, a, b, rows)[::-1]),
    ("both have an interval of their own here: take the difference within each draw, then its "
     "quantiles.",
     _between),
    ("both have an interval of their own here, and their ends are subtracted: take the difference "
     "within each draw, then its quantiles.",
     lambda y, a, b, rows: _middle(_areas(y, a, rows)) - _middle(_areas(y, b, rows))),
    ("a and b meet different draws: a draw holds the same clips for both.", _other),
    ("the scores are drawn and the labels are not: draw them together, label[row].",
     lambda y, a, b, rows: _middle(_aucs(y + 0 * rows, a[rows]) - _aucs(y + 0 * rows, b[rows]))),
    ("the labels are drawn and the scores are not: draw them together.",
     lambda y, a, b, rows: _middle(_aucs(y[rows], a + 0 * rows) - _aucs(y[rows], b + 0 * rows))),
    ("this is the interval of a alone: subtract the AUC of b in each draw.",
     lambda y, a, b, rows: _middle(_areas(y, a, rows))),
    ("this is the interval of the difference of the scores' AUC: take two AUCs and subtract them, "
     "not the AUC of a - b.",
     lambda y, a, b, rows: _middle(_areas(y, a - b, rows))),
    ("a lead may be negative: leave the absolute value out.",
     lambda y, a, b, rows: _middle(abs(_leads(y, a, b, rows)))),
    ("the lead of all clips is subtracted: leave the interval around the lead.",
     lambda y, a, b, rows: _ends(y, a, b, rows) - _whole(y, a, b)),
    ("these are mean and 1.96 standard deviations of the draws: take their quantiles.",
     lambda y, a, b, rows: _leads(y, a, b, rows).mean()
     + 1.96 * np.array([-1, 1]) * _leads(y, a, b, rows).std()),
    ("these are 1.96 standard deviations around the lead of all clips: take the quantiles of the "
     "draws.",
     lambda y, a, b, rows: _whole(y, a, b)
     + 1.96 * np.array([-1, 1]) * _leads(y, a, b, rows).std()),
    ("these are all draws: give their quantiles at 0.025 and 0.975.", _leads),
    ("this is the lead of all clips: draw them again, once for each row of rows.",
     lambda y, a, b, rows: _whole(y, a, b)),
]  # fmt: skip
