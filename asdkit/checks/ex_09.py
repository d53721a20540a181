"""Checks of notebook 09 on two centroids: the distance from the line between them, and the pull on
a normal clip.
"""

import numpy as np

from .verdict import examine


def ex_09_1(signed_distance):
    r"""Check ``signed_distance(x, near, far)``, how far on the outliers' side an embedding lies.

    $\frac{d_p - d_n}{2 \|c_p - c_n\|}$ with squared distances: the Euclidean distance from the
    hyperplane on which both centroids are equally far.

    Paper: [DDC] eq. 3.
    Shapes: a function of x (N, D), the normal centroid near (D,) and that of the outliers, far (D,)
        -> (N,).
    Example:
        >>> checks.ex_09_1(lambda x, near, far: ((x - near) ** 2 - (x - far) ** 2).sum(axis=1))
        ✗ Exercise 09.1: this is d_p - d_n, which grows with the gap of the centroids: divide it ...
    Notebook: 09_binary_and_centroids
    """
    return examine(
        "09.1", signed_distance, _signed,
        [_plane(seed, *sizes) for seed, sizes in enumerate([(2, 2), (5, 3), (7, 6), (3, 1)])],
        right="A clip that moves along the line keeps its distance, however far it goes.",
        mistakes=_LINES,
    )  # fmt: skip


def ex_09_2(pull):
    r"""Check ``pull(z, near, far, eta, eps)``, the gradient of what a normal clip costs.

    $2 \eta \big( (z - c_p) - (z - c_n) (d_n + \epsilon)^{-2} \big)$, for each clip of its own cost.

    Paper: [DDC] eq. 3, its gradient.
    Shapes: a function of z (N, D), the normal centroid near (D,), that of the outliers far (D,),
        eta and eps -> (N, D).
    Choices: the right answer is autograd's, in float64; eps is so large that it shows.
    Example:
        >>> checks.ex_09_2(lambda z, near, far, eta, eps: 2 * eta * (z - near))
        ✗ Exercise 09.2: the push away from c_n is missing: 1 / (d_n + eps) has a gradient, too.
    Notebook: 09_binary_and_centroids
    """
    return examine(
        "09.2", pull, _autograd,
        [(*_plane(seed, *sizes), eta, eps) for seed, (sizes, eta, eps) in enumerate(
            [((2, 2), 2.0, 0.5), ((5, 3), 1.5, 0.3), ((6, 4), 3.0, 0.8), ((4, 5), 0.7, 1.2)])],
        right="Descent goes against it: toward c_p, and away from c_n.",
        mistakes=_PULLS,
    )  # fmt: skip


