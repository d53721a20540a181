"""Answers to the exercises of notebook 11: right answers, and wrong ones by the hint that each must
get.
"""

import numpy as np
import pandas as pd
import torch
from sklearn.metrics import roc_auc_score
from torch.nn import functional as F

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


def probabilities(angle, width, scale):
    weight = np.exp(scale * np.cos(angle + width))
    return weight / weight.sum(axis=1, keepdims=True)


def at(angle, y):
    return y[:, None] == np.arange(angle.shape[1])


def arcface(angle, y, scale, margin):
    return -np.log(probabilities(angle, margin * at(angle, y), scale)[at(angle, y)])


def arcmix(angle, y, other, lam, scale, margin):
    losses = arcface(angle, y, scale, margin), arcface(angle, other, scale, margin)
    return lam * losses[0] + (1 - lam) * losses[1]


def arcmix_in_place(angle, y, other, lam, scale, margin, again=True):
    rows, loss = np.arange(len(y)), 0
    widened = angle.copy()
    for own, share in ((y, lam), (other, 1 - lam)):
        widened = angle.copy() if again else widened
        widened[rows, own] += margin
        loss = loss - share * np.log(probabilities(widened, 0, scale)[rows, own])
    return loss


def arcmix_in_torch(angle, y, other, lam, scale, margin, reduction="none"):
    def cost(own):
        wide = angle + margin * F.one_hot(own, angle.shape[1])
        return F.cross_entropy(scale * wide.cos(), own, reduction=reduction)

    return lam * cost(y) + (1 - lam) * cost(other)


def guarded(angle, width):
    """[NAM] eq. 1 with its guard, which these angles never need."""
    inside = angle < np.pi - width
    return np.where(inside, np.cos(angle + width), np.cos(angle) - width * np.sin(width))


def noisy(angle, y, other, lam, scale, margin):
    logits = scale * guarded(angle, margin * at(angle, y))
    log_p = logits - np.logaddexp.reduce(logits, axis=1)[:, None]
    rows = np.arange(len(y))
    return -lam * log_p[rows, y] - (1 - lam) * log_p[rows, other]


def noisy_in_torch(angle, y, other, lam, scale, margin):
    wide = angle + margin * F.one_hot(y, angle.shape[1])
    soft = mixup.Mix(y, other, lam).soft(angle.shape[1])
    return F.cross_entropy(scale * wide.cos(), soft, reduction="none")


def in_float32(loss):
    """The same in torch's float32, whatever the inputs are."""

    def single(angle, y, other, lam, scale, margin):
        return loss(angle.float(), y, other, lam.float(), scale, margin)

    return single


def mixed(angle, y, other, lam, scale, width):
    """One pass with the mixed label."""
    share = lam[:, None]
    soft = share * at(angle, y) + (1 - share) * at(angle, other)
    return -(soft * np.log(probabilities(angle, width, scale))).sum(axis=1)


def on_cosine(sign):
    """Both losses with the margin on the cosine: ArcMix, Noisy-ArcMix."""

    def cost(angle, y, target, scale, margin):
        logits = scale * (np.cos(angle) + sign * margin * at(angle, y))
        return np.logaddexp.reduce(logits, axis=1) - logits[at(angle, target)]

    def arc(angle, y, other, lam, scale, margin):
        first, second = (cost(angle, own, own, scale, margin) for own in (y, other))
        return lam * first + (1 - lam) * second

    def one_pass(angle, y, other, lam, scale, margin):
        first, second = (cost(angle, y, own, scale, margin) for own in (y, other))
        return lam * first + (1 - lam) * second

    return arc, one_pass


def numerator_only(angle, y, other, lam, scale, margin):
    total = np.log(np.exp(scale * np.cos(angle)).sum(axis=1))
    rows = np.arange(len(y))
    own, partner = (scale * np.cos(angle[rows, k] + margin) for k in (y, other))
    return total - lam * own - (1 - lam) * partner


def over_the_clips(angle, y, other, lam, scale, margin):
    wide = torch.as_tensor(angle + margin * at(angle, y))
    log_p = (scale * wide.cos()).log_softmax(dim=0).numpy()
    return -lam * log_p[at(angle, y)] - (1 - lam) * log_p[at(angle, other)]


