"""Backends that take normal embeddings to be Gaussian, with one mode or several."""

import warnings

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture as Mixture

from .groups import members, score_groups, unit

COVARIANCES = {"full": "full", "diagonal": "diag", "spherical": "spherical"}


class Gaussian(BaseEstimator):
    r"""Negative log-density of one Gaussian a group, $-\ln \mathcal N(x; \mu, \Sigma)$, in nats.

    Paper: [SCA] III-C and Table II.
    Shapes: ``x`` (N, D), ``group`` (N,) -> score (N,).
    Raises: ValueError for an unknown covariance or group, NaN, or embeddings that are not (N, D).
    Choices: covariance ``full``, ``diagonal`` or ``spherical``; 1e-3 is added to its diagonal.
    Notebook: 00_start_here
    """

    def __init__(self, covariance="full", regularization=1e-3):
        self.covariance = covariance
        self.regularization = regularization

    def fit(self, x, group=None):
        x = unit(x)
        self.models_ = {name: _fit(x[rows], None, 1, self) for name, rows in members(x, group).items()}
        return self

    def score(self, x, group=None):
        return score_groups(self.models_, _score, unit(x), group)


class GaussianMixture(BaseEstimator):
    r"""Negative log-density of the best mode of a group, $-\max_k \ln \mathcal N(x; \mu_k, \Sigma_k)$, in nats.

    Paper: [SCA] III-C and Table IV. The mixture weights train the modes but stay out of the score.
    Shapes: ``x`` (N, D), ``group`` (N,) -> score (N,).
    Raises: ValueError for an unknown covariance or group, NaN, or embeddings that are not (N, D).
    Choices: ``means_init`` (K, D), or a dict of a group's name -> (K, D), holds the learned centers; a center that is
        nearest to no training clip of the group is left out, so a few clips can be fitted too. Without it k-means
        starts ``components`` modes. 1e-3 is added to the diagonal of each covariance.
    Notebook: 00_start_here
    """

    def __init__(self, components=16, means_init=None, covariance="full", regularization=1e-3):
        self.components = components
        self.means_init = means_init
        self.covariance = covariance
        self.regularization = regularization

    def fit(self, x, group=None):
        x = unit(x)
        self.models_ = {}
        for name, rows in members(x, group).items():
            starts = self._starts(name)
            if starts is not None:
                starts = unit(starts)
                starts = starts[np.unique((x[rows] @ starts.T).argmax(axis=1))]
            count = min(self.components, len(rows)) if starts is None else len(starts)
            self.models_[name] = _fit(x[rows], starts, count, self)
        return self

    def score(self, x, group=None):
        return score_groups(self.models_, _score, unit(x), group)

    def _starts(self, name):
        if not isinstance(self.means_init, dict):
            return self.means_init
        if name not in self.means_init:
            raise ValueError(f"means_init has no centers of the group {name!r}: it has {', '.join(self.means_init)}")
        return self.means_init[name]


def _fit(x, starts, count, backend):
    """Means (K, D) and square roots of the precisions (K, D, D) or (K, D): whitening is one product with them."""
    if backend.covariance not in COVARIANCES:
        raise ValueError(f"covariance is one of {', '.join(COVARIANCES)}, not {backend.covariance!r}")
    if len(x) == 1:
        x = np.repeat(x, 2, axis=0)
    kind = COVARIANCES[backend.covariance]
    mixture = Mixture(count, covariance_type=kind, reg_covar=backend.regularization, means_init=starts, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        mixture.fit(x)
    whitening = mixture.precisions_cholesky_
    if kind == "spherical":
        whitening = np.repeat(whitening[:, None], x.shape[1], axis=1)
    return {"means": mixture.means_, "whitening": whitening}


def _score(model, x):
    dim = x.shape[1]
    modes = []
    for mean, whitening in zip(model["means"], model["whitening"]):
        if whitening.ndim == 2:
            white, scales = (x - mean) @ whitening, np.diag(whitening)
        else:
            white, scales = (x - mean) * whitening, whitening
        modes.append(np.log(scales).sum() - 0.5 * (dim * np.log(2.0 * np.pi) + np.square(white).sum(axis=1)))
    return -np.max(modes, axis=0)
