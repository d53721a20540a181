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
        mistakes=_slips_of_the_slope(),
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
        mistakes=_slips_of_the_gradient() + _slips_of_the_projection(),
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
        mistakes=_slips_of_the_factor(),
    )  # fmt: skip


def _slips_of_the_slope():
    return [
        ("the sign is flipped: the loss falls where the own logit lies above the mean one.",
         lambda x, W, y: -_slope(x, W, y)),
        ("weigh the logits by the probabilities: this takes their plain mean.",
         lambda x, W, y: (x @ W.T).mean(axis=1) - _own(x @ W.T, y)),
        ("the own logit is missing: subtract it from the expected one.",
         lambda x, W, y: (softmax(x @ W.T, axis=1) * (x @ W.T)).sum(axis=1)),
        ("this compares with the largest logit: weigh all of them by their probabilities.",
         lambda x, W, y: (x @ W.T).max(axis=1) - _own(x @ W.T, y)),
        ("this is P - 1, the slope along the own logit: go on to the length by the chain rule.",
         lambda x, W, y: _own(softmax(x @ W.T, axis=1), y) - 1),
        ("this is the slope per unit of length, at r = 1 of x / |x|: here x itself is the unit.",
         lambda x, W, y: _slope(x, W, y) / np.linalg.norm(x, axis=1)),
        ("this is the loss: ask how fast it changes with the length.",
         lambda x, W, y: -np.log(_own(softmax(x @ W.T, axis=1), y))),
        ("this adds up the gradient: multiply it by x first, as only its part along x counts.",
         lambda x, W, y: (_gap(x @ W.T, y) @ W).sum(axis=1)),
        ("this is the length of the gradient: only its part along x counts.",
         lambda x, W, y: np.linalg.norm(_gap(x @ W.T, y) @ W, axis=1)),
        ("the own class is missing in the expected logit: it has its probability too.",
         lambda x, W, y: _slope(x, W, y) - _own(softmax(x @ W.T, axis=1) * (x @ W.T), y)),
        ("this says only where it is positive: return the slope itself.",
         lambda x, W, y: _slope(x, W, y) > 0),
        ("these weights are no probabilities: divide each e^z by the sum of all.",
         lambda x, W, y: (np.exp(x @ W.T) * (x @ W.T)).sum(axis=1) - _own(x @ W.T, y)),
    ]  # fmt: skip


def _slips_of_the_gradient():
    return [
        ("this is the gradient at alpha x / |x|: go on to x, through the division by |x|.", _pull),
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
        ("only the own center pulls here: the others push, each by its probability.",
         lambda x, W, y, a: (a / _norm(x) * _across(
             x, (_own(softmax(_logits(x, W, a), axis=1), y) - 1)[:, None] * W[y]))),
        ("this is the gradient of the mean loss: each clip is asked for by itself.",
         lambda x, W, y, a: _turn(x, W, y, a) / len(x)),
        ("the centers keep their lengths: only x is divided by its own.",
         lambda x, W, y, a: _turn(x, W / _norm(W), y, a)),
    ]  # fmt: skip


def _slips_of_the_projection():
    def but(times):  # so much of the part along x is subtracted
        return lambda x, W, y, a: a / _norm(x) * _without(x, _pull(x, W, y, a), times(x, a))

    return [
        ("the part along x is still in it: the length is divided out, so subtract that part.",
         but(lambda x, a: 0)),
        ("the part along x is added: subtract it.", but(lambda x, a: -1)),
        ("this projects by x, which must have the length 1: divide by |x| squared.",
         but(lambda x, a: _norm(x) ** 2)),
        ("this projects by x and x / |x|: both must be the unit vector.",
         but(lambda x, a: _norm(x))),
        ("alpha / |x| stands in front of both parts: a bracket is missing.",
         but(lambda x, a: _norm(x) / a)),
        ("this is the part along x: it must go, and the rest is wanted.",
         lambda x, W, y, a: a / _norm(x) * _pull(x, W, y, a) - _turn(x, W, y, a)),
    ]  # fmt: skip


