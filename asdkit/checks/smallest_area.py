"""The smallest AUC over the ids of a type, and what the usual mistakes make of it (11.5)."""

import numpy as np

from . import roc


def smallest(machine, label, score):
    return min(each(machine, label, score))


def groups(machine, also=False):
    for one in np.unique(machine):
        yield (machine == one) | also


def each(machine, label, score, area=None):
    return np.array([(area or roc.area)(label[own], score[own]) for own in groups(machine)])


def ties(tie):
    return lambda label, score: roc.area(label, score, tie)


def by_order(label, score):
    return roc.area(label, np.argsort(np.argsort(score)))


def pairs_of(label, score):
    return np.sum(label == 1) * np.sum(label == 0)


def machines():
    """Make clips of several ids, in no order, whose scores tie and do worst at another id each."""
    rng = np.random.default_rng(9)
    probes = []
    for ids, gains, fewest in (
        ((1, 3, 5), (1.0, -0.5, 2.0), 8),
        ((2, 3), (1.0, 1.5), 5),  # 12 clips, which a hint shows whole
        ((2, 4, 6, 7), (1.5, 2.5, 0.5, 1.0), 8),
        ((1, 2, 4, 5, 7), (2.0, 1.5, 1.0, 2.5, 0.0), 8),
    ):
        counts = fewest + 2 * np.arange(len(ids))
        order = rng.permutation(counts.sum())
        place = np.repeat(np.arange(len(ids)), counts)[order]
        label = np.concatenate([np.arange(count) % 3 // 2 for count in counts])[order]
        score = rng.integers(0, 8, size=len(place)) / 2 + label * np.array(gains)[place] + place / 2
        probes.append((np.array(ids)[place], label, score))
    return probes


_SHARED = "a machine's clips stand against those of its own id only."
_TIES = "a tie counts one half: half a pair won."
MISTAKES = [  # a hint, and what the mistake gives
    ("all ids are pooled: take one AUC an id, then the smallest.",
     lambda k, y, s: roc.area(y, s)),
    ("this is the mean of the ids, as the official rule takes it: here the worst one counts.",
     lambda k, y, s: np.mean(each(k, y, s))),
    ("this is the mean of the ids by their pairs: here the worst one counts.",
     lambda k, y, s: np.average(each(k, y, s), weights=each(k, y, s, pairs_of))),
    ("this is the mean of the ids by their clips: here the worst one counts.",
     lambda k, y, s: np.average(each(k, y, s), weights=each(k, y, s, lambda y, s: len(y)))),
    ("this is the harmonic mean of the ids: here the worst one counts.",
     lambda k, y, s: 1 / np.mean(1 / each(k, y, s))),
    ("this is the median of the ids: here the worst one counts.",
     lambda k, y, s: np.median(each(k, y, s))),
    ("this is the largest AUC: the smallest is wanted.", lambda k, y, s: max(each(k, y, s))),
    ("these are the AUCs of all ids: return the smallest.", lambda k, y, s: each(k, y, s)),
    ("this is the AUC of one id, whichever comes first or last: return the smallest.",
     lambda k, y, s: each(k, y, s)[0]),
    ("this is the AUC of one id, whichever comes first or last: return the smallest.",
     lambda k, y, s: each(k, y, s)[-1]),
    ("this is the id with the smallest AUC, or its place: return the AUC itself.",
     lambda k, y, s: np.unique(k)[np.argmin(each(k, y, s))]),
    ("this is the id with the smallest AUC, or its place: return the AUC itself.",
     lambda k, y, s: np.argmin(each(k, y, s))),
    ("the sign of the score is flipped, or the labels are: an anomaly (label 1) wins a pair where "
     "its score is larger.",
     lambda k, y, s: min(each(k, y, -s))),
    ("AUCs below one half are turned around: a detector that is worse than chance stays so.",
     lambda k, y, s: min(np.maximum(each(k, y, s), 1 - each(k, y, s)))),
    (f"{_TIES} Here it counts none.", lambda k, y, s: min(each(k, y, s, ties(0.0)))),
    (f"{_TIES} Here it counts whole.", lambda k, y, s: min(each(k, y, s, ties(1.0)))),
    (f"{_TIES} Here the order of the clips decides it.",
     lambda k, y, s: min(each(k, y, s, by_order))),
    (f"{_SHARED} Here the anomalies of all ids stand against its normal clips.",
     lambda k, y, s: min(roc.area(y[own], s[own]) for own in groups(k, y == 1))),
    (f"{_SHARED} Here the normal clips of all ids stand against its anomalies.",
     lambda k, y, s: min(roc.area(y[own], s[own]) for own in groups(k, y == 0))),
    ("this is a partial area, p = 0.1: the AUC takes all false alarm rates.",
     lambda k, y, s: min(each(k, y, s, roc.partial))),
    ("this is NaN, which an id without clips gives: np.unique(machine) holds those that there are.",
     lambda k, y, s: np.nan),
]  # fmt: skip
