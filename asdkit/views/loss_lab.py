"""A view of losses: two classes on the circle, one clip, and what it costs."""

import math

from ..figures.losses.loss_lab import KINDS, loss_figure, loss_state
from .view import View, among, buttons, whole

UNITS = {"softmax": "margin", "CosFace": "margin, cos", "ArcFace": "margin, rad"}
MARGINS = [twentieths / 20 for twentieths in range(41)]


class LossLab(View):
    """Choose a loss, move a clip between two centers, change scale and margin: the cost follows.

    Shapes: ``angle`` and ``apart`` in degrees, as the sliders show them; ``margin`` in radians for
        ArcFace, in cosines for CosFace.
    Raises: ValueError as ``set`` does.
    Choices: a margin changes nothing for softmax, so its slider is disabled there. Sliders move in
        whole degrees and twentieths. The state holds radians.
    Example:
        >>> lab = views.LossLab("ArcFace", angle=40, margin=0.5)
        >>> lab.state["probability"] < lab.set(kind="softmax").state["probability"]
        True
    Notebook: 06_angles_and_margins
    """

    def __init__(self, kind="ArcFace", angle=30, scale=30, margin=0.5, apart=90):
        controls = {
            "kind": buttons("loss", KINDS, "ArcFace", "Loss"),
            "angle": whole("angle in °", range(181), 30, "Angle of the clip to its own center"),
            "apart": whole("apart in °", range(5, 181, 5), 90, "Angle between the two centers"),
            "scale": whole("scale s", range(1, 65), 30, "Scale of the softmax"),
            "margin": among("margin", MARGINS, 0.5, "Margin, in radians or cosines", live=True),
        }
        start = {"kind": kind, "angle": angle, "apart": apart, "scale": scale, "margin": margin}
        super().__init__(controls, start)

    @property
    def state(self):
        """What the clip costs now, the dict of ``loss_state``."""
        return loss_state(**self._numbers())

    def figure(self):
        """Draw the picture as it is now, for a page without a kernel."""
        return loss_figure(**self._numbers())

    def _numbers(self):
        return {
            "kind": self.kind.value,
            "angle": math.radians(self.angle.value),
            "scale": float(self.scale.value),
            "margin": self.margin.value,
            "apart": math.radians(self.apart.value),
        }

    def _follow(self):
        self.margin.disabled = self.kind.value == "softmax"
        self.margin.description = UNITS[self.kind.value]

    def _readout(self):
        return readout(self.kind.value, self.state)


def readout(kind, state):
    """Say in one line what the clip costs."""
    border = (
        "nowhere" if math.isnan(state["border"]) else f"up to {math.degrees(state['border']):.1f}°"
    )
    return (
        f"{kind} at {math.degrees(state['angle']):.0f}°: "
        f"probability {state['probability']:.3f} in training, "
        f"{state['test_probability']:.3f} in testing, loss {state['loss']:.4g}, slope "
        f"{state['gradient']:.4g} per rad, "
        f"won {border}"
    )
