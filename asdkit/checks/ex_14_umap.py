"""Checks of notebook 14 on how maps are made: a turn without a stretch, and the force of a pair."""

import numpy as np

from .verdict import examine

_TURNS = [  # of the map, what it is turned onto, and the means of both
    ("nothing is turned: the mean is shifted alone.",
     lambda a, b, m, n: a - m + n),
    ("the map is turned, and not shifted onto the other: add its mean at the end.",
     lambda a, b, m, n: (a - m) @ _turn(a - m, b - n)),
    ("the map is shifted back to its own mean: add that of the other.",
     lambda a, b, m, n: (a - m) @ _turn(a - m, b - n) + m),
    ("the means stay in while the turn is sought: take both off first.",
     lambda a, b, m, n: a @ _turn(a, b)),
    ("the means stay in while the turn is sought: take both off first.",
     lambda a, b, m, n: (a - m) @ _turn(a, b) + n),
    ("the map is turned with its mean, which then moves too: take it off before, (X - mean) R.",
     lambda a, b, m, n: a @ _turn(a - m, b - n) - m + n),
    ("the turn goes the wrong way: R is U V^T of the SVD of X^T Y, not its transpose.",
     lambda a, b, m, n: (a - m) @ _turn(a - m, b - n).T + n),
    ("this stretches too: Procrustes may turn, mirror and shift here, so leave the factor out.",
     lambda a, b, m, n: _stretch(a - m, b - n) * (a - m) @ _turn(a - m, b - n) + n),
    ("this is the best matrix of all, by least squares: it stretches and shears. R has to keep "
     "lengths.",
     lambda a, b, m, n: (a - m) @ np.linalg.lstsq(a - m, b - n)[0] + n),
    ("a mirrored map is not mirrored back: R may have the determinant -1 too.",
     lambda a, b, m, n: (a - m) @ _turn(a - m, b - n, mirror=False) + n),
    ("this turns the other map onto this one.",
     lambda a, b, m, n: (b - n) @ _turn(b - n, a - m) + m),
    ("both maps are brought to size 1, as scipy.spatial.procrustes does: keep the size.",
     lambda a, b, m, n: (a - m) @ _turn(a - m, b - n) / np.linalg.norm(a - m)),
    ("this is the other map itself: return the first, turned.",
     lambda a, b, m, n: b),
]  # fmt: skip
_FORCES = [
    ("the sign is turned around: the slope is positive where a longer d costs more.",
     lambda d, p: -_force(d, p)),
    ("this is the pull alone: -(1 - p) ln(1 - q) pushes, and has a slope too.",
     lambda d, p: 2 * p * d / (1 + d**2)),
    ("this is the push alone: -p ln q pulls, and has a slope too.",
     lambda d, p: -2 * (1 - p) / (d * (1 + d**2))),
    ("pull and push are added as if both pulled: ln(1 - q) grows with d, so its term pushes.",
     lambda d, p: 2 * p * d / (1 + d**2) + 2 * (1 - p) / (d * (1 + d**2))),
    ("the push counts whole: its weight is 1 - p.",
     lambda d, p: 2 * p * d / (1 + d**2) - 2 / (d * (1 + d**2))),
    ("the pull counts whole: its weight is p.",
     lambda d, p: 2 * d / (1 + d**2) - 2 * (1 - p) / (d * (1 + d**2))),
    ("this is the slope in d^2: multiply by 2 d.",
     lambda d, p: _force(d, p) / (2 * d)),
    ("this is the slope in q: multiply by that of q in d, -2 d / (1 + d^2)^2.",
     lambda d, p: (1 - p) * (1 + d**2) / d**2 - p * (1 + d**2)),
    ("the factor 2 is missing: that of d^2 is 2 d.",
     lambda d, p: _force(d, p) / 2),
    ("this is the cost itself: its slope in d is asked for.",
     lambda d, p: p * np.log(1 + d**2) - (1 - p) * np.log(d**2 / (1 + d**2))),
    ("1 - q is d^2 / (1 + d^2), not 1 / d^2: the push lacks a 1 + d^2 below it.",
     lambda d, p: 2 * p * d / (1 + d**2) - 2 * (1 - p) / d),
    ("the pull lacks the 1 + d^2 below it: -ln q is ln(1 + d^2).",
     lambda d, p: 2 * p * d - 2 * (1 - p) / (d * (1 + d**2))),
    ("p and 1 - p are swapped: p pulls.",
     lambda d, p: _force(d, 1 - p)),
    ("this is the gap between p and q: it is 0 where the slope is, but is no slope.",
     lambda d, p: p - 1 / (1 + d**2)),
]  # fmt: skip