_LINES = [  # a hint, and what the mistake gives
    ("this is d_p - d_n, which grows with the gap of the centroids: divide it by twice their "
     "distance.",
     lambda x, p, n: _gap(x, p, n)),
    ("it is the other way round: positive is the outliers' side, where d_p is larger.",
     lambda x, p, n: -_signed(x, p, n)),
    ("this is d_n - d_p, positive on the side of the normal clips, and not divided by twice the "
     "distance of the centroids.",
     lambda x, p, n: -_gap(x, p, n)),
    ("a half is missing: from one centroid to the other d_p - d_n grows by twice the square of "
     "their distance.",
     lambda x, p, n: 2 * _signed(x, p, n)),
    ("it is not divided by the distance of the centroids: give their direction unit length.",
     lambda x, p, n: _gap(x, p, n) / 2),
    ("it is divided by the square of the centroids' distance: divide by the distance.",
     lambda x, p, n: _gap(x, p, n) / (2 * _apart(p, n) ** 2)),
    ("it is divided by the square of the centroids' distance, and a half is missing.",
     lambda x, p, n: _gap(x, p, n) / _apart(p, n) ** 2),
    ("it is multiplied by the distance of the centroids: a / 2 * b is not a / (2 * b).",
     lambda x, p, n: _gap(x, p, n) / 2 * _apart(p, n)),
    ("this is the difference of two distances: it is 0 on the line, but what is equal elsewhere "
     "lies on a hyperbola. Take squared distances.",
     lambda x, p, n: _length(x - p) - _length(x - n)),
    ("this is half the difference of two distances, right between the centroids alone: take "
     "squared ones.",
     lambda x, p, n: (_length(x - p) - _length(x - n)) / 2),
    ("the distances are not squared: d is a squared distance.",
     lambda x, p, n: (_length(x - p) - _length(x - n)) / (2 * _apart(p, n))),
    ("this is measured from the normal centroid: the line runs through the middle of both.",
     lambda x, p, n: _along(x - p, p, n)),
    ("this is measured from the centroid of the outliers: the line runs through the middle of "
     "both.",
     lambda x, p, n: _along(x - n, p, n)),
    ("this is measured from the origin: the line runs through the middle of both centroids.",
     lambda x, p, n: _along(x, p, n)),
    ("the middle of both centroids is half their sum.",
     lambda x, p, n: _along(x - p - n, p, n)),
    ("the middle of both centroids is half their sum, not half their difference.",
     lambda x, p, n: _along(x - (n - p) / 2, p, n)),
    ("the sign is lost: positive on the outliers' side, negative on the other.",
     lambda x, p, n: np.abs(_signed(x, p, n))),
    ("this is the distance from the point in the middle: take that from the whole line.",
     lambda x, p, n: _length(x - (p + n) / 2)),
    ("this is the side alone: how far from the line?",
     lambda x, p, n: np.sign(_gap(x, p, n))),
    ("this is a share of the way from centroid to centroid, not a distance.",
     lambda x, p, n: _along(x - p, p, n) / _apart(p, n)),
]  # fmt: skip
_PULLS = [  # a hint, and what the mistake gives
    ("the push away from c_n is missing: 1 / (d_n + eps) has a gradient, too.",
     lambda z, p, n, eta, eps: 2 * eta * (z - p)),
    ("the pull toward c_p is missing.",
     lambda z, p, n, eta, eps: _pushed(z, n, eta, eps)),
    ("this is the step of a descent: the gradient points the other way.",
     lambda z, p, n, eta, eps: -_of(z, p, n, eta, eps)),
    ("the factor 2 of the derivative of a square is missing.",
     lambda z, p, n, eta, eps: _of(z, p, n, eta, eps) / 2),
    ("the factor 2 is missing in the second term: d_n is a square, too.",
     lambda z, p, n, eta, eps: 2 * eta * (z - p) + _pushed(z, n, eta, eps) / 2),
    ("the factor 2 is missing in the first term: d_p is a square, too.",
     lambda z, p, n, eta, eps: eta * (z - p) + _pushed(z, n, eta, eps)),
    ("the second term has the wrong sign: the derivative of 1 / d is -1 / d^2.",
     lambda z, p, n, eta, eps: 2 * eta * (z - p) - _pushed(z, n, eta, eps)),
    ("d_n + eps is not squared: the derivative of 1 / d is -1 / d^2.",
     lambda z, p, n, eta, eps: 2 * eta * ((z - p) - (z - n) / (_square(z, n) + eps))),
    ("d_n + eps is not squared, and the sign is wrong: the derivative of 1 / d is -1 / d^2.",
     lambda z, p, n, eta, eps: 2 * eta * ((z - p) + (z - n) / (_square(z, n) + eps))),
    ("eps is missing: the cost is eta (d_p + 1 / (d_n + eps)).",
     lambda z, p, n, eta, eps: _of(z, p, n, eta, 0.0)),
    ("eps stands outside the square: it is added to d_n first.",
     lambda z, p, n, eta, eps: 2 * eta * ((z - p) - (z - n) / (_square(z, n) ** 2 + eps))),
    ("eta is missing: a normal clip costs eta times both terms.",
     lambda z, p, n, eta, eps: _of(z, p, n, 1.0, eps)),
    ("eta is missing in the second term: a normal clip costs eta times both terms.",
     lambda z, p, n, eta, eps: 2 * eta * (z - p) + _pushed(z, n, 1.0, eps)),
    ("eta is missing in the first term: a normal clip costs eta times both terms.",
     lambda z, p, n, eta, eps: 2 * (z - p) + _pushed(z, n, eta, eps)),
    ("d_n is no distance but its square: leave the root out.",
     lambda z, p, n, eta, eps: 2 * eta * ((z - p) - (z - n) / (_square(z, n) ** 0.5 + eps) ** 2)),
    ("the exponent is too large: the derivative of 1 / d is -1 / d^2, of d^-2 it would be "
     "-2 / d^3.",
     lambda z, p, n, eta, eps: 2 * eta * ((z - p) - 2 * (z - n) / (_square(z, n) + eps) ** 3)),
    ("the inner derivative is missing: that of d_n in z is 2 (z - c_n).",
     lambda z, p, n, eta, eps: 2 * eta * (z - p) - eta / (_square(z, n) + eps) ** 2),
    ("the inner derivative is missing: that of d_n in z is 2 (z - c_n).",
     lambda z, p, n, eta, eps: 2 * eta * ((z - p) - 1 / (_square(z, n) + eps) ** 2)),
    ("the push goes with z - c_p: away from c_n it is z - c_n.",
     lambda z, p, n, eta, eps: 2 * eta * (z - p) * (1 - 1 / (_square(z, n) + eps) ** 2)),
    ("the push is divided by d_p: it falls with the distance from c_n.",
     lambda z, p, n, eta, eps: 2 * eta * ((z - p) - (z - n) / (_square(z, p) + eps) ** 2)),
    ("this is the gradient of what an outlier costs: a normal clip is drawn to c_p.",
     lambda z, p, n, eta, eps: _of(z, n, p, 1.0, eps)),
    ("this is the gradient of what a true anomaly costs: a normal clip is drawn to c_p.",
     lambda z, p, n, eta, eps: _of(z, n, p, eta, eps)),
    ("this is the gradient of the mean over the clips: each clip's own is wanted, so sum them "
     "before autograd.",
     lambda z, p, n, eta, eps: _of(z, p, n, eta, eps) / len(z)),
    ("this is the cost: its gradient in z is wanted.",
     lambda z, p, n, eta, eps: eta * (_square(z, p) + 1 / (_square(z, n) + eps))[:, 0]),
    ("one sum runs over all clips: each has its own d_n, axis=1.",
     lambda z, p, n, eta, eps: 2 * eta * ((z - p) - (z - n) / (((z - n) ** 2).sum() + eps) ** 2)),
    ("each number has a d_n of its own here: d_n adds up the squares along axis=1.",
     lambda z, p, n, eta, eps: 2 * eta * ((z - p) - (z - n) / ((z - n) ** 2 + eps) ** 2)),
]  # fmt: skip


