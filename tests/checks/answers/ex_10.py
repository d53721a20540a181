"""Answers to the exercises of notebook 10 on subspaces: right answers, and wrong ones by the
hint that each must get.
"""

import numpy as np
import torch
from torch.nn.functional import normalize

from asdkit import losses


def unit(rows, axis=-1):
    return rows / np.sqrt((rows**2).sum(axis=axis, keepdims=True))


def size(rows, axis=1):
    return np.linalg.norm(rows, axis=axis, keepdims=True)


def projection(x, centers):
    found = np.zeros_like(x)
    for center in centers:
        found += (x @ center)[:, None] * center
    return found


def cosine(x, centers):
    return (unit(x) * unit(projection(x, unit(centers)))).sum(axis=1)


def share_by_angle(squared_distance):
    half = torch.asin(torch.sqrt(squared_distance) / 2)  # the chord is twice the sine of it
    return torch.cos(2 * half) ** 2


def cosine_slope(x, basis):
    toward, along = unit(projection(x, basis)), unit(x)
    return (toward - (toward * along).sum(axis=1)[:, None] * along) / size(x)


def slope_by_differences(x, basis, step=1e-5):
    """The slope along each axis, by two cosines beside x."""
    steps = step * np.eye(x.shape[1])
    columns = [(cosine(x + one, basis) - cosine(x - one, basis)) / (2 * step) for one in steps]
    return np.stack(columns, axis=1)


def differentiated(function):
    """Make the slope in x of the sum of a function's values."""

    def slope(x, basis):
        x = torch.as_tensor(x).clone().requires_grad_()
        function(x, torch.as_tensor(basis)).sum().backward()
        return x.grad

    return slope


def library_cosine(x, basis):
    return losses.adaproj.projected_cosine(x, basis[None])


slope_of_the_library = differentiated(library_cosine)


def slope_in_float32(x, basis):
    return slope_of_the_library(torch.as_tensor(x).float(), torch.as_tensor(basis).float())


def slope_with_the_projection_held(x, basis):
    held = normalize(x @ basis.T @ basis)
    return differentiated(lambda x, held: torch.cosine_similarity(x, held))(x, held)


def slope_of_distance(x, basis):
    return differentiated(lambda x, b: (normalize(x) - normalize(x @ b.T @ b)).square().sum(dim=1))(
        x, basis
    )


def parts(x, basis):
    """Return P(x) / |P(x)|, x / |x|, and |P(x)| and |x| as columns."""
    projected = x @ basis.T @ basis
    return unit(projected), unit(x), size(projected), size(x)


def built(combine):
    """Make a function of x and basis of one that takes their parts."""
    return lambda x, basis: combine(*parts(x, basis))


