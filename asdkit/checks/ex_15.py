"""Checks of notebook 15: what a training costs, and which clips come when."""

import numpy as np

from .verdict import Verdict, examine

_HOURS = [
    ("the trials' fixed costs are in this rate: subtract the shorter trial, in clips and in "
     "seconds, before you divide.",
     lambda n, e, s, N, E: E * N * s[1] / (n * e[1]) / 3600),
    ("this takes the shorter trial alone, with its fixed costs: subtract it from the longer one.",
     lambda n, e, s, N, E: E * N * s[0] / (n * e[0]) / 3600),
    ("these are seconds: divide by 3600 for hours.",
     lambda n, e, s, N, E: 3600 * _hours(n, e, s, N, E)),
    ("these are minutes: divide by 60 once more for hours.",
     lambda n, e, s, N, E: 60 * _hours(n, e, s, N, E)),
    ("this is one epoch: the training has E of them.",
     lambda n, e, s, N, E: _hours(n, e, s, N, E) / E),
    ("this is the rate of epochs of the trial, not of clips: the full data have N / n times as "
     "many clips.",
     lambda n, e, s, N, E: _hours(n, e, s, N, E) * n / N),
    ("the fraction of the rate is upside down: clips a second are clips over seconds.",
     lambda n, e, s, N, E: E * N * n * (e[1] - e[0]) / (s[1] - s[0]) / 3600),
]  # fmt: skip
_ANGLE = [
    ("this is the cosine nearest to 1, not its angle: take the arc cosine.",
     lambda bits: 1 - 2.0 ** -(bits + 1)),
    ("this is in radians: the angle is wanted in degrees.",
     lambda bits: np.arccos(1 - 2.0 ** -(bits + 1))),
    ("this is the spacing above 1. Just below 1 it is half as large, 2^-(bits + 1).",
     lambda bits: np.degrees(np.arccos(1 - 2.0 ** -bits))),
    ("this is half of that spacing again: just below 1 the spacing is 2^-(bits + 1).",
     lambda bits: np.degrees(np.arccos(1 - 2.0 ** -(bits + 2)))),
    ("this is the spacing itself: which angle has the cosine 1 minus it?",
     lambda bits: 2.0 ** -(bits + 1)),
]  # fmt: skip
_GRADIENT = [
    ("this is the mean of the parts' gradients: a part of more clips counts more.",
     lambda g, n: g.mean(axis=0)),
    ("this is the sum: each part's gradient is a mean over its clips already, so weigh it by its "
     "share of them.",
     lambda g, n: g.sum(axis=0)),
    ("each part is weighed by its clips, and the sum is not divided by all clips.",
     lambda g, n: n @ g),
    ("the weights are upside down: a part of more clips counts more.",
     lambda g, n: (1 / n) @ g / (1 / n).sum()),
    ("this divides by the number of parts: divide by the number of clips.",
     lambda g, n: n @ g / len(n)),
]  # fmt: skip
_PLACES = [(12, 0, 0), (12, 0, 1), (12, 0, 2), (12, 1, 0), (12, 1, 1), (31, 0, 1)]


def ex_15_1(hours):
    r"""Check ``hours(clips, epochs, seconds, N, E)``, the time of a training told from two trials.

    $T = \frac{E N}{r}, \quad r = \frac{n (e_2 - e_1)}{s_2 - s_1}$

    Shapes: a function of the ``clips`` n of both trials, their ``epochs`` (2,) and ``seconds``
        (2,), and the N clips and E epochs of the full training -> a number.
    Example:
        >>> checks.ex_15_1(lambda n, e, s, N, E: E * N * s[1] / (n * e[1]) / 3600)
        ✗ Exercise 15.1: the trials' fixed costs are in this rate: subtract the shorter trial, ...
    Notebook: 15_train_on_gpu
    """
    trials = [
        (96, np.array([1.0, 3.0]), np.array([2.9, 4.5]), 20_119, 400),
        (64, np.array([2.0, 5.0]), np.array([1.4, 2.6]), 6000, 10),
        (576, np.array([1.0, 2.0]), np.array([5.5, 9.0]), 20_000, 300),
    ]
    return examine(
        "15.1", hours, _hours, trials, mistakes=_HOURS,
        right="The first epochs pay for what is done once; the difference of two trials does not.",
    )  # fmt: skip


