"""Answers to the exercises of notebook 14: right answers, and wrong ones by the hint that each must
get.
"""

import math

import numpy as np
import scipy.linalg
import scipy.spatial
import torch


def group_chance_by_hand(sizes, k):
    each = [k / (int(size) - 1) for size in sizes for _ in range(int(size))]
    return sum(each) / len(each)


def continuity(rank_x, rank_xy, k):
    n, found = len(rank_x), []
    for own, placed in zip(rank_x.tolist(), rank_xy.tolist()):
        lost = [max(0, b - k) for a, b in zip(own, placed) if 1 <= a <= k]
        found.append(1 - 2 / (k * (2 * n - 3 * k - 1)) * sum(lost))
    return np.array(found)


def continuity_in_torch(rank_x, rank_xy, k):
    near = (rank_x > 0) & (rank_x <= k)
    lost = ((rank_xy - k).clamp(min=0) * near).sum(dim=1)
    return 1 - 2 * lost / (k * (2 * len(rank_x) - 3 * k - 1))


def trustworthiness(rank_x, rank_xy, k):
    return continuity(rank_xy, rank_x, k)


def kept(rank_x, rank_xy, k):
    both = (rank_x > 0) & (rank_x <= k) & (rank_xy <= k)
    return both.sum(axis=1) / k


def turned(xy, onto):
    a, b = xy - xy.mean(axis=0), onto - onto.mean(axis=0)
    return a @ scipy.linalg.orthogonal_procrustes(a, b)[0] + onto.mean(axis=0)


def turned_in_torch(xy, onto):
    a, b = xy - xy.mean(dim=0), onto - onto.mean(dim=0)
    u, _, v = torch.linalg.svd(a.T @ b)
    return a @ u @ v + onto.mean(dim=0)


def turned_back(xy, onto):
    a, b = xy - xy.mean(axis=0), onto - onto.mean(axis=0)
    return a @ scipy.linalg.orthogonal_procrustes(b, a)[0] + onto.mean(axis=0)


def stretched(xy, onto):
    a, b = xy - xy.mean(axis=0), onto - onto.mean(axis=0)
    turn, size = scipy.linalg.orthogonal_procrustes(a, b)
    return size / (a**2).sum() * a @ turn + onto.mean(axis=0)


def only_rotated(xy, onto):
    a, b = xy - xy.mean(axis=0), onto - onto.mean(axis=0)
    u, _, v = np.linalg.svd(a.T @ b)
    u[:, 1] *= np.linalg.det(u @ v)
    return a @ u @ v + onto.mean(axis=0)


def affine(xy, onto):
    ones = np.column_stack([xy, np.ones(len(xy))])
    return ones @ np.linalg.lstsq(ones, onto, rcond=None)[0]


def uncentered(xy, onto):
    return xy @ scipy.linalg.orthogonal_procrustes(xy, onto)[0]


def at_the_origin(xy, onto):
    return turned(xy, onto) - onto.mean(axis=0)


def slope_in_torch(d, p):
    d = d.clone().requires_grad_()
    q = 1 / (1 + d**2)
    (-p * q.log() - (1 - p) * torch.log1p(-q)).sum().backward()
    return d.grad


def difference(d, p, step=1e-6):
    def cost(d):
        q = 1 / (1 + d**2)
        return -p * np.log(q) - (1 - p) * np.log1p(-q)

    return (cost(d + step) - cost(d - step)) / (2 * step)


def strangers_by_hand(xy, group, label, k):
    found = []
    for own, place in enumerate(xy.tolist()):
        others = [row for row in range(len(xy)) if row != own]
        others.sort(key=lambda row: math.dist(xy[row].tolist(), place))
        found.append(sum(group[row] != group[own] and label[row] == 0 for row in others[:k]) / k)
    return np.array(found)


def strangers_in_torch(xy, group, label, k):
    near = torch.cdist(xy, xy).fill_diagonal_(torch.inf).topk(k, largest=False).indices
    return ((group[near] != group[:, None]) & (label[near] == 0)).double().mean(dim=1)


def neighbors_on(xy, k):
    return scipy.spatial.KDTree(xy).query(xy, k + 1)[1][:, 1:]


def with_itself(xy, group, label, k):
    near = scipy.spatial.KDTree(xy).query(xy, k)[1]
    return ((group[near] != group[:, None]) & (label[near] == 0)).mean(axis=1)


