"""A loss laboratory: two classes on the circle, one clip, and its probability, loss and slope under the hand."""

import math
from contextlib import contextmanager

import ipywidgets

from ..figures.loss_lab import KINDS, loss_figure, loss_state
from .threshold import picture

WIDE = {"width": "95%"}


class LossLab:
    """Choose a loss, move a clip between two centers, change scale and margin, and watch what it costs.

    Shapes: ``angle`` and ``apart`` in degrees, as the sliders show them; ``margin`` in radians for ArcFace, in cosines
        for CosFace.
    Raises: ValueError as ``set`` does.
    Choices: a margin changes nothing for softmax, so its slider is disabled there. Sliders move in whole degrees and
        twentieths. The state holds radians.
    Example:
        >>> lab = views.LossLab("ArcFace", angle=40, margin=0.5)
        >>> lab.state["probability"] < lab.set(kind="softmax").state["probability"]
        True
    Notebook: 06_angles_and_margins
    """

    def __init__(self, kind="ArcFace", angle=30, scale=30, margin=0.5, apart=90):
        self.kind = ipywidgets.Dropdown(
            options=KINDS, value="ArcFace", description="loss", tooltip="Loss: arrow keys go through them"
        )
        self.angle = _slider(30, 0, 180, 1, "angle in °", "Angle of the clip to its own center")
        self.apart = _slider(90, 5, 180, 5, "apart in °", "Angle between the two centers")
        self.scale = _slider(30, 1, 64, 1, "scale s", "Scale of the softmax")
        self.margin = ipywidgets.FloatSlider(
            0.5, min=0.0, max=2.0, step=0.05, description="margin m", layout=WIDE,
            tooltip="Margin, in radians or cosines: arrow keys change it by 0.05",
        )  # fmt: skip
        self.image, self.text = ipywidgets.HTML(), ipywidgets.HTML()
        self.controls = {name: getattr(self, name) for name in ("kind", "angle", "apart", "scale", "margin")}
        self.box = ipywidgets.VBox([*self.controls.values(), self.text, self.image])
        self._quiet = False
        for control in self.controls.values():
            control.observe(self._redraw, names="value")
        self.set(kind=kind, angle=angle, scale=scale, margin=margin, apart=apart)

    @property
    def state(self):
        """What the clip costs now, the dict of ``loss_state``.

        Notebook: 06_angles_and_margins
        """
        return loss_state(**self._numbers())

    def figure(self):
        """The picture as it is now, for a page without a kernel.

        Notebook: 06_angles_and_margins
        """
        return loss_figure(**self._numbers())

    def set(self, **values):
        """Choose, as a hand would: ``kind angle apart scale margin``; what is left out stays.

        Raises: ValueError for a control that is not there, or a value that it does not offer.
        Notebook: 06_angles_and_margins
        """
        for name, value in values.items():
            if name not in self.controls:
                raise ValueError(f"there is no control {name!r}: set one of {', '.join(self.controls)}")
            control = self.controls[name]
            if name == "kind" and value not in KINDS:
                raise ValueError(f"kind cannot be {value!r}: give one of {', '.join(KINDS)}")
            if name != "kind" and not control.min <= value <= control.max:
                raise ValueError(f"{name} goes from {control.min} to {control.max}: {value} lies outside")
        with self._one_redraw():
            for name, value in values.items():
                self.controls[name].value = value
        return self

    def _numbers(self):
        return {
            "kind": self.kind.value,
            "angle": math.radians(self.angle.value),
            "scale": float(self.scale.value),
            "margin": self.margin.value,
            "apart": math.radians(self.apart.value),
        }

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
        self.margin.disabled = self.kind.value == "softmax"
        figure = self.figure()
        self.text.value = readout(self.kind.value, self.state)
        self.image.value = picture(figure.png(), figure.alt)

    def __repr__(self):
        return f"<LossLab: {readout(self.kind.value, self.state)}>"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self.box._repr_mimebundle_() | {"text/plain": repr(self)}


def _slider(value, low, high, step, name, words):
    return ipywidgets.IntSlider(
        value, min=low, max=high, step=step, description=name, tooltip=f"{words}: arrow keys move it by {step}",
        layout=WIDE,
    )  # fmt: skip


def readout(kind, state):
    """One line that says what the clip costs.

    Notebook: 06_angles_and_margins
    """
    border = "nowhere" if math.isnan(state["border"]) else f"up to {math.degrees(state['border']):.1f}°"
    return (
        f"{kind} at {math.degrees(state['angle']):.0f}°: probability {state['probability']:.3f} in training, "
        f"{state['test_probability']:.3f} in testing, loss {state['loss']:.4g}, slope {state['gradient']:.4g} per rad, "
        f"won {border}"
    )
