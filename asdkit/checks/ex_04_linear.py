"""Checks of notebook 04 on what needs no training: the best linear auto-encoder, and the
Mahalanobis distance of residuals.
"""

import numpy as np

from .verdict import examine


def ex_04_2(linear_error):
    r"""Check ``linear_error(train, test, size)``, the error of the best linear auto-encoder.

    $\frac1D \|a - V^\top V a\|^2$, where a is a test row less the mean of the training rows, and
    the rows of V are the first ``size`` right singular vectors of the centered training rows.

    Paper: Eckart and Young 1936, a limit of [L2S] 2.1.
    Shapes: a function of train (M, D), test (N, D) and size -> (N,).
    Choices: biases are free, and the best ones take the mean out, in and out.
    Example:
        >>> checks.ex_04_2(lambda train, test, size: (test - train.mean(axis=0)) ** 2)
        ✗ Exercise 04.2: train (9, 3), test (2, 3), size = 1 must give shape (2,), yours gives ...
    Notebook: 04_autoencoders
    """
    return examine(
        "04.2", linear_error, _linear,
        [_varied(seed, *sizes) for seed, sizes in enumerate(
            [((9, 3), 2, 1), ((30, 6), 5, 2), ((25, 5), 7, 4), ((6, 8), 4, 3)])],
        right="With as many numbers as a row has nothing is left, of a fault neither.",
        mistakes=_LINEAR,
    )  # fmt: skip


def ex_04_4(mahalanobis):
    r"""Check ``mahalanobis(train, test)``, squared distances in the metric of the training rows.

    $(x - \mu)^\top (\Sigma + 10^{-3} I)^{-1} (x - \mu)$ with the mean and the covariance of the
    training rows, divided by their number.

    Paper: the baseline of DCASE 2023 task 2, in its Mahalanobis mode.
    Shapes: a function of train (M, D) and test (N, D), both residuals -> (N,).
    Example:
        >>> checks.ex_04_4(lambda train, test: ((test - train.mean(axis=0)) ** 2).sum(axis=1))
        ✗ Exercise 04.4: this is the squared Euclidean distance: the covariance is missing.
    Notebook: 04_autoencoders
    """
    return examine(
        "04.4", mahalanobis, _mahalanobis,
        [(0.2 * train, 0.3 * test) for train, test, _ in (_varied(seed, *sizes, 0)
            for seed, sizes in enumerate([((8, 2), 2), ((40, 5), 6), ((25, 4), 3), ((60, 7), 5)]))],
        right="A residual along which training varied little counts much.",
        mistakes=_DISTANCES,
    )  # fmt: skip


