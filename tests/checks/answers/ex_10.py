"""Answers to the exercises of notebook 10 on subspaces: right answers, and wrong ones by the
hint that each must get.
"""

from functools import partial, reduce

import numpy as np
import torch

from asdkit import losses


def unit(rows, axis=-1):
    return rows / np.sqrt((rows**2).sum(axis=axis, keepdims=True))


def projection(x, centers):
    found = np.zeros_like(x)
    for center in centers:
        found += (x @ center)[:, None] * center
    return found


def projection_in_torch(x, centers):
    return torch.einsum("nd,jd,je->ne", x, centers, centers)


def projection_in_float32(x, centers):
    x, centers = x.astype(np.float32), centers.astype(np.float32)
    return x @ (centers.T @ centers)


def deflated(x, centers):
    return x - reduce(lambda left, center: left - np.outer(left @ center, center), centers, x)


def to_each(x, centers, change=unit):
    """Return the projections (N, C, D) by loops."""
    return np.stack([projection(x, change(own)) for own in centers], axis=1)


def cosine(x, centers):
    projected = to_each(x, centers)
    inner = (x[:, None] * projected).sum(axis=2)
    return inner / np.linalg.norm(x, axis=1)[:, None] / np.linalg.norm(projected, axis=2)


def cosine_in_torch(x, centers):
    x, centers = torch.nn.functional.normalize(x), torch.nn.functional.normalize(centers, dim=2)
    a = torch.einsum("nd,cjd->ncj", x, centers)
    return torch.cosine_similarity(x[:, None], torch.einsum("ncj,cjd->ncd", a, centers), dim=2)


def cosine_of_the_library(x, centers):
    return losses.adaproj.projected_cosine(*map(torch.as_tensor, (x, centers)))


def cosine_in_float32(x, centers):
    return cosine_of_the_library(torch.as_tensor(x).float(), torch.as_tensor(centers).float())


def inner(x, centers, change=unit):
    """Return <x, P(x)> and |P(x)|."""
    projected = to_each(x, centers, change)
    return (x[:, None] * projected).sum(axis=2), np.linalg.norm(projected, axis=2)


def single(x, centers):
    """Return the cosines to all centers (N, C, J)."""
    return (unit(x) @ unit(centers).swapaxes(1, 2)).swapaxes(0, 1)


def energy(x, basis):
    return ((unit(x) @ np.linalg.qr(basis.T)[0]) ** 2).sum(axis=1)


def energy_by_least_squares(x, basis):
    weights = np.linalg.lstsq(basis.T, x.T, rcond=None)[0]
    return ((basis.T @ weights) ** 2).sum(axis=0) / (x**2).sum(axis=1)


def energy_in_torch(x, basis):
    left = x.T - basis.T @ torch.linalg.lstsq(basis.T, x.T).solution
    return 1 - (left**2).sum(dim=0) / (x**2).sum(dim=1)


def energy_in_float32(x, basis):
    rows = torch.linalg.svd(torch.as_tensor(basis).float(), full_matrices=False)[2]
    return (torch.nn.functional.normalize(torch.as_tensor(x).float()) @ rows.T).square().sum(dim=1)


