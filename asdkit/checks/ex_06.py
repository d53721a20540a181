"""Checks of notebook 06: own logit, equal borders, loss with a margin, and the widest margin."""

import numpy as np
from scipy.special import logsumexp

from .verdict import examine


def ex_06_1(own_logit):
    r"""Check ``own_logit(angle, margin, scale)`` of ArcFace, with its guard.

    [NAM] eq. 1: $s \cos(\theta + m)$ for $\theta < \pi - m$, else $s (\cos\theta - m \sin m)$.

    Shapes: a function of angle (N,) in radians, margin and scale -> (N,).
    Notebook: 06_angles_and_margins
    """
    return examine(
        "06.1", own_logit, _guarded, _angles(),
        right="It falls with the angle on both sides of the edge at pi - m.",
        mistakes=[
            ("this subtracts the margin from the cosine, as CosFace: ArcFace adds it to the angle.",
             lambda a, m, s: s * (np.cos(a) - m)),
            ("the guard is missing: beyond pi - m the cosine would rise again.",
             lambda a, m, s: s * np.cos(a + m)),
            ("the scale is missing: the logit is s times the cosine.",
             lambda a, m, s: _guarded(a, m, 1.0)),
            ("the margin narrows the angle here: the own angle is widened, angle + margin.",
             lambda a, m, s: s * np.cos(a - m)),
            ("the margin is left out: this is the softmax over cosines.",
             lambda a, m, s: s * np.cos(a)),
            ("the guard is not scaled: s multiplies both branches.",
             lambda a, m, s: np.where(a < np.pi - m, s * np.cos(a + m), np.cos(a) - m * np.sin(m))),
            ("beyond pi - m this goes on at -1: the guard falls on with the cosine, "
             "cos(angle) - m sin(m).",
             lambda a, m, s: s * np.cos(np.minimum(a + m, np.pi))),
            ("the guard subtracts m, not m sin(m).",
             lambda a, m, s: s * np.where(a < np.pi - m, np.cos(a + m), np.cos(a) - m)),
            ("the edge of the guard lies at pi - m, not at m.",
             lambda a, m, s: s * np.where(a < m, np.cos(a + m), np.cos(a) - m * np.sin(m))),
            ("the two branches are swapped: cos(angle + m) belongs to angles below pi - m.",
             lambda a, m, s: s * np.where(a < np.pi - m, np.cos(a) - m * np.sin(m), np.cos(a + m))),
            ("the guard subtracts m sin(m), here it is added: it lies below the plain cosine.",
             lambda a, m, s: s * _joined(a, m, np.cos(a) + m * np.sin(m))),
            ("the guard starts from the plain cosine, cos(angle), not from cos(angle + m).",
             lambda a, m, s: s * _joined(a, m, np.cos(a + m) - m * np.sin(m))),
        ],
    )  # fmt: skip


def ex_06_2(matching_margin):
    r"""Check ``matching_margin(apart, margin)``, by which CosFace has the border of ArcFace.

    $2 \sin\frac{\alpha}{2} \sin\frac{m}{2}$ for centers $\alpha$ apart and ArcFace's margin m.

    Shapes: a function of two numbers in radians -> float, a difference of cosines.
    Notebook: 06_angles_and_margins
    """
    return examine(
        "06.2", matching_margin, _matching, [(1.0, 0.2), (1.6, 0.35), (2.8, 0.9), (0.6, 0.1)],
        right="The closer two centers lie, the smaller it is: "
        "one CosFace margin cannot suit all pairs.",
        mistakes=[
            ("this makes the two alike at the own center: they shall agree at the border.",
             lambda a, m: 1 - np.cos(m)),
            ("this takes radians for cosines: set ArcFace's border into CosFace's equation.",
             lambda a, m: m),
            ("the other cosine changes too: at the border its angle is (apart + margin) / 2.",
             lambda a, m: np.cos((a - m) / 2) - np.cos(a / 2)),
            ("the other class does not stay at a right angle: subtract its cosine.",
             lambda a, m: np.cos((a - m) / 2)),
            ("this is ArcFace's border: find the margin by which CosFace has it too.",
             lambda a, m: (a - m) / 2),
            ("this is CosFace's border for the margin m: the border is given, not the margin.",
             lambda a, m: a / 2 - np.arcsin(m / (2 * np.sin(a / 2)))),
            ("the factor 2 is missing.", lambda a, m: np.sin(a / 2) * np.sin(m / 2)),
            ("ArcFace's border moves by half of the margin, not by all of it.",
             lambda a, m: 2 * np.sin(a / 2) * np.sin(m)),
            ("it takes the sine of half the angle apart, not of all of it.",
             lambda a, m: 2 * np.sin(a) * np.sin(m / 2)),
            ("at the border the other center stands at apart - border, not at apart.",
             lambda a, m: np.cos((a - m) / 2) - np.cos(a)),
            ("the clip stands at ArcFace's border, (apart - margin) / 2, not in the middle.",
             lambda a, m: np.cos(a / 2) - np.cos((a + m) / 2)),
            ("the other cosine is subtracted, here it is added.",
             lambda a, m: np.cos((a - m) / 2) + np.cos((a + m) / 2)),
            ("both angles lack a half: the border lies at (apart - margin) / 2.",
             lambda a, m: np.cos(a - m) - np.cos(a + m)),
        ],
    )  # fmt: skip