def of_any_label(xy, group, label, k):
    return (group[neighbors_on(xy, k)] != group[:, None]).mean(axis=1)


def of_any_machine(xy, group, label, k):
    return 1 - label[neighbors_on(xy, k)].mean(axis=1)


def anomalous_strangers(xy, group, label, k):
    near = neighbors_on(xy, k)
    return ((group[near] != group[:, None]) * label[near]).mean(axis=1)


RIGHT = {
    "ex_14_1": [
        group_chance_by_hand,
        lambda sizes, k: k * (sizes / (sizes - 1)).sum() / sizes.sum(),
    ],
    "ex_14_2": [continuity, continuity_in_torch],
    "ex_14_3": [turned, turned_in_torch],
    "ex_14_5": [strangers_by_hand, strangers_in_torch],
    "ex_14_4": [
        slope_in_torch,
        difference,
        lambda d, p: 2 * (p - 1 / (1 + d**2)) / d,
    ],
}
WRONG = {
    "ex_14_5": {
        "leave it out, and take k others": with_itself,
        "clips of the own machine count": of_any_machine,
        "anomalies of other machines count here": of_any_label,
        "these are the anomalies of other machines": anomalous_strangers,
        "divide by k": lambda xy, group, label, k: k * strangers_by_hand(xy, group, label, k),
    },
    "ex_14_1": {
        "over all clips": lambda m, k: k / (m.sum() - 1),
        "is not its own neighbor": lambda m, k: (m * k / m).sum() / m.sum(),
        "weight by size": lambda m, k: (k / (m - 1)).mean(),
        "for equally large": lambda m, k: k / (m.sum() / len(m) - 1),
        "one number is wanted": lambda m, k: k / (m - 1),
        "k is missing": lambda m, k: (m / (m - 1)).sum() / m.sum(),
        "divide by k": lambda m, k: k**2 * (m / (m - 1)).sum() / m.sum(),
    },
    "ex_14_2": {
        "this is the trustworthiness": trustworthiness,
        "axis=1": lambda a, b, k: 1 - 2 * (np.maximum(0, b - k) * ((a > 0) & (a <= k))).sum(0) / (
            k * (2 * len(a) - 3 * k - 1)),
        "this is the neighbor agreement": kept,
        "the factor 2": lambda a, b, k: (1 + continuity(a, b, k)) / 2,
        "this is the penalty": lambda a, b, k: 1 - continuity(a, b, k),
        "one value a clip": lambda a, b, k: continuity(a, b, k).mean(),
        "the k-th neighbor": lambda a, b, k: 1 - 2 * (np.maximum(0, b - k) * (
            (a > 0) & (a < k))).sum(1) / (k * (2 * len(a) - 3 * k - 1)),
        "max(0, ...)": lambda a, b, k: 1 - 2 * ((b - k) * ((a > 0) & (a <= k))).sum(1) / (
            k * (2 * len(a) - 3 * k - 1)),
    },
    "ex_14_3": {
        "nothing is turned": lambda a, b: a - a.mean(0) + b.mean(0),
        "add its mean at the end": at_the_origin,
        "take both off first": uncentered,
        "the wrong way": turned_back,
        "this stretches too": stretched,
        "by least squares": affine,
        "mirrored back": only_rotated,
        "size 1": lambda a, b: at_the_origin(a, b) / np.linalg.norm(a - a.mean(0)),
    },
    "ex_14_4": {
        "turned around": lambda d, p: 2 * (1 / (1 + d**2) - p) / d,
        "the pull alone": lambda d, p: 2 * p * d / (1 + d**2),
        "the push alone": lambda d, p: 2 * (p - 1) / (d + d**3),
        "as if both pulled": lambda d, p: 2 * p * d / (1 + d**2) + 2 * (1 - p) / (d + d**3),
        "its weight is 1 - p": lambda d, p: 2 * p * d / (1 + d**2) - 2 / (d + d**3),
        "in d^2": lambda d, p: (p - 1 / (1 + d**2)) / d**2,
        "the factor 2": lambda d, p: (p - 1 / (1 + d**2)) / d,
        "the gap": lambda d, p: p - 1 / (1 + d**2),
    },
}  # fmt: skip
