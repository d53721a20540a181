"""Answers to exercise 11.2: slopes by hand, by autograd and by differences, and wrong ones by the
hint that each must get.
"""

import numpy as np
import torch
from torch.nn import functional as F


def at(angle, y):
    return np.asarray(y)[:, None] == np.arange(angle.shape[1])


def softmax(logits, axis=1):
    weight = np.exp(logits - logits.max(axis=axis, keepdims=True))
    return weight / weight.sum(axis=axis, keepdims=True)


def one_pass(angle, label, place, scale, margin):
    wide = angle + margin * place
    return scale * np.sin(wide) * (label - softmax(scale * np.cos(wide)))


def arcface(angle, y, scale, margin):
    return one_pass(angle, at(angle, y), at(angle, y), scale, margin)


def blended(lam, first, second):
    return lam[:, None] * first + (1 - lam)[:, None] * second


def arcmix(angle, y, other, lam, scale, margin):
    return blended(lam, *(arcface(angle, own, scale, margin) for own in (y, other)))


def arcmix_in_place(angle, y, other, lam, scale, margin, again=True):
    """Both passes in a loop over clips and classes; ``again`` widens a fresh copy of the angles."""
    slope = np.zeros_like(angle)
    for row in range(len(y)):
        wide = angle[row].copy()
        for own, share in ((y[row], lam[row]), (other[row], 1 - lam[row])):
            wide = angle[row].copy() if again else wide
            wide[own] += margin
            p = np.exp(scale * np.cos(wide)) / np.exp(scale * np.cos(wide)).sum()
            for k in range(angle.shape[1]):
                slope[row, k] += share * scale * np.sin(wide[k]) * ((k == own) - p[k])
    return slope


def loss(angle, y, other, lam, scale, margin):
    def cost(own):
        wide = angle + margin * F.one_hot(own, angle.shape[1])
        return F.cross_entropy(scale * wide.cos(), own, reduction="none")

    return lam * cost(y) + (1 - lam) * cost(other)


def by_autograd(angle, *batch, reduce=torch.sum):
    angle = angle.clone().requires_grad_()
    reduce(loss(angle, *batch)).backward()
    return angle.grad


def in_float32(angle, y, other, lam, scale, margin):
    return by_autograd(angle.float(), y, other, lam.float(), scale, margin)


def in_torch_by_hand(angle, y, other, lam, scale, margin):
    slope = 0
    for own, share in ((y, lam), (other, 1 - lam)):
        hot = F.one_hot(own, angle.shape[1])
        wide = angle + margin * hot
        p = torch.softmax(scale * wide.cos(), dim=1)
        slope = slope + share[:, None] * scale * wide.sin() * (hot - p)
    return slope


def by_differences(angle, *batch):
    """Central differences in one angle at a time."""
    slope, step = np.empty(angle.shape), 1e-5
    for k in range(angle.shape[1]):
        move = step * F.one_hot(torch.tensor(k), angle.shape[1])
        ahead, behind = loss(angle + move, *batch), loss(angle - move, *batch)
        slope[:, k] = (ahead - behind) / (2 * step)
    return slope


def soft(angle, y, other, lam):
    return blended(lam, at(angle, y), at(angle, other))


def mixed(place):
    """One pass with the mixed label, and the margin at a place of (angle, y, other, lam)."""

    def slope(angle, y, other, lam, scale, margin):
        where = place(angle, y, other, lam)
        return one_pass(angle, soft(angle, y, other, lam), where, scale, margin)

    return slope


def passes(one):
    """Two passes of what is made of angle, one-hot label, scale and margin."""

    def slope(angle, y, other, lam, scale, margin):
        return blended(lam, *(one(angle, at(angle, own), scale, margin) for own in (y, other)))

    return slope


def apart(angle, y, other, lam, scale, margin):
    wide = [angle + margin * at(angle, own) for own in (y, other)]
    p = blended(lam, *(softmax(scale * np.cos(some)) for some in wide))
    sine = blended(lam, *map(np.sin, wide))
    return scale * sine * (soft(angle, y, other, lam) - p)


def in_the_margin(angle, y, other, lam, scale, margin):
    margin = torch.full((len(y), 1), margin, dtype=angle.dtype, requires_grad=True)
    loss(angle, y, other, lam, scale, margin).sum().backward()
    return margin.grad[:, 0]


