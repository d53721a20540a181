"""A view of the adaptive scale: sizes and mixup to choose, and the training that follows."""

import numpy as np

from ..figures.losses.scale_lab import scale_figure, scale_state
from .view import View, among, tick

CLASSES, BATCHES, DIMS = (3, 6, 12, 24, 41), (4, 16, 64, 128), (2, 4, 8, 16, 32, 128)


class ScaleView(View):
    """Choose classes, batch size, dimension and mixup: AdaCos is trained anew, and drawn.

    Shapes: ``classes``, ``batch`` and ``dim`` are among the steps of their sliders, ``mixed`` is
        True or False.
    Raises: ValueError as ``set`` does.
    Choices: the training is that of ``scale_state``; while it lasts, the line of words says so.
        What was trained once is kept, and the choice before is drawn beside the new one. The dotted
        line of the scale is ln(C - 1), which holds clips on their centers at one half, centers at
        right angles.
    Example:
        >>> view = views.ScaleView(classes=41, batch=16, dim=2, steps=40)
        >>> view.state["runaway"], view.set(dim=128).state["runaway"]
        (True, False)
    Notebook: 07_adacos
    """

    def __init__(self, classes=12, batch=64, dim=32, mixed=False, steps=150):
        self.steps, self._trained = steps, {}
        self._now, self._before = None, None  # the choices that are drawn
        controls = {
            "classes": among("classes", CLASSES, 12, "Number of classes"),
            "batch": among("batch", BATCHES, 64, "Clips a batch"),
            "dim": among("dimension", DIMS, 32, "Numbers an embedding has"),
            "mixed": tick("mixup", "Mix each clip with another: space key"),
        }
        super().__init__(
            controls, start={"classes": classes, "batch": batch, "dim": dim, "mixed": mixed}
        )

    @property
    def state(self):
        """The training that is shown, the dict of ``scale_state``."""
        return self._trained[self._now]

    def figure(self):
        """Draw the picture as it is now, for a page without a kernel."""
        runs = {"AdaCos": self.state}
        if self._before is not None:
            runs["the choice before"] = self._trained[self._before]
        return scale_figure(runs, title=self._title(), rest=self.state["limit"])

    def _follow(self):
        chosen = tuple(control.value for control in self.controls.values())
        if chosen not in self._trained:
            self.text.value = f"{self._title()}: training, {self.steps} steps ..."
            self._trained[chosen] = scale_state(*chosen, steps=self.steps)
        if chosen != self._now:
            self._now, self._before = chosen, self._now

    def _title(self):
        mixed = "with" if self.mixed.value else "without"
        sizes = f"{self.classes.value} classes, batches of {self.batch.value}, D = {self.dim.value}"
        return f"{sizes}, {mixed} mixup"

    def _readout(self):
        return f"{self._title()}: {readout(self.state)}"


def readout(state):
    """Say in one line what the scale did."""
    scale, steps = state["scale"], len(state["scale"])
    if state["runaway"]:
        return (
            f"scale from {state['start']:.3g} to {scale[-1]:.2g} in {steps} steps: it has run away"
        )
    angle = np.degrees(state["median_angle"][-1])
    return (
        f"scale from {state['start']:.3g} to {scale[-1]:.3g} in {steps} steps (ln(C - 1) = "
        f"{state['limit']:.3g}), "
        f"median angle {angle:.0f}°, own probability {state['probability'][-1]:.2f}"
    )
