"""Checks of notebook 10 on subspaces: an energy from a distance, and the slope of a cosine."""

import numpy as np

from .verdict import examine

_BY_DISTANCE = [  # a hint, and what the mistake makes of d^2
    ("this takes d^2 for the energy outside, as if d ended at P(x) itself. Both points lie on the "
     "sphere: Remark 1 gives the cosine, and the energy is its square.",
     lambda d: 1 - d),
    ("d^2 is twice the cosine distance: the cosine is 1 - d^2 / 2.",
     lambda d: (1 - d) ** 2),
    ("this doubles d^2: it is twice the cosine distance already, so halve it.",
     lambda d: (1 - 2 * d) ** 2),
    ("every value is 4 times the right one: halve 2 - d^2 before it is squared.",
     lambda d: (2 - d) ** 2),
    ("this is the cosine itself: the energy is its square.",
     lambda d: 1 - d / 2),
    ("this is the cosine, turned around: the energy is its square.",
     lambda d: d / 2 - 1),
    ("this is the root of the cosine: the energy is its square.",
     lambda d: np.sqrt(1 - d / 2)),
    ("this is the cosine distance d^2 / 2: the cosine is 1 minus it, and the energy its square.",
     lambda d: d / 2),
    ("this is the square of the cosine distance: take 1 minus it first, then the square.",
     lambda d: (d / 2) ** 2),
    ("only d^2 / 2 is squared: square 1 - d^2 / 2 as a whole.",
     lambda d: 1 - d**2 / 4),
    ("the sign is turned: the cosine is 1 - d^2 / 2, and falls as d grows.",
     lambda d: (1 + d / 2) ** 2),
    ("d^2 is squared once more: what you get is the squared distance already.",
     lambda d: (1 - d**2 / 2) ** 2),
    ("the root of d^2 is taken: Remark 1 is of the squared distance itself.",
     lambda d: (1 - np.sqrt(d) / 2) ** 2),
    ("the root of d^2 is taken: Remark 1 is of the squared distance itself, twice 1 - cos.",
     lambda d: (1 - np.sqrt(d)) ** 2),
    ("this is 1 minus the distance: Remark 1 is of its square, and the energy a squared cosine.",
     lambda d: 1 - np.sqrt(d)),
    ("d / 2 is the sine of half the angle, and this the squared cosine of that half: take the "
     "cosine of the angle itself, 1 - d^2 / 2, and square it.",
     lambda d: 1 - d / 4),
    ("this is the energy outside the subspace: 1 minus it is inside.",
     lambda d: 1 - _energy(d)),
    ("this is the angle: the energy is the square of its cosine.",
     lambda d: np.arccos(1 - d / 2)),
    ("d is taken for the angle: it is a chord, straight through the sphere.",
     lambda d: np.cos(np.sqrt(d)) ** 2),
    ("d^2 is taken for the angle: it is 2 (1 - cos).",
     lambda d: np.cos(d) ** 2),
    ("the square is multiplied out wrongly: it is 1 - d^2 + d^4 / 4.",
     lambda d: 1 - d + d**2 / 2),
    ("the square is multiplied out wrongly: it is 1 - d^2 + d^4 / 4.",
     lambda d: 1 - d / 2 + d**2 / 4),
]  # fmt: skip
_SLOPES = [  # of x, P(x), and the columns |P(x)|, |x|
    ("the part along x is kept, as if |x| stood still. Making x longer leaves its cosine alone, so "
     "the slope is at right angles to x: take cos x / |x| off P(x) / |P(x)|.",
     lambda x, p, r, n: p / (r * n)),
    ("this is the direction of P(x), the slope of |P(x)| alone: the cosine is |P(x)| / |x|.",
     lambda x, p, r, n: p / r),
    ("this is the slope at x / |x|: divide it by |x|, as a long x must move far to turn.",
     lambda x, p, r, n: _slope(x, p, r, n) * n),
    ("it is divided by |x| twice: the slope falls as 1 / |x|.",
     lambda x, p, r, n: _slope(x, p, r, n) / n),
    ("P(x) keeps its own length: the cosine grows along P(x) / |P(x)|.",
     lambda x, p, r, n: (p - r * x / n**2) / n),
    ("P(x) is divided by |x|, not by its own length: the cosine grows along P(x) / |P(x)|.",
     lambda x, p, r, n: (p / n - r * x / n**2) / n),
    ("P(x) is divided by |x|, not by its own length, and the whole is not divided by |x|.",
     lambda x, p, r, n: p / n - r * x / n**2),
    ("x keeps its own length in the part that is taken off: that part is cos x / |x|.",
     lambda x, p, r, n: (p / r - r * x / n) / n),
    ("the cosine is not divided by |x|: it is |P(x)| / |x|, and <x, P(x)> is |P(x)|^2.",
     lambda x, p, r, n: (p / r - r**2 * x / n) / n),
    ("all of x / |x| is taken off: only the part along x must go, cos x / |x|.",
     lambda x, p, r, n: (p / r - x / n) / n),
    ("this is the step from x to its projection, both on the sphere. Only the part along x must "
     "go, cos x / |x|, and the whole is divided by |x|.",
     lambda x, p, r, n: p / r - x / n),
    ("this is the slope of d^2 as if x / |x| could leave the sphere: take that of the cosine in x.",
     lambda x, p, r, n: 2 * (x / n - p / r)),
    ("this is the step from x to P(x), half the slope of their squared distance: the cosine asks "
     "for P(x) / |P(x)|, and for no part along x.",
     lambda x, p, r, n: p - x),
    ("this is the slope of |x - P(x)|^2 / 2, a distance inside the sphere, and it falls toward "
     "the subspace: take that of the cosine.",
     lambda x, p, r, n: x - p),
    ("this is the slope of |x - P(x)|^2, a distance inside the sphere, and it falls toward the "
     "subspace: take that of the cosine.",
     lambda x, p, r, n: 2 * (x - p)),
    ("this is the slope of the squared distance of Definition 1, -2 times that of the cosine.",
     lambda x, p, r, n: -2 * _slope(x, p, r, n)),
    ("this is the slope of the energy, cos^2: that of the cosine lacks the factor 2 cos.",
     lambda x, p, r, n: 2 * (r / n) * _slope(x, p, r, n)),
    ("this is the slope of the angle: multiply by -sin for that of its cosine.",
     lambda x, p, r, n: -_slope(x, p, r, n) / np.sqrt(1 - (r / n) ** 2)),
    ("|P(x)| stands still here, and P(x) does not: P(x) / |P(x)| counts twice.",
     lambda x, p, r, n: 2 * p / (r * n) - r * x / n**3),
    ("|P(x)| and |x| stand still here: both change with x.",
     lambda x, p, r, n: 2 * p / (r * n)),
    ("P(x) stands still here, with its length: it changes with x, and gives P(x) / |P(x)|.",
     lambda x, p, r, n: -r * x / n**3),
    ("the part along x is added: take it off, so that the slope is at right angles to x.",
     lambda x, p, r, n: (p / r + r * x / n**2) / n),
    ("the sign is flipped, and |x| is missing: take cos x / |x| off P(x) / |P(x)|, and divide by "
     "|x|.",
     lambda x, p, r, n: -_slope(x, p, r, n) * n),
    ("the slope is projected to the subspace: it points out of it too, against what of x lies "
     "outside.",
     lambda x, p, r, n: p / (r * n) - r * p / n**3),
    ("the slope is brought to unit length: its own says how much a step gains.",
     lambda x, p, r, n: unit(_slope(x, p, r, n))),
    ("one norm runs over all rows: each has its own, axis=1.",
     lambda x, p, r, n: _slope(x, p, np.linalg.norm(p), np.linalg.norm(x))),
    ("the norms run over the clips: each row has its own, axis=1.",
     lambda x, p, r, n: _slope(x, p, length(p, 0), length(x, 0))),
    ("this is the cosine itself: its slope is a vector for each x.",
     lambda x, p, r, n: (r / n)[:, 0]),
]  # fmt: skip


