"""Answers to the exercises of notebook 05: right answers, and wrong ones by the hint that each must
get.
"""

import numpy as np
import torch
from sklearn.neighbors import LocalOutlierFactor


def slope_by_autograd(x, W, y):
    """Tensors in, the slope along the length by differentiation."""
    r = torch.ones(len(x), dtype=x.dtype, requires_grad=True)
    loss = torch.nn.functional.cross_entropy((r[:, None] * x) @ W.T, y, reduction="sum")
    return torch.autograd.grad(loss, r)[0]


def softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def own(z, y):
    return np.array([row[k] for row, k in zip(z, y)])


def slope(x, W, y):
    z = x @ W.T
    return (softmax(z) * z).sum(axis=1) - own(z, y)


def turn_by_autograd(x, W, y, alpha):
    """Tensors in, the gradient of the summed loss."""
    x = x.clone().requires_grad_()
    z = alpha * torch.nn.functional.normalize(x, dim=1) @ W.T
    return torch.autograd.grad(torch.nn.functional.cross_entropy(z, y, reduction="sum"), x)[0]


def turn(x, W, y, alpha, chance=None, own_class=True, stretched=True, across=True, shorten=True):
    """Clip by clip, with each step of the derivation open to be left out."""
    rows = []
    for one, k in zip(x, y):
        length = np.sqrt((one**2).sum())
        unit = one / length
        P = softmax((W @ unit * alpha if chance is None else chance(W, one, unit))[None])[0]
        P[k] -= own_class
        g = P @ W * (alpha if stretched else 1)
        g = g - (g @ unit) * unit if across else g
        rows.append(g / length if shorten else g)
    return np.array(rows)


def by_the_library(train, x, k):
    return -LocalOutlierFactor(n_neighbors=k, novelty=True).fit(train).score_samples(x)


def by_loops(train, x, k, swapped=False, reach=True, itself=False, give="lof"):
    def nearest(one, skip):
        gaps = [(np.linalg.norm(one - o), j) for j, o in enumerate(train) if j != skip]
        return sorted(gaps)[:k]

    def skipped(j):
        return None if itself else j

    def lrd(one, skip):
        near = nearest(one, skip)
        return 1 / np.mean(
            [max(nearest(train[j], skipped(j))[-1][0], gap) if reach else gap for gap, j in near]
        )

    factors = []
    for one in x:
        around = [lrd(train[j], skipped(j)) for _, j in nearest(one, None)]
        if give == "lof":
            factors.append(np.mean(around) / lrd(one, None))
        elif give == "lrd":
            factors.append(lrd(one, None))
        elif give == "distance":
            factors.append(np.mean([gap for gap, _ in nearest(one, None)]))
        else:
            factors.append(1 / lrd(one, None) / np.mean([1 / value for value in around]))
    return 1 / np.array(factors) if swapped else np.array(factors)


RIGHT = {
    "ex_05_1": [slope, slope_by_autograd],
    "ex_05_2": [turn, turn_by_autograd],
    "ex_05_3": [by_the_library, by_loops],
}
WRONG = {
    "ex_05_1": {
        "the sign is flipped": lambda x, W, y: -slope(x, W, y),
        "takes their plain mean": lambda x, W, y: (x @ W.T).mean(axis=1) - own(x @ W.T, y),
        "the own logit is missing": lambda x, W, y: (softmax(x @ W.T) * (x @ W.T)).sum(axis=1),
        "compares with the largest": lambda x, W, y: (x @ W.T).max(axis=1) - own(x @ W.T, y),
        "the chain rule": lambda x, W, y: own(softmax(x @ W.T), y) - 1,
        "here x itself is the unit": lambda x, W, y: slope(x, W, y) / np.sqrt((x**2).sum(axis=1)),
        "an axis is forgotten": lambda x, W, y: slope(x, W, y).mean(),
        "beside others": lambda x, W, y: (
            (np.exp(x @ W.T) / np.exp(x @ W.T).sum() * (x @ W.T)).sum(axis=1) - own(x @ W.T, y)
        ),
    },
    "ex_05_2": {
        "go on to x": lambda *probe: turn(*probe, stretched=False, across=False, shorten=False),
        "the part along x is still in it": lambda *probe: turn(*probe, across=False),
        "alpha is missing in front": lambda *probe: turn(*probe, stretched=False),
        "a long vector must move further": lambda *probe: turn(*probe, shorten=False),
        "are those of x itself": lambda *probe: turn(*probe, chance=lambda W, one, unit: W @ one),
        "are those of x / |x|": lambda *probe: turn(*probe, chance=lambda W, one, unit: W @ unit),
        "the own class is missing": lambda *probe: turn(*probe, own_class=False),
        "the mean loss": lambda x, *others: turn(x, *others) / len(x),
        "which must have the length 1": lambda x, W, y, alpha: np.stack(
            [g - (g @ one) * one for g, one in zip(turn(x, W, y, alpha, across=False), x)]
        ),
        "the sign is flipped": lambda *probe: -turn(*probe),
        "an axis is forgotten": lambda x, W, y, alpha: turn(x, W, y, alpha).sum(),
        "beside others": lambda x, W, y, alpha: (
            turn(x / np.linalg.norm(x, axis=1, keepdims=True), W, y, alpha) / np.linalg.norm(x)
        ),
    },
    "ex_05_3": {
        "an axis is forgotten": lambda *probe: by_loops(*probe).mean(),
        "upside down": lambda *probe: by_loops(*probe, swapped=True),
        "compare it with theirs": lambda *probe: by_loops(*probe, give="distance"),
        "the distances are plain": lambda *probe: by_loops(*probe, reach=False),
        "its own neighbor here": lambda *probe: by_loops(*probe, itself=True),
        "this is the local reachability density": lambda *probe: by_loops(*probe, give="lrd"),
        "compares the distances themselves": lambda *probe: by_loops(*probe, give="distances"),
        "the sign is flipped": lambda *probe: -by_loops(*probe),
    },
}
