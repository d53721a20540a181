"""Two-covariance PLDA: is this clip of the same machine as the training clips, or of any other?"""

import numpy as np

from .. import given
from .backend import Backend
from .gaussian import log_density


class PLDA(Backend):
    r"""Negative log-likelihood ratio of two-covariance PLDA, in nats.

    A class has a hidden mean $y \sim \mathcal N(\mu, B)$, its clips scatter around it, $x \sim
    \mathcal N(y, W)$. After n training clips with mean $\bar x$ the hidden mean is known up to a
    covariance $P$, and the score compares "of this class" with "of any class":

    $$P = (B^{-1} + n W^{-1})^{-1}, \qquad m = P\,(B^{-1}\mu + n W^{-1}\bar x)$$
    $$s(x) = \ln \mathcal N(x; \mu, W + B) - \ln \mathcal N(x; m, W + P)$$

    Paper: [SCA] Table II, after Sizov et al. 2014.
    Shapes: ``x`` (N, D), ``group`` (N,) -> score (N,); below 0 the own class is likelier.
    Raises: ValueError for fewer than two groups, an unknown group, NaN, or embeddings that are not
        (N, D).
    Choices: the groups are the classes. $W$ is the covariance around the class means, $B$ that of
        the class means, both estimated in one step: Sizov et al. iterate, which comes to the same
        with many clips a class. 1e-3 is added to both diagonals. All n clips enter at once, not
        their mean as if it were one clip. ``normalize=False`` leaves the lengths as they are.
    Example:
        >>> x, group = [[1.0, 0.1], [1.0, -0.1]], ["fan/00"] * 2
        >>> x, group = x + [[0.1, 1.0], [-0.1, 1.0]], group + ["pump/00"] * 2
        >>> fitted = backends.PLDA().fit(x, group)
        >>> own, other = fitted.score([[1.0, 0.0], [0.0, 1.0]], ["fan/00"] * 2)
        >>> bool(own < 0 < other)
        True
    Notebook: 12_backends
    """

    fewest_groups = 2

    def __init__(self, regularization=1e-3, normalize=True):
        self.regularization = regularization
        self.normalize = normalize
        self.check()

    def check(self):
        given.number(self.regularization, "regularization", 0, such_as=1e-3)
        given.switch(self.normalize, "normalize")

    def keep_all(self, x, groups, domain, learned):
        r"""Estimate $\mu$, $B$ and $W$ from all groups, and the hidden mean of each.

        Shapes: ``x`` (N, D), ``groups`` a dict of a name -> row numbers -> dict of a name -> model.
        Raises: ValueError for fewer than two groups, or where no density fits.
        """
        if len(groups) < 2:
            raise ValueError(
                f"PLDA compares a group with the others, and there is only {', '.join(groups)}: "
                "give two"
            )
        try:
            return self._models(x, groups)
        except np.linalg.LinAlgError as error:
            raise ValueError(
                f"no PLDA fits {len(x)} clips of {x.shape[1]} dimensions with a regularization of "
                f"{self.regularization:g}: give more clips, or a larger one"
            ) from error

    def judge(self, model, x):
        own = log_density(x, model["mean"], model["whitening"])
        return log_density(x, model["background_mean"], model["background_whitening"]) - own

    def _models(self, x, groups):
        means = np.stack([x[rows].mean(axis=0) for rows in groups.values()])  # (G, D)
        residuals = np.concatenate([x[rows] - mean for rows, mean in zip(groups.values(), means)])
        floor = self.regularization * np.eye(x.shape[1])
        within = residuals.T @ residuals / len(x) + floor
        mu = means.mean(axis=0)
        between = (means - mu).T @ (means - mu) / len(means) + floor
        anyone = {"background_mean": mu, "background_whitening": _whitening(within + between)}
        models = {}
        for (name, rows), mean in zip(groups.items(), means):
            own, spread = _posterior(mu, between, within, mean, len(rows))
            models[name] = {"mean": own, "whitening": _whitening(within + spread), **anyone}
        return models


def _posterior(mu, between, within, mean, count):
    """Mean and covariance of a class's hidden mean after its clips; B (B + W / n)^-1 needs no
    inverse of B or W.
    """
    gain = np.linalg.solve(between + within / count, between).T  # (D, D)
    return mu + gain @ (mean - mu), between - gain @ between


def _whitening(covariance):
    """L with L L^T the inverse of the covariance."""
    return np.linalg.inv(np.linalg.cholesky(covariance)).T
