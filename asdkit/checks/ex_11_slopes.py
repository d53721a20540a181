"""Checks of notebook 11 on the loss of a mixed clip: which of its two labels has the margin."""

import numpy as np
from scipy.special import log_softmax, logsumexp

from .verdict import examine


def _shared_out(loss):
    """Make the mistakes of both losses in margin and shares."""
    return [
        ("the margin narrows the angle here: it is added, angle + margin.",
         lambda a, y, o, lam, s, m: loss(a, y, o, lam, s, -m)),
        ("the margin is missing: this is the cross entropy with the mixed label.",
         lambda a, y, o, lam, s, m: loss(a, y, o, lam, s, 0.0)),
        ("all classes get the margin: it widens the angle to one label only.",
         _with(loss, lambda a, w, s: _log_p(a, w.max(), s))),
        ("the margin widens all angles but the label's: it widens that one alone.",
         _with(loss, lambda a, w, s: _log_p(a, w.max() - w, s))),
        ("angle[:, y] widens whole columns: widen one angle a row, angle[np.arange(N), y].",
         _with(loss, lambda a, w, s: _log_p(a, w.max(axis=0), s))),
        ("the scale is missing in the softmax: its logits are s times the cosine.",
         lambda a, y, o, lam, s, m: loss(a, y, o, lam, 1.0, m)),
        ("the scale multiplies the loss: it belongs inside the softmax, s times the cosine.",
         lambda a, y, o, lam, s, m: s * loss(a, y, o, lam, 1.0, m)),
        ("the shares are swapped: lam belongs to y, 1 - lam to other.",
         lambda a, y, o, lam, s, m: loss(a, y, o, 1 - lam, s, m)),
        ("other's share is missing: add (1 - lam) times its cost.",
         lambda a, y, o, lam, s, m: lam * loss(a, y, y, lam, s, m)),
        ("this is the ArcFace loss of y alone: other's label does not enter.",
         lambda a, y, o, lam, s, m: loss(a, y, y, lam, s, m)),
        ("this is the ArcFace loss of the larger share alone: both labels enter, by their shares.",
         lambda a, y, o, lam, s, m: _arcface(a, np.where(lam < 0.5, o, y), s, m)),
        ("this is the mean of the clips: return one loss a clip (in torch, cross_entropy with "
         "reduction=\"none\").",
         lambda *batch: loss(*batch).mean()),
        ("this is the sum of the clips: return one loss a clip, (N,).",
         lambda *batch: loss(*batch).sum()),
    ]  # fmt: skip


def _softmaxes(loss):
    """Make the mistakes of both losses in what the softmax is taken of."""
    return [
        ("the margin is subtracted from the cosine, as CosFace does: add it to the angle.",
         _with(loss, lambda a, w, s: _log_cosine(np.cos(a) - w, s))),
        ("the margin is subtracted from the scaled logit: add it to the angle, before the cosine.",
         _with(loss, lambda a, w, s: log_softmax(s * np.cos(a) - w, axis=1))),
        ("the margin is added to the cosine: add it to the angle, inside the cosine.",
         _with(loss, lambda a, w, s: _log_cosine(np.cos(a) + w, s))),
        ("the softmax runs over the angles: take their cosine, s cos(angle + margin).",
         _with(loss, lambda a, w, s: _log_cosine(a + w, s))),
        ("the scale multiplies the angle: it multiplies the cosine, s cos(angle + margin).",
         _with(loss, lambda a, w, s: _log_cosine(np.cos(s * (a + w)), 1.0))),
        ("the softmax runs over the clips: it runs over the classes, axis=1.",
         _with(loss, lambda a, w, s: log_softmax(s * np.cos(a + w), axis=0))),
        ("the margin is missing in the denominator: the label's class has it there, too.",
         _with(loss, lambda a, w, s: s * np.cos(a + w)
             - logsumexp(s * np.cos(a), axis=1, keepdims=True))),
        ("the denominator leaves the label's own class out: it sums over all C.",
         _with(loss, lambda a, w, s: _log_odds(s * np.cos(a + w)))),
        ("the logarithm is missing: this is minus a probability.",
         _with(loss, lambda a, w, s: np.exp(_log_p(a, w, s)))),
        ("these are probabilities: the loss is minus their logarithm.",
         _with(loss, lambda a, w, s: -np.exp(_log_p(a, w, s)))),
    ]  # fmt: skip