def _length(rows):
    return np.linalg.norm(rows, axis=1)


def _apart(near, far):
    return np.linalg.norm(far - near)


def _gap(x, near, far):
    return _length(x - near) ** 2 - _length(x - far) ** 2


def _along(rows, near, far):
    """Project rows to the direction from the normal centroid to that of the outliers."""
    return rows @ (far - near) / _apart(near, far)


def _signed(x, near, far):
    return _along(x - (near + far) / 2, near, far)


def _plane(seed, n, d):
    """Make embeddings around two centroids, neither of which is the origin."""
    rng = np.random.default_rng(seed)
    near, far = rng.normal(size=(2, d)) + 0.5
    return near + rng.uniform(-0.5, 1.5, size=(n, 1)) * (far - near) + rng.normal(
        size=(n, d)), near, far  # fmt: skip


def _square(z, center):
    return ((z - center) ** 2).sum(axis=1, keepdims=True)


def _pushed(z, far, eta, eps):
    return -2 * eta * (z - far) / (_square(z, far) + eps) ** 2


def _of(z, near, far, eta, eps):
    return 2 * eta * (z - near) + _pushed(z, far, eta, eps)


def _autograd(z, near, far, eta, eps):
    """Take the gradient of the costs of all clips as torch finds it."""
    import torch

    z, near, far = (torch.tensor(some, dtype=torch.float64) for some in (z, near, far))
    z.requires_grad_()
    d_p, d_n = ((z - center).square().sum(dim=1) for center in (near, far))
    cost = eta * (d_p + 1 / (d_n + eps))  # [DDC] eq. 3
    return torch.autograd.grad(cost.sum(), z)[0].numpy()
