"""Checks of notebook 03: a partial area, a year's rule, a threshold, and DeLong's deviation."""

import numpy as np

from . import alarm_rates, deviations, roc
from .verdict import examine


def ex_03_1(partial_auc):
    r"""Check ``partial_auc(false_alarm_rate, hit_rate, p)``, the scaled area under a ROC curve.

    $\tfrac12 \left(1 + \frac{A(p) - p^2/2}{p - p^2/2}\right)$ with $A(p)$ the area under the
    polygon up to exactly p.

    Shapes: a function of the corners (K,), (K,) of a ROC curve and of p -> float.
    Example:
        >>> checks.ex_03_1(lambda alarms, hits, p: np.trapezoid(hits, alarms))
        ✗ Exercise 03.1: this is the area under the whole curve, whatever p is: stop at p.
    Notebook: 03_scores_and_metrics
    """
    return examine(
        "03.1",
        partial_auc,
        _partial_auc,
        [(*_corners(seed), p) for seed, p in enumerate((0.1, 0.23, 0.5, 0.07))],
        right="Chance gets 0.5 and the best curve 1, for every p.",
        mistakes=AREA_MISTAKES,
    )


def ex_03_2(rule_2022):
    """Check ``rule_2022(label, target, score)``, the number of a section by the rule since 2022.

    The harmonic mean of AUC source, AUC target and pAUC (p = 0.1); a domain's normal clips stand
    against the anomalies of both domains, and the pAUC takes all clips.

    Shapes: a function of label (N,), target (N,) of bool and score (N,) -> float.
    Notebook: 03_scores_and_metrics
    """
    return examine(
        "03.2",
        rule_2022,
        _rule_2022,
        [_section(seed) for seed in range(5)],
        right="One weak area of the three pulls the number down: "
        "that is what a harmonic mean is for.",
        mistakes=RULE_MISTAKES,
    )


def ex_03_3(judge):
    """Check ``judge(train_score, label, score, rate)``: false alarm rate, precision, recall and F1.

    The threshold is the percentile of the training scores, ``np.quantile(..., method="higher")`` at
    1 - rate; an alarm is a score at or above it.

    Shapes: a function of train_score (M,), label (N,), score (N,) and rate -> (4,).
    Notebook: 03_scores_and_metrics
    """
    return examine(
        "03.3",
        judge,
        alarm_rates.judge,
        [alarm_rates.trained(seed) for seed in range(5)],
        right="The threshold knows normal training clips only, as in a plant.",
        mistakes=alarm_rates.MISTAKES,
    )


def ex_03_4(difference_deviation):
    r"""Check ``difference_deviation(label, score_a, score_b)``, the standard deviation of the
    difference of two AUCs on the same clips, after DeLong.

    $\sqrt{\mathrm{var}(V^a - V^b) / m + \mathrm{var}(W^a - W^b) / n}$ with the placements V of m
    anomalies and W of n normal clips, and variances that divide by the number less one.

    Shapes: a function of label (N,), score_a (N,) and score_b (N,) -> float.
    Notebook: 03_scores_and_metrics
    """
    return examine(
        "03.4",
        difference_deviation,
        deviations.deviation,
        [_twice(seed) for seed in range(6)],
        right="What is hard for both systems cancels, clip by clip.",
        mistakes=deviations.MISTAKES,
    )


def _to(x, y, p):
    """Return the area up to the first corner beyond p."""
    corners = np.argmax(x > p) + 1
    return np.trapezoid(y[:corners], x[:corners])


def _partial_auc(x, y, p):
    return roc.scaled(roc.below(x, y, p), p)


def _corners(seed):
    """Make a ROC curve with slanted pieces, one of which holds p."""
    label, score = _clips(seed)
    return roc.corners(label, np.round(score))


def _harmonic(values):
    return len(values) / np.sum(1 / np.asarray(values))


def _shared(label, target, score, area=roc.area):
    sides = [(label == 1) | (target == side) for side in (False, True)]
    return [area(label[side], score[side]) for side in sides]


def _three(label, target, score):
    return [*_shared(label, target, score), roc.partial(label, score)]


def _within(label, target, score, area=roc.area):
    sides = [target == side for side in (False, True)]
    return [area(label[side], score[side]) for side in sides]


def _rule_2022(label, target, score):
    return _harmonic(_three(label, target, score))


def _section(seed):
    rng = np.random.default_rng(seed)
    label, target = rng.permutation(np.array([(y, t) for y in (0, 1) for t in (0, 1)] * 9)).T
    score = rng.normal(size=len(label)) + (1.5 - 0.9 * target) * label + 0.4 * target
    return label, target.astype(bool), score


def _clips(seed):
    """Make labels and scores with ties, of another size for each seed."""
    rng = np.random.default_rng(seed)
    label = rng.permutation(np.repeat([0, 1], [11 + 2 * seed, 6 + seed]))
    return label, rng.integers(0, 9, size=len(label)) / 2.0 + label


def _twice(seed):
    """Make labels and two scores with ties that find the same clips hard."""
    label, score = _clips(seed)
    other = score + np.random.default_rng(100 + seed).integers(-2, 3, size=len(label)) / 2.0
    return label, score, other