def ex_11_2(arcmix_loss):
    r"""Check ``arcmix_loss(angle, y, other, lam, scale, margin)``, one loss a clip.

    $\lambda L_{AF}(y_i) + (1 - \lambda) L_{AF}(y_j)$ with $L_{AF}(y) = -y^T \ln \mathrm{softmax}(s
    \cos(\theta + m y))$, [NAM] eq. 3 and 1.

    Shapes: a function of angle (N, C) in radians, y (N,), other (N,), lam (N,), scale and margin ->
        (N,).
    Choices: all angles lie below $\pi - m$, where the guard of eq. 1 changes nothing.
    Example:
        >>> checks.ex_11_2(lambda angle, y, other, lam, scale, margin: None)
        ✗ Exercise 11.2: your function returns None: end it with 'return' and the result.
    Notebook: 11_noisy_arcmix
    """
    return examine(
        "11.2", arcmix_loss, _arcmix, _clips(),
        right="Two passes: the margin stands at y in one, and at other in the other.",
        mistakes=[*_ARCMIX, *_shared_out(_arcmix), *_softmaxes(_arcmix)],
    )  # fmt: skip


def ex_11_3(noisy_arcmix_loss):
    r"""Check ``noisy_arcmix_loss(angle, y, other, lam, scale, margin)``, one loss a clip.

    $-\bar y^T \ln \mathrm{softmax}(s \cos(\theta + m y_i))$, [NAM] eq. 4.

    Shapes: a function of angle (N, C) in radians, y (N,), other (N,), lam (N,), scale and margin ->
        (N,).
    Choices: all angles lie below $\pi - m$, where the guard of eq. 1 changes nothing.
    Notebook: 11_noisy_arcmix
    """
    return examine(
        "11.3", noisy_arcmix_loss, _noisy, _clips(),
        right="One pass, the whole margin at y whatever lam is, and the label mixed.",
        mistakes=[*_NOISY, *_shared_out(_noisy), *_softmaxes(_noisy)],
    )  # fmt: skip


