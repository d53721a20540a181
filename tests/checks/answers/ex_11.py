"""Answers to the exercises of notebook 11: right answers, and wrong ones by the hint that each must
get.
"""

import numpy as np
import pandas as pd
import torch

from asdkit import encoders, metrics, mixup


def label(y, other, lam, classes):
    soft, rows = np.zeros((len(y), classes)), np.arange(len(y))
    soft[rows, y] += lam
    soft[rows, other] += 1 - lam
    return soft


def label_in_torch(y, other, lam, classes):
    lam = torch.as_tensor(lam).expand(len(y))
    return mixup.Mix(y, other, lam).soft(classes)


def label_in_float32(y, other, lam, classes):
    lam = np.broadcast_to(np.float32(lam), len(y)).reshape(-1, 1)
    eye = np.eye(classes, dtype=np.float32)
    return lam * eye[y] + (1 - lam) * eye[other]


def column(lam):
    return np.reshape(lam, (-1, 1))


def assigned(y, other, lam, classes):
    soft, rows = np.zeros((len(y), classes)), np.arange(len(y))
    soft[rows, y] = lam
    soft[rows, other] = 1 - lam
    return soft


def assigned_to_y_last(y, other, lam, classes):
    soft = torch.zeros(len(y), classes, dtype=torch.float64)
    for row in range(len(y)):
        share = lam[row] if np.ndim(lam) else lam
        soft[row, other[row]] = 1 - share
        soft[row, y[row]] = share
    return soft


def in_columns(y, other, lam, classes):
    soft = np.zeros((len(y), classes))
    soft[:, y] = lam
    soft[:, other] = 1 - lam
    return soft


def smoothed(y, other, lam, classes):
    lam, own = column(lam), np.eye(classes)[y]
    return lam * own + (1 - lam) * (1 - own) / (classes - 1)


def larger(y, other, lam):
    return np.where(lam >= 0.5, y, other)


def gain(log_mel):
    summed = log_mel.max(axis=1) + log_mel.mean(axis=1)
    return -0.5 * np.median(summed, axis=-1)


def gain_in_torch(log_mel):
    return -(log_mel.amax(dim=1) + log_mel.mean(dim=1)).median(dim=1).values / 2


def gain_of_the_attention(log_mel):
    logit = torch.logit(encoders.temporal_attention(log_mel.double()))
    return (-logit / 2).quantile(0.5, dim=1)


