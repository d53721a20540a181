"""A region laboratory: choose a backend, and see which part of all possible embeddings it accepts."""

from contextlib import contextmanager

import ipywidgets
import numpy as np

from .. import backends
from ..figures.regions import readout, region_state, regions
from .threshold import picture

OWN = "own"
COUNTS = {  # what the slider of components counts, for each backend that counts something
    "CosineTopK": "k", "CosineToClusters": "clusters", "LocalOutlierFactor": "neighbors",
    "GaussianMixture": "components",
}  # fmt: skip
SHAPED = ("Gaussian", "GaussianMixture")
NAMES = ["CosineToMean", "CosineTopK", "CosineToClusters", "NearestNeighbor", "LocalOutlierFactor", *SHAPED]
WIDE = {"width": "95%"}


class RegionView:
    """Change backend, covariance, number of modes and false alarm rate, and watch the accepted region follow.

    Shapes: train (N, D), normal (M, D) not among them, anomaly (K, D), with D = 2 or 3; ``others``, a dict of another
        group's name -> (L, D).
    Raises: ValueError as ``region_state`` does, and for another group called ``own``.
    Choices: the threshold comes from the normal clips that no backend was fitted to. The slider of components counts
        what the backend counts: modes, clusters, neighbors. PLDA is offered where there are ``others`` to compare with.
        ``space="plane"`` leaves the lengths of the embeddings as they are in each backend that can.
    Example:
        >>> x = np.random.default_rng(0).normal(size=(90, 2)) * 0.2 + [1.0, 0.0]
        >>> view = views.RegionView(x[:40], x[40:80], -x[80:])
        >>> strict, loose = (view.set(backend="CosineToMean", rate=rate).state for rate in (0.01, 0.5))
        >>> strict["accepted"] > loose["accepted"], strict["hits"]
        (True, 10)
    Notebook: 12_backends
    """

    def __init__(self, train, normal, anomaly, others=None, backend="Gaussian", rate=0.1, space=None):
        self.sets, self.others, self.space = (train, normal, anomaly), others or {}, space
        if OWN in self.others:
            raise ValueError(f"the clips of train are the group {OWN!r}: give the other group another name")
        self.backend = ipywidgets.Dropdown(
            options=[*NAMES, "PLDA"] if self.others else NAMES, value=backend, description="backend",
            tooltip="Backend: arrow keys go through them",
        )  # fmt: skip
        self.covariance = ipywidgets.Dropdown(
            options=["full", "diagonal", "spherical"], description="covariance", tooltip="Covariance of each mode"
        )
        self.components = ipywidgets.IntSlider(
            4, min=1, max=32, description="components", continuous_update=False, layout=WIDE,
            tooltip="Modes, clusters or neighbors: arrow keys change it by one",
        )  # fmt: skip
        self.rate = ipywidgets.FloatSlider(
            rate, min=0.01, max=0.5, step=0.01, description="false alarms", continuous_update=False, layout=WIDE,
            tooltip="Share of normal clips that may alarm: arrow keys change it by one hundredth",
        )  # fmt: skip
        self.image, self.text = ipywidgets.HTML(), ipywidgets.HTML()
        self.controls = {name: getattr(self, name) for name in ("backend", "covariance", "components", "rate")}
        choices = ipywidgets.HBox([self.backend, self.covariance])
        self.box = ipywidgets.VBox([choices, self.components, self.rate, self.text, self.image])
        self._quiet = False
        for control in self.controls.values():
            control.observe(self._redraw, names="value")
        self._redraw()

    @property
    def state(self):
        """What the backend accepts now, the dict of ``region_state``.

        Notebook: 12_backends
        """
        return self._state

    def figure(self):
        """The picture as it is now, for a page without a kernel.

        Notebook: 12_backends
        """
        return regions({self._title(): self.state})

    def set(self, **values):
        """Choose, as a hand would: ``backend``, ``covariance``, ``components``, ``rate``; what is left out stays.

        Raises: ValueError for a control that is not there, or a value that it does not offer.
        Notebook: 12_backends
        """
        for name, value in values.items():
            if name not in self.controls:
                raise ValueError(f"there is no control {name!r}: set one of {', '.join(self.controls)}")
            control = self.controls[name]
            if hasattr(control, "options") and value not in control.options:
                raise ValueError(f"{name} cannot be {value!r}: give one of {', '.join(control.options)}")
            if hasattr(control, "min") and not control.min <= value <= control.max:
                raise ValueError(f"{name} goes from {control.min} to {control.max}: {value} lies outside")
        with self._one_redraw():
            for name, value in values.items():
                self.controls[name].value = value
        return self

    def _fitted(self):
        """The backend that is chosen, and the name of the group it is to show."""
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

    @contextmanager
    def _one_redraw(self):
        """Several controls move at once: the callbacks in between stay quiet."""
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False
            self._redraw()

    def _redraw(self, change=None):
        if self._quiet:
            return
        name = self.backend.value
        self.covariance.disabled, self.components.disabled = name not in SHAPED, name not in COUNTS
        self.components.description = COUNTS.get(name, "components")
        others = np.concatenate(list(self.others.values())) if self.others else ()
        self._state = region_state(
            self._fitted(), *self.sets, rate=self.rate.value, group=OWN, others=others, space=self.space
        )
        figure = self.figure()
        self.text.value = self._readout()
        self.image.value = picture(figure.png(), figure.alt)

    def _readout(self):
        return f"{self._title()}: {readout(self.state)}, threshold {self.state['threshold']:.4g}"

    def __repr__(self):
        return f"<RegionView: {self._readout()}>"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self.box._repr_mimebundle_() | {"text/plain": repr(self)}
