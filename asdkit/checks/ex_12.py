"""Checks of notebook 12: a Gaussian's score, nearest cosines, a likelihood ratio, an ensemble."""

import numpy as np
from scipy.special import logsumexp

from .verdict import examine

RIDGE = 1e-3
DENSITY_MISTAKES = [
    ("1e-3 is missing on the diagonal of the covariance.",
     lambda t, x: _gaussian(t, x, ridge=0.0)),
    ("the covariance divides by N - 1: the likeliest one divides by N (bias=True).",
     lambda t, x: _gaussian(t, x, ddof=1)),
    ("this is half the squared Mahalanobis distance: ln det(2 pi Sigma) / 2 is missing.",
     lambda t, x: 0.5 * _parts(t, x)[0]),
    ("this is the squared Mahalanobis distance: halve it, and add ln det(2 pi Sigma) / 2.",
     lambda t, x: _parts(t, x)[0]),
    ("this is the Mahalanobis distance: its square belongs into the density.",
     lambda t, x: np.sqrt(_parts(t, x)[0])),
    ("the gaps are multiplied by Sigma: it is the inverse of Sigma that measures them.",
     lambda t, x: _gaussian(t, x, inverted=False)),
    ("the log-determinant is subtracted: it makes a wide Gaussian less likely, so add it.",
     lambda t, x: _parts(t, x)[0] / 2 - _parts(t, x)[1] / 2 + x.shape[1] * np.log(2 * np.pi)),
    ("the log-determinant must be halved, as the squared distance is.",
     lambda t, x: 0.5 * _parts(t, x)[0] + _parts(t, x)[1]),
    ("the constant D ln(2 pi) / 2 is missing.",
     lambda t, x: _gaussian(t, x) - 0.5 * x.shape[1] * np.log(2 * np.pi)),
    ("ln(2 pi) counts once only: det(2 pi Sigma) holds it for each of the D dimensions.",
     lambda t, x: _gaussian(t, x) - 0.5 * (x.shape[1] - 1) * np.log(2 * np.pi)),
    ("the mean is one number: average over the clips only, axis=0.",
     lambda t, x: _gaussian(t, x, pooled=True)),
    ("all clips are divided by one norm: each has its own, axis=1.",
     lambda t, x: _gaussian(t, x, norms=lambda rows: rows / np.linalg.norm(rows))),
    ("this keeps the diagonal of the covariance only: the other entries make it full.",
     lambda t, x: _gaussian(t, x, only=True)),
    ("the mean is brought to unit length: leave it inside the sphere, where the clips put it.",
     lambda t, x: _gaussian(t, x, outside=True)),
]  # fmt: skip


def ex_12_1(gaussian_score):
    r"""Check ``gaussian_score(train, x)``, a negative log-density with full covariance, in nats.

    $\tfrac12 (x - \mu)^\top \Sigma^{-1} (x - \mu) + \tfrac12 \ln\det 2\pi\Sigma$ on unit vectors.

    Paper: [SCA] III-C.
    Shapes: a function of ``train`` (N, D) and ``x`` (M, D), not yet of unit length -> (M,).
    Choices: $\Sigma$ divides by N, and gets 1e-3 on its diagonal.
    Notebook: 12_backends
    """
    return examine(
        "12.1", gaussian_score, _gaussian, [_clips(seed) for seed in range(4)],
        rescale=lambda train, x: (3 * train, x / 2),
        right="Scores of one unit, nats, may be added and compared between models.",
        mistakes=DENSITY_MISTAKES,
    )  # fmt: skip