def of_blended(angle, y, other, lam, scale, margin):
    p = probabilities(angle, margin * at(angle, y), scale)
    return -np.log(lam * p[at(angle, y)] + (1 - lam) * p[at(angle, other)])


def larger(y, other, lam):
    return np.where(lam >= 0.5, y, other)


def attend(log_mel):
    peak, mean = log_mel.max(axis=1), log_mel.mean(axis=1)
    return log_mel / (1 + np.exp(-peak - mean))[:, None]


def attend_in_torch(log_mel):
    return encoders.temporal_attention(log_mel)[:, None] * log_mel


def attend_by_loop(log_mel):
    heard = np.empty(log_mel.shape, dtype=np.float32)
    for clip, rows in enumerate(log_mel.astype(np.float32)):
        for frame, column in enumerate(rows.T):
            heard[clip, :, frame] = column / (1 + np.exp(-max(column) - np.mean(column)))
    return heard


def under(log_mel, pooled):
    return torch.sigmoid(torch.as_tensor(pooled)) * log_mel


def pools(log_mel, dim=1):
    x = torch.as_tensor(log_mel)
    return x.amax(dim=dim, keepdim=True), x.mean(dim=dim, keepdim=True)


def each(machine, label, score):
    return [roc_auc_score(label[machine == k], score[machine == k]) for k in np.unique(machine)]


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
    return min(roc_auc_score(label[k], score[k]) for k in own)


def by_pairs(machine, label, score):
    pairs = [np.prod(np.bincount(label[machine == k])) for k in np.unique(machine)]
    return np.dot(pairs, each(machine, label, score)) / np.sum(pairs)


def over_a_range(machine, label, score):
    areas = np.full(machine.max() + 1, np.nan)
    areas[np.unique(machine)] = each(machine, label, score)
    return areas.min()


