"""Projections to subspaces, and what the usual mistakes make of their cosine (10.2) and energy
(10.3).
"""

import numpy as np


def unit(rows, axis=-1):
    return rows / np.linalg.norm(rows, axis=axis, keepdims=True)


def weighted(x, centers, change):
    return change(x @ centers.T) @ centers


def project(x, centers):
    return x @ centers.T @ centers


def inside(x, centers):
    return x @ np.linalg.pinv(centers) @ centers


def share(x, basis):
    return (inside(unit(x), basis) ** 2).sum(axis=1)


def at_right_angles(centers):
    """Take off each center its part along those before it, and keep the length of what is left."""
    return np.stack([center - inside(center, centers[:n]) for n, center in enumerate(centers)])


def left(x, centers):
    for center in centers:
        x = x - np.outer(x @ center, center)
    return x


def coefficients(x, centers, rows=1, axis=2):
    """Return <x, c_kj> (N, C, J), |P_k(x)| (N, C) and <x, P_k(x)> (N, C)."""
    x = x if rows is None else unit(x, rows)
    centers = centers if axis is None else unit(centers, axis)
    a = np.einsum("nd,kjd->nkj", x, centers)
    return a, np.linalg.norm(to_classes(a, centers), axis=2), (a**2).sum(axis=2)


def to_classes(a, centers):
    return np.einsum("nkj,kjd->nkd", a, centers)


def cosine(x, centers, rows=1, axis=2):
    _, length, inner = coefficients(x, centers, rows, axis)
    return inner / length


def leftover_cosine(x, centers):
    x, centers = unit(x), unit(centers)
    left = x[:, None] - to_classes(np.einsum("nd,kjd->nkj", x, centers), centers)
    return np.einsum("nd,nkd->nk", x, left) / np.linalg.norm(left, axis=2)


