"""Backends that take normal embeddings to be Gaussian, with one mode or several."""

import warnings

import numpy as np
import sklearn

from .. import given
from .backend import Backend
from .groups import prepared

COVARIANCES = {"full": "full", "diagonal": "diag", "spherical": "spherical"}
MODES = 16


class Gaussian(Backend):
    r"""Negative log-density of one Gaussian a group, $-\ln \mathcal N(x; \mu, \Sigma)$, in nats.

    Paper: [SCA] III-C and Table II.
    Shapes: ``x`` (N, D), ``group`` (N,) -> score (N,).
    Raises: ValueError for an unknown covariance or group, NaN, or embeddings that are not (N, D).
    Choices: covariance ``full``, ``diagonal`` or ``spherical``; 1e-3 is added to its diagonal.
        ``normalize=False`` leaves the lengths as they are, for summaries that are no embeddings
        ([SCA] Table V).
    Example:
        >>> backend = backends.Gaussian().fit([[1.0, 0.0], [0.0, 1.0]])
        >>> backend.score([[1.0, 2.0], [-1.0, -2.0]]).argmax()  # on the far side of the sphere
        np.int64(1)
    Notebook: 00_start_here, 12_backends
    """

    def __init__(self, covariance="full", regularization=1e-3, normalize=True):
        self.covariance = covariance
        self.regularization = regularization
        self.normalize = normalize
        self.check()

    def check(self):
        _check_covariance(self)

    def keep(self, x, group):
        return _fit(x, None, 1, self)

    def judge(self, model, x):
        return _surprise(model, x)


class GaussianMixture(Backend):
    r"""Negative log-density of the best mode of a group, $-\max_k \ln \mathcal N(x; \mu_k,
    \Sigma_k)$, in nats.

    Paper: [SCA] III-C and Table IV. The mixture weights train the modes but stay out of the score.
    Shapes: ``x`` (N, D), ``group`` (N,) -> score (N,).
    Raises: ValueError for both ``components`` and ``means_init``, an unknown covariance or group,
        NaN, or embeddings that are not (N, D).
    Choices: modes start at the learned centers of the group (``learned``), or at ``means_init`` (K,
        D), also a dict of a group's name -> (K, D); a center that is nearest to no training clip of
        the group is left out, so a few clips can be fitted too. ``components`` modes are started by
        k-means instead; 16 where nothing was learned. 1e-3 is added to the diagonal of each
        covariance. ``normalize=False`` leaves the lengths as they are.
    Example:
        >>> backend = backends.GaussianMixture(means_init=[[1.0, 0.0], [-1.0, 0.0]])
        >>> backend = backend.fit([[3.0, 0.1], [-2.0, 0.1]])
        >>> backend.score([[1.0, 0.0], [0.0, -1.0], [-1.0, 0.0]]).argmax()  # between the two modes
        np.int64(1)
    Notebook: 00_start_here, 12_backends
    """

    def __init__(
        self,
        components=None,
        means_init=None,
        covariance="full",
        regularization=1e-3,
        normalize=True,
    ):
        self.components = components
        self.means_init = means_init
        self.covariance = covariance
        self.regularization = regularization
        self.normalize = normalize
        self.check()

    @property
    def needs_classes(self):
        return self.components is None and self.means_init is None

    def check(self):
        _check_covariance(self)
        if self.components is not None:
            given.count(self.components, "components")
            if self.means_init is not None:
                raise ValueError(
                    "components and means_init both say how many modes there are: give one of them"
                )

    def keep(self, x, group):
        starts = self._starts(group)
        if starts is None:
            return _fit(x, None, min(int(self.components or MODES), len(x)), self)
        starts = prepared(given.rows(starts, "means_init"), self.normalize)
        if starts.shape[1] != x.shape[1]:
            raise ValueError(
                f"the centers of {group.name!r} have {starts.shape[1]} numbers, and embeddings "
                f"{x.shape[1]}: give centers of the same network"
            )
        starts = starts[np.unique(sklearn.metrics.pairwise_distances_argmin(x, starts))]
        return _fit(x, starts, len(starts), self)

    def judge(self, model, x):
        return _surprise(model, x)

    def _starts(self, group):
        if self.components is not None:
            return None
        if self.means_init is None:
            return None if group.learned is None else group.learned.of(group.name)
        if not isinstance(self.means_init, dict):
            return self.means_init
        if group.name not in self.means_init:
            raise ValueError(
                f"means_init has no centers of the group {group.name!r}: it has "
                f"{', '.join(self.means_init)}"
            )
        return self.means_init[group.name]


def _check_covariance(backend):
    given.choice(backend.covariance, "covariance", COVARIANCES)
    given.number(backend.regularization, "regularization", 0, such_as=1e-3)
    given.switch(backend.normalize, "normalize")


def _fit(x, starts, count, backend):
    """Means (K, D) and square roots of the precisions (K, D, D) or (K, D): whitening is one product
    with them.
    """
    if len(x) == 1:
        x = np.repeat(x, 2, axis=0)
    kind = COVARIANCES[backend.covariance]
    mixture = sklearn.mixture.GaussianMixture(
        count,
        covariance_type=kind,
        reg_covar=backend.regularization,
        init_params="kmeans" if count > 1 else "random",  # one mode is the same from any start
        means_init=starts,
        random_state=0,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sklearn.exceptions.ConvergenceWarning)
        try:
            mixture.fit(x)
        except ValueError as error:
            if "covariance" not in str(error):
                raise
            raise ValueError(
                f"no Gaussian fits {len(x)} clips of {x.shape[1]} dimensions with a regularization "
                "of "
                f"{backend.regularization:g}: give more clips, or a larger regularization"
            ) from error
    whitening = mixture.precisions_cholesky_
    if kind == "spherical":
        whitening = np.repeat(whitening[:, None], x.shape[1], axis=1)
    return {"means": mixture.means_, "whitening": whitening}


def _surprise(model, x):
    return -np.max(
        [log_density(x, *mode) for mode in zip(model["means"], model["whitening"])], axis=0
    )


def log_density(x, mean, whitening):
    r"""Log-density of a Gaussian, $\ln \mathcal N(x; \mu, \Sigma)$ with $\Sigma^{-1} = L L^\top$,
    in nats.

    Shapes: ``x`` (N, D), ``mean`` (D,), ``whitening`` L, triangular (D, D), or its diagonal (D,) ->
        (N,).
    Raises: ValueError for a mean or whitening of another size.
    Example:
        >>> density = backends.gaussian.log_density(np.zeros((1, 2)), np.zeros(2), np.eye(2))
        >>> density.round(4)  # -ln(2 pi)
        array([-1.8379])
    Notebook: 12_backends
    """
    dim = x.shape[-1]
    if mean.shape != (dim,) or whitening.shape not in ((dim,), (dim, dim)):
        raise ValueError(
            f"embeddings of {dim} numbers do not go with a mean {mean.shape} and a whitening "
            f"{whitening.shape}: give those of one Gaussian"
        )
    if whitening.ndim == 2:
        white, scales = (x - mean) @ whitening, np.diag(whitening)
    else:
        white, scales = (x - mean) * whitening, whitening
    return np.log(scales).sum() - 0.5 * (
        x.shape[1] * np.log(2.0 * np.pi) + np.square(white).sum(axis=1)
    )
