"""Answers to the exercises of notebook 15: right answers, and wrong ones by the hint that each must
get.
"""

import random

import numpy as np
import torch


def hours(clips, epochs, seconds, N, E):
    an_epoch = (seconds[1] - seconds[0]) / (epochs[1] - epochs[0])
    return E * an_epoch / clips * N / 3600


def order(N, seed, epoch):
    return np.random.default_rng((seed, epoch)).permutation(N)


def order_in_torch(N, seed, epoch):
    return torch.randperm(N, generator=torch.Generator().manual_seed(seed * 1_000_003 + epoch))


def order_by_hand(N, seed, epoch):
    rows = list(range(N))
    random.Random(f"{seed} and {epoch}").shuffle(rows)
    return rows


def seeds_all(N, seed, epoch):
    torch.manual_seed(seed * 1_000_003 + epoch)
    return torch.randperm(N)


def of_half(N, seed, epoch):
    return np.random.default_rng((seed, epoch)).permutation(N // 2)


def with_repeats(N, seed, epoch):
    return np.random.default_rng((seed, epoch)).integers(0, N, N)


def angle_in_torch(bits):
    return torch.rad2deg(torch.acos(1 - 2.0 ** -(bits.double() + 1)))


RIGHT = {
    "ex_15_1": [hours, lambda n, e, s, N, E: E * N / (n * np.diff(e)[0] / np.diff(s)[0]) / 3600],
    "ex_15_2": [order, order_in_torch, order_by_hand],
    "ex_15_3": [
        angle_in_torch,
        lambda bits: 180 / np.pi * 2 * np.arcsin(np.sqrt(2.0 ** -(bits + 2))),
    ],
    "ex_15_4": [
        lambda g, n: (g * n[:, None]).sum(axis=0) / n.sum(),
        lambda g, n: sum(size * one for size, one in zip(n, g)) / sum(n),
    ],
}
WRONG = {
    "ex_15_1": {
        "the trials' fixed costs": lambda n, e, s, N, E: E * N * s[1] / (n * e[1]) / 3600,
        "the shorter trial alone": lambda n, e, s, N, E: E * N * s[0] / (n * e[0]) / 3600,
        "these are seconds": lambda n, e, s, N, E: 3600 * hours(n, e, s, N, E),
        "these are minutes": lambda n, e, s, N, E: 60 * hours(n, e, s, N, E),
        "this is one epoch": lambda n, e, s, N, E: hours(n, e, s, N, 1),
        "N / n times as": lambda n, e, s, N, E: hours(n, e, s, n, E),
        "upside down": lambda n, e, s, N, E: E * N * n * (e[1] - e[0]) / (s[1] - s[0]) / 3600,
    },
    "ex_15_2": {
        "two orders": lambda N, seed, epoch: np.random.permutation(N),
        "epoch has no effect": lambda N, seed, epoch: np.random.default_rng(seed).permutation(N),
        "seed has no effect": lambda N, seed, epoch: np.random.default_rng(epoch).permutation(N),
        "mixes them up": lambda N, seed, epoch: np.random.default_rng(seed + epoch).permutation(N),
        "that all share": seeds_all,
        "one row number each": of_half,
        "comes twice": with_repeats,
        "stopped with TypeError": lambda N: np.arange(N),
    },
    "ex_15_3": {
        "take the arc cosine": lambda bits: 1 - 2.0 ** -(bits + 1),
        "in radians": lambda bits: np.arccos(1 - 2.0 ** -(bits + 1)),
        "the spacing above 1": lambda bits: np.degrees(np.arccos(1 - 2.0**-bits)),
        "half of that spacing": lambda bits: np.degrees(np.arccos(1 - 2.0 ** -(bits + 2))),
        "the spacing itself": lambda bits: 2.0 ** -(bits + 1),
    },
    "ex_15_4": {
        "counts more": lambda g, n: g.mean(axis=0),
        "this is the sum": lambda g, n: g.sum(axis=0),
        "not divided by all": lambda g, n: n @ g,
        "weights are upside": lambda g, n: (1 / n) @ g / (1 / n).sum(),
        "number of parts": lambda g, n: n @ g / len(n),
    },
}
