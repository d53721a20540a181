"""Answers to exercise 16.3: slopes by hand, by autograd and by differences, and wrong ones by the
hint that each must get.
"""

import numpy as np
import torch


def softmax(logits, axis=1):
    weight = np.exp(logits - logits.max(axis=axis, keepdims=True))
    return weight / weight.sum(axis=axis, keepdims=True)


def at(margins, sine=np.sin, p=None):
    """The slope with other margins, another function for the sine, or another p."""

    def slope(angle, soft, scale, margin):
        wide = angle + margins(soft, margin)
        inside = softmax(scale * np.cos(wide)) if p is None else p(angle, soft, scale, margin)
        return scale * sine(wide) * (soft - inside)

    return slope


def shares(soft, margin):
    return margin * soft


def loss(angle, soft, scale, margin):
    log_p = torch.log_softmax(scale * (angle + margin * soft).cos(), dim=1)
    return -(soft * log_p).sum()


def by_autograd(angle, soft, scale, margin):
    angle = angle.clone().requires_grad_()
    loss(angle, soft, scale, margin).backward()
    return angle.grad


def by_differences(angle, *rest):
    slope, step = torch.empty_like(angle), 1e-5
    for row in range(angle.shape[0]):
        for k in range(angle.shape[1]):
            move = torch.zeros_like(angle)
            move[row, k] = step
            slope[row, k] = (loss(angle + move, *rest) - loss(angle - move, *rest)) / (2 * step)
    return slope


by_hand = at(shares)
RIGHT = {"ex_16_3": [by_hand, by_autograd, by_differences]}
WRONG = {
    "ex_16_3": {
        "the margins are missing": lambda a, y, s, m: by_hand(a, y, s, 0),
        "the margin is missing in the sine": lambda a, y, s, m: (
            s * np.sin(a) * (y - softmax(s * np.cos(a + m * y)))
        ),
        "the margin is missing in p": at(shares, p=lambda a, y, s, m: softmax(s * np.cos(a))),
        "both labels have all of m": at(lambda y, m: m * (y > 0)),
        "only the larger share has a margin": at(
            lambda y, m: m * (y == y.max(axis=1, keepdims=True))
        ),
        "the shares of the margin are swapped": at(lambda y, m: m * np.where(y > 0, 1 - y, 0)),
        "all classes have the margin": at(lambda y, m: m),
        "the sine is missing": at(shares, sine=np.ones_like),
        "the cosine stands where": at(shares, sine=np.cos),
        "the scale is missing in front": lambda a, y, s, m: by_hand(a, y, s, m) / s,
        "the scale is missing in the softmax": at(
            shares, p=lambda a, y, s, m: softmax(np.cos(a + m * y))
        ),
        "the label is missing": lambda a, y, s, m: (
            -s * np.sin(a + m * y) * softmax(s * np.cos(a + m * y))
        ),
        "every class has one": lambda a, y, s, m: np.where(y > 0, by_hand(a, y, s, m), 0),
        "the softmax runs over the clips": at(
            shares, p=lambda a, y, s, m: softmax(s * np.cos(a + m * y), axis=0)
        ),
        "the sign is flipped": lambda *clips: -by_hand(*clips),
        "returns None": lambda *clips: None,
    },
}