RIGHT = {
    "ex_11_2": [
        arcmix, arcmix_in_place, by_autograd, in_torch_by_hand, in_float32, by_differences,
    ],
}  # fmt: skip
WRONG = {
    "ex_11_2": {
        "is the slope of Noisy-ArcMix": mixed(lambda a, y, o, lam: at(a, y)),
        "shares the margin out": mixed(soft),
        "both labels get the margin in one pass": mixed(lambda a, y, o, lam: at(a, y) | at(a, o)),
        "the margin at its own label": mixed(lambda a, y, o, lam: 1.0 * at(a, y) + at(a, o)),
        "both passes have the margin at other": mixed(lambda a, y, o, lam: at(a, o)),
        "still there in the second": lambda *batch: arcmix_in_place(*batch, again=False),
        "each margin is multiplied by the share": lambda a, y, o, lam, s, m: blended(
            lam, *(arcface(a, k, s, m * w[:, None]) for k, w in ((y, lam), (o, 1 - lam)))
        ),
        "are blended apart": apart,
        "the shares are swapped": lambda a, y, o, lam, s, m: arcmix(a, y, o, 1 - lam, s, m),
        "lam belongs to y, 1 - lam to other": lambda a, y, o, *some: arcmix(a, o, y, *some),
        "the pass of other is missing": lambda a, y, o, lam, s, m: (
            lam[:, None] * arcface(a, y, s, m)
        ),
        "of ArcFace at y alone": lambda a, y, o, lam, s, m: arcface(a, y, s, m),
        "the larger share alone": lambda a, y, o, lam, s, m: arcface(
            a, np.where(lam >= 0.5, y, o), s, m
        ),
        "half a share each": lambda a, y, o, lam, s, m: np.mean(
            [arcface(a, y, s, m), arcface(a, o, s, m)], axis=0
        ),
        "without their shares": lambda a, y, o, lam, s, m: (
            arcface(a, y, s, m) + arcface(a, o, s, m)
        ),
        "the margin is missing: this": lambda a, y, o, lam, s, m: arcmix(a, y, o, lam, s, 0),
        "the margin is missing in the sine": passes(
            lambda a, own, s, m: s * np.sin(a) * (own - softmax(s * np.cos(a + m * own)))
        ),
        "the margin is missing in p": passes(
            lambda a, own, s, m: s * np.sin(a + m * own) * (own - softmax(s * np.cos(a)))
        ),
        "the margin narrows the angle": lambda a, y, o, lam, s, m: arcmix(a, y, o, lam, s, -m),
        "all classes get the margin": lambda a, y, o, lam, s, m: arcmix(a + m, y, o, lam, s, 0),
        "the sine has the margin at all classes": passes(
            lambda a, own, s, m: s * np.sin(a + m) * (own - softmax(s * np.cos(a + m * own)))
        ),
        "the sine is missing": passes(
            lambda a, own, s, m: s * (own - softmax(s * np.cos(a + m * own)))
        ),
        "is -sin(angle + m)": passes(
            lambda a, own, s, m: s * (softmax(s * np.cos(a + m * own)) - own)
        ),
        "the cosine stands where the sine": passes(
            lambda a, own, s, m: s * np.cos(a + m * own) * (own - softmax(s * np.cos(a + m * own)))
        ),
        "the scale is missing in front": lambda *batch: arcmix(*batch) / batch[4],
        "the scale is missing in the softmax": lambda a, y, o, lam, s, m: (
            s * arcmix(a, y, o, lam, 1, m)
        ),
        "in front and in the softmax": lambda a, y, o, lam, s, m: arcmix(a, y, o, lam, 1, m),
        "every class has one": passes(
            lambda a, own, s, m: (
                own * s * np.sin(a + m * own) * (1 - softmax(s * np.cos(a + m * own)))
            )
        ),
        "the label is missing": passes(
            lambda a, own, s, m: -s * np.sin(a + m * own) * softmax(s * np.cos(a + m * own))
        ),
        "p is missing": passes(lambda a, own, s, m: own * s * np.sin(a + m)),
        "has no p in front": passes(
            lambda a, own, s, m: (
                -softmax(s * np.cos(a + m * own))[own][:, None] * one_pass(a, own, own, s, m)
            )
        ),
        "the softmax runs over the clips": passes(
            lambda a, own, s, m: (
                s * np.sin(a + m * own) * (own - softmax(s * np.cos(a + m * own), axis=0))
            )
        ),
        "the slope of the mean over the clips": lambda *batch: by_autograd(
            *batch, reduce=torch.mean
        ),
        "this is the slope in the margin": in_the_margin,
        "this is the loss": loss,
        "its slope in each of the C angles": lambda *batch: loss(*batch).sum(),
        "added up over the classes": lambda *batch: arcmix(*batch).sum(axis=1),
        "added up over the clips": lambda *batch: by_autograd(*batch).sum(dim=0),
        "the sign is flipped": lambda *batch: -arcmix(*batch),
        "[:, None] makes a column": lambda a, y, o, lam, s, m: (
            lam * arcface(a, y, s, m) + (1 - lam) * arcface(a, o, s, m)
        ),
        "the axes are swapped": lambda *batch: arcmix(*batch).T,
        "returns None": lambda *batch: None,
    },
}