def ex_15_2(order):
    """Check ``order(N, seed, epoch)``, in which order an epoch takes its clips, so that a training
    that was stopped goes on as if it had not been.

    Shapes: a function of the number of clips N, a seed and the number of an epoch -> (N,) row
        numbers.
    Choices: any order will do that all clips are in, that seed and epoch alone decide, that leaves
        the chance of others alone, and that differs from epoch to epoch and from seed to seed.
    Example:
        >>> checks.ex_15_2(lambda N, seed, epoch: np.random.permutation(N))
        ✗ Exercise 15.2: asked twice for the same epoch, it gives two orders: after a stop the ...
    Notebook: 15_train_on_gpu
    """
    if not callable(order):
        return Verdict("15.2", "wrong", "hand over the function itself, without calling it.")
    import torch

    chance = np.random.get_state(), torch.get_rng_state()
    try:
        first = [order(*place) for place in _PLACES]
        if any(found is ... for found in first):
            return Verdict("15.2", "not attempted")
        moved = _moved(chance)
        again = [order(*place) for place in reversed(_PLACES)][::-1]
        return _judged([_rows(some) for some in first], [_rows(some) for some in again], moved)
    except Exception as error:  # whatever the learner's code raises is told in words
        told = f"your function stopped with {type(error).__name__}: {error}"
        return Verdict("15.2", "wrong", told)
    finally:
        np.random.set_state(chance[0])
        torch.set_rng_state(chance[1])


def ex_15_3(smallest_angle):
    r"""Check ``smallest_angle(bits)``, the smallest angle above 0 that a cosine of so many mantissa
    bits can tell, in degrees.

    $\theta = \arccos(1 - 2^{-(b + 1)})$

    Shapes: a function of ``bits`` (N,) -> (N,).
    Notebook: 15_train_on_gpu
    """
    return examine(
        "15.3", smallest_angle, lambda bits: np.degrees(np.arccos(1 - 2.0 ** -(bits + 1.0))),
        [(np.array([7.0, 10.0, 23.0]),), (np.array([2.0, 3.0, 5.0, 8.0]),)],
        right="bf16 has 7 bits: no angle between 0 and 5.1 degrees. So a loss gets float32.",
        mistakes=_ANGLE,
    )  # fmt: skip


def ex_15_4(gradient):
    r"""Check ``gradient(gradients, sizes)``, the gradient of a whole batch from those of its parts.

    $\nabla L = \frac{1}{n} \sum_p n_p \nabla L_p, \quad n = \sum_p n_p$

    Shapes: a function of ``gradients`` (P, D), each of a mean loss over its part, and the numbers
        of clips ``sizes`` (P,) -> (D,).
    Notebook: 15_train_on_gpu
    """
    chance = np.random.default_rng(0)
    return examine(
        "15.4", gradient, lambda g, n: n @ g / n.sum(),
        [(chance.normal(size=(len(n), 4)), np.array(n)) for n in ([64.0, 32.0], [5.0, 1.0, 2.0])],
        right="It holds for losses that are means over clips, and for no batch norm.",
        mistakes=_GRADIENT,
    )  # fmt: skip


def _hours(clips, epochs, seconds, N, E):
    return E * N * (seconds[1] - seconds[0]) / (clips * (epochs[1] - epochs[0])) / 3600


def _rows(order):
    return np.asarray(order.cpu() if hasattr(order, "cpu") else order)


def _moved(chance):
    """Say whether somebody has drawn from the chance that all share."""
    import torch

    numpy_too = all(np.array_equal(a, b) for a, b in zip(np.random.get_state()[1:3], chance[0][1:]))
    return not (numpy_too and torch.equal(torch.get_rng_state(), chance[1]))


def _judged(first, again, moved):
    hint = _hint(first, again, moved)
    right = "An epoch needs to know no epoch before it, so a run may stop after any of them."
    return Verdict("15.2", "wrong", hint) if hint else Verdict("15.2", "right", right)


def _hint(first, again, moved):
    for (count, *_), rows in zip(_PLACES, first):
        if rows.shape != (count,):
            return f"of {count} clips it gives the shape {rows.shape}: give one row number each."
        if sorted(rows.tolist()) != list(range(count)):
            return "a clip is missing, or comes twice: an epoch takes every clip once."
    if not all(map(np.array_equal, first, again)):
        return (
            "asked twice for the same epoch, it gives two orders: after a stop the next epoch "
            "would be another one. Draw from a generator of its own, seeded by seed and epoch."
        )
    if np.array_equal(first[0], first[1]) or np.array_equal(first[1], first[2]):
        return "all epochs have the same order: epoch has no effect."
    if np.array_equal(first[0], first[3]):
        return "two seeds have the same order: seed has no effect."
    if np.array_equal(first[1], first[3]) or np.array_equal(first[2], first[4]):
        return (
            "epoch 1 of seed 0 has the order of epoch 0 of seed 1: seed + epoch mixes them up, so "
            "two trainings would share their orders. Give both to the generator."
        )
    if moved:
        return (
            "it draws from, or seeds, the chance that all share: dropout and noise would change "
            "with it. Take a generator of its own."
        )
    return None
