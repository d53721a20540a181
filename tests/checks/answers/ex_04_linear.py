"""Answers to exercises 04.2 and 04.4: by numpy, by torch, by scikit-learn and by the library, and
wrong ones by the hint that each must get.
"""

import numpy as np
import torch
from scipy.spatial.distance import cdist
from sklearn.covariance import EmpiricalCovariance
from sklearn.decomposition import PCA

from asdkit import backends


def axes(rows):
    return np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)[2]


def left(rows, directions):
    return rows - rows @ directions.T @ directions


def error(rows):
    return (rows**2).mean(axis=1)


def linear_error(train, test, size):
    return error(left(test - train.mean(axis=0), axes(train)[:size]))


def linear_by_pca(train, test, size):
    pca = PCA(size).fit(train)
    return np.square(test - pca.inverse_transform(pca.transform(test))).mean(axis=1)


def linear_by_eigenvectors(train, test, size):
    vectors = np.linalg.eigh(np.cov(train.T))[1][:, ::-1]
    return (((test - train.mean(axis=0)) @ vectors[:, size:]) ** 2).sum(axis=1) / test.shape[1]


def linear_in_torch(train, test, size):
    mean = train.mean(dim=0)
    basis = torch.linalg.svd(train - mean, full_matrices=False).Vh[:size].T
    weights = torch.linalg.lstsq(basis, (test - mean).T).solution
    return (test - mean - (basis @ weights).T).square().mean(dim=1)


def linear_in_float32(train, test, size):
    return linear_in_torch(torch.as_tensor(train).float(), torch.as_tensor(test).float(), size)


def linear_by_descent(train, test, size):
    """Alternate the two layers' least squares, which ends in the best of all."""
    mean = train.mean(axis=0)
    decoder = np.random.default_rng(0).normal(size=(size, train.shape[1]))
    for _ in range(400):
        codes = np.linalg.lstsq(decoder.T, (train - mean).T, rcond=None)[0].T
        decoder = np.linalg.lstsq(codes, train - mean, rcond=None)[0]
    return error(left(test - mean, np.linalg.qr(decoder.T)[0].T))


def ridged(covariance):
    return covariance + 1e-3 * np.eye(len(covariance))


def form(rows, precision):
    return (rows @ precision * rows).sum(axis=1)


def inverse(train, ddof=0):
    return np.linalg.inv(ridged(np.cov(train.T, ddof=ddof)))


def mahalanobis(train, test):
    return form(test - train.mean(axis=0), inverse(train))


def mahalanobis_by_scikit_learn(train, test):
    found = EmpiricalCovariance().fit(train)
    found._set_covariance(ridged(found.covariance_))
    return found.mahalanobis(test)


def mahalanobis_by_scipy(train, test):
    mean = train.mean(axis=0, keepdims=True)
    return cdist(test, mean, "mahalanobis", VI=inverse(train))[:, 0] ** 2


def mahalanobis_by_the_backend(train, test):
    score = backends.Gaussian(normalize=False).fit(train).score(test)
    return 2 * score - np.linalg.slogdet(2 * np.pi * ridged(np.cov(train.T, bias=True)))[1]


def mahalanobis_by_whitening(train, test):
    centered = train - train.mean(dim=0)
    covariance = centered.T @ centered / len(train)
    covariance = covariance + 1e-3 * torch.eye(len(covariance), dtype=train.dtype)
    factor = torch.linalg.cholesky(covariance)
    white = torch.linalg.solve_triangular(factor, (test - train.mean(dim=0)).T, upper=False)
    return white.square().sum(dim=0)


def mahalanobis_in_float32(train, test):
    return mahalanobis_by_whitening(torch.as_tensor(train).float(), torch.as_tensor(test).float())


def away(combine):
    """Make an answer of a function of train, its directions, test less the mean, and the size."""
    return lambda train, test, size: combine(
        train, axes(train)[:size], test - train.mean(axis=0), size
    )


def measured(covariance, mean=lambda train, test: train.mean(axis=0)):
    """Make an answer of a covariance of the training rows, and of what is taken out of test."""
    return lambda train, test: form(
        test - mean(train, test), np.linalg.inv(covariance(np.asarray(train)))
    )


def biased(train):
    return np.cov(train, rowvar=False, bias=True)


def second_moment(train):
    return train.T @ train / len(train)


