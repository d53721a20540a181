"""Checks of notebook 11: the mixed label, the gain that opens the attention, the smallest AUC."""

import numpy as np
from scipy.special import expit, softmax

from . import smallest_area
from .verdict import examine

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


_TWO_MEDIANS = "the poolings have a median each: add them frame by frame, then take one median."
_NO_MEAN = "the mean over the bands is missing: M is maximum and mean."
_NO_MAXIMUM = "the maximum over the bands is missing: M is maximum and mean."
_ONE_GAIN = "one gain serves all clips: take the median over the frames of each."
_WHOLE_DB = "this is rounded up to whole decibels: the gain is exact."
_GAINS = [  # a hint, and what the mistake gives
    ("a gain of g dB adds 2 g to M, once by the maximum and once by the mean: halve it.",
     lambda x: -np.median(_map(x), axis=1)),
    ("the sign is flipped: a clip whose M lies below 0 needs a gain above 0.",
     lambda x: np.median(_map(x), axis=1) / 2),
    ("the sign is flipped, and a half is missing: a gain of g dB lifts M by 2 g, to 0.",
     lambda x: np.median(_map(x), axis=1)),
    ("M is doubled: it needs 2 g = -M, so halve it.", lambda x: -2 * np.median(_map(x), axis=1)),
    ("M is halved twice: eq. 5 adds the poolings, and takes no mean of them.",
     lambda x: -np.median(_map(x), axis=1) / 4),
    ("this is the mean over the frames: half of them lie beyond the median, not beyond the mean.",
     lambda x: -_map(x).mean(axis=1) / 2),
    ("this opens the loudest frame alone: half of the frames is the median.",
     lambda x: -_map(x).max(axis=1) / 2),
    ("this opens all frames: half of them is the median.", lambda x: -_map(x).min(axis=1) / 2),
    (_TWO_MEDIANS,
     lambda x: -(np.median(x.max(axis=1), axis=1) + np.median(x.mean(axis=1), axis=1)) / 2),
    (_TWO_MEDIANS, lambda x: -np.median(x.max(axis=1), axis=1) - np.median(x.mean(axis=1), axis=1)),
    (_NO_MEAN, lambda x: -np.median(x.max(axis=1), axis=1)),
    (_NO_MEAN, lambda x: -np.median(x.max(axis=1), axis=1) / 2),
    (_NO_MAXIMUM, lambda x: -np.median(x.mean(axis=1), axis=1)),
    (_NO_MAXIMUM, lambda x: -np.median(x.mean(axis=1), axis=1) / 2),
    ("the poolings run over time: they run over the bands, axis=1, and the median over time.",
     lambda x: -np.median(_map(x, 2), axis=1) / 2),
    (_ONE_GAIN, lambda x: np.full(len(x), -np.median(_map(x)) / 2)),
    (_ONE_GAIN, lambda x: -np.median(_map(x)) / 2),
    ("this is a gain for each frame: take the median over the frames of a clip.",
     lambda x: -_map(x) / 2),
    ("the median runs over the clips: it runs over the frames of each, axis=1 of M.",
     lambda x: -np.median(_map(x), axis=0) / 2),
    ("a gain below 0 is cut off: a clip that is open already has one.",
     lambda x: np.maximum(_gain(x), 0)),
    ("the sign is lost: a clip that is open already has a gain below 0.",
     lambda x: np.abs(_gain(x))),
    (_WHOLE_DB, lambda x: np.ceil(_gain(x))),
    (_WHOLE_DB, lambda x: np.floor(_gain(x)) + 1),
    ("this is a factor on the wave: the gain is wanted in dB.", lambda x: 10 ** (_gain(x) / 20)),
    ("this is a factor on the power: the gain is wanted in dB.", lambda x: 10 ** (_gain(x) / 10)),
    ("this is the attention itself, at the median frame: which gain lifts it to one half?",
     lambda x: expit(np.median(_map(x), axis=1))),
    ("the sigmoid is one half where M + 2 g is 0, not where it is one half.",
     lambda x: (0.5 - np.median(_map(x), axis=1)) / 2),
    ("the mean is that of the power: eq. 5 takes the mean of the decibels.",
     lambda x: -np.median(x.max(axis=1) + _power_mean(x), axis=1) / 2),
]  # fmt: skip


def ex_11_4(opening_gain):
    r"""Check ``opening_gain(log_mel)``, the gain above which most frames are attended.

    $-\frac12 \mathrm{median}_T M$ with $M = \max_F X + \mathrm{mean}_F X$: with a larger gain g
    more than half of the frames have $\sigma(M + 2 g) > \frac12$. [NAM] eq. 5 and 6.

    Shapes: a function of log_mel (N, F, T) in dB, with an odd number of frames -> (N,) in dB.
    Choices: the floor of the logarithm is left out, and so a gain of g dB adds g to every value.
    Example:
        >>> checks.ex_11_4(lambda log_mel: log_mel.mean(axis=1))
        ✗ Exercise 11.4: log_mel (2, 4, 3) must give shape (2,), yours gives shape (2, 3): ...
    Notebook: 11_noisy_arcmix
    """
    return examine(
        "11.4", opening_gain, _gain, _log_mels(),
        right="It is a level: a clip 6 dB louder needs 6 dB less.",
        mistakes=_GAINS,
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
    """Make log-mels in whole dB of an odd number of frames, quiet ones and some open already."""
    rng = np.random.default_rng(8)
    probes = []
    for n, bands, frames, level in ((2, 4, 3, -12), (3, 5, 7, -9), (1, 6, 5, -30), (4, 3, 9, 6)):
        clicks = rng.exponential(6.0, size=(n, 1, frames))
        probes.append((np.round(level + clicks + rng.normal(scale=4.0, size=(n, bands, frames))),))
    return probes


def _map(x, axis=1):
    return x.max(axis=axis) + x.mean(axis=axis)  # [NAM] 5


def _gain(x):
    return -np.median(_map(x), axis=1) / 2


def _power_mean(x):
    return 10 * np.log10((10 ** (x / 10)).mean(axis=1))
