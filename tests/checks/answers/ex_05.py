"""Answers to the exercises of notebook 05: right answers, and wrong ones by the hint that each must
get.
"""

import numpy as np
import torch
from scipy.spatial.distance import cdist
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


def gradient(x, W, y):
    """By x, of the loss of each clip."""
    return np.array([(p - (np.arange(len(W)) == k)) @ W for p, k in zip(softmax(x @ W.T), y)])


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


def own_center_only(x, W, y, alpha):
    rows = []
    for one, k in zip(x, y):
        length = np.sqrt((one**2).sum())
        g = (softmax((W @ one * alpha / length)[None])[0, k] - 1) * W[k]
        rows.append(alpha / length * (g - (g @ one) * one / length**2))
    return np.array(rows)


def by_the_library(train, x, k):
    return -LocalOutlierFactor(n_neighbors=k, novelty=True).fit(train).score_samples(x)


def among_each_other(train, x, k):
    both = LocalOutlierFactor(n_neighbors=k).fit(np.concatenate([train, x]))
    return -both.negative_outlier_factor_[len(train) :]


def by_matrices(train, x, k, beyond=0, power=1, own=False):
    inside, outside = cdist(train, train) ** power, cdist(x, train) ** power
    reached = np.sort(inside, axis=1)[:, k + beyond]  # number 0 is the clip itself

    def lrd(gaps, first):
        density = []
        for row in gaps:
            near = row.argsort()[first : first + k]
            density.append(
                1 / np.mean(row[near].max() if own else np.maximum(reached[near], row[near]))
            )
        return np.array(density)

    around = [lrd(inside, 1)[row.argsort()[:k]].mean() for row in outside]
    return around / lrd(outside, 0)


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
    "ex_05_3": [by_the_library, by_loops, by_matrices],
}
WRONG = {
    "ex_05_1": {
        "the sign is flipped": lambda x, W, y: -slope(x, W, y),
        "takes their plain mean": lambda x, W, y: (x @ W.T).mean(axis=1) - own(x @ W.T, y),
        "the own logit is missing": lambda x, W, y: (softmax(x @ W.T) * (x @ W.T)).sum(axis=1),
        "compares with the largest": lambda x, W, y: (x @ W.T).max(axis=1) - own(x @ W.T, y),
        "the chain rule": lambda x, W, y: own(softmax(x @ W.T), y) - 1,
        "this is the loss": lambda x, W, y: -np.log(own(softmax(x @ W.T), y)),
        "multiply it by x first": lambda x, W, y: gradient(x, W, y).sum(axis=1),
        "the length of the gradient": lambda x, W, y: np.sqrt((gradient(x, W, y) ** 2).sum(axis=1)),
        "the own class is missing": lambda x, W, y: np.array(
            [np.delete(p * z, k).sum() - z[k] for p, z, k in zip(softmax(x @ W.T), x @ W.T, y)]
        ),
        "only where it is positive": lambda x, W, y: slope(x, W, y) > 0,
        "no probabilities": lambda x, W, y: (
            (np.exp(x @ W.T) * (x @ W.T)).sum(axis=1) - own(x @ W.T, y)
        ),
        "broadcasting makes all pairs": lambda x, W, y: (
            (softmax(x @ W.T) * (x @ W.T)).sum(axis=1) - (x @ W.T)[:, y]
        ),
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
        "the part along x is added": lambda *probe: 2 * turn(*probe, across=False) - turn(*probe),
        "both must be the unit vector": lambda x, W, y, alpha: np.stack(
            [
                g - (g @ one) * one / np.sqrt((one**2).sum())
                for g, one in zip(turn(x, W, y, alpha, across=False), x)
            ]
        ),
        "a bracket is missing": lambda *probe: (
            turn(*probe, across=False)
            + turn(*probe, stretched=False, shorten=False)
            - turn(*probe, stretched=False, across=False, shorten=False)
        ),
        "it must go": lambda *probe: turn(*probe, across=False) - turn(*probe),
        "only the own center pulls": own_center_only,
        "the centers keep their lengths": lambda x, W, y, alpha: turn(
            x, W / np.linalg.norm(W, axis=1)[:, None], y, alpha
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
        "new clips are neighbors here": among_each_other,
        "counted from 0": lambda *probe: by_matrices(*probe, beyond=1),
        "take the root": lambda *probe: by_matrices(*probe, power=2),
        "not of the clip itself": lambda *probe: by_matrices(*probe, own=True),
        "go on to densities": lambda train, x, k: np.sort(cdist(x, train), axis=1)[:, k - 1],
        "minus 1.5": lambda train, x, k: by_the_library(train, x, k) - 1.5,
    },
}
