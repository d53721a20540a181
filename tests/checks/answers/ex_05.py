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


def needed(C, p):
    """By bisection of the probability on a simplex."""
    low, high = -5.0, 100.0
    for _ in range(200):
        middle = (low + high) / 2
        reached = 1 / (1 + (C - 1) * np.exp(-middle * (1 + 1 / (C - 1)))) >= p
        low, high = (low, middle) if reached else (middle, high)
    return high


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
    "ex_05_2": [needed, lambda C, p: (1 - 1 / C) * (np.log(p) - np.log(1 - p) + np.log(C - 1))],
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
        "must give shape": lambda x, W, y: slope(x, W, y).mean(),
    },
    "ex_05_2": {
        "for centers at right angles": lambda C, p: np.log(p * (C - 2) / (1 - p)),
        "divide by it": lambda C, p: np.log(p * (C - 1) / (1 - p)),
        "upside down": lambda C, p: needed(C, p) * (C / (C - 1)) ** 2,
        "this has C - 2": lambda C, p: (C - 1) / C * np.log(p * (C - 2) / (1 - p)),
        "the other classes are missing": lambda C, p: (C - 1) / C * np.log(p / (1 - p)),
        "not +1": lambda C, p: np.log(p * (C - 1) / (1 - p)) / (1 - 1 / (C - 1)),
        "every value is 2": lambda C, p: 2 * needed(C, p),
    },
    "ex_05_3": {
        "upside down": lambda *probe: by_loops(*probe, swapped=True),
        "compare it with theirs": lambda *probe: by_loops(*probe, give="distance"),
        "the distances are plain": lambda *probe: by_loops(*probe, reach=False),
        "its own neighbor here": lambda *probe: by_loops(*probe, itself=True),
        "this is the local reachability density": lambda *probe: by_loops(*probe, give="lrd"),
        "compares the distances themselves": lambda *probe: by_loops(*probe, give="distances"),
        "the sign is flipped": lambda *probe: -by_loops(*probe),
    },
}