NORMS = [  # whose length, and of what
    ("the centers of a class keep their own lengths, so that a long one draws P(x) to itself: "
     "divide each by its own norm, over the last axis. One norm for all changes nothing.",
     lambda x, c: cosine(x, c, axis=None)),
    ("neither x nor the centers are normalized: divide by |x|, and each center by its own norm.",
     lambda x, c: cosine(x, c, axis=None, rows=None)),
    ("x is not normalized, and the cosine grows with its length: divide by |x| too. "
     "|P(x)| alone takes one of the two lengths of x out.",
     lambda x, c: cosine(x, c, rows=None)),
    ("the centers are normalized over the J centers of a class: each center has its own norm, "
     "over the last axis.",
     lambda x, c: cosine(x, c, axis=1)),
    ("all rows of x are divided by one norm: each has its own, axis=1.",
     lambda x, c: cosine(x, c, rows=None) / np.linalg.norm(x)),
    ("x is normalized over the clips: each row has its own norm, axis=1.",
     lambda x, c: cosine(x, c, rows=0)),
    ("the length of x is divided out twice: normalize x, or divide by |x|, not both.",
     lambda x, c: cosine(x, c) / np.linalg.norm(x, axis=1)[:, None]),
    ("this is <x, P(x)> alone: divide it by |P(x)|.",
     lambda x, c: coefficients(x, c)[2]),
    ("the division is by |P(x)| squared: take the root of a G a too.",
     lambda x, c: cosine(x, c) / coefficients(x, c)[1]),
    ("the length of a stands over |P(x)|: <x, P(x)> is its square, |a|^2.",
     lambda x, c: np.sqrt(coefficients(x, c)[2]) / coefficients(x, c)[1]),
    ("one norm runs over the projections to all classes: each has its own, over the last axis.",
     lambda x, c: coefficients(x, c)[2] / np.linalg.norm(coefficients(x, c)[1])),
]  # fmt: skip
COSINES = [
    ("this is the length of the coefficients a alone, the cosine only where the centers of a class "
     "are orthonormal: it is |a|^2 / |P(x)|.",
     lambda x, c: np.sqrt(coefficients(x, c)[2])),
    ("this is the length of the projection alone, the cosine only where the centers of a class "
     "are orthonormal: divide <x, P(x)> by it.",
     lambda x, c: coefficients(x, c)[1]),
    ("this is the cosine to the mean center of a class: project to all of its centers.",
     lambda x, c: unit(x) @ unit(unit(c).mean(axis=1)).T),
    ("this is the cosine to the mean center of a class, of raw lengths: project to all centers.",
     lambda x, c: unit(x) @ unit(c.mean(axis=1)).T),
    ("this is the largest |cosine| to a single center: project to all centers of the class.",
     lambda x, c: np.abs(coefficients(x, c)[0]).max(axis=2)),
    ("this is the cosine to the nearest center, as in sub-cluster AdaCos: project to all of them.",
     lambda x, c: coefficients(x, c)[0].max(axis=2)),
    ("this is the sum of the cosines to the centers: take their squares, |a|^2 / |P(x)|.",
     lambda x, c: coefficients(x, c)[0].sum(axis=2)),
    ("this is the mean cosine to the centers: project to all of them, |a|^2 / |P(x)|.",
     lambda x, c: coefficients(x, c)[0].mean(axis=2)),
    ("this projects exactly, to the span of the centers: Definition 1 adds up over the centers as "
     "they are, so its cosine is a little smaller.",
     lambda x, c: np.stack([np.sqrt(share(x, k)) for k in c], axis=1)),
    ("this is the squared distance of Definition 1, 2 (1 - cos): the cosine itself is wanted.",
     lambda x, c: 2 - 2 * cosine(x, c)),
    ("this is the distance on the sphere, the root of 2 (1 - cos): the cosine itself is wanted.",
     lambda x, c: np.sqrt(2 - 2 * cosine(x, c))),
    ("this is the angle: its cosine is wanted.", lambda x, c: np.arccos(cosine(x, c))),
    ("this is the cosine to what the projection leaves over, x - P(x): take that to P(x).",
     leftover_cosine),
    ("the first two axes of centers are swapped: (C, J, D) has a class in each row.",
     lambda x, c: cosine(x, c.swapaxes(0, 1))),
    ("all classes are projected to as one: centers (C, J, D) gives a cosine for each of C.",
     lambda x, c: cosine(x, c.reshape(1, -1, c.shape[2]))[:, 0]),
]  # fmt: skip
ENERGIES = [
    ("these are squared inner products with the centers as they are: make them orthonormal first.",
     lambda x, b: ((unit(x) @ b.T) ** 2).sum(axis=1)),
    ("unit length is not enough, the centers must be at right angles too: "
     "take Q of np.linalg.qr(basis.T).",
     lambda x, b: ((unit(x) @ unit(b).T) ** 2).sum(axis=1)),
    ("unit length is not enough, and x has no unit length: orthonormalize, and divide by |x|^2.",
     lambda x, b: ((x @ unit(b).T) ** 2).sum(axis=1)),
    ("x is not normalized, nor are the centers orthonormal: this grows with both.",
     lambda x, b: ((x @ b.T) ** 2).sum(axis=1)),
    ("this is the energy inside: divide it by all of it, |x|^2.",
     lambda x, b: share(x, b) * (x**2).sum(axis=1)),
    ("the energy inside is divided by |x|: divide by its square.",
     lambda x, b: share(x, b) * np.linalg.norm(x, axis=1)),
    ("one norm runs over all rows of x: each has its own, axis=1.",
     lambda x, b: (inside(x, b) ** 2).sum(axis=1) / (x**2).sum()),
    ("this is the share of the length: an energy is its square.",
     lambda x, b: np.sqrt(share(x, b))),
    ("this is the angle to the subspace: the share is the square of its cosine.",
     lambda x, b: np.arccos(np.sqrt(share(x, b)))),
    ("this is the share outside, the residual: 1 minus it is inside.",
     lambda x, b: 1 - share(x, b)),
    ("this is the energy outside, the residual of least squares: divide it by |x|^2, and take it "
     "off 1.",
     lambda x, b: (1 - share(x, b)) * (x**2).sum(axis=1)),
    ("this is 1 minus a share of lengths: squares add up to 1, lengths do not.",
     lambda x, b: 1 - np.sqrt(1 - share(x, b))),
    ("this is the energy inside over that outside: divide by all of it.",
     lambda x, b: share(x, b) / (1 - share(x, b))),
    ("every share is 1, so the vectors span the whole space: J centers are the columns of basis.T, "
     "and np.linalg.qr(basis.T) in its default mode gives J orthonormal ones.",
     lambda x, b: np.ones(len(x))),
    ("these are at right angles but not of unit length: divide each by its norm.",
     lambda x, b: ((unit(x) @ at_right_angles(b).T) ** 2).sum(axis=1)),
    ("R holds no orthonormal vectors, whatever their length: take Q of np.linalg.qr(basis.T).",
     lambda x, b: ((unit(x) @ unit(np.linalg.qr(b)[1]).T) ** 2).sum(axis=1)),
    ("these are the squared weights of the centers: it is the vector which they add up to, "
     "weights @ basis, whose square is the energy.",
     lambda x, b: ((unit(x) @ np.linalg.pinv(b)) ** 2).sum(axis=1)),
    ("this is the energy of Definition 1's P(x), which is the part inside only for orthonormal "
     "centers: make them so first.",
     lambda x, b: (project(unit(x), unit(b)) ** 2).sum(axis=1)),
    ("this is the energy of the sum over centers of any length: make them orthonormal first. "
     "With least squares, G^-1 stands between x @ basis.T and basis.",
     lambda x, b: (project(unit(x), b) ** 2).sum(axis=1)),
    ("this is the cosine of exercise 10.2: its square is the share only for orthonormal centers.",
     lambda x, b: cosine(x, b[None])[:, 0]),
    ("this is the squared cosine of exercise 10.2, the share only for orthonormal centers.",
     lambda x, b: cosine(x, b[None])[:, 0] ** 2),
    ("this is the largest share along one center: add up over an orthonormal basis of all.",
     lambda x, b: ((unit(x) @ unit(b).T) ** 2).max(axis=1)),
    ("these are sums of absolute values: an energy adds up squares.",
     lambda x, b: np.abs(unit(x) @ np.linalg.qr(b.T)[0]).sum(axis=1)),
]  # fmt: skip
