"""Four rates of a threshold, and what the usual mistakes make of them (03.3)."""

import numpy as np


def limit(train_score, rate, method="higher"):
    return np.quantile(train_score, 1 - rate, method=method)


def told(label, alarm):
    """Return false alarm rate, precision, recall and F1."""
    hits, alarms, anomalies = np.sum(alarm & (label == 1)), np.sum(alarm), np.sum(label)
    rates = np.mean(alarm[label == 0]), hits / alarms, hits / anomalies
    return np.array([*rates, 2 * hits / (alarms + anomalies)])


def judge(train_score, label, score, rate):
    return told(label, score >= limit(train_score, rate))


def trained(seed):
    """Make training scores, and test scores of which one lies at the threshold."""
    rng = np.random.default_rng(seed)
    label = rng.permutation(np.repeat([0, 1], [30 + seed, 20]))
    train_score, rate = rng.gamma(3.0, size=40), (0.1, 0.2, 0.25)[seed % 3]
    score = rng.gamma(3.0, size=len(label)) + 0.5 + 2.0 * label
    score[np.flatnonzero(label == seed % 2)[0]] = limit(train_score, rate)
    return train_score, label, score, rate


def instead(place, value):
    """A judge that is right but for one of the four, where ``value`` of alarm, label and the right
    four stands.
    """

    def wrong(train_score, label, score, rate):
        rates = judge(train_score, label, score, rate)
        rates[place] = value(score >= limit(train_score, rate), label, rates.copy())
        return rates

    return wrong


MISTAKES = [  # a hint, and what the mistake gives
    ("the threshold comes from the test scores: take it from train_score.",
     lambda x, y, s, r: judge(s, y, s, r)),
    ("the threshold comes from the normal test clips: their labels are not known when it is set.",
     lambda x, y, s, r: judge(s[y == 0], y, s, r)),
    ("the threshold comes from training and test scores together: take it from train_score.",
     lambda x, y, s, r: judge(np.r_[x, s], y, s, r)),
    ("this is the quantile at rate: take the one at 1 - rate.",
     lambda x, y, s, r: judge(x, y, s, 1 - r)),
    ("the threshold lies between two training scores: take method=\"higher\".",
     lambda x, y, s, r: told(y, s >= limit(x, r, "linear"))),
    ("the threshold is the training score below the quantile: take method=\"higher\".",
     lambda x, y, s, r: told(y, s >= limit(x, r, "lower"))),
    ("a score at the threshold alarms too: >= and not >.",
     lambda x, y, s, r: told(y, s > limit(x, r))),
    ("the alarms are upside down: a larger score is more anomalous.",
     lambda x, y, s, r: told(y, s < limit(x, r))),
    ("precision and recall are swapped: precision is the share of alarms that are right.",
     lambda x, y, s, r: judge(x, y, s, r)[[0, 2, 1, 3]]),
    ("F1 lacks its 2: it is 2 * hits / (alarms + anomalies).",
     instead(3, lambda alarm, y, four: four[3] / 2)),
    ("F1 is the harmonic mean of precision and recall, not the arithmetic one.",
     instead(3, lambda alarm, y, four: four[1:3].mean())),
    ("F1 is the harmonic mean of precision and recall, not the geometric one.",
     instead(3, lambda alarm, y, four: np.sqrt(four[1] * four[2]))),
    ("the last of the four is the accuracy, the share of clips told rightly: F1 is wanted.",
     instead(3, lambda alarm, y, four: np.mean(alarm == y))),
    ("F1 is taken from the false alarm rate and recall: take it from precision and recall.",
     instead(3, lambda alarm, y, four: 2 / (1 / four[0] + 1 / four[2]))),
    ("the false alarm rate is a share of the normal clips, not of the alarms.",
     instead(0, lambda alarm, y, four: 1 - four[1])),
    ("the first of the four is the share of all clips that alarm: take normal clips alone.",
     instead(0, lambda alarm, y, four: alarm.mean())),
    ("the false alarm rate is a share of the normal clips, not of all clips.",
     instead(0, lambda alarm, y, four: np.mean(alarm & (y == 0)))),
    ("the first of the four is the share of normal clips without an alarm: take those with one.",
     instead(0, lambda alarm, y, four: 1 - four[0])),
    ("the first of the four is a number of clips: divide it by the number of normal clips.",
     instead(0, lambda alarm, y, four: np.sum(alarm & (y == 0)))),
    ("recall is a share of the anomalies, not of all clips.",
     instead(2, lambda alarm, y, four: np.mean(alarm & (y == 1)))),
]  # fmt: skip
