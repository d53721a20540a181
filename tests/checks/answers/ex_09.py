"""Answers to exercises 09.1 and 09.2: by hand, by the library's loss and by differences, and wrong
ones by the hint that each must get.
"""

import numpy as np
import torch

from asdkit import losses


def squares(x, center, keepdims=False):
    return ((x - center) ** 2).sum(axis=1, keepdims=keepdims)


def gap(x, near, far):
    return squares(x, near) - squares(x, far)


def apart(near, far):
    return np.sqrt(((near - far) ** 2).sum())


def signed_distance(x, near, far):
    return gap(x, near, far) / (2 * apart(near, far))


def signed_by_projection(x, near, far):
    return (x - (near + far) / 2) @ ((far - near) / apart(near, far))


def signed_by_turning(x, near, far):
    """Turn the first axis into the direction from centroid to centroid."""
    turned = np.linalg.qr(np.column_stack([far - near, np.eye(len(near))]))[0]
    turned = turned * np.sign(turned[:, 0] @ (far - near))
    x, near, far = ((some @ turned)[..., 0] for some in (x, near, far))
    return x - (near + far) / 2


def signed_in_torch(x, near, far):
    d_p, d_n = torch.cdist(x, torch.stack([near, far])).square().unbind(dim=1)
    return (d_p - d_n) / (2 * torch.dist(near, far))


def two_centroids(near, far, **choices):
    loss = losses.DDCSAD(len(near), **choices).double()
    loss.centers = torch.stack([torch.as_tensor(some).double() for some in (near, far)])
    return loss


def signed_by_the_library(x, near, far):
    logits = two_centroids(near, far).logits(torch.as_tensor(x).double())
    return -logits / (2 * apart(np.asarray(near), np.asarray(far)))


def signed_in_float32(x, near, far):
    return signed_by_projection(*(np.asarray(some, dtype=np.float32) for some in (x, near, far)))


def along(x, near, far):
    return x @ (far - near) / apart(near, far)


def roots(x, near, far):
    return np.linalg.norm(x - near, axis=1) - np.linalg.norm(x - far, axis=1)


def pull(z, near, far, eta, eps):
    return 2 * eta * (z - near) - 2 * eta * (z - far) / (squares(z, far, True) + eps) ** 2


def pull_by_differences(z, near, far, eta, eps, step=1e-5):
    columns = []
    for one in step * np.eye(z.shape[1]):
        costs = [eta * (squares(some, near) + 1 / (squares(some, far) + eps))
                 for some in (z + one, z - one)]  # fmt: skip
        columns.append((costs[0] - costs[1]) / (2 * step))
    return np.stack(columns, axis=1)


def pull_of_the_library(z, near, far, eta, eps, role=losses.NORMAL, reduce=torch.sum):
    loss = two_centroids(near, far, eta=eta, eps=eps)
    z = torch.as_tensor(z).double().clone().requires_grad_()
    reduce(loss.each(z, torch.full((len(z),), role))).backward()
    return z.grad


def pull_in_float32(z, near, far, eta, eps):
    z, near, far = (torch.as_tensor(some).float() for some in (z, near, far))
    return pull(z, near, far, eta, eps)


def of_role(role):
    return lambda z, near, far, eta, eps: pull_of_the_library(z, near, far, eta, eps, role)


def pulled(combine):
    """Make an answer of z - c_p, z - c_n, d_n as a column, eta and eps."""
    return lambda z, near, far, eta, eps: combine(
        z - near, z - far, squares(z, far, True), eta, eps
    )