_LINEAR = [  # a hint, and what the mistake gives
    ("the mean is not taken out: the biases of the best auto-encoder take the mean of the training "
     "rows out, and add it at the end.",
     lambda train, test, k: _error(test - _kept(test, _directions(train)[:k]))),
    ("the mean is taken out of train alone: take the mean of train out of test, too.",
     lambda train, test, k: _error(test - _kept(test, _axes(train)[:k]))),
    ("the mean is taken out of test alone: the directions are those of train less its mean.",
     lambda train, test, k: _left(_directions(train)[:k], _away(train, test))),
    ("the mean is taken out and not added again: what the decoder gives ends with it.",
     lambda train, test, k: _error(test - _kept(_away(train, test), _axes(train)[:k]))),
    ("the mean of test is taken out of test: an auto-encoder knows the mean of train alone.",
     lambda train, test, k: _left(_axes(train)[:k], _away(test, test))),
    ("it is fitted to the test rows, mean and directions: fit it to train.",
     lambda train, test, k: _left(_axes(test)[:k], _away(test, test))),
    ("the directions are those of the test rows: fit them to train.",
     lambda train, test, k: _left(_axes(test)[:k], _away(train, test))),
    ("it is fitted to train and test together: fit it to train alone.",
     lambda train, test, k: _linear(np.concatenate([train, test]), test, k)),
    ("these are the directions in which train varies least: np.linalg.eigh sorts from the smallest "
     "eigenvalue up, so take the last 'size' columns.",
     lambda train, test, k: _left(_least(train, k), _away(train, test))),
    ("this is the mean square of what the bottleneck keeps: what it loses is wanted.",
     lambda train, test, k: _error(_kept(_away(train, test), _axes(train)[:k]))),
    ("this is the mean square of the numbers in the bottleneck: bring them back to the rows, and "
     "take the error there.",
     lambda train, test, k: _error(_away(train, test) @ _axes(train)[:k].T)),
    ("nothing is rebuilt: this is the mean square of the rows less the mean.",
     lambda train, test, k: _error(_away(train, test))),
    ("the rows are brought to variance 1 first: the error is that of the rows as they are.",
     lambda train, test, k: _left(
         _axes(train / train.std(axis=0))[:k], _away(train, test) / train.std(axis=0))),
    ("the directions are those of rows brought to variance 1: take them of the rows as they are.",
     lambda train, test, k: _error(train.std(axis=0) * _lost(
         _away(train, test) / train.std(axis=0), _axes(train / train.std(axis=0))[:k]))),
    ("the directions are rows of the third result of np.linalg.svd, and these are its columns.",
     lambda train, test, k: _left(_square(train)[:, :k].T, _away(train, test))),
    ("this is the mean error of the training rows, for each test row: take that of its own.",
     lambda train, test, k: np.full(len(test), _linear(train, train, k).mean())),
    ("the mean is taken over the D - size directions that are lost: divide by D.",
     lambda train, test, k: _linear(train, test, k) * test.shape[1] / (test.shape[1] - k)),
    ("the mean is taken out of each row (axis=1): it is that of the training rows (axis=0).",
     lambda train, test, k: _left(_directions(_flat(train))[:k], _flat(test))),
    ("one mean is taken out of all numbers: each of the D has its own, axis=0.",
     lambda train, test, k: _left(_directions(train - train.mean())[:k], test - train.mean())),
]  # fmt: skip
_DISTANCES = [
    ("this is the squared Euclidean distance: the covariance is missing.",
     lambda train, test: (_away(train, test) ** 2).sum(axis=1)),
    ("np.cov divides by one less than the number of rows: ask for bias=True.",
     lambda train, test: _form(_away(train, test), _ridged(np.cov(train.T)))),
    ("the 1e-3 on the diagonal is missing.",
     lambda train, test: _form(_away(train, test), np.cov(train.T, bias=True))),
    ("the 1e-3 on the diagonal is missing, and np.cov divides by one less than the number of rows.",
     lambda train, test: _form(_away(train, test), np.cov(train.T))),
    ("1e-3 is added to every entry of the covariance: add it to the diagonal, 1e-3 * np.eye(D).",
     lambda train, test: _form(_away(train, test), np.cov(train.T, bias=True) + 1e-3)),
    ("1e-3 is added to the inverse: add it to the covariance first.",
     lambda train, test: _form(_away(train, test), np.linalg.inv(
         _ridged(np.linalg.inv(np.cov(train.T, bias=True)))))),
    ("this is the distance: its square is wanted.",
     lambda train, test: np.sqrt(_mahalanobis(train, test))),
    ("the mean of the training residuals is not taken out of test.",
     lambda train, test: _form(test, _covariance(train))),
    ("the mean is taken out of test alone: a covariance is that of train less its mean.",
     lambda train, test: _form(_away(train, test), _ridged(train.T @ train / len(train)))),
    ("no mean is taken out: that of the training residuals is not 0.",
     lambda train, test: _form(test, _ridged(train.T @ train / len(train)))),
    ("the mean of test is taken out of test: take that of train.",
     lambda train, test: _form(_away(test, test), _covariance(train))),
    ("mean and covariance are those of test: take those of train.",
     lambda train, test: _form(_away(test, test), _covariance(test))),
    ("one mean is taken out of all numbers: each of the D has its own, axis=0.",
     lambda train, test: _form(test - train.mean(), _covariance(train))),
    ("the covariance is not inverted.",
     lambda train, test: _form(_away(train, test), np.linalg.inv(_covariance(train)))),
    ("only the variances count: the entries beside the diagonal of the covariance are missing.",
     lambda train, test: (_away(train, test) ** 2 / np.diag(_covariance(train))).sum(axis=1)),
    ("only the variances count, and without the 1e-3: take the whole covariance.",
     lambda train, test: (_away(train, test) ** 2 / train.var(axis=0)).sum(axis=1)),
    ("this is the score of Gaussian, minus a log-density: it has one half, and ln det besides.",
     lambda train, test: _surprise(train, test)),
    ("this is twice the score of Gaussian: ln det(2 pi Sigma) is in it.",
     lambda train, test: 2 * _surprise(train, test)),
    ("the sum of squares is not divided by the number of training rows.",
     lambda train, test: _form(
         _away(train, test), _ridged(len(train) * np.cov(train.T, bias=True)))),
    ("this is the mean over the D numbers: the distance is a sum.",
     lambda train, test: _mahalanobis(train, test) / train.shape[1]),
    ("these are all pairs of rows, of which the diagonal is wanted: multiply and add up row by "
     "row.",
     lambda train, test: _away(train, test) @ np.linalg.solve(
         _covariance(train), _away(train, test).T)),
]  # fmt: skip


def _away(rows, others):
    return others - rows.mean(axis=0)


def _directions(rows):
    return np.linalg.svd(rows, full_matrices=False)[2]


def _axes(rows):
    """Return the directions in which rows vary, from the most down."""
    return _directions(_away(rows, rows))


def _kept(rows, directions):
    return rows @ directions.T @ directions


def _lost(rows, directions):
    return rows - _kept(rows, directions)


def _error(rows):
    return (rows**2).mean(axis=1)


def _left(directions, rows):
    return _error(_lost(rows, directions))


def _linear(train, test, size):
    return _left(_axes(train)[:size], _away(train, test))


def _square(rows):
    return np.linalg.svd(_away(rows, rows))[2]


def _least(rows, size):
    return np.linalg.eigh(np.cov(rows.T))[1].T[:size]


def _flat(rows):
    return rows - rows.mean(axis=1, keepdims=True)


def _ridged(covariance):
    return covariance + 1e-3 * np.eye(len(covariance))


def _covariance(rows):
    return _ridged(np.cov(rows.T, bias=True))


def _form(rows, covariance):
    return (rows * np.linalg.solve(covariance, rows.T).T).sum(axis=1)


def _mahalanobis(train, test):
    return _form(_away(train, test), _covariance(train))


def _surprise(train, test):
    return (_mahalanobis(train, test) + np.linalg.slogdet(2 * np.pi * _covariance(train))[1]) / 2


def _varied(seed, shape, count, size):
    """Make rows that vary much along some directions and little along others, at any angle."""
    rng = np.random.default_rng(seed)
    mixing = np.geomspace(2.0, 0.15, shape[1])[:, None] * np.linalg.qr(
        rng.normal(size=(shape[1], shape[1])))[0]  # fmt: skip
    mean = rng.normal(size=shape[1])
    train, test = (rng.normal(size=(n, shape[1])) @ mixing + mean for n in (shape[0], count))
    return train, test, size
