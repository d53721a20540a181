"""The length alpha under the hand: one clip on the circle, its probabilities, and the bound."""

import ipywidgets

from ..figures.alpha import alpha_figure, alpha_state
from .threshold import picture

WIDE = {"width": "95%"}


class AlphaView:
    """Move the length alpha, the angle of a clip and the number of classes, and watch the probabilities follow.

    Shapes: alpha in tenths from 0.1 to 30, angle in whole degrees from -180 to 180, 3 to 5 classes.
    Raises: ValueError as ``set`` does.
    Choices: alpha moves in whole tenths, since a page sends other steps back rounded. The clip is of class 0.
    Example:
        >>> view = views.AlphaView(alpha=1.0)
        >>> short, long = (view.set(alpha=alpha).state["best"] for alpha in (0.1, 30.0))
        >>> round(short, 2), round(long, 2)
        (0.28, 1.0)
    Notebook: 05_classify_to_detect
    """

    def __init__(self, alpha=1.0, angle=20, classes=4):
        self.alpha = ipywidgets.IntSlider(
            10, min=1, max=300, description="10 alpha", layout=WIDE,
            tooltip="Ten times the length of the embeddings: arrow keys move alpha by a tenth, page keys by more",
        )  # fmt: skip
        self.angle = ipywidgets.IntSlider(
            20, min=-180, max=180, description="angle in °", layout=WIDE,
            tooltip="Angle of the clip to the center of its own class: arrow keys turn it by a degree",
        )  # fmt: skip
        self.classes = ipywidgets.Dropdown(
            options=[3, 4, 5], value=4, description="classes", tooltip="Number of classes: arrow keys go through them"
        )
        self.image, self.text = ipywidgets.HTML(), ipywidgets.HTML()
        self.box = ipywidgets.VBox([self.alpha, self.angle, self.classes, self.text, self.image])
        self.set(alpha, angle, classes)
        for control in (self.alpha, self.angle, self.classes):
            control.observe(self._redraw, names="value")
        self._redraw()

    @property
    def state(self):
        """Probabilities, loss and bound as they are now, the dict of ``alpha_state``.

        Notebook: 05_classify_to_detect
        """
        return alpha_state(self.alpha.value / 10, self.angle.value, self.classes.value)

    def figure(self):
        """The picture as it is now, for a page without a kernel.

        Notebook: 05_classify_to_detect
        """
        return alpha_figure(self.state)

    def set(self, alpha=None, angle=None, classes=None):
        """Move the controls, as a hand would; what is not given stays.

        Raises: ValueError for a value that a control does not offer.
        Notebook: 05_classify_to_detect
        """
        if alpha is not None and (not 0.1 <= alpha <= 30.0 or abs(10 * alpha - round(10 * alpha)) > 1e-9):
            raise ValueError(f"alpha goes from 0.1 to 30 in tenths: {alpha} is none of these")
        if angle is not None and (not -180 <= angle <= 180 or angle != round(angle)):
            raise ValueError(f"angle goes from -180 to 180 in whole degrees: {angle} is none of these")
        if classes is not None and classes not in self.classes.options:
            raise ValueError(f"there are 3 to 5 classes, not {classes}")
        if alpha is not None:
            self.alpha.value = round(10 * alpha)
        if angle is not None:
            self.angle.value = round(angle)
        if classes is not None:
            self.classes.value = classes
        return self

    def _redraw(self, change=None):
        figure = self.figure()
        self.text.value = self._readout()
        self.image.value = picture(figure.png(), figure.alt)

    def _readout(self):
        state = self.state
        side = "at or above" if state["enough"] else "below"
        return (
            f"alpha {state['alpha']:.1f}, {side} the bound {state['bound']:.2f}:"
            f" own class {state['probabilities'][0]:.3f} (on its center {state['best']:.3f}), loss {state['loss']:.3f}"
        )

    def __repr__(self):
        return f"<AlphaView: {self._readout()}>"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self.box._repr_mimebundle_() | {"text/plain": repr(self)}
