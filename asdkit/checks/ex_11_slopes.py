"""Check of notebook 11 on which way a mixed clip is pulled: the slope of ArcMix in its angles."""

import numpy as np
from scipy.special import softmax

from .verdict import examine

_SINE = "the sine is missing: the slope of cos(angle + m) in the angle is -sin(angle + m)."
_PARTLY = "both labels get the margin in one pass: take two, each with the margin at its own label."
_OTHERS = "only the label's own class has a slope here: every class has one, -p_k at the others."
_SCALE = "the scale is missing in front: the logits are s cos(angle + m), so their slope has s too."


def ex_11_2(arcmix_slope):
    r"""Check ``arcmix_slope(angle, y, other, lam, scale, margin)``, which pulls on each angle.

    $\lambda\, \partial L_{AF}(y_i) / \partial\theta_k + (1 - \lambda)\, \partial L_{AF}(y_j) /
    \partial\theta_k$, where $\partial L_{AF}(y) / \partial\theta_k = s \sin(\theta_k + m y_k)(y_k -
    p_k)$ and p is the softmax with the margin at y. [NAM] eq. 3.

    Shapes: a function of angle (N, C) in radians, y (N,), other (N,), lam (N,), scale and margin ->
        (N, C).
    Choices: the right answer is autograd's, in float64; all angles lie below $\pi - m$, where the
        guard of eq. 1 changes nothing.
    Example:
        >>> checks.ex_11_2(lambda angle, y, other, lam, scale, margin: None)
        ✗ Exercise 11.2: your function returns None: end it with 'return' and the result.
    Notebook: 11_noisy_arcmix
    """
    return examine(
        "11.2", arcmix_slope, _autograd, _clips(),
        right="In its own pass each label pulls the clip, and all other classes push it.",
        mistakes=[*_BLENDS, *((hint, _twice(one)) for hint, one in _PASSES), *_WHOLE],
    )  # fmt: skip