def ex_12_2(top_k):
    r"""Check ``top_k(train, x, k)``, the mean cosine distance to the k nearest training embeddings.

    $1 - \frac1k \sum_{i \in N_k(x)} \cos(x, x_i)$

    Paper: [SCA] Table II, with k = 10.
    Shapes: a function of ``train`` (N, D), ``x`` (M, D) and k -> (M,).
    Notebook: 12_backends
    """
    return examine(
        "12.2", top_k, _top_k, [(*_clips(seed), k) for seed, k in enumerate((3, 1, 5, 10))],
        rescale=lambda train, x, k: (3 * train, x / 2, k),
        right="k = 1 is the nearest neighbor, k = N the mean.",
        mistakes=[
            ("this is the mean similarity: the distance is 1 minus it.",
             lambda t, x, k: 1 - _top_k(t, x, k)),
            ("these are the k farthest clips: sort the other way.",
             lambda t, x, k: 1 - _sorted(t, x)[:, :k].mean(axis=1)),
            ("this is the distance to the nearest one only, whatever k is: average over k of them.",
             lambda t, x, k: 1 - _sorted(t, x)[:, -1]),
            ("this is the distance to the k-th nearest: average over all k.",
             lambda t, x, k: 1 - _sorted(t, x)[:, -k]),
            ("this averages over all training clips, whatever k is.",
             lambda t, x, k: 1 - _sorted(t, x).mean(axis=1)),
            ("all clips are divided by one norm: each has its own, axis=1.",
             lambda t, x, k: 1 - _sorted(t, x, lambda rows: rows / np.linalg.norm(rows))[:, -k:]
                 .mean(axis=1)),
            ("these are Euclidean distances d: the cosine distance of unit vectors is d**2 / 2.",
             lambda t, x, k: np.sqrt(2 - 2 * _sorted(t, x)[:, -k:]).mean(axis=1)),
            ("this is the cosine to the mean of the k nearest: average k cosines instead.",
             lambda t, x, k: _to_their_mean(t, x, k)),
            ("the nearest clip is left out: x is not among the training clips, so all k count.",
             lambda t, x, k: 1 - _sorted(t, x)[:, -k - 1 : -1].mean(axis=1)),
            ("this is 1 minus a sum: divide the sum by k.",
             lambda t, x, k: 1 - _sorted(t, x)[:, -k:].sum(axis=1)),
        ],
    )  # fmt: skip


def ex_12_3(plda_ratio):
    r"""Check ``plda_ratio(x, mean, n, mu, between, within)``, two-covariance PLDA in one dimension.

    $\ln \mathcal N(x; \mu, W + B) - \ln \mathcal N(x; m, W + P)$ with $P = (1/B + n/W)^{-1}$ and
    $m = P (\mu/B + n \bar x/W)$; the last two arguments are the variances B and W.

    Paper: [SCA] Table II, after Sizov et al. 2014.
    Shapes: a function of ``x`` (M,), the mean of a machine, its number of clips, and three
        numbers -> (M,).
    Notebook: 12_backends
    """
    return examine(
        "12.3", plda_ratio, _plda, [_class(seed) for seed in range(5)],
        right="Far from every machine the wider Gaussian is the likelier one: that of any machine.",
        mistakes=[
            ("this is the own machine's part only: compare it with the Gaussian of any machine.",
             lambda x, *g: -_density(x, *_posterior(*g))),
            ("the own machine's variance is W + P: that of the hidden mean, P, is missing.",
             _against(lambda *g: (_hidden(*g)[0], g[-1]))),
            ("the own variance is W + P: the clips scatter around m, by W.", _against(_hidden)),
            ("the own mean, m, lies between mean and mu.",
             _against(lambda *g: (g[0], _posterior(*g)[1]))),
            ("the variance of any machine is W + B: its clips scatter, too.",
             lambda x, a, n, m, b, w: _density(x, m, b) - _density(x, *_posterior(a, n, m, b, w))),
            ("in m, the mean counts n times: n * mean / within.", _against(lambda a, n, m, b, w:
                (_hidden(a, n, m, b, w)[1] * (m / b + a / w), _posterior(a, n, m, b, w)[1]))),
            ("the hidden mean m is not multiplied by P.", _against(lambda a, n, m, b, w:
                (m / b + n * a / w, _posterior(a, n, m, b, w)[1]))),
            ("P is one over the sum 1/B + n/W.", _against(lambda a, n, m, b, w:
                ((1 / b + n / w) * (m / b + n * a / w), w + 1 / b + n / w))),
            ("the logarithms of the two variances are missing.",
             lambda x, *g: _plda(x, *g) - 0.5 * np.log(_posterior(*g)[1] / (g[3] + g[4]))),
            ("n is left out: n clips make the hidden mean more certain than one.",
             lambda x, a, n, m, b, w: _plda(x, a, 1, m, b, w)),
            ("B and W are swapped: B is the variance between machines.",
             lambda x, a, n, m, b, w: _plda(x, a, n, m, w, b)),
            ("the variances are taken for standard deviations: take their roots.",
             _against(_posterior, power=2)),
        ],
    )  # fmt: skip


