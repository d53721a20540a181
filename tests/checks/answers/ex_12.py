"""Answers to the exercises of notebook 12: right answers, and wrong ones by the hint that each must
get.
"""

import numpy as np
import torch
from scipy.stats import multivariate_normal, norm

from asdkit import backends


def unit(x):
    return x / np.sqrt((x**2).sum(axis=1, keepdims=True))


def fitted(t, x, ridge=1e-3, ddof=0):
    t = unit(t)
    return multivariate_normal(
        t.mean(axis=0), np.cov(t.T, ddof=ddof) + ridge * np.eye(t.shape[1])
    ), unit(x)


def gaussian(t, x, **kind):
    model, x = fitted(t, x, **kind)
    return -model.logpdf(x)


def gaussian_in_torch(t, x):
    t, x = torch.nn.functional.normalize(t), torch.nn.functional.normalize(x)
    covariance = torch.cov(t.T, correction=0) + 1e-3 * torch.eye(t.shape[1])
    return -torch.distributions.MultivariateNormal(t.mean(dim=0), covariance).log_prob(x)


def gaussian_in_float32(t, x):
    t, x = (torch.as_tensor(rows).float() for rows in (t, x))
    t, x = t / t.norm(dim=1, keepdim=True), x / x.norm(dim=1, keepdim=True)
    gap = t - t.mean(dim=0)
    covariance = gap.T @ gap / len(t) + 1e-3 * torch.eye(t.shape[1])
    gap = x - t.mean(dim=0)
    squared = (gap @ torch.linalg.inv(covariance) * gap).sum(dim=1)
    return (squared + torch.logdet(2 * torch.pi * covariance)) / 2


def one_norm(t, x, axis=None):
    t, x = (rows / np.linalg.norm(rows, axis=axis) for rows in (t, x))
    model = multivariate_normal(t.mean(axis=0), np.cov(t.T, ddof=0) + 1e-3 * np.eye(t.shape[1]))
    return -np.atleast_1d(model.logpdf(x))


def pooled_mean(t, x):
    model, x = fitted(t, x)
    return -multivariate_normal(np.full(3, unit(t).mean()), model.cov).logpdf(x)


def mahalanobis(t, x):
    model, x = fitted(t, x)
    return np.array([row @ np.linalg.inv(model.cov) @ row for row in x - model.mean])


def turned(t, x):
    model, x = fitted(t, x)
    return np.array([row @ model.cov @ row for row in x - model.mean])


def volume(t):
    return np.log(np.linalg.det(2 * np.pi * fitted(t, t)[0].cov))


def outside(t, x):
    model, x = fitted(t, x)
    return -multivariate_normal(model.mean / np.linalg.norm(model.mean), model.cov).logpdf(x)


def cosines(t, x):
    return np.sort(unit(x) @ unit(t).T, axis=1)[:, ::-1]


def cosines_of_one_norm(t, x):
    t, x = t / np.linalg.norm(t), x / np.linalg.norm(x)
    return np.sort(x @ t.T, axis=1)[:, ::-1]


def mean_of_nearest(t, x, k):
    t, x = unit(t), unit(x)
    nearest = np.argsort(((x[:, None] - t) ** 2).sum(axis=2), axis=1)[:, :k]
    return 1 - (x * unit(t[nearest].mean(axis=1))).sum(axis=1)


def ratio_by_integral(x, a, n, m, b, w):
    """The hidden mean summed out on a grid, with the class mean as one observation of variance W /
    n.
    """
    y = np.linspace(-40, 40, 20001)
    weight = norm(a, np.sqrt(w / n)).pdf(y) * norm(m, np.sqrt(b)).pdf(y)
    own = [weight @ norm(y, np.sqrt(w)).pdf(clip) / weight.sum() for clip in x]
    return norm(m, np.sqrt(w + b)).logpdf(x) - np.log(own)


def hidden(a, n, m, b, w):
    return (w * m + n * b * a) / (w + n * b), w * b / (w + n * b)


def ratio(x, a, n, m, b, w):
    y, p = hidden(a, n, m, b, w)
    return norm(m, np.sqrt(w + b)).logpdf(x) - norm(y, np.sqrt(w + p)).logpdf(x)