_BLENDS = [  # a hint, and what the mistake gives
    ("this is the slope of Noisy-ArcMix, eq. 4, of one pass with the margin at y: other needs a "
     "pass of its own, with the margin there.",
     lambda a, y, o, lam, s, m: _slope(a, _soft(a, y, o, lam), _own(a, y), s, m)),
    ("one pass shares the margin out by lam: take two, each with the whole margin.",
     lambda a, y, o, lam, s, m: _slope(a, *2 * [_soft(a, y, o, lam)], s, m)),
    (_PARTLY,
     lambda a, y, o, lam, s, m: _slope(
         a, _soft(a, y, o, lam), np.maximum(_own(a, y), _own(a, o)), s, m)),
    (_PARTLY,
     lambda a, y, o, lam, s, m: _slope(a, _soft(a, y, o, lam), _own(a, y) + _own(a, o), s, m)),
    ("both passes have the margin at other: in the pass of y it stands at y.",
     lambda a, y, o, lam, s, m: _slope(a, _soft(a, y, o, lam), _own(a, o), s, m)),
    ("the margin of the first pass is still there in the second: widen a fresh copy of angle.",
     lambda a, y, o, lam, s, m: lam[:, None] * _arcface(a, y, s, m) + (1 - lam)[:, None]
         * _slope(a, _own(a, o), _own(a, y) + _own(a, o), s, m)),
    ("each margin is multiplied by the share: both passes have the whole one.",
     lambda a, y, o, lam, s, m: lam[:, None] * _arcface(a, y, s, m * lam[:, None])
         + (1 - lam)[:, None] * _arcface(a, o, s, m * (1 - lam)[:, None])),
    ("sines and probabilities are blended apart: multiply them within each pass, then blend.",
     lambda a, y, o, lam, s, m: s * _blend(lam, *(np.sin(a + m * _own(a, k)) for k in (y, o)))
         * _blend(lam, *(_own(a, k) - _p(a + m * _own(a, k), s) for k in (y, o)))),
    ("the shares are swapped: lam belongs to y, 1 - lam to other.",
     lambda a, y, o, lam, s, m: _blend(1 - lam, *(_arcface(a, k, s, m) for k in (y, o)))),
    ("the pass of other is missing: add (1 - lam) times its slope.",
     lambda a, y, o, lam, s, m: lam[:, None] * _arcface(a, y, s, m)),
    ("this is the slope of ArcFace at y alone: other's label does not enter.",
     lambda a, y, o, lam, s, m: _arcface(a, y, s, m)),
    ("this is the slope of ArcFace at the larger share alone: both labels enter, by their shares.",
     lambda a, y, o, lam, s, m: _arcface(a, np.where(lam < 0.5, o, y), s, m)),
    ("the passes are added up with half a share each: lam belongs to y, 1 - lam to other.",
     lambda a, y, o, lam, s, m: (_arcface(a, y, s, m) + _arcface(a, o, s, m)) / 2),
    ("the passes are added up without their shares: lam belongs to y, 1 - lam to other.",
     lambda a, y, o, lam, s, m: _arcface(a, y, s, m) + _arcface(a, o, s, m)),
]  # fmt: skip
_PASSES = [  # a hint, and what the mistake makes of one pass, with the margin's place own
    ("the margin is missing: this is the slope of the cross entropy with the mixed label.",
     lambda a, own, s, m: s * np.sin(a) * (own - _p(a, s))),
    ("the margin is missing in the sine: it is the slope of cos(angle + m).",
     lambda a, own, s, m: s * np.sin(a) * (own - _p(a + m * own, s))),
    ("the margin is missing in p: take the softmax of the logits with it.",
     lambda a, own, s, m: s * np.sin(a + m * own) * (own - _p(a, s))),
    ("the margin narrows the angle here: it is added, angle + margin.",
     lambda a, own, s, m: s * np.sin(a - m * own) * (own - _p(a - m * own, s))),
    ("all classes get the margin: it widens the angle to one label only.",
     lambda a, own, s, m: s * np.sin(a + m) * (own - _p(a + m, s))),
    ("the sine has the margin at all classes: it stands at the label's alone.",
     lambda a, own, s, m: s * np.sin(a + m) * (own - _p(a + m * own, s))),
    (_SINE, lambda a, own, s, m: s * (own - _p(a + m * own, s))),
    (_SINE, lambda a, own, s, m: s * (_p(a + m * own, s) - own)),
    ("the cosine stands where the sine is wanted: the slope of cos(angle + m) is -sin(angle + m).",
     lambda a, own, s, m: s * np.cos(a + m * own) * (own - _p(a + m * own, s))),
    ("the cosine stands where the sine is wanted: the slope of cos(angle + m) is -sin(angle + m).",
     lambda a, own, s, m: s * np.cos(a + m * own) * (_p(a + m * own, s) - own)),
    (_SCALE, lambda a, own, s, m: np.sin(a + m * own) * (own - _p(a + m * own, s))),
    ("the scale is missing in the softmax: its logits are s times the cosine.",
     lambda a, own, s, m: s * np.sin(a + m * own) * (own - _p(a + m * own, 1.0))),
    ("the scale is missing, in front and in the softmax: the logits are s times the cosine.",
     lambda a, own, s, m: np.sin(a + m * own) * (own - _p(a + m * own, 1.0))),
    (_OTHERS, lambda a, own, s, m: own * _slope(a, own, own, s, m)),
    ("the label is missing: the slope of -ln p in the logits is p minus the label.",
     lambda a, own, s, m: -s * np.sin(a + m * own) * _p(a + m * own, s)),
    ("p is missing: the slope of -ln p in the logits is p minus the label.",
     lambda a, own, s, m: s * np.sin(a + m * own) * own),
    ("this is the slope of -p: the loss is minus the logarithm of p, and has no p in front.",
     lambda a, own, s, m: -(own * _p(a + m * own, s)).sum(axis=1, keepdims=True)
         * s * np.sin(a + m * own) * (own - _p(a + m * own, s))),
    ("the softmax runs over the clips: it runs over the classes, axis=1.",
     lambda a, own, s, m: s * np.sin(a + m * own) * (own - _p(a + m * own, s, axis=0))),
]  # fmt: skip
_WHOLE = [
    ("this is the slope of the mean over the clips (cross_entropy of torch takes it without "
     "reduction=\"none\"): a clip's own loss is wanted, so sum them before autograd.",
     lambda *batch: _autograd(*batch) / len(batch[0])),
    ("this is the slope in the margin: it is wanted in each of the C angles of a clip.",
     lambda a, y, o, lam, s, m: lam * (_own(a, y) * _arcface(a, y, s, m)).sum(axis=1)
         + (1 - lam) * (_own(a, o) * _arcface(a, o, s, m)).sum(axis=1)),
    ("this is the loss: its slope in each of the C angles is wanted.",
     lambda *batch: _loss(*batch)),
    ("this is the loss: its slope in each of the C angles is wanted.",
     lambda *batch: _loss(*batch).sum()),
    ("the slopes are added up over the classes: each angle has its own, (N, C).",
     lambda *batch: _autograd(*batch).sum(axis=1)),
    ("the slopes are added up over the clips: each clip has its own, (N, C).",
     lambda *batch: _autograd(*batch).sum(axis=0)),
]  # fmt: skip


