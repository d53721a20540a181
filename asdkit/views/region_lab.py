"""A view of backends: which part of all possible embeddings each of them accepts."""

import numpy as np

from .. import backends
from ..figures.backends.region_lab import readout, region_state, regions
from .view import View, among, buttons, whole

OWN = "own"
COUNTS = {  # what the slider of components counts, for each backend that counts something
    "CosineTopK": "k", "CosineToClusters": "clusters", "LocalOutlierFactor": "neighbors",
    "GaussianMixture": "components",
}  # fmt: skip
SHAPED = ("Gaussian", "GaussianMixture")
NAMES = [
    "CosineToMean",
    "CosineTopK",
    "CosineToClusters",
    "NearestNeighbor",
    "LocalOutlierFactor",
    *SHAPED,
]
COVARIANCES = ("full", "diagonal", "spherical")
RATES = [percent / 100 for percent in range(1, 51)]


class RegionView(View):
    """Change backend, covariance, modes and false alarm rate: the accepted region follows.

    Shapes: train (N, D), normal (M, D) not among them, anomaly (K, D), with D = 2 or 3; ``others``,
        a dict of another group's name -> (L, D).
    Raises: ValueError as ``region_state`` does, and for another group called ``own``.
    Choices: the threshold comes from the normal clips that no backend was fitted to. The slider of
        components counts what the backend counts: modes, clusters, neighbors. PLDA is offered where
        there are ``others`` to compare with. ``space="plane"`` leaves the lengths of the embeddings
        as they are in each backend that can.
    Example:
        >>> x = np.random.default_rng(0).normal(size=(90, 2)) * 0.2 + [1.0, 0.0]
        >>> view = views.RegionView(x[:40], x[40:80], -x[80:])
        >>> [round(view.set(rate=rate).state["accepted"], 2) for rate in (0.01, 0.5)]
        [0.19, 0.05]
    Notebook: 12_backends
    """

    def __init__(
        self, train, normal, anomaly, others=None, backend="Gaussian", rate=0.1, space=None
    ):
        self.sets, self.others, self.space = (train, normal, anomaly), others or {}, space
        if OWN in self.others:
            raise ValueError(
                f"the clips of train are the group {OWN!r}: give the other group another name"
            )
        names = [*NAMES, "PLDA"] if self.others else NAMES
        controls = {
            "backend": buttons("backend", names, "Gaussian", "Backend"),
            "covariance": buttons("covariance", COVARIANCES, "full", "Covariance of each mode"),
            "components": whole(
                "components", range(1, 33), 4, "Modes, clusters or neighbors", live=False
            ),
            "rate": among("false alarms", RATES, 0.1, "Share of normal clips that may alarm"),
        }
        super().__init__(controls, start={"backend": backend, "rate": rate})

    @property
    def state(self):
        """What the backend accepts now, the dict of ``region_state``."""
        return self._state

    def figure(self):
        """Draw the picture as it is now, for a page without a kernel."""
        return regions({self._title(): self.state})

    def _fitted(self):
        """Return the chosen backend, fitted."""
        name = self.backend.value
        make, settings = getattr(backends, name), {}
        if name in COUNTS:
            settings[COUNTS[name]] = self.components.value
        if name in SHAPED:
            settings["covariance"] = self.covariance.value
        if self.space == "plane" and "normalize" in make().get_params():
            settings["normalize"] = False
        sets = [self.sets[0], *self.others.values()]
        names = np.repeat([OWN, *self.others], [len(rows) for rows in sets])
        return make(**settings).fit(np.concatenate(sets), names)

    def _title(self):
        name = self.backend.value
        parts = [self.covariance.value] if name in SHAPED else []
        parts += [f"{COUNTS[name]} {self.components.value}"] if name in COUNTS else []
        return f"{name} ({', '.join(parts)})" if parts else name

    def _follow(self):
        name = self.backend.value
        self.covariance.disabled, self.components.disabled = name not in SHAPED, name not in COUNTS
        self.components.description = COUNTS.get(name, "components")
        others = np.concatenate(list(self.others.values())) if self.others else ()
        self._state = region_state(
            self._fitted(), *self.sets, rate=self.rate.value, group=OWN, others=others,
            space=self.space,
        )  # fmt: skip

    def _readout(self):
        return f"{self._title()}: {readout(self.state)}, threshold {self.state['threshold']:.4g}"