RIGHT = {
    "ex_04_2": [
        linear_error, linear_by_pca, linear_by_eigenvectors, linear_in_torch, linear_in_float32,
        linear_by_descent,
    ],
    "ex_04_4": [
        mahalanobis, mahalanobis_by_scikit_learn, mahalanobis_by_scipy, mahalanobis_by_the_backend,
        mahalanobis_by_whitening, mahalanobis_in_float32,
    ],
}  # fmt: skip
WRONG = {
    "ex_04_2": {
        "the mean is not taken out": lambda a, b, k: error(
            left(b, np.linalg.svd(a, full_matrices=False)[2][:k])
        ),
        "out of train alone": lambda a, b, k: error(left(b, axes(a)[:k])),
        "out of test alone": away(
            lambda a, v, rows, k: error(left(rows, np.linalg.svd(a, full_matrices=False)[2][:k]))
        ),
        "and not added again": lambda a, b, k: error(
            b - (b - a.mean(axis=0)) @ axes(a)[:k].T @ axes(a)[:k]
        ),
        "the mean of test is taken out": lambda a, b, k: error(
            left(b - b.mean(axis=0), axes(a)[:k])
        ),
        "to the test rows, mean and": lambda a, b, k: linear_error(b, b, k),
        "are those of the test rows": lambda a, b, k: error(left(b - a.mean(axis=0), axes(b)[:k])),
        "to train and test together": lambda a, b, k: linear_by_pca(np.vstack([a, b]), b, k),
        "varies least": away(
            lambda a, v, rows, k: error(left(rows, np.linalg.eigh(np.cov(a.T))[1][:, :k].T))
        ),
        "what the bottleneck keeps": away(lambda a, v, rows, k: error(rows @ v.T @ v)),
        "the numbers in the bottleneck": lambda a, b, k: np.square(PCA(k).fit(a).transform(b)).mean(
            axis=1
        ),
        "nothing is rebuilt": away(lambda a, v, rows, k: error(rows)),
        "the rows are brought to variance 1": lambda a, b, k: linear_by_pca(
            a / a.std(axis=0), b / a.std(axis=0), k
        ),
        "of rows brought to variance 1": away(
            lambda a, v, rows, k: error(
                left(rows / a.std(axis=0), axes(a / a.std(axis=0))[:k]) * a.std(axis=0)
            )
        ),
        "and these are its columns": away(
            lambda a, v, rows, k: error(left(rows, np.linalg.svd(a - a.mean(axis=0))[2][:, :k].T))
        ),
        "of the training rows, for each": lambda a, b, k: np.full(
            len(b), linear_by_pca(a, a, k).mean()
        ),
        "that are lost: divide by D": away(
            lambda a, v, rows, k: (left(rows, v) ** 2).sum(axis=1) / (rows.shape[1] - k)
        ),
        "out of each row": lambda a, b, k: error(
            left(
                b - b.mean(axis=1)[:, None],
                np.linalg.svd(a - a.mean(axis=1)[:, None], full_matrices=False)[2][:k],
            )
        ),
        "out of all numbers": lambda a, b, k: error(
            left(b - a.mean(), np.linalg.svd(a - a.mean(), full_matrices=False)[2][:k])
        ),
        "divide by the length of axis 1": away(lambda a, v, rows, k: (left(rows, v) ** 2).sum(1)),
        "an axis is forgotten": away(lambda a, v, rows, k: (left(rows, v) ** 2).mean()),
        "the square root of the right": away(lambda a, v, rows, k: np.sqrt(error(left(rows, v)))),
        "off by one": lambda a, b, k: linear_error(a, b, k + 1),
        "along axis=1 is missing": away(lambda a, v, rows, k: left(rows, v) ** 2),
    },
    "ex_04_4": {
        "squared Euclidean": lambda a, b: ((b - a.mean(axis=0)) ** 2).sum(axis=1),
        "np.cov divides by one less than the number of rows: ask": measured(
            lambda a: ridged(np.cov(a.T))
        ),
        "the 1e-3 on the diagonal is missing.": measured(biased),
        "is missing, and np.cov divides": measured(lambda a: np.cov(a.T)),
        "to every entry": measured(lambda a: biased(a) + 1e-3),
        "is added to the inverse": lambda a, b: form(
            b - a.mean(axis=0), ridged(np.linalg.inv(biased(a)))
        ),
        "this is the distance": lambda a, b: np.sqrt(mahalanobis(a, b)),
        "not taken out of test": lambda a, b: form(b, inverse(a)),
        "out of test alone": measured(lambda a: ridged(second_moment(a))),
        "no mean is taken out": measured(lambda a: ridged(second_moment(a)), lambda a, b: 0),
        "the mean of test is taken out": measured(
            lambda a: ridged(biased(a)), lambda a, b: b.mean(axis=0)
        ),
        "are those of test": lambda a, b: mahalanobis(b, b),
        "out of all numbers": measured(lambda a: ridged(biased(a)), lambda a, b: a.mean()),
        "is not inverted": lambda a, b: form(b - a.mean(axis=0), ridged(biased(a))),
        "beside the diagonal": lambda a, b: (
            (b - a.mean(axis=0)) ** 2 / (a.var(axis=0) + 1e-3)
        ).sum(axis=1),
        "and without the 1e-3": lambda a, b: (((b - a.mean(axis=0)) / a.std(axis=0)) ** 2).sum(
            axis=1
        ),
        "this is the score of Gaussian": lambda a, b: (
            backends.Gaussian(normalize=False).fit(a).score(b)
        ),
        "twice the score of Gaussian": lambda a, b: (
            2 * backends.Gaussian(normalize=False).fit(a).score(b)
        ),
        "the sum of squares is not divided": measured(
            lambda a: ridged((a - a.mean(axis=0)).T @ (a - a.mean(axis=0)))
        ),
        "the mean over the D numbers": lambda a, b: mahalanobis(a, b) / a.shape[1],
        "all pairs of rows": lambda a, b: (
            (b - a.mean(axis=0)) @ inverse(a) @ (b - a.mean(axis=0)).T
        ),
        "stopped with ValueError": lambda a, b: form(
            b - a.mean(axis=0), np.linalg.inv(ridged(biased(a.T)))
        ),
        "an axis is forgotten": lambda a, b: mahalanobis(a, b).sum(),
        "and must be": lambda a, b: form(b - a.mean(axis=0), inverse(0.9 * a)),
    },
}
