"""A view of the length alpha: one clip on the circle, its probabilities, and the bound."""

from ..figures.losses.alpha_lab import alpha_figure, alpha_state
from .view import View, among, buttons, whole

ALPHAS = [tenths / 10 for tenths in range(1, 100)] + [float(whole) for whole in range(10, 31)]


class AlphaView(View):
    """Move the length alpha, the angle of a clip and the number of classes: probabilities follow.

    Shapes: alpha in tenths from 0.1 to 10 and in whole numbers up to 30, angle in whole degrees
        from -180 to 180, 3 to 5 classes.
    Raises: ValueError as ``set`` does.
    Choices: the clip is of class 0.
    Example:
        >>> view = views.AlphaView(alpha=1.0)
        >>> short, long = (view.set(alpha=alpha).state["best"] for alpha in (0.1, 30.0))
        >>> round(short, 2), round(long, 2)
        (0.28, 1.0)
    Notebook: 05_classify_to_detect
    """

    def __init__(self, alpha=1.0, angle=20, classes=4):
        controls = {
            "alpha": among(
                "alpha",
                ALPHAS,
                1.0,
                "Length of the embeddings: arrow keys move it by a step",
                live=True,
            ),
            "angle": whole(
                "angle in °",
                range(-180, 181),
                20,
                "Angle of the clip to the center of its own class",
            ),
            "classes": buttons("classes", (3, 4, 5), 4, "Number of classes"),
        }
        super().__init__(controls, start={"alpha": alpha, "angle": angle, "classes": classes})

    @property
    def state(self):
        """Probabilities, loss and bound as they are now, the dict of ``alpha_state``."""
        return alpha_state(self.alpha.value, self.angle.value, self.classes.value)

    def figure(self):
        """Draw the picture as it is now, for a page without a kernel."""
        return alpha_figure(self.state)

    def _readout(self):
        state = self.state
        side = "at or above" if state["enough"] else "below"
        return (
            f"alpha {state['alpha']:.1f}, {side} the bound {state['bound']:.2f}:"
            f" own class {state['probabilities'][0]:.3f} (on its center {state['best']:.3f}), "
            f"loss {state['loss']:.3f}"
        )
