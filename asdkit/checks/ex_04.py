"""Checks of notebook 04 on rows and frames: the worst rows of a clip, and a guess of the middle
frame.
"""

import numpy as np

from .verdict import examine


def ex_04_1(worst_share):
    r"""Check ``worst_share(residual, clip, share)``, the mean error of the worst rows of each clip.

    The mean of the $\lceil \mathrm{share} \cdot R_i \rceil$ largest of a clip's $R_i$ errors, at
    least one, where a row's error is $\frac1D \sum_d x_d^2$.

    Paper: [L2S] 2, whose score is the mean over all rows.
    Shapes: a function of residual (R, D), clip (R,) with numbers 0 to N - 1, and share -> (N,).
    Choices: rows lie in any order, as a score must not depend on it.
    Example:
        >>> checks.ex_04_1(lambda residual, clip, share: np.bincount(
        ...     clip, (residual**2).mean(axis=1)) / np.bincount(clip))
        ✗ Exercise 04.1: this is the mean over all rows, whatever share is: take the worst alone.
    Notebook: 04_autoencoders
    """
    return examine(
        "04.1", worst_share, _of_clips(_worst), _clips(),
        right="With a share of 1 it is the mean over all rows, with 0 the worst row.",
        mistakes=[
            *((hint, _of_clips(score)) for hint, score in _ROWS), *_SHARES,
            *((hint, _of_clips(_worst, error)) for hint, error in _ERRORS),
        ],
    )  # fmt: skip


def ex_04_3(between_neighbors):
    r"""Check ``between_neighbors(rows, bands)``, what a mean of two frames misses of the middle
    one.

    $x_m - \frac12 (x_{m-1} + x_{m+1})$, where m is the middle of an odd number of frames.

    Paper: Suefusa et al., ICASSP 2020, where a network interpolates.
    Shapes: a function of rows (N, frames * bands), frame after frame, and bands -> (N, bands).
    Example:
        >>> checks.ex_04_3(lambda rows, bands: rows.reshape(len(rows), -1, bands).mean(axis=1))
        ✗ Exercise 04.3: for rows = [[-0.8019, ... and must be 1.537; all 51 values differ.
    Notebook: 04_autoencoders
    """
    return examine(
        "04.3", between_neighbors, _of_frames(_between), _vectors(),
        right="What changes evenly from frame to frame leaves nothing.",
        mistakes=[
            *((hint, _of_frames(mistake)) for hint, mistake in _FRAMES),
            ("the order is turned around: a vector holds all bands of the first frame, then all "
             "of the second, so reshape to (N, frames, bands).",
             lambda rows, bands: _between(rows.reshape(len(rows), bands, -1).swapaxes(1, 2))),
            ("these neighbors lie in the next bands of the same frame: the frame before begins "
             "'bands' numbers earlier.",
             _beside_in_the_vector),
        ],
    )  # fmt: skip


