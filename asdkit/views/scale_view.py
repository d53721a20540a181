"""The adaptive scale under the hand: classes, batch size, dimension and mixup, and the training that follows."""

from contextlib import contextmanager

import ipywidgets
import numpy as np

from ..figures.scale_lab import scale_figure, scale_state
from .threshold import picture

CLASSES, BATCHES, DIMS = (3, 6, 12, 24, 41), (4, 16, 64, 128), (2, 4, 8, 16, 32, 128)


class ScaleView:
    """Choose the number of classes, the batch size, the dimension and mixup: AdaCos is trained anew, and drawn.

    Shapes: ``classes``, ``batch`` and ``dim`` are among the steps of their sliders, ``mixed`` is True or False.
    Raises: ValueError as ``set`` does.
    Choices: the training is that of ``scale_state``, a fraction of a second; what was trained once is kept.
    Example:
        >>> view = views.ScaleView(classes=41, batch=16, dim=2, steps=40)
        >>> view.state["runaway"], view.set(dim=128).state["runaway"]
        (True, False)
    Notebook: 07_adacos
    """

    def __init__(self, classes=12, batch=64, dim=32, mixed=False, steps=150):
        self.steps, self._trained, self._quiet = steps, {}, False
        self.classes = _slider(CLASSES, "classes", "Number of classes")
        self.batch = _slider(BATCHES, "batch", "Clips a batch")
        self.dim = _slider(DIMS, "dimension", "Numbers an embedding has")
        self.mixed = ipywidgets.Checkbox(False, description="mixup", tooltip="Mix each clip with another: space key")
        self.image, self.text = ipywidgets.HTML(), ipywidgets.HTML()
        self.controls = {name: getattr(self, name) for name in ("classes", "batch", "dim", "mixed")}
        self.box = ipywidgets.VBox([*self.controls.values(), self.text, self.image])
        for control in self.controls.values():
            control.observe(self._redraw, names="value")
        self.set(classes=classes, batch=batch, dim=dim, mixed=mixed)

    @property
    def state(self):
        """The training that is shown, the dict of ``scale_state``.

        Notebook: 07_adacos
        """
        chosen = tuple(control.value for control in self.controls.values())
        if chosen not in self._trained:
            self._trained[chosen] = scale_state(*chosen, steps=self.steps)
        return self._trained[chosen]

    def figure(self):
        """The picture as it is now, for a page without a kernel.

        Notebook: 07_adacos
        """
        return scale_figure({"AdaCos": self.state}, title=self._title())

    def set(self, **values):
        """Choose, as a hand would: ``classes batch dim mixed``; what is left out stays.

        Raises: ValueError for a control that is not there, or a value that it does not offer.
        Notebook: 07_adacos
        """
        for name, value in values.items():
            if name not in self.controls:
                raise ValueError(f"there is no control {name!r}: set one of {', '.join(self.controls)}")
            offered = getattr(self.controls[name], "options", (False, True))
            if value not in offered:
                raise ValueError(f"{name} cannot be {value!r}: give one of {', '.join(map(str, offered))}")
        with self._one_redraw():
            for name, value in values.items():
                self.controls[name].value = value
        return self

    def _title(self):
        mixed = "with" if self.mixed.value else "without"
        return f"{self.classes.value} classes, batches of {self.batch.value}, D = {self.dim.value}, {mixed} mixup"

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
        figure = self.figure()
        self.text.value = f"{self._title()}: {readout(self.state)}"
        self.image.value = picture(figure.png(), figure.alt)

    def __repr__(self):
        return f"<ScaleView: {self._title()}: {readout(self.state)}>"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self.box._repr_mimebundle_() | {"text/plain": repr(self)}


def _slider(options, name, words):
    return ipywidgets.SelectionSlider(
        options=options, value=options[-1], description=name, continuous_update=False, layout={"width": "95%"},
        tooltip=f"{words}: arrow keys go through {', '.join(map(str, options))}",
    )  # fmt: skip


def readout(state):
    """One line that says what the scale did.

    Notebook: 07_adacos
    """
    scale, steps = state["scale"], len(state["scale"])
    if state["runaway"]:
        return f"scale from {state['start']:.3g} to {scale[-1]:.2g} in {steps} steps: it has run away"
    angle = np.degrees(state["median_angle"][-1])
    return (
        f"scale from {state['start']:.3g} to {scale[-1]:.3g} in {steps} steps (ln(C - 1) = {state['limit']:.3g}), "
        f"median angle {angle:.0f}°, own probability {state['probability'][-1]:.2f}"
    )