RIGHT = {
    "ex_09_1": [
        signed_distance, signed_by_projection, signed_by_turning, signed_in_torch,
        signed_by_the_library, signed_in_float32,
    ],
    "ex_09_2": [pull, pull_by_differences, pull_of_the_library, pull_in_float32],
}  # fmt: skip
WRONG = {
    "ex_09_1": {
        "this is d_p - d_n": gap,
        "it is the other way round": lambda x, p, n: signed_distance(x, n, p),
        "this is d_n - d_p": lambda x, p, n: two_centroids(p, n).logits(torch.as_tensor(x)),
        "a half is missing: from": lambda x, p, n: gap(x, p, n) / np.linalg.norm(p - n),
        "give their direction unit length": lambda x, p, n: (x - (p + n) / 2) @ (n - p),
        "centroids' distance: divide by": lambda x, p, n: gap(x, p, n) / (2 * ((p - n) ** 2).sum()),
        "centroids' distance, and a half": lambda x, p, n: gap(x, p, n) / ((p - n) ** 2).sum(),
        "a / 2 * b": lambda x, p, n: gap(x, p, n) / 2 * np.linalg.norm(p - n),
        "a hyperbola": roots,
        "between the centroids alone": lambda x, p, n: roots(x, p, n) / 2,
        "d is a squared distance": lambda x, p, n: roots(x, p, n) / (2 * apart(p, n)),
        "from the normal centroid": lambda x, p, n: along(x - p, p, n),
        "from the centroid of the outliers": lambda x, p, n: along(x - n, p, n),
        "from the origin": along,
        "is half their sum.": lambda x, p, n: along(x - (p + n), p, n),
        "not half their difference": lambda x, p, n: along(x - (n - p) / 2, p, n),
        "the sign is lost": lambda x, p, n: np.abs(signed_by_projection(x, p, n)),
        "the point in the middle": lambda x, p, n: np.sqrt(squares(x, (p + n) / 2)),
        "the side alone": lambda x, p, n: np.sign(gap(x, p, n)),
        "a share of the way": lambda x, p, n: (x - p) @ (n - p) / ((n - p) ** 2).sum(),
        "an axis is forgotten": lambda x, p, n: (
            (((x - p) ** 2).sum() - ((x - n) ** 2).sum()) / (2 * apart(p, n))
        ),
        "must give shape": lambda x, p, n: ((x - p) ** 2 - (x - n) ** 2) / (2 * apart(p, n)),
        "and must be": lambda x, p, n: gap(x, p, n) / (2 * np.abs(p - n).sum()),
    },
    "ex_09_2": {
        "the push away from c_n is missing": pulled(lambda a, b, d, eta, eps: 2 * eta * a),
        "the pull toward c_p is missing": pulled(
            lambda a, b, d, eta, eps: -2 * eta * b / (d + eps) ** 2
        ),
        "the step of a descent": lambda z, p, n, eta, eps: -pull(z, p, n, eta, eps),
        "of a square is missing": pulled(lambda a, b, d, eta, eps: eta * (a - b / (d + eps) ** 2)),
        "d_n is a square, too": pulled(
            lambda a, b, d, eta, eps: eta * (2 * a - b / (d + eps) ** 2)
        ),
        "d_p is a square, too": pulled(
            lambda a, b, d, eta, eps: eta * (a - 2 * b / (d + eps) ** 2)
        ),
        "the second term has the wrong sign": pulled(
            lambda a, b, d, eta, eps: 2 * eta * (a + b / (d + eps) ** 2)
        ),
        "d_n + eps is not squared: the": pulled(
            lambda a, b, d, eta, eps: 2 * eta * (a - b / (d + eps))
        ),
        "not squared, and the sign": pulled(
            lambda a, b, d, eta, eps: 2 * eta * (a + b / (d + eps))
        ),
        "eps is missing": lambda z, p, n, eta, eps: pull_of_the_library(z, p, n, eta, 0.0),
        "outside the square": pulled(lambda a, b, d, eta, eps: 2 * eta * (a - b / (d**2 + eps))),
        "eta is missing: a": lambda z, p, n, eta, eps: pull(z, p, n, 1, eps),
        "eta is missing in the second": pulled(
            lambda a, b, d, eta, eps: 2 * (eta * a - b / (d + eps) ** 2)
        ),
        "eta is missing in the first": pulled(
            lambda a, b, d, eta, eps: 2 * (a - eta * b / (d + eps) ** 2)
        ),
        "leave the root out": pulled(
            lambda a, b, d, eta, eps: 2 * eta * (a - b / (np.sqrt(d) + eps) ** 2)
        ),
        "the exponent is too large": pulled(
            lambda a, b, d, eta, eps: 2 * eta * (a - 2 * b / (d + eps) ** 3)
        ),
        "the inner derivative": pulled(
            lambda a, b, d, eta, eps: eta * (2 * a - 1 / (d + eps) ** 2)
        ),
        "of d_n in z is": pulled(lambda a, b, d, eta, eps: 2 * eta * (a - 1 / (d + eps) ** 2)),
        "the push goes with z - c_p": pulled(
            lambda a, b, d, eta, eps: 2 * eta * (a - a / (d + eps) ** 2)
        ),
        "the push is divided by d_p": lambda z, p, n, eta, eps: (
            2 * eta * ((z - p) - (z - n) / (squares(z, p, True) + eps) ** 2)
        ),
        "what an outlier costs": of_role(losses.OUTLIER),
        "what a true anomaly costs": of_role(losses.ANOMALY),
        "of the mean over the clips": lambda z, p, n, eta, eps: pull_of_the_library(
            z, p, n, eta, eps, reduce=torch.mean
        ),
        "this is the cost": lambda z, p, n, eta, eps: (
            eta * (squares(z, p) + 1 / (squares(z, n) + eps))
        ),
        "one sum runs over all clips": lambda z, p, n, eta, eps: (
            2 * eta * ((z - p) - (z - n) / (np.square(z - n).sum() + eps) ** 2)
        ),
        "a d_n of its own": pulled(lambda a, b, d, eta, eps: 2 * eta * (a - b / (b**2 + eps) ** 2)),
        "Two shapes do not fit": lambda z, p, n, eta, eps: (
            2 * eta * ((z - p) - (z - n) / (squares(z, n) + eps) ** 2)
        ),
        "and must be": pulled(lambda a, b, d, eta, eps: 2 * eta * (a - b / (d + eps) ** 1.5)),
    },
}