_PARTLY = "both labels get the margin in one pass, where it partly cancels:"
_LARGER = "the margin follows the larger share: it stands at y, however small lam is."
_ARCMIX = [
    (f"{_PARTLY} take two passes, each with the margin at its own label.",
     lambda a, y, o, lam, s, m: _mixed_cost(a, y, o, lam, s, m * _either_own(a, y, o))),
    (f"{_PARTLY} take two passes, each with the margin at its own label.",
     lambda a, y, o, lam, s, m: _mixed_cost(a, y, o, lam, s, m * (_own(a, y) + _own(a, o)))),
    ("one pass with the mixed label and the margin at y is Noisy-ArcMix, eq. 4: "
     "other needs a pass of its own, with the margin there.",
     lambda *batch: _noisy(*batch)),
    ("both passes have the margin at other: in the pass of y it stands at y.",
     lambda a, y, o, lam, s, m: _mixed_cost(a, y, o, lam, s, m * _own(a, o))),
    ("one pass shares the margin out by lam: take two, each with the whole margin.",
     lambda a, y, o, lam, s, m: _mixed_cost(a, y, o, lam, s, m * _soft(a, y, o, lam))),
    ("each margin is multiplied by the share: both passes have the whole one.",
     lambda a, y, o, lam, s, m: lam * _arcface(a, y, s, m * lam[:, None])
         + (1 - lam) * _arcface(a, o, s, m * (1 - lam)[:, None])),
    ("the margin of the first pass is still there in the second: widen a fresh copy of angle.",
     lambda a, y, o, lam, s, m: lam * _arcface(a, y, s, m)
         + (1 - lam) * _cost(_own(a, o), _log_p(a, m * (_own(a, y) + _own(a, o)), s))),
    ("each pass takes the mean of the clips before lam comes in (cross_entropy of torch does so "
     "without reduction=\"none\"): blend clip by clip.",
     lambda a, y, o, lam, s, m: lam * _arcface(a, y, s, m).mean()
         + (1 - lam) * _arcface(a, o, s, m).mean()),
    ("this is minus the logarithm of blended probabilities: blend the two losses.",
     lambda a, y, o, lam, s, m: -np.logaddexp(
         np.log(lam) - _arcface(a, y, s, m), np.log(1 - lam) - _arcface(a, o, s, m))),
]  # fmt: skip
_NOISY = [
    (_LARGER, lambda a, y, o, lam, s, m: _mixed_cost(
        a, y, o, lam, s, m * _own(a, np.where(lam < 0.5, o, y)))),
    ("the margin follows the smaller share: it stands at y, however large lam is.",
     lambda a, y, o, lam, s, m: _mixed_cost(
         a, y, o, lam, s, m * _own(a, np.where(lam < 0.5, y, o)))),
    ("a clip with a small lam goes without a margin: y gets the whole one, whatever lam is.",
     lambda a, y, o, lam, s, m: _mixed_cost(
         a, y, o, lam, s, m * (lam >= 0.5)[:, None] * _own(a, y))),
    ("the margin is multiplied by lam: y gets the whole one, whatever lam is.",
     lambda a, y, o, lam, s, m: _mixed_cost(a, y, o, lam, s, m * lam[:, None] * _own(a, y))),
    ("the margin is shared out by lam: y gets the whole one, other none.",
     lambda a, y, o, lam, s, m: _mixed_cost(a, y, o, lam, s, m * _soft(a, y, o, lam))),
    (f"{_PARTLY} y alone has it.",
     lambda a, y, o, lam, s, m: _mixed_cost(a, y, o, lam, s, m * _either_own(a, y, o))),
    (f"{_PARTLY} y alone has it.",
     lambda a, y, o, lam, s, m: _mixed_cost(a, y, o, lam, s, m * (_own(a, y) + _own(a, o)))),
    ("the margin stands at other: it belongs to y.",
     lambda a, y, o, lam, s, m: _mixed_cost(a, y, o, lam, s, m * _own(a, o))),
    ("this is ArcMix, eq. 3, with a margin for each label: here one pass has it at y alone.",
     lambda *batch: _arcmix(*batch)),
    ("only the larger share of the label is kept: the label is mixed, lam at y, 1 - lam at other.",
     lambda a, y, o, lam, s, m: _cost(
         _own(a, np.where(lam < 0.5, o, y)), _log_p(a, m * _own(a, y), s))),
    ("this is minus the logarithm of blended probabilities: blend their logarithms.",
     lambda a, y, o, lam, s, m: -logsumexp(
         _log_p(a, m * _own(a, y), s), axis=1, b=_soft(a, y, o, lam))),
    ("the label's entropy is subtracted, as in a divergence: eq. 4 is the cross entropy alone.",
     lambda a, y, o, lam, s, m: _noisy(a, y, o, lam, s, m) - _entropy(_soft(a, y, o, lam))),
]  # fmt: skip


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


def _own(angle, y):
    return np.eye(angle.shape[1])[y]  # (N, C)


def _either_own(angle, y, other):
    return np.maximum(_own(angle, y), _own(angle, other))


def _soft(angle, y, other, lam):
    return lam[:, None] * _own(angle, y) + (1 - lam)[:, None] * _own(angle, other)


def _entropy(soft):
    return -(soft * np.log(np.where(soft > 0, soft, 1.0))).sum(axis=1)


def _log_cosine(cosine, scale):
    return log_softmax(scale * cosine, axis=1)


def _log_p(angle, width, scale):
    return _log_cosine(np.cos(angle + width), scale)


def _log_odds(logits):
    """Each logit against all others of its row."""
    others = np.where(np.eye(logits.shape[1]), -np.inf, logits[:, None])  # (N, C, C)
    return logits - logsumexp(others, axis=2)


def _cost(target, log_p):
    return -(target * log_p).sum(axis=1)


def _arcface(angle, y, scale, margin, log_p=_log_p):
    own = _own(angle, y)
    return _cost(own, log_p(angle, margin * own, scale))


def _arcmix(angle, y, other, lam, scale, margin, log_p=_log_p):
    first, second = (_arcface(angle, own, scale, margin, log_p) for own in (y, other))
    return lam * first + (1 - lam) * second


def _mixed_cost(angle, y, other, lam, scale, width, log_p=_log_p):
    return _cost(_soft(angle, y, other, lam), log_p(angle, width, scale))


def _noisy(angle, y, other, lam, scale, margin, log_p=_log_p):
    return _mixed_cost(angle, y, other, lam, scale, margin * _own(angle, y), log_p)


def _with(loss, log_p):
    """The loss with other log-probabilities, which get angle (N, C), margin (N, C) and scale."""
    return lambda *batch: loss(*batch, log_p)
