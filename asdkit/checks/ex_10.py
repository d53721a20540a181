"""Checks of notebook 10 on subspaces: a projection, its cosine, and the energy inside."""

import numpy as np

from .projections import COSINES, ENERGIES, NORMS, cosine, inside, left, share, unit, weighted
from .projections import project as projected
from .verdict import examine

_PROJECTIONS = [
    ("these are the coefficients <x, c_j>: multiply each by its center, and add up.",
     lambda x, c: x @ c.T),
    ("these are sums of coefficients: multiply each by its own center, then add up.",
     lambda x, c: (x @ c.T).sum(axis=1)),
    ("these are sums of squared coefficients, <x, P(x)>: P(x) itself is a vector for each x.",
     lambda x, c: ((x @ c.T) ** 2).sum(axis=1)),
    ("coefficients and centers are summed apart: multiply each coefficient by its own center "
     "first.",
     lambda x, c: np.outer((x @ c.T).sum(axis=1), c.sum(axis=0))),
    ("x is multiplied by the centers entry by entry: <x, c_j> is a sum over the last axis.",
     lambda x, c: x * c.sum(axis=0)),
    ("this is what the projection leaves over, x - P(x): return P(x).",
     lambda x, c: x - projected(x, c)),
    ("the projection is brought to unit length: it keeps its own here.",
     lambda x, c: unit(projected(x, c))),
    ("x is brought to unit length first: here it keeps its own.",
     lambda x, c: projected(unit(x), c)),
    ("this projects exactly, to the span of the centers: Definition 1 adds up over the centers as "
     "they are, which is the same only if they are orthonormal.",
     inside),
    ("each center gets what those before it leave over: take all coefficients of x itself.",
     lambda x, c: x - left(x, c)),
    ("only one center counts, the nearest: add up over all.",
     lambda x, c: weighted(x, c, lambda a: a * (a == a.max(axis=1, keepdims=True)))),
    ("only the last center counts: add up over all (in a loop, += and not =).",
     lambda x, c: np.outer(x @ c[-1], c[-1])),
    ("only the first center counts: add up over all (a return inside the loop ends it).",
     lambda x, c: np.outer(x @ c[0], c[0])),
    ("the coefficients have lost their sign: an embedding may lie opposite a center.",
     lambda x, c: weighted(x, c, np.abs)),
    ("the coefficients are squared: <x, c_j> itself multiplies c_j.",
     lambda x, c: weighted(x, c, np.square)),
]  # fmt: skip


def ex_10_1(project):
    r"""Check ``project(x, centers)``, $P(x) = \sum_j \langle x, c_j \rangle c_j$.

    Paper: [AP] Definition 1, for one class.
    Shapes: a function of ``x`` (N, D) and ``centers`` (J, D) of unit length, which are not
        orthonormal -> (N, D).
    Notebook: 10_adaproj
    """
    return examine(
        "10.1", project, projected,
        [_embeddings(seed, n, j, d) for seed, (n, j, d) in enumerate([(4, 2, 3), (5, 3, 7),
                                                                      (3, 1, 5), (6, 4, 8)])],
        right="Two products of matrices, and no loop: x @ centers.T @ centers.",
        mistakes=_PROJECTIONS,
    )  # fmt: skip


def ex_10_2(subspace_cosine):
    r"""Check ``subspace_cosine(x, centers)``, the cosine between x and its projections.

    $\langle x, P_k(x) \rangle / (|x| |P_k(x)|)$, with centers that are brought to unit length.

    Paper: [AP] Definition 1, and the remark behind it.
    Shapes: a function of ``x`` (N, D) and ``centers`` (C, J, D), none of unit length -> (N, C).
    Notebook: 10_adaproj
    """
    return examine(
        "10.2", subspace_cosine, cosine,
        [_classes(seed, *sizes) for seed, sizes in enumerate([(2, 2, 2, 3), (5, 3, 2, 6),
                                                              (3, 4, 5, 9), (4, 2, 3, 8)])],
        rescale=lambda x, centers: (3 * x, centers * _lengths(*centers.shape[:2])),
        right="No cosine is negative: a subspace holds the opposite of each of its points.",
        mistakes=[*NORMS, *COSINES],
    )  # fmt: skip


def ex_10_3(energy_inside):
    r"""Check ``energy_inside(x, basis)``, the share of $|x|^2$ in the span of any centers.

    $|Q^\top x|^2 / |x|^2$, where the columns of Q are an orthonormal basis of the span.

    Paper: [AP] Lemma 2, whose condition on the centers this does without.
    Shapes: a function of ``x`` (N, D) and ``basis`` (J, D), of any length and at any angle but
        linearly independent -> (N,).
    Notebook: 10_adaproj
    """
    return examine(
        "10.3", energy_inside, share,
        [_oblique(seed, *sizes) for seed, sizes in enumerate([(3, 2, 3), (6, 3, 8), (4, 1, 5),
                                                              (7, 4, 9)])],
        rescale=lambda x, basis: (3 * x, basis),
        right="It is 1 inside and 0 at right angles, whichever centers span the subspace.",
        mistakes=ENERGIES,
    )  # fmt: skip


def _embeddings(seed, n, j, d):
    """Make embeddings of any length, and centers of unit length that are not orthonormal."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d)), unit(rng.normal(size=(j, d)) + 0.4)


def _classes(seed, n, c, j, d):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d)), (rng.normal(size=(c, j, d)) + 0.2) * _lengths(c, j)


def _oblique(seed, n, j, d):
    x, centers = _embeddings(seed, n, j, d)
    return x, centers * _lengths(j)


def _lengths(*shape):
    """Make a length for each center, all different, as a column."""
    return np.linspace(0.6, 1.9, np.prod(shape)).reshape(*shape, 1)
