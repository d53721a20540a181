"""Checks of notebook 11: the mixed label, attention over time, and the smallest AUC."""

import numpy as np
from scipy.special import expit, softmax

from . import smallest_area
from .verdict import examine

_ALONE = "this is the map alone: multiply the log-mel by it, every band of a frame alike."
_OVERWRITTEN = "where y == other one share overwrites the other, and the row lacks it: add both."
_SPREAD = "the rest is spread over all classes, as label smoothing does: all of it is other's."
_COLUMNS = "soft[:, y] writes whole columns: take one entry a row, soft[np.arange(N), y]."
_LABELS = [  # a hint, and what the mistake gives
    ("the shares are swapped: lam belongs to y, 1 - lam to other.",
     lambda y, o, lam, c: _mixed(o, y, lam, c)),
    (_OVERWRITTEN,
     lambda y, o, lam, c: _mixed(y, o, lam, c, lambda one, two: np.where(two, two, one))),
    (_OVERWRITTEN,
     lambda y, o, lam, c: _mixed(y, o, lam, c, lambda one, two: np.where(one, one, two))),
    (_OVERWRITTEN, lambda y, o, lam, c: _mixed(y, o, lam, c, np.maximum)),
    ("other's share is missing, and a row sums to lam: add (1 - lam) at other.",
     lambda y, o, lam, c: _column(lam) * np.eye(c)[y]),
    ("other gets lam as well: its share is 1 - lam, so that a row sums to 1.",
     lambda y, o, lam, c: _column(lam) * (np.eye(c)[y] + np.eye(c)[o])),
    ("y counts whole: its share is lam, so that a row sums to 1.",
     lambda y, o, lam, c: np.eye(c)[y] + _column(1 - lam) * np.eye(c)[o]),
    ("y gets the larger share, whichever it is: lam is that of y, however small.",
     lambda y, o, lam, c: _mixed(y, o, np.maximum(lam, 1 - lam), c)),
    ("other's share is subtracted: both are added, so that a row sums to 1.",
     lambda y, o, lam, c: _mixed(y, o, lam, c, np.subtract)),
    ("only the larger share is kept: a mixed label holds both.",
     lambda y, o, lam, c: np.eye(c)[np.where(lam < 0.5, o, y)]),
    ("the numbers of the classes are blended: they have no order, blend their one-hot rows.",
     lambda y, o, lam, c: lam * y + (1 - lam) * o),
    ("the numbers of the classes are blended: they have no order, blend their one-hot rows.",
     lambda y, o, lam, c: np.eye(c)[np.rint(lam * y + (1 - lam) * o).astype(int)]),
    (_SPREAD, lambda y, o, lam, c: _column(lam) * np.eye(c)[y] + _column(1 - lam) / c),
    (_SPREAD, lambda y, o, lam, c: _smoothed(y, lam, c)),
    (_SPREAD, lambda y, o, lam, c: _smoothed(y, lam, c, c - 1)),
    (_COLUMNS, lambda y, o, lam, c: _whole_columns(y, o, lam, c, False)),
    (_COLUMNS, lambda y, o, lam, c: _whole_columns(y, o, lam, c, True)),
    ("one share serves all clips, the mean of lam: each row has its own.",
     lambda y, o, lam, c: _mixed(y, o, np.mean(lam), c)),
    ("the shares are cut to integers: make the rows of floats before they are blended.",
     lambda y, o, lam, c: np.floor(_column(lam)) * np.eye(c)[y]
         + np.floor(_column(1 - lam)) * np.eye(c)[o]),
    ("the rows went through a softmax: they sum to 1 already, and are zero at all other classes.",
     lambda y, o, lam, c: softmax(_mixed(y, o, lam, c), axis=1)),
]  # fmt: skip


def ex_11_1(mixed_label):
    r"""Check ``mixed_label(y, other, lam, classes)``, the soft labels of mixed clips.

    $\bar y = \lambda y_i + (1 - \lambda) y_j$, [NAM] eq. 2.

    Shapes: a function of y (N,), other (N,), lam, which is a number or (N,), and classes C -> (N,
        C), rows sum to 1.
    Notebook: 11_noisy_arcmix
    """
    return examine(
        "11.1", mixed_label, _mixed, _pairs(),
        right="Rows sum to 1, where a clip meets one of its own class too.",
        mistakes=_LABELS,
    )  # fmt: skip