def gain_by_loop(log_mel):
    gains = []
    for clip in log_mel.astype(np.float32):
        needed = sorted((max(frame) + np.mean(frame)) / -2 for frame in clip.T)
        gains.append(needed[len(needed) // 2])
    return gains


def gain_by_search(log_mel, step=1.0):
    gains = []
    for clip in torch.as_tensor(log_mel):
        g = -100.0
        while (encoders.temporal_attention(clip[None] + g) > 0.5).double().mean() <= 0.5:
            g += step
        gains.append(g)
    return np.array(gains)


def pools(log_mel):
    return log_mel.max(axis=1), log_mel.mean(axis=1)


def middle(pooled):
    return np.median(pooled, axis=1)


def each(machine, label, score):
    return [metrics.auc(label[machine == k], score[machine == k]) for k in np.unique(machine)]


def minimum(machine, label, score):
    return min(each(machine, label, score))


def minimum_in_torch(machine, label, score):
    areas = []
    for one in machine.unique():
        own = machine == one
        anomalous, normal = score[own & (label == 1)], score[own & (label == 0)]
        gaps = anomalous[:, None] - normal
        areas.append(((gaps.sign() + 1) / 2).mean())
    return torch.stack(areas).min().float()


def minimum_of_the_library(machine, label, score):
    clips = pd.DataFrame({"section": machine.astype(str), "label": label})
    clips = clips.assign(machine="fan", domain="source")
    return metrics.mauc(clips, score).at[0, "mauc"]


def strict(machine, label, score, tie=0.0):
    won = []
    for one in set(machine):
        s, y = score[machine == one], label[machine == one]
        pairs = [(a > b) + tie * (a == b) for a in s[y == 1] for b in s[y == 0]]
        won.append(np.mean(pairs))
    return min(won)


def by_rank(machine, label, score):
    areas = []
    for one in np.unique(machine):
        y, s = label[machine == one], score[machine == one]
        rank, m, n = s.argsort().argsort() + 1, sum(y == 1), sum(y == 0)
        areas.append((rank[y == 1].sum() - m * (m + 1) / 2) / (m * n))
    return min(areas)


def against_all(machine, label, score, shared):
    own = [(machine == k) | (label == shared) for k in np.unique(machine)]
    return min(metrics.auc(label[k], score[k]) for k in own)


def by_pairs(machine, label, score):
    pairs = [np.prod(np.bincount(label[machine == k])) for k in np.unique(machine)]
    return np.dot(pairs, each(machine, label, score)) / np.sum(pairs)


def over_a_range(machine, label, score):
    areas = np.full(machine.max() + 1, np.nan)
    areas[np.unique(machine)] = each(machine, label, score)
    return areas.min()


RIGHT = {
    "ex_11_1": [label, label_in_torch, label_in_float32],
    "ex_11_4": [gain, gain_in_torch, gain_of_the_attention, gain_by_loop],
    "ex_11_5": [minimum, minimum_in_torch, minimum_of_the_library],
}
WRONG = {
    "ex_11_1": {
        "shares are swapped": lambda y, o, lam, c: label(y, o, 1 - lam, c),
        "one share overwrites the other": assigned,
        "the row lacks it": assigned_to_y_last,
        "other's share is missing": lambda y, o, lam, c: column(lam) * np.eye(c)[y],
        "other gets lam as well": lambda y, o, lam, c: column(lam) * (np.eye(c)[y] + np.eye(c)[o]),
        "y counts whole": lambda y, o, lam, c: np.eye(c)[y] + column(1 - lam) * np.eye(c)[o],
        "y gets the larger share": lambda y, o, lam, c: label(y, o, np.maximum(lam, 1 - lam), c),
        "other's share is subtracted": lambda y, o, lam, c: (
            column(lam) * np.eye(c)[y] - column(1 - lam) * np.eye(c)[o]
        ),
        "only the larger share": lambda y, o, lam, c: np.eye(c)[larger(y, o, lam)],
        "numbers of the classes are blended": lambda y, o, lam, c: lam * y + (1 - lam) * o,
        "blend their one-hot rows": lambda y, o, lam, c: np.eye(c)[
            np.round(lam * y + (1 - lam) * o).astype(int)
        ],
        "as label smoothing does": smoothed,
        "all of it is other's": lambda y, o, lam, c: (
            column(lam) * np.eye(c)[y] + column(1 - lam) / c
        ),
        "soft[:, y] writes whole columns": in_columns,
        "one share serves all clips": lambda y, o, lam, c: label(y, o, np.mean(lam), c),
        "cut to integers": lambda y, o, lam, c: (
            np.int_(column(lam)) * np.eye(c)[y] + np.int_(column(1 - lam)) * np.eye(c)[o]
        ),
        "went through a softmax": lambda y, o, lam, c: torch.tensor(label(y, o, lam, c)).softmax(1),
        "does not depend on lam": lambda y, o, lam, c: label(y, o, 0.5, c),
        "the axes are swapped": lambda y, o, lam, c: label(y, o, lam, c).T,
        "[:, None] makes a column": lambda y, o, lam, c: (
            lam * np.eye(c)[y] + (1 - lam) * np.eye(c)[o]
        ),
        "'float' object is not subscriptable": lambda y, o, lam, c: lam[:, None] * np.eye(c)[y],
        "must give shape (3, 4)": lambda y, o, lam, c: label(y, o, lam, c + 1),
        "returns None": lambda y, o, lam, c: None,
    },
    "ex_11_4": {
        "adds 2 g to M": lambda x: -middle(sum(pools(x))),
        "the sign is flipped: a clip": lambda x: middle(sum(pools(x))) / 2,
        "the sign is flipped, and a half": lambda x: middle(sum(pools(x))),
        "M is doubled": lambda x: -2 * middle(sum(pools(x))),
        "M is halved twice": lambda x: -middle(np.mean(pools(x), axis=0)) / 2,
        "the mean over the frames": lambda x: -np.mean(sum(pools(x)), axis=1) / 2,
        "the loudest frame alone": lambda x: -(x.amax(1) + x.mean(1)).amax(1) / 2,
        "this opens all frames": lambda x: (-sum(pools(x)) / 2).max(axis=1),
        "a median each": lambda x: -sum(middle(pooled) for pooled in pools(x)) / 2,
        "then take one median": lambda x: -sum(map(middle, pools(x))),
        "the mean over the bands is missing": lambda x: -middle(pools(x)[0]) / 2,
        "M is maximum and mean": lambda x: -middle(pools(x)[0]),
        "the maximum over the bands is missing": lambda x: -middle(pools(x)[1]) / 2,
        "the maximum over the bands": lambda x: -middle(pools(x)[1]),
        "the poolings run over time": lambda x: -middle(x.max(axis=2) + x.mean(axis=2)) / 2,
        "one gain serves all clips": lambda x: -np.median(sum(pools(x))) / 2,
        "the median over the frames of each": lambda x: len(x) * [-np.median(sum(pools(x))) / 2],
        "a gain for each frame": lambda x: -sum(pools(x)) / 2,
        "the median runs over the clips": lambda x: -np.median(sum(pools(x)), axis=0) / 2,
        "is cut off": lambda x: np.clip(gain(x), 0, None),
        "the sign is lost": lambda x: abs(middle(sum(pools(x)))) / 2,
        "rounded up to whole decibels": gain_by_search,
        "a factor on the wave": lambda x: 10 ** (gain(x) / 20),
        "a factor on the power": lambda x: 10 ** (gain(x) / 10),
        "this is the attention itself": lambda x: middle(encoders.temporal_attention(x).numpy()),
        "where M + 2 g is 0": lambda x: 0.25 - middle(sum(pools(x))) / 2,
        "the mean is that of the power": lambda x: (
            -middle(x.max(axis=1) + 10 * np.log10(np.mean(10 ** (x / 10), axis=1))) / 2
        ),
        "an axis of length 1 is too many": lambda x: gain(x)[:, None],
        "must give shape (2,)": lambda x: sum(pools(x)),
        "returns None": lambda x: None,
    },
    "ex_11_5": {
        "all ids are pooled": lambda k, y, s: metrics.auc(y, s),
        "as the official rule takes it": lambda *clips: np.mean(each(*clips)),
        "by their pairs": by_pairs,
        "by their clips": lambda k, y, s: np.average(
            each(k, y, s), weights=np.unique(k, return_counts=True)[1]
        ),
        "the harmonic mean of the ids": lambda *clips: (
            len(each(*clips)) / sum(1 / area for area in each(*clips))
        ),
        "the median of the ids": lambda *clips: np.median(each(*clips)),
        "the largest AUC": lambda *clips: max(each(*clips)),
        "these are the AUCs of all ids": each,
        "whichever comes first": lambda *clips: each(*clips)[0],
        "or last: return the smallest": lambda *clips: each(*clips)[-1],
        "the id with the smallest AUC": lambda k, y, s: np.unique(k)[np.argmin(each(k, y, s))],
        "or its place": lambda *clips: np.argmin(each(*clips)),
        "the sign of the score is flipped": lambda k, y, s: minimum(k, y, -s),
        "or the labels are": lambda k, y, s: minimum(k, 1 - y, s),
        "are turned around": lambda *clips: min(max(area, 1 - area) for area in each(*clips)),
        "Here it counts none": strict,
        "Here it counts whole": lambda *clips: strict(*clips, tie=1.0),
        "the order of the clips decides": by_rank,
        "the anomalies of all ids": lambda *clips: against_all(*clips, shared=1),
        "the normal clips of all ids": lambda *clips: against_all(*clips, shared=0),
        "a partial area": lambda k, y, s: min(
            metrics.pauc(y[k == one], s[k == one]) for one in np.unique(k)
        ),
        "an id without clips": over_a_range,
        "every value you return is 0": lambda *clips: min(0, *each(*clips)),
        "1 minus the right value": lambda *clips: 1 - minimum(*clips),
        "stopped with ValueError": lambda k, y, s: min(
            metrics.auc(y[k == one], s[k == one]) for one in range(8)
        ),
    },
}