def ex_10_1(energy_from_distance):
    r"""Check ``energy_from_distance(squared_distance)``, the energy inside by the printed distance.

    $(1 - d^2 / 2)^2$, for orthonormal centers.

    Paper: [AP] Remark 1 and Lemma 2.
    Shapes: a function of the squared distances (N,) between x and its projection, both on the
        sphere -> (N,).
    Example:
        >>> checks.ex_10_1(lambda squared_distance: 1 - squared_distance)
        ✗ Exercise 10.1: this takes d^2 for the energy outside, as if d ended at P(x) itself. ...
    Notebook: 10_adaproj
    """
    return examine(
        "10.1", energy_from_distance, _energy,
        [(np.array([0.2, 1.0]),), (np.array([0.0, 0.5, 1.3, 2.0]),),
         (np.random.default_rng(1).uniform(0.05, 1.9, size=7),)],
        right="The distance 0 gives 1, and the largest, d^2 = 2, gives 0: x at right angles.",
        mistakes=_BY_DISTANCE,
    )  # fmt: skip


def ex_10_2(cosine_slope):
    r"""Check ``cosine_slope(x, basis)``, the gradient of the cosine between x and its projection.

    $\frac{1}{|x|} \big( \frac{P(x)}{|P(x)|} - \cos\theta \frac{x}{|x|} \big)$ for an orthonormal
    basis.

    Paper: [AP] Definition 1, its gradient.
    Shapes: a function of ``x`` (N, D) of any length and ``basis`` (J, D), orthonormal -> (N, D).
    Notebook: 10_adaproj
    """
    return examine(
        "10.2", cosine_slope, _at(_slope),
        [_beside(seed, *sizes) for seed, sizes in enumerate([(2, 1, 3), (5, 2, 6), (4, 3, 5),
                                                             (3, 4, 9)])],
        right="P(x) may stand still: no point of the subspace is nearer, so a small move gains 0.",
        mistakes=[(hint, _at(mistake)) for hint, mistake in _SLOPES],
    )  # fmt: skip


def _energy(squared_distance):
    return (1 - squared_distance / 2) ** 2


def _slope(x, projected, inside, whole):
    return projected / (inside * whole) - inside * x / whole**3


def _at(slope):
    """Make a function of x and basis of one that takes x, P(x) and the lengths of both."""

    def function(x, basis):
        projected = project(x, basis)
        return slope(x, projected, length(projected), length(x))

    return function


def _beside(seed, n, j, d):
    """Make embeddings of any length, and an orthonormal basis."""
    rng = np.random.default_rng(seed)
    return 1.5 * rng.normal(size=(n, d)), np.linalg.qr(rng.normal(size=(d, j)))[0].T.copy()


def length(rows, axis=1):
    return np.linalg.norm(rows, axis=axis, keepdims=True)


def unit(rows, axis=1):
    return rows / length(rows, axis)


def project(x, centers):
    return x @ centers.T @ centers
