"""Checks of notebook 05: length as a cheat, the turn that is left, and local outlier factors."""

import numpy as np
from scipy.special import softmax

from .verdict import examine


def ex_05_1(slope):
    r"""Check ``slope(x, W, y)``, how fast the loss of each clip grows with its length.

    $\partial L(r x) / \partial r$ at 1 is $\sum_k P_k\, W_k^T x - W_y^T x$, for a softmax without
    biases.

    Shapes: a function of x (N, D), W (C, D) and y (N,) -> (N,).
    Notebook: 05_classify_to_detect
    """
    return examine(
        "05.1", slope, _slope, [_batch(seed) for seed in range(4)],
        right="Where the own class leads, it is negative: a longer embedding always pays.",
        mistakes=[
            ("the sign is flipped: the loss falls where the own logit lies above the mean one.",
             lambda x, W, y: -_slope(x, W, y)),
            ("weigh the logits by the probabilities: this takes their plain mean.",
             lambda x, W, y: (x @ W.T).mean(axis=1) - _own(x @ W.T, y)),
            ("the own logit is missing: subtract it from the expected one.",
             lambda x, W, y: (softmax(x @ W.T, axis=1) * (x @ W.T)).sum(axis=1)),
            ("this compares with the largest logit: weigh all of them by their probabilities.",
             lambda x, W, y: (x @ W.T).max(axis=1) - _own(x @ W.T, y)),
            ("this is P - 1 of the own class, the slope along its logit: "
             "go on to the length by the chain rule.",
             lambda x, W, y: _own(softmax(x @ W.T, axis=1), y) - 1),
            ("this is the slope per unit of length, at r = 1 of x / |x|: "
             "here x itself is the unit.",
             lambda x, W, y: _slope(x, W, y) / np.linalg.norm(x, axis=1)),
        ],
    )  # fmt: skip


def ex_05_2(turn):
    r"""Check ``turn(x, W, y, alpha)``, the gradient of the L2-softmax loss of each clip.

    $\frac{\alpha}{\|x\|} (g - \hat x \langle \hat x, g \rangle)$ with
    $g = \sum_k (P_k - [k = y]) W_k$ and $\hat x = x / \|x\|$, for a softmax without biases.

    Shapes: a function of x (N, D), W (C, D), y (N,) and alpha -> (N, D).
    Example:
        >>> checks.ex_05_2(lambda x, W, y, alpha: np.zeros_like(x))
        ✗ Exercise 05.2: every value you return is 0, whatever the inputs are.
    Notebook: 05_classify_to_detect
    """
    return examine(
        "05.2", turn, _turn, [(*_batch(seed), 2.0 + seed) for seed in range(4)],
        right="It stands at a right angle on x: the loss can turn an embedding, not stretch it.",
        mistakes=[
            ("this is the gradient at alpha x / |x|: go on to x, through the division by |x|.",
             lambda x, W, y, a: _pull(x, W, y, a)),
            ("the part along x is still in it: the length is divided out, so subtract "
             "that part.",
             lambda x, W, y, a: a * _pull(x, W, y, a) / _norm(x)),
            ("alpha is missing in front: it stretches the unit vector, and so the slope.",
             lambda x, W, y, a: _turn(x, W, y, a) / a),
            ("divide by the length of x: a long vector must move further to turn as much.",
             lambda x, W, y, a: _turn(x, W, y, a) * _norm(x)),
            ("the probabilities are those of x itself: the logits are of alpha x / |x|.",
             lambda x, W, y, a: _across(x, _gap(x @ W.T, y) @ W) * a / _norm(x)),
            ("the probabilities are those of x / |x|: alpha belongs into the logits too.",
             lambda x, W, y, a: _across(x, _pull(x, W, y, 1.0)) * a / _norm(x)),
            ("the own class is missing: the slope along its logit is P - 1.",
             lambda x, W, y, a: _across(x, softmax(_logits(x, W, a), axis=1) @ W) * a / _norm(x)),
            ("this is the gradient of the mean loss: each clip is asked for by itself.",
             lambda x, W, y, a: _turn(x, W, y, a) / len(x)),
            ("this projects by x, which must have the length 1: divide by |x| squared.",
             lambda x, W, y, a: a / _norm(x) * _along_itself(x, _pull(x, W, y, a))),
        ],
    )  # fmt: skip


