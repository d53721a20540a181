"""Projections to a subspace, and what the usual mistakes make of the energy inside (10.3)."""

import numpy as np


def length(rows, axis=1):
    return np.linalg.norm(rows, axis=axis, keepdims=True)


def unit(rows, axis=1):
    return rows / length(rows, axis)


def project(x, centers):
    return x @ centers.T @ centers


def inside(x, centers):
    return x @ np.linalg.pinv(centers) @ centers


def share(x, basis):
    return (inside(unit(x), basis) ** 2).sum(axis=1)


def cosine(x, centers):
    """Return the cosine between x and its P(x), which projects only for orthonormal centers."""
    return (unit(x) * unit(project(x, centers))).sum(axis=1)


def at_right_angles(centers):
    """Take off each center its part along those before it, and keep the length of what is left."""
    return np.stack([center - inside(center, centers[:n]) for n, center in enumerate(centers)])


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
    ("this is the cosine to the P(x) of Definition 1: its square is the share only for orthonormal "
     "centers.",
     lambda x, b: cosine(x, unit(b))),
    ("this is the squared cosine to the P(x) of Definition 1, the share only for orthonormal "
     "centers.",
     lambda x, b: cosine(x, unit(b)) ** 2),
    ("this is the largest share along one center: add up over an orthonormal basis of all.",
     lambda x, b: ((unit(x) @ unit(b).T) ** 2).max(axis=1)),
    ("these are sums of absolute values: an energy adds up squares.",
     lambda x, b: np.abs(unit(x) @ np.linalg.qr(b.T)[0]).sum(axis=1)),
]  # fmt: skip