RIGHT = {
    "ex_10_1": [projection, projection_in_torch, projection_in_float32],
    "ex_10_2": [cosine, cosine_in_torch, cosine_of_the_library, cosine_in_float32],
    "ex_10_3": [energy, energy_by_least_squares, energy_in_torch, energy_in_float32],
}
WRONG = {
    "ex_10_1": {
        "these are the coefficients": lambda x, c: x @ c.T,
        "sums of coefficients": lambda x, c: (x @ c.T).sum(axis=1),
        "sums of squared coefficients": lambda x, c: ((x @ c.T) ** 2).sum(axis=1),
        "are summed apart": lambda x, c: (x @ c.T).sum(axis=1)[:, None] * c.sum(axis=0),
        "entry by entry": lambda x, c: x * c.sum(axis=0),
        "leaves over": lambda x, c: x - projection(x, c),
        "brought to unit length: it keeps": lambda x, c: unit(projection(x, c)),
        "x is brought to unit length first": lambda x, c: projection(unit(x), c),
        "this projects exactly": lambda x, c: x @ np.linalg.qr(c.T)[0] @ np.linalg.qr(c.T)[0].T,
        "those before it leave over": deflated,
        "the nearest: add up": lambda x, c: np.stack(
            [row @ own * own for row in x for own in c[[np.argmax(c @ row)]]]
        ),
        "only the last center": lambda x, c: projection(x, c[-1:]),
        "only the first center": lambda x, c: projection(x, c[:1]),
        "have lost their sign": lambda x, c: np.abs(x @ c.T) @ c,
        "coefficients are squared": lambda x, c: (x @ c.T) ** 2 @ c,
        "a mean stands where a sum is wanted": lambda x, c: projection(x, c) / len(c),
        "along axis=1 is missing": lambda x, c: (x @ c.T)[:, :, None] * c,
        "the axes are swapped": lambda x, c: projection(x, c).T,
        "stopped with ValueError": lambda x, c: c.T @ c @ x,
        "and must be": lambda x, c: 2 * projection(x, c) - x,
    },
    "ex_10_2": {
        "keep their own lengths": lambda x, c: np.divide(*inner(unit(x), c, np.asarray)),
        "neither x nor the centers": lambda x, c: np.divide(*inner(x, c, np.asarray)),
        "takes one of the two lengths of x": lambda x, c: np.divide(*inner(x, c)),
        "over the J centers of a class": lambda x, c: np.divide(
            *inner(unit(x), c, partial(unit, axis=0))
        ),
        "all rows of x are divided by one norm": lambda x, c: np.divide(
            *inner(x / np.linalg.norm(x), c)
        ),
        "normalized over the clips": lambda x, c: np.divide(*inner(unit(x, axis=0), c)),
        "divided out twice": lambda x, c: cosine(x, c) / np.linalg.norm(x, axis=1)[:, None],
        "this is <x, P(x)> alone": lambda x, c: inner(unit(x), c)[0],
        "by |P(x)| squared": lambda x, c: inner(unit(x), c)[0] / inner(unit(x), c)[1] ** 2,
        "stands over |P(x)|": lambda x, c: (
            np.linalg.norm(single(x, c), axis=2) / inner(unit(x), c)[1]
        ),
        "over the projections to all": lambda x, c: (
            inner(unit(x), c)[0] / np.linalg.norm(to_each(unit(x), c))
        ),
        "the coefficients a alone": lambda x, c: np.linalg.norm(single(x, c), axis=2),
        "the projection alone": lambda x, c: inner(unit(x), c)[1],
        "project to all of its centers": lambda x, c: unit(x) @ unit(unit(c).sum(axis=1)).T,
        "of raw lengths": lambda x, c: unit(x) @ unit(c.mean(axis=1)).T,
        "the largest |cosine|": lambda x, c: np.abs(single(x, c)).max(axis=2),
        "as in sub-cluster AdaCos": lambda x, c: single(x, c).max(axis=2),
        "the sum of the cosines": lambda x, c: single(x, c).sum(axis=2),
        "the mean cosine": lambda x, c: single(x, c).mean(axis=2),
        "its cosine is a little smaller": lambda x, c: np.stack(
            [np.sqrt(energy(x, own)) for own in c], axis=1
        ),
        "the squared distance of Definition 1": lambda x, c: (
            (unit(x)[:, None] - unit(to_each(x, c))) ** 2
        ).sum(axis=2),
        "the root of 2 (1 - cos)": lambda x, c: np.linalg.norm(
            unit(x)[:, None] - unit(to_each(x, c)), axis=2
        ),
        "this is the angle": lambda x, c: np.arccos(cosine(x, c)),
        "take that to P(x)": lambda x, c: (
            unit(x)[:, None] * unit(unit(x)[:, None] - to_each(unit(x), c))
        ).sum(axis=2),
        "axes of centers are swapped": lambda x, c: cosine(x, c.swapaxes(0, 1)),
        "projected to as one": lambda x, c: (unit(x) * unit(to_each(x, c).sum(axis=1))).sum(axis=1),
        "1 minus the right value": lambda x, c: 1 - cosine(x, c),
        "the square of the right value": lambda x, c: cosine(x, c) ** 2,
        "sign is flipped": lambda x, c: -cosine(x, c),
        "transpose it": lambda x, c: cosine(x, c).T,
        "along axis=2 is missing": to_each,
    },
    "ex_10_3": {
        "with the centers as they are": lambda x, b: ((unit(x) @ b.T) ** 2).sum(axis=1),
        "must be at right angles": lambda x, b: ((unit(x) @ unit(b).T) ** 2).sum(axis=1),
        "x has no unit length": lambda x, b: ((x @ unit(b).T) ** 2).sum(axis=1),
        "this grows with both": lambda x, b: ((x @ b.T) ** 2).sum(axis=1),
        "divide it by all of it": lambda x, b: ((x @ np.linalg.qr(b.T)[0]) ** 2).sum(axis=1),
        "is divided by |x|": lambda x, b: (
            ((x @ np.linalg.qr(b.T)[0]) ** 2).sum(axis=1) / np.linalg.norm(x, axis=1)
        ),
        "one norm runs over all rows": lambda x, b: (
            (x / np.linalg.norm(x) @ np.linalg.qr(b.T)[0]) ** 2
        ).sum(axis=1),
        "the share of the length": lambda x, b: np.linalg.norm(
            unit(x) @ np.linalg.qr(b.T)[0], axis=1
        ),
        "angle to the subspace": lambda x, b: np.arccos(
            np.linalg.norm(unit(x) @ np.linalg.qr(b.T)[0], axis=1)
        ),
        "the share outside": lambda x, b: 1 - energy(x, b),
        "the energy outside": lambda x, b: ((x - x @ np.linalg.pinv(b) @ b) ** 2).sum(axis=1),
        "lengths do not": lambda x, b: (
            1 - np.linalg.norm(unit(x) - unit(x) @ np.linalg.pinv(b) @ b, axis=1)
        ),
        "over that outside": lambda x, b: energy(x, b) / (1 - energy(x, b)),
        "span the whole space": lambda x, b: (
            (unit(x) @ np.linalg.qr(b.T, mode="complete")[0]) ** 2
        ).sum(axis=1),
        "not of unit length: divide": lambda x, b: (
            (unit(x) @ (np.linalg.qr(b.T)[0] * np.diag(np.linalg.qr(b.T)[1]))) ** 2
        ).sum(axis=1),
        "R holds no orthonormal": lambda x, b: ((unit(x) @ unit(np.linalg.qr(b)[1]).T) ** 2).sum(
            axis=1
        ),
        "squared weights": lambda x, b: (np.linalg.lstsq(b.T, unit(x).T, rcond=None)[0] ** 2).sum(
            axis=0
        ),
        "Definition 1's P(x)": lambda x, b: (projection(unit(x), unit(b)) ** 2).sum(axis=1),
        "G^-1 stands between": lambda x, b: (projection(unit(x), b) ** 2).sum(axis=1),
        "this is the cosine of exercise 10.2": lambda x, b: cosine(x, b[None])[:, 0],
        "the squared cosine": lambda x, b: cosine(x, b[None])[:, 0] ** 2,
        "along one center": lambda x, b: ((unit(x) @ unit(b).T) ** 2).max(axis=1),
        "sums of absolute values": lambda x, b: np.abs(unit(x) @ np.linalg.qr(b.T)[0]).sum(axis=1),
        "divided by the length of axis 0": lambda x, b: energy(x, b) / len(b),
        "percent": lambda x, b: 100 * energy(x, b),
        "an axis is forgotten": lambda x, b: ((unit(x) @ np.linalg.qr(b.T)[0]) ** 2).sum(),
        "along axis=1 is missing": lambda x, b: (unit(x) @ np.linalg.qr(b.T)[0]) ** 2,
        "stopped with ValueError": lambda x, b: ((x @ np.linalg.qr(b)[0]) ** 2).sum(axis=1),
        "and must be": lambda x, b: ((unit(x) @ unit(b, axis=0).T) ** 2).sum(axis=1),
    },
}