def ex_12_4(fuse):
    r"""Check ``fuse(log_probability)``, the score of an ensemble, $-\sum_m \ln p_m(x)$.

    Paper: [SCA] Fig. 2: the sum of the log-probabilities of all systems.
    Shapes: a function of the log-densities (M, N) of M systems -> score (N,).
    Notebook: 12_backends
    """
    return examine(
        "12.4", fuse, lambda p: -np.sum(p, axis=0),
        [(_nats(seed),) for seed in range(4)] + [(_nats(4) - 900,)],
        right="A sum of logarithms is the logarithm of a product: every system has a veto.",
        mistakes=[
            ("this is the mean, which ranks alike: the paper sums.", lambda p: -p.mean(axis=0)),
            ("this averages densities: sum logarithms.", lambda p: -logsumexp(p, 0, 1 / len(p))),
            ("this averages the densities, which vanish: sum the logarithms.",
             lambda p: -np.log(np.exp(p).mean(axis=0))),
            ("this adds the densities: sum their logarithms.", lambda p: -logsumexp(p, axis=0)),
            ("this takes the surest system only: all of them count.", lambda p: -p.max(axis=0)),
            ("this takes the most alarmed system only: all count.", lambda p: -p.min(axis=0)),
            ("each system is standardized: the paper does not.", lambda p: -(
                (p - p.mean(1, keepdims=True)) / p.std(1, keepdims=True)).sum(0)),
            ("this multiplies the densities first, and exp(-900) is 0 to a computer: sum the logs.",
             lambda p: -np.log(np.exp(p).prod(axis=0))),
            *[("this multiplies the logarithms: the product is that of the densities.",
               lambda p, sign=sign: sign * p.prod(axis=0)) for sign in (-1, 1)],
        ],
    )  # fmt: skip


def _unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def _moments(train, ridge=RIDGE, ddof=0, only=False, outside=False, pooled=False):
    mean = train.mean(axis=None if pooled else 0)
    mean = mean / np.linalg.norm(mean) if outside else mean
    covariance = np.cov(train.T, ddof=ddof) + ridge * np.eye(train.shape[1])
    return mean, np.diag(np.diag(covariance)) if only else covariance


def _parts(train, x, norms=_unit, inverted=True, **kind):
    """Return squared Mahalanobis distances and ln det(2 pi Sigma)."""
    mean, covariance = _moments(norms(train), **kind)
    gap = norms(x) - mean
    measured = np.linalg.solve(covariance, gap.T) if inverted else covariance @ gap.T
    squared = np.einsum("nd,dn->n", gap, measured)
    return squared, np.linalg.slogdet(2 * np.pi * covariance)[1]


def _gaussian(train, x, **kind):
    squared, volume = _parts(train, x, **kind)
    return 0.5 * (squared + volume)


def _sorted(train, x, norms=_unit):
    return np.sort(norms(x) @ norms(train).T, axis=1)  # (M, N)


def _top_k(train, x, k):
    return 1 - _sorted(train, x)[:, -k:].mean(axis=1)


def _to_their_mean(train, x, k):
    cosine = _unit(x) @ _unit(train).T
    means = [_unit(train)[rows].mean(axis=0) for rows in np.argsort(-cosine)[:, :k]]
    return 1 - (_unit(x) * _unit(np.stack(means))).sum(axis=1)


def _clips(seed):
    """Make training and test clips off the origin, of any length."""
    rng = np.random.default_rng(seed)
    mix = rng.normal(size=(3, 3)) * 0.4
    return tuple(
        (rng.normal(size=(count, 3)) @ mix + [1, 0.5, 0]) * rng.uniform(0.5, 2, (count, 1))
        for count in (12, 7)
    )


def _density(x, mean, variance, power=1):
    return -0.5 * (np.log(2 * np.pi * variance**power) + (x - mean) ** 2 / variance**power)


def _hidden(mean, n, mu, between, within):
    variance = 1 / (1 / between + n / within)
    return variance * (mu / between + n * mean / within), variance


def _posterior(*given):
    middle, variance = _hidden(*given)
    return middle, given[-1] + variance


def _against(own, **taken):
    """Make the ratio of which ``own`` gives the mean and the variance of the own machine."""
    return lambda x, a, n, m, b, w: (
        _density(x, m, w + b, **taken) - _density(x, *own(a, n, m, b, w), **taken)
    )


def _plda(x, *given):
    return _against(_posterior)(x, *given)


def _class(seed):
    rng = np.random.default_rng(seed)
    between, within = rng.uniform(0.5, 3, 2)
    return rng.normal(size=6) * 2, rng.normal() + 2, 2 + seed, rng.normal(), between, within


def _nats(seed):
    return np.random.default_rng(seed).normal(size=(3 + seed, 8)) * 5 + 20