AREA_MISTAKES = [  # a hint, and what the mistake gives
    ("this is the area under the whole curve, whatever p is: stop at p.",
     lambda x, y, p: np.trapezoid(y, x)),
    ("this is A(p) itself: map the area of chance to 0.5 and that of the best curve to 1.",
     roc.below),
    ("this is A(p) / p: then chance gets p / 2 and not 0.5. Subtract chance's area first.",
     lambda x, y, p: roc.below(x, y, p) / p),
    ("chance's area is not subtracted: take p * p / 2 off A(p), and off p below it.",
     lambda x, y, p: 0.5 * (1 + roc.below(x, y, p) / p)),
    ("chance's area up to p is that of a triangle, p * p / 2.",
     lambda x, y, p: 0.5 * (1 + (roc.below(x, y, p) - p * p) / (p - p * p))),
    ("chance is taken off, but the best curve does not get 1: divide by "
     "p - p * p / 2, then halve it and add one half.",
     lambda x, y, p: (roc.below(x, y, p) - p * p / 2) / p),
    ("the best curve does not get 1: p * p / 2 is taken off above, take it off below as well.",
     lambda x, y, p: 0.5 * (1 + (roc.below(x, y, p) - p * p / 2) / p)),
    ("it runs from 0 to 1: chance must get 0.5, so halve it and add one half.",
     lambda x, y, p: 2 * _partial_auc(x, y, p) - 1),
    ("the one half stands before the whole bracket: 0.5 * (1 + ...), not 0.5 * 1 + ...",
     lambda x, y, p: 2 * _partial_auc(x, y, p) - 0.5),
    ("the curve is cut at its last corner before p: go on along the straight line to p itself.",
     lambda x, y, p: roc.scaled(np.trapezoid(y[x <= p], x[x <= p]), p)),
    ("the curve is cut at p straight up: "
     "the height at p lies on the line between the corners around it.",
     lambda x, y, p:
         roc.scaled(np.trapezoid(np.r_[y[x <= p], y[x > p][0]], np.r_[x[x <= p], p]), p)),
    ("the curve goes on flat to p, as the lesson's staircase did: "
     "this one is slanted, its height at p lies on the line between the corners around it.",
     lambda x, y, p:
         roc.scaled(np.trapezoid(np.r_[y[x <= p], y[x <= p][-1]], np.r_[x[x <= p], p]), p)),
    ("every piece is a step, the height of its left corner: "
     "the pieces are slanted, so each is a trapezoid.",
     lambda x, y, p: roc.scaled(np.sum(np.diff(np.minimum(x, p)) * y[:-1]), p)),
    ("the area goes on to the first corner beyond p: stop at p itself.",
     lambda x, y, p: roc.scaled(_to(x, y, p), p)),
]  # fmt: skip
RULE_MISTAKES = [
    ("this is the AUC of all clips: the rule takes the domains' normal clips apart.",
     lambda y, t, s: roc.area(y, s)),
    ("this is the arithmetic mean of the three: the rule takes the harmonic one.",
     lambda y, t, s: np.mean(_three(y, t, s))),
    ("this is the geometric mean of the three: the rule takes the harmonic one.",
     lambda y, t, s: np.prod(_three(y, t, s)) ** (1 / 3)),
    ("a domain's normals stand against the anomalies of both domains, not of their own only.",
     lambda y, t, s: _harmonic([*_within(y, t, s), roc.partial(y, s)])),
    ("it is the normal clips that are taken apart by domain: the anomalies of both stand "
     "against each.",
     lambda y, t, s: _harmonic(_three(1 - y, t, -s)[:2] + [roc.partial(y, s)])),
    ("this is the smallest of the three: the rule takes their harmonic mean.",
     lambda y, t, s: min(_three(y, t, s))),
    ("the pAUC is missing: it is the third of the three areas.",
     lambda y, t, s: _harmonic(_three(y, t, s)[:2])),
    ("the third area is the pAUC with p = 0.1, not the AUC of all clips.",
     lambda y, t, s: _harmonic([*_three(y, t, s)[:2], roc.area(y, s)])),
    ("the pAUC takes all clips, not those of the source alone.",
     lambda y, t, s: _harmonic([*_three(y, t, s)[:2], _shared(y, t, s, roc.partial)[0]])),
    ("the pAUC is taken once, over all clips: here each domain has one of its own.",
     lambda y, t, s: _harmonic([*_three(y, t, s)[:2], *_shared(y, t, s, roc.partial)])),
    ("the two AUCs stand as one, as their mean or the AUC of all clips: the three areas count "
     "alike in one harmonic mean.",
     lambda y, t, s: _harmonic([np.mean(_three(y, t, s)[:2]), roc.partial(y, s)])),
    ("both AUCs have a mean of their own: the three areas count alike in one harmonic mean.",
     lambda y, t, s: (_harmonic(_three(y, t, s)[:2]) + roc.partial(y, s)) / 2),
    ("this is the AUC of one domain alone: the target's and the pAUC are missing.",
     lambda y, t, s: _three(y, t, s)[0]),
    ("these are the areas of 2021, AUC and pAUC within each domain: "
     "since 2022 the anomalies are shared.",
     lambda y, t, s: _harmonic([*_within(y, t, s), *_within(y, t, s, roc.partial)])),
    ("this is the sum of the reciprocals: divide the number of areas by it.",
     lambda y, t, s: 3 / _rule_2022(y, t, s)),
]  # fmt: skip
