"""Backends that take normal embeddings to be Gaussian, with one mode or several."""

import warnings

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import pairwise_distances_argmin
from sklearn.mixture import GaussianMixture as Mixture

from .groups import members, prepared, score_groups

COVARIANCES = {"full": "full", "diagonal": "diag", "spherical": "spherical"}


class Gaussian(BaseEstimator):
    r"""Negative log-density of one Gaussian a group, $-\ln \mathcal N(x; \mu, \Sigma)$, in nats.

    Paper: [SCA] III-C and Table II.
    Shapes: ``x`` (N, D), ``group`` (N,) -> score (N,).
    Raises: ValueError for an unknown covariance or group, NaN, or embeddings that are not (N, D).
    Choices: covariance ``full``, ``diagonal`` or ``spherical``; 1e-3 is added to its diagonal. ``normalize=False``
        leaves the lengths as they are, for summaries that are no embeddings ([SCA] Table V).
    Example:
        >>> backend = backends.Gaussian().fit([[1.0, 0.0], [0.0, 1.0]])
        >>> backend.score([[1.0, 2.0], [-1.0, -2.0]]).argmax()  # the second lies on the far side of the sphere
        np.int64(1)
    Notebook: 00_start_here, 12_backends
    """

    def __init__(self, covariance="full", regularization=1e-3, normalize=True):
        self.covariance = covariance
        self.regularization = regularization
        self.normalize = normalize

    def fit(self, x, group=None):
        """Fit one Gaussian to the normal embeddings of each group.

        Shapes: ``x`` (N, D), ``group`` (N,) -> self.
        Raises: ValueError where a covariance is singular: too few clips for no regularization.
        Example:
            >>> backend = backends.Gaussian().fit([[1.0, 0.0], [0.0, 1.0]], group=["fan/00", "fan/00"])
            >>> backend.models_["fan/00"]["means"]
            array([[0.5, 0.5]])
        Notebook: 00_start_here, 12_backends
        """
        x = prepared(x, self.normalize)
        self.models_ = {name: _fit(x[rows], None, 1, self) for name, rows in members(x, group).items()}
        return self

    def score(self, x, group=None):
        """Negative log-density of each embedding under the Gaussian of its group; larger is more anomalous.

        Shapes: ``x`` (N, D), ``group`` (N,) -> array (N,).
        Raises: ValueError for a group that no model was fitted to.
        Example:
            >>> backend = backends.Gaussian("spherical", regularization=1 / (2 * np.pi)).fit([[1.0, 0.0]])
            >>> backend.score([[1.0, 0.0], [-1.0, 0.0]]).round(3)  # the density is exp(-pi |x - mean|^2)
            array([ 0. , 12.566])
        Notebook: 00_start_here, 12_backends
        """
        return score_groups(self.models_, _score, prepared(x, self.normalize), group)


class GaussianMixture(BaseEstimator):
    r"""Negative log-density of the best mode of a group, $-\max_k \ln \mathcal N(x; \mu_k, \Sigma_k)$, in nats.

    Paper: [SCA] III-C and Table IV. The mixture weights train the modes but stay out of the score.
    Shapes: ``x`` (N, D), ``group`` (N,) -> score (N,).
    Raises: ValueError for an unknown covariance or group, NaN, or embeddings that are not (N, D).
    Choices: ``means_init`` (K, D), or a dict of a group's name -> (K, D), holds the learned centers; a center that is
        nearest to no training clip of the group is left out, so a few clips can be fitted too. Without it k-means
        starts ``components`` modes. 1e-3 is added to the diagonal of each covariance. ``normalize=False`` leaves the
        lengths as they are.
    Example:
        >>> backend = backends.GaussianMixture(means_init=[[1.0, 0.0], [-1.0, 0.0]]).fit([[3.0, 0.1], [-2.0, 0.1]])
        >>> backend.score([[1.0, 0.0], [0.0, -1.0], [-1.0, 0.0]]).argmax()  # between the two modes
        np.int64(1)
    Notebook: 00_start_here, 12_backends
    """

    def __init__(self, components=16, means_init=None, covariance="full", regularization=1e-3, normalize=True):
        self.components = components
        self.means_init = means_init
        self.covariance = covariance
        self.regularization = regularization
        self.normalize = normalize

    def fit(self, x, group=None):
        """Fit several modes to the normal embeddings of each group.

        Shapes: ``x`` (N, D), ``group`` (N,) -> self.
        Example:
            >>> starts = {"fan/00": [[1.0, 0.0], [-1.0, 0.0]]}
            >>> backend = backends.GaussianMixture(means_init=starts).fit([[2.0, 0.0], [-1.0, 0.0]], ["fan/00"] * 2)
            >>> backend.models_["fan/00"]["means"]
            array([[ 1., 0.], [-1., 0.]])
        Notebook: 00_start_here, 12_backends
        """
        x = prepared(x, self.normalize)
        self.models_ = {}
        for name, rows in members(x, group).items():
            starts = self._starts(name)
            if starts is not None:
                starts = prepared(starts, self.normalize)
                starts = starts[np.unique(pairwise_distances_argmin(x[rows], starts))]
            count = min(self.components, len(rows)) if starts is None else len(starts)
            self.models_[name] = _fit(x[rows], starts, count, self)
        return self

    def score(self, x, group=None):
        """Negative log-density of each embedding under the best mode of its group; larger is more anomalous.

        Shapes: ``x`` (N, D), ``group`` (N,) -> array (N,).
        Raises: ValueError for a group that no model was fitted to.
        Example:
            >>> backend = backends.GaussianMixture(means_init=[[1.0, 0.0], [-1.0, 0.0]]).fit([[2.0, 0.0], [-1.0, 0.0]])
            >>> near_a_mode, between_them = backend.score([[1.0, 0.0], [0.0, 1.0]])
            >>> bool(near_a_mode < between_them)
            True
        Notebook: 00_start_here, 12_backends
        """
        return score_groups(self.models_, _score, prepared(x, self.normalize), group)

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
        try:
            mixture.fit(x)
        except ValueError as error:
            if "covariance" not in str(error):
                raise
            raise ValueError(
                f"no Gaussian fits {len(x)} clips of {x.shape[1]} dimensions with a regularization of "
                f"{backend.regularization:g}: give more clips, or a larger regularization"
            ) from error
    whitening = mixture.precisions_cholesky_
    if kind == "spherical":
        whitening = np.repeat(whitening[:, None], x.shape[1], axis=1)
    return {"means": mixture.means_, "whitening": whitening}


def _score(model, x):
    return -np.max([log_density(x, *mode) for mode in zip(model["means"], model["whitening"])], axis=0)


def log_density(x, mean, whitening):
    r"""Log-density of a Gaussian, $\ln \mathcal N(x; \mu, \Sigma)$ with $\Sigma^{-1} = L L^\top$, in nats.

    Shapes: ``x`` (N, D), ``mean`` (D,), ``whitening`` L, triangular (D, D), or its diagonal (D,) -> (N,).
    Example:
        >>> backends.gaussian.log_density(np.zeros((1, 2)), np.zeros(2), np.eye(2)).round(4)  # -ln(2 pi)
        array([-1.8379])
    Notebook: 12_backends
    """
    if whitening.ndim == 2:
        white, scales = (x - mean) @ whitening, np.diag(whitening)
    else:
        white, scales = (x - mean) * whitening, whitening
    return np.log(scales).sum() - 0.5 * (x.shape[1] * np.log(2.0 * np.pi) + np.square(white).sum(axis=1))
