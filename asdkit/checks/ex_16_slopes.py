"""Check of notebook 16 on the slope of its loss: which classes pull a mixed clip, and how hard."""

import numpy as np
from scipy.special import softmax

from .verdict import examine

_SCALE = "the scale is missing in front: the logits are s cos(angle + m), so their slope has s too."

_MISTAKES = [  # a hint, and what the mistake gives
    ("the margins are missing: this is the slope of the cross entropy alone.",
     lambda a, y, s, m: _slope(a, y, s, 0 * m)),
    ("the margin is missing in the sine: it is the slope of cos(angle + m).",
     lambda a, y, s, m: s * np.sin(a) * (y - _p(a, y, s, m))),
    ("the margin is missing in p: take the softmax of the logits with it.",
     lambda a, y, s, m: s * np.sin(a + m * y) * (y - _p(a, y, s, 0 * m))),
    ("both labels have all of m: each has its share of it.",
     lambda a, y, s, m: _at(a, y, s, m * (y > 0))),
    ("only the larger share has a margin: each label has its share of it.",
     lambda a, y, s, m: _at(a, y, s, m * (y == y.max(axis=1, keepdims=True)))),
    ("the shares of the margin are swapped: the larger share has more of it.",
     lambda a, y, s, m: _at(a, y, s, m * (1 - y) * (y > 0))),
    ("all classes have the margin: those that are not heard have none.",
     lambda a, y, s, m: _at(a, y, s, m)),
    ("the sine is missing: the slope of cos(angle + m) is -sin(angle + m).",
     lambda a, y, s, m: s * (y - _p(a, y, s, m))),
    ("the cosine stands where the sine belongs.",
     lambda a, y, s, m: s * np.cos(a + m * y) * (y - _p(a, y, s, m))),
    (_SCALE, lambda a, y, s, m: _slope(a, y, s, m) / s),
    ("the scale is missing in the softmax.",
     lambda a, y, s, m: s * np.sin(a + m * y) * (y - _p(a, y, 1.0, m))),
    ("the label is missing: p is held against the share of each class.",
     lambda a, y, s, m: -s * np.sin(a + m * y) * _p(a, y, s, m)),
    ("only heard classes have a slope here: every class has one, -p_k at the others.",
     lambda a, y, s, m: _slope(a, y, s, m) * (y > 0)),
    ("the softmax runs over the clips: it runs over the classes, axis=1.",
     lambda a, y, s, m: s * np.sin(a + m * y) * (y - _p(a.T, y.T, s, m).T)),
    ("the sign is flipped: a class that pulls has a slope above 0.",
     lambda a, y, s, m: -_slope(a, y, s, m)),
]  # fmt: skip


def ex_16_3(slope):
    r"""Check ``slope(angle, soft, scale, margin)``, that of the loss in each angle of each clip.

    $\partial L / \partial\theta_k = s \sin(\theta_k + m \bar y_k)(\bar y_k - p_k)$ with p, the
    softmax of the logits with their margins: lesson 16, eq. O2 with p = 1.

    Shapes: a function of angle (N, C) in radians, soft labels (N, C), scale and margin -> (N, C).
    Choices: all angles lie below $\pi - m$, where the guard of [NAM] 1 changes nothing.
    Notebook: 16_your_own_loss
    """
    return examine(
        "16.3", slope, _slope, _clips(),
        right="A class pulls while p lies below its share, and no further.",
        mistakes=_MISTAKES,
    )  # fmt: skip


def _clips():
    """Make clips of which each holds two classes, some one alone."""
    rng, probes = np.random.default_rng(17), []
    for n, classes, scale, margin in ((2, 3, 6.0, 0.5), (5, 4, 4.0, 0.7), (4, 6, 9.0, 0.3)):
        angle = rng.uniform(0.3, 2.2, size=(n, classes))
        lam = rng.uniform(0.1, 0.9, size=(n, 1))
        lam[-1] = 1.0
        first = rng.integers(classes, size=n)
        eye = np.eye(classes)
        soft = lam * eye[first] + (1 - lam) * eye[(first + 1) % classes]
        probes.append((angle, soft, scale, margin))
    return probes


def _p(angle, soft, scale, margin):
    return softmax(scale * np.cos(angle + margin * soft), axis=1)


def _at(angle, soft, scale, margins):
    wide = angle + margins
    return scale * np.sin(wide) * (soft - softmax(scale * np.cos(wide), axis=1))


def _slope(angle, soft, scale, margin):
    return _at(angle, soft, scale, margin * soft)  # lesson 16, eq. O2