def _slips_of_the_factor():
    return [
        ("the ratio is upside down: the neighbors' density stands above.",
         lambda t, x, k: 1 / _outlier_factor(t, x, k)),
        ("this is the mean distance to the neighbors: compare it with theirs.",
         lambda t, x, k: np.sort(_distances(x, t), axis=1)[:, :k].mean(axis=1)),
        ("this is the distance to neighbor number k: go on to densities, and compare them.",
         lambda t, x, k: np.sort(_distances(x, t), axis=1)[:, k - 1]),
        ("the distances are plain: no distance to o may be smaller than the k-distance of o.",
         lambda t, x, k: _outlier_factor(t, x, k, reach=False)),
        ("a training clip is its own neighbor here, at the distance 0: leave it out.",
         lambda t, x, k: _outlier_factor(t, x, k, itself=True)),
        ("new clips are neighbors here: take neighbors from training clips only.", _among_all),
        ("the k-distance reaches one neighbor too far: counted from 0, number k is k - 1.",
         lambda t, x, k: _outlier_factor(t, x, k, beyond=1)),
        ("the distances are squared: take the root.",
         lambda t, x, k: _outlier_factor(t, x, k, power=2)),
        ("this is the local reachability density: divide the mean one of the neighbors by it.",
         lambda t, x, k: 1 / _reachability(_distances(x, t), _among_training(t, k)[1], k)[1]),
        ("this compares the distances themselves: a density is the inverse of their mean.",
         _by_distances),
        ("the k-distance is that of the neighbor o, not of the clip itself.",
         lambda t, x, k: np.sort(_distances(x, t), axis=1)[:, k - 1]
         * (1 / _among_training(t, k)[1])[_distances(x, t).argsort(axis=1)[:, :k]].mean(axis=1)),
    ]  # fmt: skip


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
    return _without(x, rows, 1)


def _without(x, rows, times):
    unit = x / _norm(x)
    return rows - times * (unit * rows).sum(axis=1, keepdims=True) * unit


def _turn(x, W, y, alpha):
    return alpha / _norm(x) * _across(x, _pull(x, W, y, alpha))


def _distances(a, b):
    return np.linalg.norm(a[:, None] - b[None], axis=2)


def _among_training(train, k, itself=False, power=1):
    gaps = _distances(train, train) ** power
    if not itself:
        np.fill_diagonal(gaps, np.inf)
    return gaps, np.sort(gaps, axis=1)[:, k - 1]


def _reachability(gaps, k_distance, k, reach=True):
    """Return the k nearest of each row, and the mean reachability distance to them."""
    nearest = gaps.argsort(axis=1)[:, :k]
    near = np.take_along_axis(gaps, nearest, axis=1)
    return nearest, (np.maximum(k_distance[nearest], near) if reach else near).mean(axis=1)


def _outlier_factor(train, x, k, reach=True, itself=False, beyond=0, power=1):
    gaps, _ = _among_training(train, k, itself, power)
    k_distance = np.sort(gaps, axis=1)[:, k - 1 + beyond]
    _, own = _reachability(gaps, k_distance, k, reach)
    nearest, new = _reachability(_distances(x, train) ** power, k_distance, k, reach)
    return new * (1 / own)[nearest].mean(axis=1)


def _among_all(train, x, k):
    gaps, k_distance = _among_training(np.concatenate([train, x]), k)
    nearest, own = _reachability(gaps, k_distance, k)
    return (own * (1 / own)[nearest].mean(axis=1))[len(train) :]


def _by_distances(train, x, k):
    gaps, k_distance = _among_training(train, k)
    _, own = _reachability(gaps, k_distance, k)
    nearest, new = _reachability(_distances(x, train), k_distance, k)
    return new / own[nearest].mean(axis=1)


def _cloud(seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(24, 2 + seed)), 1.5 * rng.normal(size=(8, 2 + seed)), 3 + seed