def ex_06_3(cosface):
    r"""Check ``cosface(cosine, y, scale, margin)``, the mean CosFace loss of a batch.

    $-\frac1N \sum_i \ln \mathrm{softmax}_{y_i}(s (\cos\theta_{ij} - m [j = y_i]))$

    Shapes: a function of cosine (N, C), y (N,), scale and margin -> float.
    Notebook: 06_angles_and_margins
    """
    return examine(
        "06.3", cosface, _cosface, _batches(),
        right="Only the own class pays, and it pays before the scale.",
        mistakes=[
            ("the margin is missing, or all classes pay it, "
             "which a softmax does not notice: the own one does.",
             lambda c, y, s, m: _cosface(c, y, s, 0.0)),
            ("the margin helps the own class, or the others pay it: "
             "subtract it from the own cosine.",
             lambda c, y, s, m: _cosface(c, y, s, -m)),
            ("the margin is not scaled: it belongs inside, s * (cosine - m).",
             lambda c, y, s, m: _cosface(c, y, s, m / s)),
            ("this is the sum over the clips: take the mean.",
             lambda c, y, s, m: len(y) * _cosface(c, y, s, m)),
            ("the own class is missing in the denominator: it is one of the C.",
             lambda c, y, s, m: _without_own(s * (c - m * _own(c, y)), y)),
            ("an axis is forgotten: the denominator sums the classes of one clip, axis=1.",
             lambda c, y, s, m: _over_all(s * (c - m * _own(c, y)), y)),
            ("the margin enlarges the scaled logit: subtract it, as a handicap, before the scale.",
             lambda c, y, s, m: _cosface(c, y, s, -m / s)),
            ("this is the mean probability: take the mean of -ln of it.",
             lambda c, y, s, m: np.exp(-_loss(s * (c - m * _own(c, y)), y)).mean()),
            ("this is -ln of the mean probability: take the logarithm of each clip, then the mean.",
             lambda c, y, s, m: -np.log(np.exp(-_loss(s * (c - m * _own(c, y)), y)).mean())),
            ("the margin is missing in the denominator: the own class pays it there, too.",
             lambda c, y, s, m: _cosface(c, y, s, 0.0) + s * m),
            ("this adds the margin to the angle, as ArcFace: CosFace subtracts it from the cosine.",
             lambda c, y, s, m: _loss(s * np.where(_own(c, y), _on_angles(c, m), c), y).mean()),
            ("cosine[:, y] takes whole columns: take one cosine a row, cosine[np.arange(N), y].",
             lambda c, y, s, m: (logsumexp(s * c, axis=1) - s * (c[:, y] - m)).mean()),
        ],
    )  # fmt: skip