ARC_COSFACE, NOISY_COSFACE = on_cosine(-1)
ARC_PLUS, NOISY_PLUS = on_cosine(1)
RIGHT = {
    "ex_11_1": [label, label_in_torch, label_in_float32],
    "ex_11_2": [arcmix, arcmix_in_place, arcmix_in_torch, in_float32(arcmix_in_torch)],
    "ex_11_3": [noisy, noisy_in_torch, in_float32(noisy_in_torch)],
    "ex_11_4": [attend, attend_in_torch, attend_by_loop],
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
    "ex_11_2": {
        "take two passes": lambda a, y, o, lam, s, m: mixed(
            a, y, o, lam, s, m * (at(a, y) | at(a, o))
        ),
        "where it partly cancels": lambda a, y, o, lam, s, m: mixed(
            a, y, o, lam, s, m * (at(a, y) + 1.0 * at(a, o))
        ),
        "is Noisy-ArcMix": noisy,
        "both passes have the margin at other": lambda a, y, o, lam, s, m: noisy(
            a, o, y, 1 - lam, s, m
        ),
        "shares the margin out": lambda a, y, o, lam, s, m: mixed(
            a, y, o, lam, s, m * label(y, o, lam, a.shape[1])
        ),
        "each margin is multiplied by the share": lambda a, y, o, lam, s, m: (
            lam * arcface(a, y, s, m * lam[:, None])
            + (1 - lam) * arcface(a, o, s, m * (1 - lam)[:, None])
        ),
        "is still there in the second": lambda *batch: arcmix_in_place(*batch, again=False),
        "before lam comes in": lambda *batch: arcmix_in_torch(*batch, reduction="mean"),
        "blend the two losses": lambda a, y, o, lam, s, m: (
            -np.log(lam * np.exp(-arcface(a, y, s, m)) + (1 - lam) * np.exp(-arcface(a, o, s, m)))
        ),
        "narrows the angle": lambda a, y, o, lam, s, m: arcmix(a, y, o, lam, s, -m),
        "the margin is missing: this": lambda a, y, o, lam, s, m: arcmix(a, y, o, lam, s, 0),
        "all classes get the margin": lambda a, y, o, lam, s, m: mixed(a, y, o, lam, s, m),
        "the scale is missing": lambda a, y, o, lam, s, m: arcmix(a, y, o, lam, 1, m),
        "the scale multiplies the loss": lambda a, y, o, lam, s, m: s * arcmix(a, y, o, lam, 1, m),
        "the shares are swapped": lambda a, y, o, lam, s, m: arcmix(a, o, y, lam, s, m),
        "other's share is missing": lambda a, y, o, lam, s, m: lam * arcface(a, y, s, m),
        "the ArcFace loss of y alone": lambda a, y, o, lam, s, m: arcface(a, y, s, m),
        "the mean of the clips": lambda *batch: arcmix(*batch).mean(),
        "the sum of the clips": lambda *batch: arcmix(*batch).sum(),
        "as CosFace does": ARC_COSFACE,
        "is added to the cosine": ARC_PLUS,
        "missing in the denominator": numerator_only,
        "the logarithm is missing": lambda a, y, o, lam, s, m: (
            -lam * np.exp(-arcface(a, y, s, m)) - (1 - lam) * np.exp(-arcface(a, o, s, m))
        ),
        "does not depend on lam": lambda a, y, o, lam, s, m: arcmix(a, y, o, 0.5, s, m),
        "the sign is flipped": lambda *batch: -arcmix(*batch),
    },
    "ex_11_3": {
        "follows the larger share": lambda a, y, o, lam, s, m: mixed(
            a, y, o, lam, s, m * at(a, larger(y, o, lam))
        ),
        "follows the smaller share": lambda a, y, o, lam, s, m: mixed(
            a, y, o, lam, s, m * at(a, larger(y, o, 1 - lam))
        ),
        "goes without a margin": lambda a, y, o, lam, s, m: np.where(
            lam >= 0.5, noisy(a, y, o, lam, s, m), noisy(a, y, o, lam, s, 0)
        ),
        "is multiplied by lam": lambda a, y, o, lam, s, m: mixed(
            a, y, o, lam, s, m * lam[:, None] * at(a, y)
        ),
        "is shared out by lam": lambda a, y, o, lam, s, m: mixed(
            a, y, o, lam, s, m * label(y, o, lam, a.shape[1])
        ),
        "y alone has it": lambda a, y, o, lam, s, m: mixed(
            a, y, o, lam, s, m * (at(a, y) | at(a, o))
        ),
        "where it partly cancels": lambda a, y, o, lam, s, m: mixed(
            a, y, o, lam, s, m * (at(a, y) + 1.0 * at(a, o))
        ),
        "stands at other": lambda a, y, o, lam, s, m: noisy(a, o, y, 1 - lam, s, m),
        "this is ArcMix": arcmix,
        "only the larger share of the label": lambda a, y, o, lam, s, m: noisy(
            a, y, o, 1.0 * (lam >= 0.5), s, m
        ),
        "blend their logarithms": of_blended,
        "the label's entropy": lambda a, y, o, lam, s, m: (
            noisy(a, y, o, lam, s, m)
            + np.where(y == o, 0, lam * np.log(lam) + (1 - lam) * np.log(1 - lam))
        ),
        "narrows the angle": lambda a, y, o, lam, s, m: noisy(a, y, o, lam, s, -m),
        "the margin is missing: this": lambda a, y, o, lam, s, m: noisy(a, y, o, lam, s, 0),
        "all classes get the margin": lambda a, y, o, lam, s, m: noisy(a + m, y, o, lam, s, 0),
        "the scale is missing": lambda a, y, o, lam, s, m: noisy(a, y, o, lam, 1, m),
        "the scale multiplies the loss": lambda a, y, o, lam, s, m: s * noisy(a, y, o, lam, 1, m),
        "the shares are swapped": lambda a, y, o, lam, s, m: noisy(a, y, o, 1 - lam, s, m),
        "other's share is missing": lambda a, y, o, lam, s, m: lam * arcface(a, y, s, m),
        "the ArcFace loss of y alone": lambda a, y, o, lam, s, m: arcface(a, y, s, m),
        "the mean of the clips": lambda *batch: noisy_in_torch(*batch).mean(),
        "as CosFace does": NOISY_COSFACE,
        "is added to the cosine": NOISY_PLUS,
        "the scale multiplies the angle": lambda a, y, o, lam, s, m: noisy_in_torch(
            ((a + m * F.one_hot(y, a.shape[1])) * s).cos().arccos(), y, o, lam, 1, 0
        ),
        "subtracted from the scaled logit": lambda a, y, o, lam, s, m: NOISY_COSFACE(
            a, y, o, lam, s, m / s
        ),
        "all angles but the label's": lambda a, y, o, lam, s, m: noisy(a + m, y, o, lam, s, -m),
        "the larger share alone": lambda a, y, o, lam, s, m: arcface(a, larger(y, o, lam), s, m),
        "the softmax runs over the clips": over_the_clips,
        "y and o are swapped": lambda a, y, o, lam, s, m: noisy(a, o, y, lam, s, m),
        "a mean stands where a sum is wanted": lambda a, *batch: noisy(a, *batch) / a.shape[1],
        "the sign is flipped": lambda *batch: -noisy(*batch),
        "broadcasting makes all pairs": lambda *batch: np.tile(noisy(*batch), (len(batch[1]), 1)),
    },
    "ex_11_4": {
        "the poolings run over time": lambda x: under(x, sum(pools(x, 2))),
        "the poolings run over the clips": lambda x: under(x, sum(pools(x, 0))),
        "run over bands and frames": lambda x: under(x, sum(pools(x, (1, 2)))),
        "run over clips and bands": lambda x: under(x, sum(pools(x, (0, 1)))),
        "the poolings are multiplied": lambda x: under(x, torch.mul(*pools(x))),
        "the maximum is missing": lambda x: under(x, pools(x)[1]),
        "the mean is missing": lambda x: under(x, pools(x)[0]),
        "halves the sum": lambda x: under(x, sum(pools(x)) / 2),
        "the bands are summed up": lambda x: under(x, pools(x)[0] + x.sum(axis=1, keepdims=True)),
        "the smallest band": lambda x: under(x, x.min(1, keepdims=True) + x.mean(1, keepdims=True)),
        "the mean is subtracted": lambda x: under(x, torch.sub(*pools(x))),
        "a sigmoid of its own": lambda x: sum(under(x, pooled) for pooled in pools(x)),
        "the sigmoid comes before": lambda x: under(x, sum(pools(torch.tensor(x).sigmoid()))),
        "pool the log-mel, add, then take it": lambda x: x * sum(pools(torch.tensor(x).sigmoid())),
        "the sigmoid is missing": lambda x: x * sum(pools(x)),
        "a softmax over time": lambda x: x * sum(pools(x)).softmax(dim=2),
        "a softmax over the bands": lambda x: x * torch.tensor(x).softmax(dim=1),
        "nothing is pooled": lambda x: under(x, x),
        "comes back as it was": lambda x: x,
        "tanh stands for": lambda x: x * sum(pools(x)).tanh(),
        "the sign in the sigmoid": lambda x: under(x, -sum(pools(x))),
        "inside the sigmoid": lambda x: (x * sum(pools(x))).sigmoid(),
        "this is the map alone": lambda x: sum(pools(x)).sigmoid(),
        "multiply the log-mel by it": encoders.temporal_attention,
        "every band of a frame alike": lambda x: sum(pools(x)).sigmoid().expand(x.shape),
        "added once more": lambda x: x + attend(x),
        "the map is added": lambda x: x + sum(pools(x)).sigmoid(),
        "one number a frame": lambda x: (
            x / (1 + np.exp(-x.max((1, 2), keepdims=True) - x.mean((1, 2), keepdims=True)))
        ),
        "keepdims=True keeps the axis": lambda x: x * (x.max(axis=1) + x.mean(axis=1)),
        "must give shape (2, 4, 3)": lambda x: torch.cat(pools(x), dim=1),
    },
    "ex_11_5": {
        "all ids are pooled": lambda k, y, s: roc_auc_score(y, s),
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
            roc_auc_score(y[k == one], s[k == one], max_fpr=0.1) for one in np.unique(k)
        ),
        "an id without clips": over_a_range,
        "every value you return is 0": lambda *clips: min(0, *each(*clips)),
        "1 minus the right value": lambda *clips: 1 - minimum(*clips),
        "stopped with ValueError": lambda k, y, s: min(
            roc_auc_score(y[k == one], s[k == one]) for one in range(8)
        ),
    },
}