def ex_05_3(outlier_factor):
    """Check ``outlier_factor(train, x, k)``, the local outlier factor of new clips.

    Shapes: a function of train (M, D), x (N, D) and k -> (N,).
    Example:
        >>> factor = backends.LocalOutlierFactor
        >>> checks.ex_05_3(lambda train, x, k: factor(k, normalize=False).fit(train).score(x))
        ✓ Exercise 05.3: right. Near 1 where the density is that of the neighbors, ...
    Notebook: 05_classify_to_detect
    """
    return examine(
        "05.3", outlier_factor, _outlier_factor, [_cloud(seed) for seed in range(4)],
        right="Near 1 where the density is that of the neighbors, above 1 where it is thinner.",
        mistakes=[
            ("the ratio is upside down: the neighbors' density stands above.",
             lambda t, x, k: 1 / _outlier_factor(t, x, k)),
            ("this is the mean distance to the neighbors: compare it with theirs.",
             lambda t, x, k: np.sort(_distances(x, t), axis=1)[:, :k].mean(axis=1)),
            ("the distances are plain: no distance to o may be smaller than the k-distance of o.",
             lambda t, x, k: _outlier_factor(t, x, k, reach=False)),
            ("a training clip is its own neighbor here, at the distance 0: leave it out.",
             lambda t, x, k: _outlier_factor(t, x, k, itself=True)),
            ("this is the local reachability density: divide the mean one of the neighbors by it.",
             lambda t, x, k: _density(t, x, k)),
            ("the density is the inverse of the mean reachability distance: "
             "this compares the distances themselves.",
             lambda t, x, k: _by_distances(t, x, k)),
        ],
    )  # fmt: skip


def _own(values, y):
    return values[np.arange(len(y)), y]


def _slope(x, W, y):
    logits = x @ W.T
    return (softmax(logits, axis=1) * logits).sum(axis=1) - _own(logits, y)


def _batch(seed):
    rng = np.random.default_rng(seed)
    classes = 4 + seed
    return (
        rng.normal(size=(9 + seed, 5)),
        rng.normal(size=(classes, 5)),
        rng.integers(0, classes, size=9 + seed),
    )


def _norm(x):
    return np.linalg.norm(x, axis=1, keepdims=True)


def _logits(x, W, alpha):
    return alpha * x / _norm(x) @ W.T


def _gap(logits, y):
    return softmax(logits, axis=1) - np.eye(logits.shape[1])[y]


def _pull(x, W, y, alpha):
    """Return the gradient at the stretched unit vector, (N, D)."""
    return _gap(_logits(x, W, alpha), y) @ W


def _across(x, rows):
    """Return what is left of each row without its part along x."""
    return _along_itself(x / _norm(x), rows)


def _along_itself(x, rows):
    return rows - (x * rows).sum(axis=1, keepdims=True) * x


def _turn(x, W, y, alpha):
    return alpha / _norm(x) * _across(x, _pull(x, W, y, alpha))


def _distances(a, b):
    return np.linalg.norm(a[:, None] - b[None], axis=2)


def _among_training(train, k, itself=False):
    gaps = _distances(train, train)
    if not itself:
        np.fill_diagonal(gaps, np.inf)
    return gaps, np.sort(gaps, axis=1)[:, k - 1]


def _reachability(gaps, k_distance, k, reach=True):
    """Return the k nearest of each row, and the mean reachability distance to them."""
    nearest = gaps.argsort(axis=1)[:, :k]
    near = np.take_along_axis(gaps, nearest, axis=1)
    return nearest, (np.maximum(k_distance[nearest], near) if reach else near).mean(axis=1)


def _outlier_factor(train, x, k, reach=True, itself=False):
    gaps, k_distance = _among_training(train, k, itself)
    _, own = _reachability(gaps, k_distance, k, reach)
    nearest, new = _reachability(_distances(x, train), k_distance, k, reach)
    return new * (1 / own)[nearest].mean(axis=1)


def _density(train, x, k):
    return 1 / _reachability(_distances(x, train), _among_training(train, k)[1], k)[1]


def _by_distances(train, x, k):
    gaps, k_distance = _among_training(train, k)
    _, own = _reachability(gaps, k_distance, k)
    nearest, new = _reachability(_distances(x, train), k_distance, k)
    return new / own[nearest].mean(axis=1)


def _cloud(seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(24, 2 + seed)), 1.5 * rng.normal(size=(8, 2 + seed)), 3 + seed