_TOGETHER = (
    "the worst rows of all clips together are taken, and a clip may have none of them: take the "
    "share of each clip's own rows."
)
_ROWS = [  # a hint, and what the mistake makes of a clip's errors, in their order, and of the share
    ("this is the mean over all rows, whatever share is: take the worst alone.",
     lambda e, s: e.mean()),
    ("these are the best rows, those of the smallest errors: take the largest.",
     lambda e, s: np.sort(e)[: _count(e, s)].mean()),
    ("the rows stand in the order of the clip: sort their errors first.",
     lambda e, s: e[: _count(e, s)].mean()),
    ("the number of rows is rounded down: round it up, np.ceil.",
     lambda e, s: _first(e, max(1, int(s * len(e))))),
    ("the number of rows is rounded to the nearest: round it up, np.ceil.",
     lambda e, s: _first(e, max(1, round(s * len(e))))),
    ("the number of rows is one more than rounding down gives, which is one too many where "
     "share times rows is whole: take np.ceil.",
     lambda e, s: _first(e, int(s * len(e)) + 1)),
    ("a share of 0 takes no row, and the mean of none is NaN: take at least one.",
     lambda e, s: _first(e, int(np.ceil(s * len(e)))) if s else np.nan),
    ("a share of 0 takes all rows, as [-0:] is the whole array: take at least one row.",
     lambda e, s: _worst(e, s) if s else e.mean()),
    ("this is the best of the worst rows: take their mean.",
     lambda e, s: np.sort(e)[-_count(e, s)]),
    ("this is the worst row alone, whatever share is.",
     lambda e, s: e.max()),
    ("this is a quantile of the errors, where the worst rows begin: take the mean of those rows.",
     lambda e, s: np.quantile(e, 1 - s)),
    ("the rows above a quantile are not always so many as the share rounded up: sort the errors, "
     "and count.",
     lambda e, s: e[e >= np.quantile(e, 1 - s)].mean()),
    ("these are sums over the worst rows: divide by how many there are.",
     lambda e, s: _worst(e, s) * _count(e, s)),
    ("the sum over the worst rows is divided by all rows of the clip: divide by how many are "
     "taken.",
     lambda e, s: _worst(e, s) * _count(e, s) / len(e)),
    ("these are all rows but the worst: the worst are wanted.",
     lambda e, s: np.sort(e)[: len(e) - _count(e, s)].mean() if s < 1 else np.nan),
    ("this is the median of the worst rows: take their mean.",
     lambda e, s: np.median(np.sort(e)[-_count(e, s) :])),
]  # fmt: skip
_SHARES = [
    ("the number of rows is a share of all rows of all clips: each clip has its own number.",
     lambda residual, clip, share: _of_clips(
         lambda e, s: _first(e, _count(residual, s)))(residual, clip, share)),
    (_TOGETHER,
     lambda residual, clip, share: _above(
         residual, clip, np.quantile(_error(residual), 1 - share))),
    (_TOGETHER,
     lambda residual, clip, share: _above(
         residual, clip, np.sort(_error(residual))[-_count(residual, share)])),
    ("the worst numbers are taken, not the worst rows: take the mean of the D squares of a row "
     "first.",
     lambda residual, clip, share: _of_clips(_worst)(
         residual.reshape(-1, 1), np.repeat(clip, residual.shape[1]), share)),
]  # fmt: skip
_ERRORS = [  # a hint, and what stands for the error of a row
    ("a row's error is the mean of the squares of its numbers, not of their absolute values.",
     lambda x: np.abs(x).mean(axis=1)),
    ("a row's error is the mean of squares: this is the length of the row.",
     lambda x: np.linalg.norm(x, axis=1)),
    ("a row's error is the mean of squares: this is the root of it.",
     lambda x: np.sqrt(_error(x))),
    ("the residual is averaged first, and then squared: square each number, then average.",
     lambda x: x.mean(axis=1) ** 2),
    ("the residual is not squared: its numbers cancel in the mean.",
     lambda x: x.mean(axis=1)),
    ("a row's error is the mean of squares: this is the largest square of the row.",
     lambda x: (x**2).max(axis=1)),
    ("this is the variance within a row: a row's error is the mean of its squares.",
     lambda x: x.var(axis=1)),
]  # fmt: skip
_FRAMES = [  # a hint, and what the mistake makes of frames (N, frames, bands)
    ("this is the guess: take it off the middle frame.",
     lambda f: _between(f, own=0) * -1),
    ("the middle frame itself counts in the guess: take the mean of the two beside it.",
     lambda f: _between(f) * 2 / 3),
    ("the two frames are added up: their mean is half of that.",
     lambda f: _at(f, 0) - _at(f, -1) - _at(f, 1)),
    ("only one of the two frames is halved: put their sum in brackets.",
     lambda f: _at(f, 0) - _at(f, -1) - _at(f, 1) / 2),
    ("the second frame is added: put the sum of both in brackets.",
     lambda f: _at(f, 0) - _at(f, -1) + _at(f, 1) / 2),
    ("the second frame is added: put the sum of both in brackets.",
     lambda f: _at(f, 0) - _at(f, -1) / 2 + _at(f, 1) / 2),
    ("the whole is halved, the middle frame too: put brackets around the sum of the two.",
     lambda f: (_at(f, 0) - _at(f, -1) - _at(f, 1)) / 2),
    ("all other frames count: take the two beside the middle alone.",
     lambda f: _at(f, 0) - np.delete(f, f.shape[1] // 2, axis=1).mean(axis=1)),
    ("all frames count: take the two beside the middle alone.",
     lambda f: _at(f, 0) - f.mean(axis=1)),
    ("these are the first and the last frame: take the two beside the middle.",
     lambda f: _at(f, 0) - (f[:, 0] + f[:, -1]) / 2),
    ("only the frame before counts: take the mean of it and the next one.",
     lambda f: _at(f, 0) - _at(f, -1)),
    ("only the next frame counts: take the mean of it and the one before.",
     lambda f: _at(f, 0) - _at(f, 1)),
    ("a slice ends before its last index, so the next frame is missing and the middle one counts.",
     lambda f: (_at(f, 0) - _at(f, -1)) / 2),
    ("this is the middle frame itself: take off the mean of the two beside it.",
     lambda f: _at(f, 0)),
    ("the sign is flipped: the residual is the middle frame minus the guess.",
     lambda f: (_at(f, -1) - 2 * _at(f, 0) + _at(f, 1)) / 2),
    ("the middle is one frame too early.",
     lambda f: _between(np.roll(f, 1, axis=1))),
    ("these are the residuals of all inner frames: the middle one alone is wanted.",
     lambda f: f[:, 1:-1] - (f[:, :-2] + f[:, 2:]) / 2),
    ("this is the error of a row, one number: the residual has one for each band.",
     lambda f: (_between(f) ** 2).mean(axis=1)),
]  # fmt: skip


def _count(rows, share):
    return max(1, int(np.ceil(share * len(rows))))


def _first(errors, count):
    """Average the largest errors of a clip, as many as there are of them."""
    return np.sort(errors)[::-1][:count].mean()


def _worst(errors, share):
    return _first(errors, _count(errors, share))


def _error(residual):
    return (residual**2).mean(axis=1)


def _of_clips(score, error=_error):
    """Make a function of the rows of all clips of one that takes a clip's errors and the share."""

    def scores(residual, clip, share):
        errors = error(residual)
        return np.array([score(errors[clip == one], share) for one in range(clip.max() + 1)])

    return scores


def _above(residual, clip, limit):
    worst = _error(residual) * (_error(residual) >= limit)
    return np.bincount(clip, worst) / np.bincount(clip, worst > 0)


def _clips():
    """Make rows of clips of several lengths, in any order: a whole number of rows, or not, too."""
    rng = np.random.default_rng(4)
    probes = []
    for lengths, d, share in (
        ((4, 2), 2, 0.5), ((7, 3, 5), 3, 0.3), ((6, 9, 4), 5, 0.0), ((5, 8), 3, 1.0),
        ((31, 24, 45), 4, 0.25),
    ):  # fmt: skip
        clip = rng.permutation(np.repeat(np.arange(len(lengths)), lengths))
        probes.append((rng.gamma(1.0, size=(len(clip), 1)) * rng.normal(size=(len(clip), d)), clip,
                       share))  # fmt: skip
    return probes


def _at(frames, step):
    return frames[:, frames.shape[1] // 2 + step]


def _between(frames, own=1):
    return own * _at(frames, 0) - (_at(frames, -1) + _at(frames, 1)) / 2


def _of_frames(mistake):
    return lambda rows, bands: mistake(rows.reshape(len(rows), -1, bands))


def _beside_in_the_vector(rows, bands):
    start = (rows.shape[1] - bands) // 2
    before, own, after = (rows[:, start + step :][:, :bands] for step in (-1, 0, 1))
    return own - (before + after) / 2


def _vectors():
    rng = np.random.default_rng(5)
    sizes = ((1, 5, 2), (4, 3, 4), (3, 7, 5), (6, 5, 3))
    return [(rng.normal(size=(n, frames * bands)), bands) for n, frames, bands in sizes]