RIGHT = {
    "ex_10_1": [
        lambda d: (1 - d / 2) ** 2,
        lambda d: 1 - d + d**2 / 4,
        lambda d: (1 - torch.as_tensor(d).float() / 2).square(),
        share_by_angle,
    ],
    "ex_10_2": [
        cosine_slope,
        slope_by_differences,
        slope_of_the_library,
        slope_in_float32,
        slope_with_the_projection_held,
    ],
}
WRONG = {
    "ex_10_1": {
        "as if d ended at P(x) itself": lambda d: 1 - d,
        "d^2 is twice the cosine distance: the cosine is": lambda d: (1 - d) ** 2,
        "this doubles d^2": lambda d: (1 - 2 * d) ** 2,
        "before it is squared": lambda d: (2 - d) ** 2,
        "this is the cosine itself": lambda d: np.sqrt(1 - d + d**2 / 4),
        "turned around": lambda d: d / 2 - 1,
        "the root of the cosine": lambda d: (1 - d / 2) ** 0.5,
        "this is the cosine distance": lambda d: 0.5 * d,
        "the square of the cosine distance": lambda d: d**2 / 4,
        "only d^2 / 2 is squared": lambda d: 1 - (d / 2) ** 2,
        "falls as d grows": lambda d: (1 + d / 2) ** 2,
        "squared once more": lambda d: (1 - d**2 / 2) ** 2,
        "the root of d^2 is taken": lambda d: (1 - torch.sqrt(d) / 2) ** 2,
        "itself, twice 1 - cos": lambda d: (1 - d**0.5) ** 2,
        "this is 1 minus the distance": lambda d: 1 - np.sqrt(d),
        "the sine of half the angle": lambda d: 1 - d / 4,
        "the energy outside the subspace": lambda d: d - d**2 / 4,
        "this is the angle": lambda d: np.arccos(1 - d / 2),
        "it is a chord": lambda d: np.cos(d**0.5) ** 2,
        "d^2 is taken for the angle": lambda d: torch.cos(d) ** 2,
        "multiplied out wrongly": lambda d: 1 - d + d**2 / 2,
        "1 - d^2 + d^4 / 4": lambda d: 1 - d / 2 + d**2 / 4,
        "an axis is forgotten": lambda d: np.mean((1 - d / 2) ** 2),
        "and must be": lambda d: np.exp(-d),
    },
    "ex_10_2": {
        "the part along x is kept": built(lambda p, u, r, n: p / n),
        "the slope of |P(x)| alone": built(lambda p, u, r, n: p),
        "this is the slope at x / |x|": built(lambda p, u, r, n: p - r / n * u),
        "by |x| twice": lambda x, b: cosine_slope(x, b) / size(x),
        "P(x) keeps its own length": built(lambda p, u, r, n: (r * p - r / n * u) / n),
        "grows along P(x) / |P(x)|.": built(lambda p, u, r, n: (r / n * p - r / n * u) / n),
        "and the whole is not divided": built(lambda p, u, r, n: r / n * (p - u)),
        "in the part that is taken off": built(lambda p, u, r, n: p / n - r * u / n),
        "the cosine is not divided by |x|": built(lambda p, u, r, n: (p - r**2 * u) / n),
        "all of x / |x| is taken off": built(lambda p, u, r, n: (p - u) / n),
        "from x to its projection": built(lambda p, u, r, n: p - u),
        "could leave the sphere": built(lambda p, u, r, n: 2 * (u - p)),
        "the step from x to P(x)": lambda x, b: projection(x, b) - x,
        "the slope of |x - P(x)|^2 / 2": lambda x, b: x - projection(x, b),
        "the slope of |x - P(x)|^2, a": differentiated(
            lambda x, b: ((x - x @ b.T @ b) ** 2).sum(dim=1)
        ),
        "the squared distance of Definition 1": slope_of_distance,
        "the slope of the energy": differentiated(lambda x, b: library_cosine(x, b) ** 2),
        "the slope of the angle": differentiated(lambda x, b: library_cosine(x, b).arccos()),
        "P(x) / |P(x)| counts twice": built(lambda p, u, r, n: 2 * p / n - r * u / n**2),
        "|P(x)| and |x| stand still": built(lambda p, u, r, n: 2 * p / n),
        "with its length: it changes": built(lambda p, u, r, n: -r * u / n**2),
        "the part along x is added": built(lambda p, u, r, n: (p + r / n * u) / n),
        "flipped, and |x| is missing": built(lambda p, u, r, n: r / n * u - p),
        "is projected to the subspace": lambda x, b: projection(cosine_slope(x, b), b),
        "brought to unit length": lambda x, b: unit(cosine_slope(x, b)),
        "one norm runs over all rows": lambda x, b: (
            projection(x, b) / np.linalg.norm(projection(x, b)) / np.linalg.norm(x)
            - np.linalg.norm(projection(x, b)) * x / np.linalg.norm(x) ** 3
        ),
        "the norms run over the clips": lambda x, b: (
            unit(projection(x, b), axis=0) / size(x, axis=0)
            - size(projection(x, b), axis=0) * x / size(x, axis=0) ** 3
        ),
        "this is the cosine itself": cosine,
        "every value is 2 times": lambda x, b: -slope_of_distance(x, b),
        "sign is flipped: every": differentiated(lambda x, b: -library_cosine(x, b)),
        "a mean stands where a sum is wanted": differentiated(
            lambda x, b: library_cosine(x, b).mean()
        ),
        "must give shape": lambda x, b: x @ b.T / size(x),
        "Two shapes do not fit": lambda x, b: x / np.linalg.norm(x, axis=1),
        "and must be": lambda x, b: cosine_slope(x, b[:1]),
    },
}