_ATTENTION = [
    ("the poolings run over time: they run over the bands, axis=1, and leave one number a frame.",
     lambda x: expit(_map(x, 2)) * x),
    ("the poolings run over the clips: they run over the bands of one clip, axis=1.",
     lambda x: expit(_map(x, 0)) * x),
    ("the poolings run over bands and frames: pool the bands alone, axis=1, one number a frame.",
     lambda x: expit(_map(x, (1, 2))) * x),
    ("the poolings run over clips and bands: each clip has a map of its own, pool along axis=1.",
     lambda x: expit(_map(x, (0, 1))) * x),
    ("the poolings are multiplied: eq. 5 adds them.", lambda x: expit(_top(x) * _mean(x)) * x),
    ("the maximum is missing: eq. 5 adds it to the mean.", lambda x: expit(_mean(x)) * x),
    ("the mean is missing: eq. 5 adds it to the maximum.", lambda x: expit(_top(x)) * x),
    ("this halves the sum of the poolings: eq. 5 adds them.", lambda x: expit(_map(x) / 2) * x),
    ("the bands are summed up: the second pooling is their mean.",
     lambda x: expit(_top(x) + x.sum(axis=1, keepdims=True)) * x),
    ("this takes the smallest band: the first pooling is the maximum.",
     lambda x: expit(_mean(x) - _top(-x)) * x),
    ("the mean is subtracted: eq. 5 adds it.", lambda x: expit(_top(x) - _mean(x)) * x),
    ("each pooling has a sigmoid of its own: add them first, then take one.",
     lambda x: (expit(_top(x)) + expit(_mean(x))) * x),
    ("the sigmoid comes before the poolings: pool the log-mel, add, then take it.",
     lambda x: _map(expit(x)) * x),
    ("the sigmoid comes before the poolings: pool the log-mel, add, then take it.",
     lambda x: expit(_map(expit(x))) * x),
    ("the sigmoid is missing: it brings the map between 0 and 1.", lambda x: _map(x) * x),
    ("a softmax over time stands for the sigmoid: frames do not compete, each has its own share.",
     lambda x: softmax(_map(x), axis=2) * x),
    ("a softmax over the bands stands for the map: pool the bands, then take the sigmoid.",
     lambda x: softmax(x, axis=1) * x),
    ("nothing is pooled: one map, of maximum and mean over the bands, serves all bands.",
     lambda x: expit(x) * x),
    ("the log-mel comes back as it was: multiply it by the sigmoid of the map.", lambda x: x),
    ("tanh stands for the sigmoid: the map must lie between 0 and 1.",
     lambda x: np.tanh(_map(x)) * x),
    ("the sign in the sigmoid is flipped: it is 1 / (1 + exp(-M)).",
     lambda x: expit(-_map(x)) * x),
    ("the log-mel is multiplied inside the sigmoid: take the sigmoid of M first.",
     lambda x: expit(_map(x) * x)),
    (_ALONE, lambda x: expit(_map(x))),
    (_ALONE, lambda x: expit(_map(x))[:, 0]),
    (_ALONE, lambda x: expit(_map(x)) + 0 * x),
    ("the log-mel is added once more: eq. 6 multiplies only.",
     lambda x: expit(_map(x)) * x + x),
    ("the map is added: eq. 6 multiplies the log-mel by it.", lambda x: expit(_map(x)) + x),
]  # fmt: skip


def ex_11_4(attend):
    r"""Check ``attend(log_mel)``, a log-mel under its temporal attention.

    $\sigma(M) \cdot X$ with $M = \max_F X + \mathrm{mean}_F X$, [NAM] eq. 5 and 6.

    Shapes: a function of log_mel (N, F, T) -> (N, F, T).
    Example:
        >>> checks.ex_11_4(lambda log_mel: log_mel.mean(axis=1, keepdims=True))
        ✗ Exercise 11.4: log_mel (2, 4, 3) must give shape (2, 4, 3), yours gives shape ...
    Notebook: 11_noisy_arcmix
    """
    return examine(
        "11.4", attend, lambda log_mel: expit(_map(log_mel)) * log_mel, _log_mels(),
        right="One number a frame, between 0 and 1, and no parameter to train.",
        mistakes=_ATTENTION,
    )  # fmt: skip


def ex_11_5(minimum_auc):
    """Check ``minimum_auc(machine, label, score)``, the smallest AUC over the ids of a type.

    The AUC of an id is the share of its pairs of anomaly and normal clip in which the anomaly's
    score is larger; a tie counts one half. [NAM] 3.1 calls the smallest mAUC.

    Shapes: a function of machine (N,), ids such as 1, 3, 5, label (N,), 1 for an anomaly, and
        score (N,) -> float.
    Notebook: 11_noisy_arcmix
    """
    return examine(
        "11.5", minimum_auc, smallest_area.smallest, smallest_area.machines(),
        right="The worst id of a type counts, whatever the others reach.",
        mistakes=smallest_area.MISTAKES,
    )  # fmt: skip


def _pairs():
    """Make clips and partners, some of the same class, and shares of one, of none and between."""
    rng = np.random.default_rng(7)
    y, other = np.array([0, 2, 1, 3, 2]), np.array([2, 0, 1, 3, 1])
    many = rng.integers(5, size=8), rng.integers(5, size=8), rng.uniform(0.05, 0.95, size=8)
    return [
        (y[1:4], other[1:4], 0.3, 4),
        (y, other, np.array([0.75, 0.4, 0.2, 0.6, 1.0]), 4),
        (*many, 5),
        (many[1], many[0], 0.8, 6),
    ]


def _column(lam):
    return np.reshape(lam, (-1, 1))


def _mixed(y, other, lam, classes, join=np.add):
    eye = np.eye(classes)
    mine, partner = _column(lam) * eye[y], _column(1 - lam) * eye[other]
    return join(mine, partner)


def _smoothed(y, lam, classes, others=1):
    own = np.eye(classes)[y]
    return _column(lam) * own + _column(1 - lam) * (1 - own) / others


def _whole_columns(y, other, lam, classes, add):
    soft = np.zeros((len(y), classes))
    soft[:, y] = lam
    soft[:, other] = add * soft[:, other] + 1 - lam
    return soft


def _log_mels():
    """Make log-mels near 0, where no sigmoid is at its end."""
    rng = np.random.default_rng(8)
    return [(rng.normal(size=shape),) for shape in ((2, 4, 3), (3, 5, 8), (1, 6, 4))]


def _top(x, axis=1):
    return x.max(axis=axis, keepdims=True)


def _mean(x, axis=1):
    return x.mean(axis=axis, keepdims=True)


def _map(x, axis=1):
    return _top(x, axis) + _mean(x, axis)  # [NAM] 5