def ex_14_3(turned_onto):
    r"""Check ``turned_onto(xy, onto)``, a map turned, mirrored and shifted onto another one.

    $(X - \bar X) R + \bar Y$ with $R = U V^\top$ of the singular value decomposition $U S V^\top =
    (X - \bar X)^\top (Y - \bar Y)$.

    Paper: Schönemann (1966).
    Shapes: a function of two maps (N, 2) of the same clips -> (N, 2).
    Example:
        >>> checks.ex_14_3(lambda xy, onto: xy - xy.mean(0) + onto.mean(0))
        ✗ Exercise 14.3: nothing is turned: the mean is shifted alone.
    Notebook: 14_embedding_explorer
    """
    return examine(
        "14.3", turned_onto, _turned, [_two_maps(seed, n) for seed, n in enumerate((4, 9, 20))],
        right="All distances within the map stay, so its agreement and trustworthiness do too.",
        mistakes=[(hint, lambda a, b, f=f: f(a, b, a.mean(0), b.mean(0))) for hint, f in _TURNS],
    )  # fmt: skip


def ex_14_4(pair_slope):
    r"""Check ``pair_slope(d, p)``, the slope in d of what a pair costs in UMAP.

    $C = -p \ln q - (1 - p) \ln(1 - q)$ with $q = 1 / (1 + d^2)$; the slope is
    $\frac{2 p d}{1 + d^2} - \frac{2 (1 - p)}{d (1 + d^2)}$.

    Paper: McInnes, Healy and Melville (2018), the cross entropy, here with a = b = 1.
    Shapes: a function of ``d`` (N,), above 0, and ``p`` (N,) in [0, 1] -> (N,).
    Notebook: 14_embedding_explorer
    """
    draw = np.random.default_rng(4)
    return examine(
        "14.4", pair_slope, _force,
        [(np.array([0.5, 2.0]), np.array([1.0, 0.0])),
         (np.array([0.2, 1.0, 3.0]), np.array([0.7, 0.3, 0.05])),
         (draw.uniform(0.1, 4, size=9), draw.uniform(0, 1, size=9))],
        right="It is 0 at d = sqrt((1 - p) / p), where q = p. With p = 0 it pushes at every d.",
        mistakes=_FORCES,
    )  # fmt: skip


def _turn(a, b, mirror=True):
    u, _, v = np.linalg.svd(a.T @ b)
    flip = np.diag([1.0, 1.0 if mirror else np.sign(np.linalg.det(u @ v))])
    return u @ flip @ v


def _stretch(a, b):
    return np.linalg.svd(a.T @ b)[1].sum() / (a**2).sum()


def _turned(xy, onto):
    a, b = xy - xy.mean(axis=0), onto - onto.mean(axis=0)
    return a @ _turn(a, b) + onto.mean(axis=0)


def _force(d, p):
    return 2 * p * d / (1 + d**2) - 2 * (1 - p) / (d * (1 + d**2))


def _two_maps(seed, n):
    """Make a map, and the same one turned, perhaps mirrored, stretched, shifted and disturbed."""
    rng = np.random.default_rng(seed)
    xy = rng.normal(size=(n, 2)) * [2.0, 1.0]
    turn = np.array([[0.6, 0.8], [-0.8, 0.6]]) * [1.0, 1.0 if seed % 2 else -1.0]
    return xy + [3.0, 1.0], 1.5 * xy @ turn + [-1.0, 2.0] + 0.2 * rng.normal(size=(n, 2))