def own_part(x, a, n, m, b, w):
    y, p = hidden(a, n, m, b, w)
    return -norm(y, np.sqrt(w + p)).logpdf(x)


RIGHT = {
    "ex_12_1": [
        gaussian,
        gaussian_in_torch,
        gaussian_in_float32,
        lambda t, x: backends.Gaussian().fit(t).score(x),
    ],
    "ex_12_2": [
        lambda t, x, k: backends.CosineTopK(k).fit(t).score(x),
        lambda t, x, k: 1 - cosines(t, x)[:, :k].mean(axis=1),
    ],
    "ex_12_3": [ratio, ratio_by_integral],
    "ex_12_4": [
        lambda p: -sum(p),
        lambda p: -torch.as_tensor(p).sum(dim=0),
        lambda p: -torch.as_tensor(p).float().sum(dim=0),
    ],
}
WRONG = {
    "ex_12_1": {
        "1e-3 is missing": lambda t, x: gaussian(t, x, ridge=0.0),
        "divides by N (bias=True)": lambda t, x: gaussian(t, x, ddof=1),
        "this is half the squared Mahalanobis": lambda t, x: mahalanobis(t, x) / 2,
        "this is the squared Mahalanobis": mahalanobis,
        "the inverse of Sigma that measures": lambda t, x: (
            gaussian(t, x) + (turned(t, x) - mahalanobis(t, x)) / 2
        ),
        "the log-determinant is subtracted": lambda t, x: (
            gaussian(t, x) - volume(t) + 3 * np.log(2 * np.pi)
        ),
        "ln(2 pi) counts once only": lambda t, x: gaussian(t, x) - np.log(2 * np.pi),
        "axis 0 of x": lambda t, x: one_norm(t, x, axis=0),
        "its square belongs into the density": lambda t, x: mahalanobis(t, x) ** 0.5,
        "log-determinant must be halved": lambda t, x: mahalanobis(t, x) / 2 + volume(t),
        "the constant D ln(2 pi) / 2": lambda t, x: gaussian(t, x) - 1.5 * np.log(2 * np.pi),
        "keeps the diagonal": lambda t, x: -multivariate_normal(
            unit(t).mean(axis=0), np.diag(unit(t).var(axis=0) + 1e-3)
        ).logpdf(unit(x)),
        "leave it inside the sphere": outside,
        "average over the clips only": pooled_mean,
        "each has its own, axis=1": one_norm,
        "an axis is forgotten": lambda t, x: gaussian(t, x).sum(),
        "sign is flipped": lambda t, x: -gaussian(t, x),
        "changes with the length": lambda t, x: backends.Gaussian(normalize=False).fit(t).score(x),
        "must give shape": lambda t, x: gaussian(t, x)[:-1],
    },
    "ex_12_2": {
        "distance is 1 minus it": lambda t, x, k: cosines(t, x)[:, :k].mean(axis=1),
        "k farthest": lambda t, x, k: 1 - cosines(t, x)[:, -k:].mean(axis=1),
        "nearest one only": lambda t, x, k: 1 - cosines(t, x).max(axis=1),
        "the k-th nearest": lambda t, x, k: 1 - cosines(t, x)[:, k - 1],
        "over all training clips": lambda t, x, k: 1 - cosines(t, x).mean(axis=1),
        "each has its own, axis=1": lambda t, x, k: (
            1 - cosines_of_one_norm(t, x)[:, :k].mean(axis=1)
        ),
        "Euclidean distances": lambda t, x, k: np.sort(
            np.linalg.norm(unit(x)[:, None] - unit(t), axis=2), axis=1
        )[:, :k].mean(axis=1),
        "an axis is forgotten": lambda t, x, k: 1 - cosines(t, x)[:, :k].mean(),
        "divide the sum by k": lambda t, x, k: 1 - cosines(t, x)[:, :k].sum(axis=1),
        "changes with the length": lambda t, x, k: (
            1 - np.sort(x @ t.T, axis=1)[:, -k:].mean(axis=1)
        ),
        "the mean of the k nearest": mean_of_nearest,
        "the nearest clip is left out": lambda t, x, k: (
            1 - cosines(t, x)[:, 1 : k + 1].mean(axis=1)
        ),
        "off by one: k + 1": lambda t, x, k: 1 - cosines(t, x)[:, : k + 1].mean(axis=1),
    },
    "ex_12_3": {
        "own machine's part only": own_part,
        "does not depend on n": lambda x, a, n, m, b, w: (
            norm(m, np.sqrt(w + b)).logpdf(x) - norm(a, np.sqrt(w)).logpdf(x)
        ),
        "the clips scatter around m, by W": lambda x, a, n, m, b, w: (
            norm(m, np.sqrt(w + b)).logpdf(x)
            - norm(hidden(a, n, m, b, w)[0], np.sqrt(hidden(a, n, m, b, w)[1])).logpdf(x)
        ),
        "not multiplied by P": lambda x, a, n, m, b, w: (
            norm(m, np.sqrt(w + b)).logpdf(x)
            - norm(m / b + n * a / w, np.sqrt(w + hidden(a, n, m, b, w)[1])).logpdf(x)
        ),
        "one over the sum": lambda x, a, n, m, b, w: (
            norm(m, np.sqrt(w + b)).logpdf(x)
            - norm(
                (1 / b + n / w) * (m / b + n * a / w), np.sqrt(w + 1 / b + n / w)
            ).logpdf(x)
        ),
        "the logarithms of the two variances": lambda x, a, n, m, b, w: (
            (x - hidden(a, n, m, b, w)[0]) ** 2 / (w + hidden(a, n, m, b, w)[1]) / 2
            - (x - m) ** 2 / (w + b) / 2
        ),
        "that of the hidden mean, P, is missing": lambda x, a, n, m, b, w: (
            norm(m, np.sqrt(w + b)).logpdf(x) - norm(hidden(a, n, m, b, w)[0], np.sqrt(w)).logpdf(x)
        ),
        "lies between mean and mu": lambda x, a, n, m, b, w: (
            norm(m, np.sqrt(w + b)).logpdf(x)
            - norm(a, np.sqrt(w + hidden(a, n, m, b, w)[1])).logpdf(x)
        ),
        "its clips scatter, too": lambda x, a, n, m, b, w: (
            norm(m, np.sqrt(b)).logpdf(x) + own_part(x, a, n, m, b, w)
        ),
        "counts n times": lambda x, a, n, m, b, w: (
            norm(m, np.sqrt(w + b)).logpdf(x)
            - norm((w * m + b * a) / (w + n * b), np.sqrt(w + hidden(a, n, m, b, w)[1])).logpdf(x)
        ),
        "a logarithm is missing": lambda x, a, n, m, b, w: np.exp(ratio(x, a, n, m, b, w)),
        "n is left out": lambda x, a, n, m, b, w: ratio(x, a, 1, m, b, w),
        "B and W are swapped": lambda x, a, n, m, b, w: ratio(x, a, n, m, w, b),
        "taken for standard deviations": lambda x, a, n, m, b, w: (
            norm(m, w + b).logpdf(x)
            - norm(hidden(a, n, m, b, w)[0], w + hidden(a, n, m, b, w)[1]).logpdf(x)
        ),
        "sign is flipped": lambda x, a, n, m, b, w: -ratio(x, a, n, m, b, w),
        "returns None": lambda x, a, n, m, b, w: None,
    },
    "ex_12_4": {
        "this is the mean": lambda p: -p.mean(axis=0),
        "averages the densities, which vanish": lambda p: -np.log(np.exp(p).mean(axis=0)),
        "averages densities: sum": lambda p: (
            np.log(len(p)) - np.logaddexp.reduce(p, axis=0)
        ),
        "this adds the densities": lambda p: -np.logaddexp.reduce(p, axis=0),
        "surest system only": lambda p: -p.max(axis=0),
        "most alarmed system only": lambda p: (-p).max(axis=0),
        "each system is standardized": lambda p: (
            -((p.T - p.mean(axis=1)) / p.std(axis=1)).sum(axis=1)
        ),
        "multiplies the densities first": lambda p: -np.log(np.prod(np.exp(p), axis=0)),
        "an axis is forgotten": lambda p: -p.sum(),
        "multiplies the logarithms": lambda p: -np.prod(p, axis=0),
        "the product is that of the densities": lambda p: np.prod(p, axis=0),
        "sign is flipped": lambda p: p.sum(axis=0),
        "must give shape": lambda p: -p.sum(axis=1),
    },
}  # fmt: skip