def ex_06_4(largest_margin):
    r"""Check ``largest_margin(classes, scale, p)``, up to which a clip on its center reaches p.

    $\arccos\big(\frac1s \ln\frac{(C - 1) p}{1 - p} - \frac{1}{C - 1}\big)$, where the C centers
    lie as far apart as they can.

    Shapes: a function of three numbers -> float, in radians.
    Notebook: 06_angles_and_margins
    """
    return examine(
        "06.4", largest_margin, _widest,
        [(12, 30.0, 0.9), (12, 6.0, 0.9), (3, 4.0, 0.5), (41, 16.0, 0.99), (4, 8.0, 0.7)],
        right="A larger scale leaves room for a wider margin, but for p = 1/2 or more "
        "never for a right angle.",
        mistakes=[
            ("this puts the other centers at right angles: their cosine is -1 / (C - 1).",
             lambda c, s, p: np.arccos(_log_odds(c, p) / s)),
            ("this puts all other centers opposite, at a cosine of -1: no C > 2 centers lie so.",
             lambda c, s, p: np.arccos(_log_odds(c, p) / s - 1)),
            ("the other cosine, -1 / (C - 1), is added to the gap: it is subtracted here.",
             lambda c, s, p: np.arccos(_log_odds(c, p) / s + 1 / (c - 1))),
            ("there are C - 1 other classes, not C.",
             lambda c, s, p: np.arccos(np.log(c * p / (1 - p)) / s - 1 / (c - 1))),
            ("the number of other classes is missing in the logarithm.",
             lambda c, s, p: np.arccos(np.log(p / (1 - p)) / s - 1 / (c - 1))),
            ("p and 1 - p are swapped: a larger p leaves less room.",
             lambda c, s, p: np.arccos(_log_odds(c, 1 - p) / s - 1 / (c - 1))),
            ("this is CosFace's margin, taken off the cosine: ArcFace adds it to the angle.",
             lambda c, s, p: 1 + 1 / (c - 1) - _log_odds(c, p) / s),
            ("the scale multiplies both cosines: only the logarithm is divided by it.",
             lambda c, s, p: np.arccos((_log_odds(c, p) - 1 / (c - 1)) / s)),
            ("this is the smallest scale without a margin: here the scale is given.",
             lambda c, s, p: (c - 1) / c * _log_odds(c, p)),
            ("the other centers lie at a cosine of -1 / (C - 1), not -1 / C.",
             lambda c, s, p: np.arccos(_log_odds(c, p) / s - 1 / c)),
            ("C - 1 others stand against p: they multiply p / (1 - p), they do not divide it.",
             lambda c, s, p: np.arccos(np.log(p / (1 - p) / (c - 1)) / s - 1 / (c - 1))),
        ],
    )  # fmt: skip


def _angles():
    """Make angles on both sides of the edge of three margins."""
    rng = np.random.default_rng(3)
    settings = [(40, 0.5, 30.0), (30, 0.7, 8.0), (50, 1.2, 2.0)]
    return [(rng.uniform(0, np.pi, n), m, s) for n, m, s in settings]


def _guarded(angle, margin, scale):
    return scale * _joined(angle, margin, np.cos(angle) - margin * np.sin(margin))


def _joined(angle, margin, beyond):
    return np.where(angle < np.pi - margin, np.cos(angle + margin), beyond)


def _matching(apart, margin):
    return 2 * np.sin(apart / 2) * np.sin(margin / 2)


def _own(cosine, y):
    return np.arange(cosine.shape[1]) == y[:, None]  # (N, C)


def _loss(logits, y):
    return logsumexp(logits, axis=1) - logits[_own(logits, y)]


def _cosface(cosine, y, scale, margin):
    return _loss(scale * (cosine - margin * _own(cosine, y)), y).mean()


def _without_own(logits, y):
    others = np.where(_own(logits, y), -np.inf, logits)
    return (logsumexp(others, axis=1) - logits[_own(logits, y)]).mean()


def _over_all(logits, y):
    return (logsumexp(logits) - logits[_own(logits, y)]).mean()


def _on_angles(cosine, margin):
    return np.cos(np.arccos(cosine) + margin)


def _batches():
    rng = np.random.default_rng(4)
    settings = [(5, 3, 6.0, 0.35), (8, 6, 3.0, 0.2), (4, 12, 10.0, 0.5)]
    return [(rng.uniform(-1, 1, (n, c)), rng.integers(c, size=n), s, m) for n, c, s, m in settings]


def _log_odds(classes, p):
    return np.log((classes - 1) * p / (1 - p))


def _widest(classes, scale, p):
    return np.arccos(_log_odds(classes, p) / scale - 1 / (classes - 1))