def _twice(one):
    """Blend two passes, each with the label and the margin at its own class."""
    return lambda a, y, o, lam, s, m: _blend(lam, *(one(a, _own(a, k), s, m) for k in (y, o)))


def _clips():
    """Make angles far enough from pi for the margin, in one clip to a partner of its own class."""
    rng = np.random.default_rng(11)
    probes = []
    for n, c, s, m in ((6, 4, 6.0, 0.7), (1, 3, 4.0, 0.4), (9, 6, 30.0, 0.3), (4, 3, 12.0, 0.5)):
        y = rng.integers(c, size=n)
        other = (y + rng.integers(1, c, size=n)) % c
        other[3:4] = y[3:4]
        angle = rng.uniform(0.05, np.pi - m - 0.05, size=(n, c))
        probes.append((angle, y, other, rng.uniform(0.05, 0.95, size=n), s, m))
    return probes


def _autograd(angle, y, other, lam, scale, margin):
    """Take the slopes of both passes as torch finds them."""
    import torch
    from torch.nn import functional as F

    angle, y, other, lam = map(torch.tensor, (angle, y, other, lam))
    angle.requires_grad_()

    def arcface(y):
        wide = angle + margin * F.one_hot(y, angle.shape[1])
        return F.cross_entropy(scale * wide.cos(), y, reduction="none")  # [NAM] 1

    loss = lam * arcface(y) + (1 - lam) * arcface(other)  # [NAM] 3
    return torch.autograd.grad(loss.sum(), angle)[0].numpy()


def _own(angle, y):
    return np.eye(angle.shape[1])[y]  # (N, C)


def _soft(angle, y, other, lam):
    return _blend(lam, _own(angle, y), _own(angle, other))


def _blend(lam, first, second):
    return lam[:, None] * first + (1 - lam)[:, None] * second


def _p(angle, scale, axis=1):
    return softmax(scale * np.cos(angle), axis=axis)


def _slope(angle, label, place, scale, margin):
    """One pass: what to predict, and where the margin is, (N, C) each."""
    wide = angle + margin * place
    return scale * np.sin(wide) * (label - _p(wide, scale))


def _arcface(angle, y, scale, margin):
    return _slope(angle, _own(angle, y), _own(angle, y), scale, margin)


def _loss(angle, y, other, lam, scale, margin):
    passes = ((_own(angle, k), margin * _own(angle, k)) for k in (y, other))
    costs = [-np.log((own * _p(angle + wide, scale)).sum(axis=1)) for own, wide in passes]
    return lam * costs[0] + (1 - lam) * costs[1]
