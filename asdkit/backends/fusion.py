"""One score from several systems."""

from sklearn.base import BaseEstimator, clone


class Fusion(BaseEstimator):
    r"""Sum of the scores of several systems, each with its own embeddings, $\sum_m s_m(x^{(m)})$.

    Paper: [SCA] IV-G and Fig. 2 sum the log-probabilities of systems with S = 1, 2, 4 ... 64
        sub-clusters; [AP] takes the mean of ten trials, which ranks clips as their sum does.
    Shapes: M backends, ``x`` a list of M arrays (N, D_m), ``group`` (N,) -> score (N,).
    Raises: ValueError where there are not as many sets of embeddings as backends, or of different
        lengths, and as the backends do.
    Choices: nothing is rescaled, as in the papers: sum scores of one unit (nats with nats, cosines
        with cosines), or the one with the widest spread decides alone.
    Example:
        >>> x = [[[1.0, 0.0]], [[0.0, 1.0]]]  # one training clip, embedded by two systems
        >>> fusion = backends.Fusion([backends.CosineToMean(), backends.CosineToMean()]).fit(x)
        >>> fusion.score([[[1.0, 0.0], [-1.0, 0.0]], [[0.0, 1.0], [1.0, 0.0]]])  # 0 + 0, and 2 + 1
        array([0., 3.])
    Notebook: 12_backends
    """

    def __init__(self, backends):
        self.backends = backends

    def fit(self, x, group=None):
        """Fit a copy of each backend to the embeddings of its system.

        Shapes: ``x`` M arrays (N, D_m), ``group`` (N,) -> self.
        """
        self.backends_ = [
            clone(backend).fit(own, group) for backend, own in zip(self.backends, self._paired(x))
        ]
        return self

    def score(self, x, group=None):
        """Sum of the scores of each clip; larger is more anomalous.

        Shapes: ``x`` M arrays (N, D_m), ``group`` (N,) -> array (N,).
        Raises: ValueError for a group that no model was fitted to.
        """
        if not hasattr(self, "backends_"):
            raise ValueError("Fusion was not fitted: call fit with normal clips")
        return sum(
            backend.score(own, group) for backend, own in zip(self.backends_, self._paired(x))
        )

    def _paired(self, x):
        if not isinstance(self.backends, list | tuple) or not all(
            isinstance(backend, BaseEstimator) for backend in self.backends
        ):
            raise ValueError("backends is no list of backends: give Fusion([CosineToMean(), ...])")
        if not self.backends:
            raise ValueError("there is no system to fuse: pass at least one backend")
        if not all(hasattr(own, "__len__") for own in (x if hasattr(x, "__len__") else [x])):
            raise ValueError("x is no list of embeddings: give a list of (N, D), one a backend")
        if len(x) != len(self.backends):
            raise ValueError(
                f"{len(self.backends)} backends and {len(x)} sets of embeddings: give a list, one "
                "for each"
            )
        lengths = [len(own) for own in x]
        if len(set(lengths)) > 1:
            raise ValueError(
                f"the systems embed {', '.join(map(str, lengths))} clips: give the same clips to "
                "each"
            )
        return x
