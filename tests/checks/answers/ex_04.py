"""Answers to the exercises of notebook 04 on rows and frames: right answers, and wrong ones by the
hint that each must get.
"""

import numpy as np
import pandas as pd
import torch


def errors(residual):
    return (residual**2).mean(axis=1)


def each(residual, clip, score, error=errors):
    """Score the errors of each clip, from the worst down."""
    values = error(residual)
    return np.array([score(np.sort(values[clip == one])[::-1]) for one in np.unique(clip)])


def counted(share, rows):
    return max(1, int(np.ceil(share * rows)))


def worst_share(residual, clip, share):
    return each(residual, clip, lambda e: e[: counted(share, len(e))].mean())


def worst_by_a_table(residual, clip, share):
    table = pd.DataFrame({"clip": clip, "error": errors(residual)})
    return table.groupby("clip")["error"].agg(
        lambda own: own.nlargest(counted(share, len(own))).mean()
    )


def worst_by_ranks(residual, clip, share):
    error = errors(residual)
    order = np.lexsort((-error, clip))
    lengths = np.bincount(clip)
    rank = np.arange(len(clip)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    taken = rank < np.maximum(1, np.ceil(share * lengths))[clip[order]]
    return np.bincount(clip[order][taken], error[order][taken]) / np.bincount(clip[order][taken])


def worst_in_torch(residual, clip, share):
    error = residual.square().mean(dim=1)
    parts = [error[clip == one] for one in range(int(clip.max()) + 1)]
    return torch.stack([own.topk(counted(share, len(own))).values.mean() for own in parts])


def worst_in_float32(residual, clip, share):
    return worst_in_torch(torch.as_tensor(residual).float(), torch.as_tensor(clip), share)


def with_error(error):
    return lambda x, clip, share: each(
        x, clip, lambda e: e[: counted(share, len(e))].mean(), lambda x: error(x)
    )


def of_sorted(score):
    """Make an answer of a score of a clip's errors, from the worst down, and the share."""
    return lambda x, clip, share: each(x, clip, lambda e: score(e, share))


def in_order(residual, clip, share):
    error = errors(residual)
    parts = [error[clip == one] for one in np.unique(clip)]
    return np.array([own[: counted(share, len(own))].mean() for own in parts])


def above_a_limit(residual, clip, limit):
    error = errors(residual)
    taken = [error[(clip == one) & (error >= limit)] for one in np.unique(clip)]
    return np.array([sum(own) / len(own) if len(own) else np.nan for own in taken])


def worst_numbers(residual, clip, share):
    parts = [np.sort((residual[clip == one] ** 2).ravel())[::-1] for one in np.unique(clip)]
    return np.array([own[: counted(share, len(own))].mean() for own in parts])


def empty_mean(values, count):
    return values[:count].sum() / count if count else np.nan


def between(rows, bands):
    start = (rows.shape[1] - bands) // 2
    before, own, after = (
        rows[:, start + step * bands : start + (step + 1) * bands] for step in (-1, 0, 1)
    )
    return own - 0.5 * before - 0.5 * after


def between_by_a_product(rows, bands):
    frames = rows.shape[1] // bands
    weights = np.zeros(frames)
    weights[frames // 2 - 1 : frames // 2 + 2] = -0.5, 1, -0.5
    return rows @ np.kron(weights[:, None], np.eye(bands))


def between_in_torch(rows, bands):
    frames = rows.unflatten(1, (-1, bands))
    inner = frames[:, 1:-1] - (frames[:, :-2] + frames[:, 2:]) / 2
    return inner[:, inner.shape[1] // 2]


def between_in_float32(rows, bands):
    return between_in_torch(torch.as_tensor(rows).float(), bands)


def between_by_differences(rows, bands):
    frames = rows.reshape(len(rows), -1, bands)
    second = np.diff(frames, n=2, axis=1)
    return -second[:, second.shape[1] // 2] / 2


def beside_in_the_vector(rows, bands):
    places = np.arange((rows.shape[1] - bands) // 2, (rows.shape[1] + bands) // 2)
    return rows[:, places] - (rows[:, places - 1] + rows[:, places + 1]) / 2


def framed(combine):
    """Make an answer of a function of the frames (N, frames, bands) and the middle's place."""

    def answer(rows, bands):
        frames = rows.reshape(len(rows), -1, bands)
        return combine(frames, frames.shape[1] // 2)

    return answer


RIGHT = {
    "ex_04_1": [
        worst_share, worst_by_a_table, worst_by_ranks, worst_in_torch, worst_in_float32,
    ],
    "ex_04_3": [
        between, between_by_a_product, between_in_torch, between_in_float32,
        between_by_differences,
    ],
}  # fmt: skip
WRONG = {
    "ex_04_1": {
        "the mean over all rows": lambda x, c, s: np.bincount(c, errors(x)) / np.bincount(c),
        "these are the best rows": of_sorted(lambda e, s: e[::-1][: counted(s, len(e))].mean()),
        "sort their errors first": in_order,
        "is rounded down": of_sorted(lambda e, s: e[: max(1, int(s * len(e)))].mean()),
        "rounded to the nearest": of_sorted(lambda e, s: e[: max(1, round(s * len(e)))].mean()),
        "one more than rounding down": of_sorted(lambda e, s: e[: int(s * len(e)) + 1].mean()),
        "the mean of none is NaN": of_sorted(lambda e, s: empty_mean(e, int(np.ceil(s * len(e))))),
        "[-0:] is the whole": of_sorted(lambda e, s: e[::-1][-int(np.ceil(s * len(e))) :].mean()),
        "the best of the worst": of_sorted(lambda e, s: e[counted(s, len(e)) - 1]),
        "the worst row alone": of_sorted(lambda e, s: e[0]),
        "this is a quantile": of_sorted(lambda e, s: np.quantile(e, 1 - s)),
        "above a quantile": of_sorted(lambda e, s: e[e >= np.quantile(e, 1 - s)].mean()),
        "sums over the worst rows": of_sorted(lambda e, s: e[: counted(s, len(e))].sum()),
        "by all rows of the clip": of_sorted(lambda e, s: e[: counted(s, len(e))].sum() / len(e)),
        "all rows but the worst": of_sorted(
            lambda e, s: empty_mean(e[counted(s, len(e)) :], len(e) - counted(s, len(e)))
        ),
        "the median of the worst": of_sorted(lambda e, s: np.median(e[: counted(s, len(e))])),
        "each clip has its own number": lambda x, c, s: each(
            x, c, lambda e: e[: counted(s, len(x))].mean()
        ),
        "may have none of them": lambda x, c, s: above_a_limit(x, c, np.quantile(errors(x), 1 - s)),
        "of all clips together are": lambda x, c, s: above_a_limit(
            x, c, np.sort(errors(x))[-counted(s, len(x))]
        ),
        "not the worst rows": worst_numbers,
        "not of their absolute values": with_error(lambda x: np.abs(x).mean(axis=1)),
        "the length of the row": with_error(lambda x: np.sqrt((x**2).sum(axis=1))),
        "this is the root of it": with_error(lambda x: np.sqrt(errors(x))),
        "averaged first, and then": with_error(lambda x: x.mean(axis=1) ** 2),
        "is not squared": with_error(lambda x: x.mean(axis=1)),
        "the largest square": with_error(lambda x: np.square(x).max(axis=1)),
        "the variance within a row": with_error(lambda x: np.var(x, axis=1)),
        "a sum stands where a mean": with_error(lambda x: np.square(x).sum(axis=1)),
        "an axis is forgotten": lambda x, c, s: worst_share(x, c, s).mean(),
        "and must be": of_sorted(lambda e, s: e[: counted(s, len(e) - 1)].mean()),
    },
    "ex_04_3": {
        "this is the guess": framed(lambda f, m: (f[:, m - 1] + f[:, m + 1]) / 2),
        "counts in the guess": framed(lambda f, m: f[:, m] - f[:, m - 1 : m + 2].mean(axis=1)),
        "are added up": framed(lambda f, m: f[:, m] - (f[:, m - 1] + f[:, m + 1])),
        "only one of the two": framed(lambda f, m: f[:, m] - f[:, m - 1] - f[:, m + 1] / 2),
        "the second frame is added": framed(lambda f, m: f[:, m] - f[:, m - 1] + f[:, m + 1] / 2),
        "the sum of both in": framed(lambda f, m: f[:, m] - f[:, m - 1] / 2 + f[:, m + 1] / 2),
        "the whole is halved": framed(lambda f, m: (f[:, m] - f[:, m - 1] - f[:, m + 1]) / 2),
        "all other frames count": framed(
            lambda f, m: f[:, m] - np.delete(f, m, axis=1).mean(axis=1)
        ),
        "all frames count": framed(lambda f, m: f[:, m] - f.mean(axis=1)),
        "the first and the last": framed(lambda f, m: f[:, m] - (f[:, 0] + f[:, -1]) / 2),
        "only the frame before": framed(lambda f, m: f[:, m] - f[:, m - 1]),
        "only the next frame": framed(lambda f, m: f[:, m] - f[:, m + 1]),
        "a slice ends before": framed(lambda f, m: f[:, m] - f[:, m - 1 : m + 1].mean(axis=1)),
        "the middle frame itself: take": framed(lambda f, m: f[:, m]),
        "minus the guess": framed(lambda f, m: (f[:, m - 1] + f[:, m + 1]) / 2 - f[:, m]),
        "one frame too early": framed(lambda f, m: f[:, m - 1] - (f[:, m - 2] + f[:, m]) / 2),
        "of all inner frames": framed(lambda f, m: f[:, 1:-1] - (f[:, :-2] + f[:, 2:]) / 2),
        "one number: the residual": lambda rows, bands: errors(between(rows, bands)),
        "all bands of the first frame": lambda rows, bands: between_by_differences(
            rows.reshape(len(rows), bands, -1).swapaxes(1, 2).reshape(len(rows), -1), bands
        ),
        "the next bands of the same": beside_in_the_vector,
        "stopped with IndexError": framed(lambda f, m: f[:, 2] - (f[:, 1] + f[:, 3]) / 2),
        "must give shape": lambda rows, bands: between(rows, bands).ravel(),
        "the square of the right": lambda rows, bands: between(rows, bands) ** 2,
        "the sign is lost": lambda rows, bands: np.abs(between(rows, bands)),
    },
}
