"""A view of what a training costs: clips, epochs, the speed and the memory of a card."""

from ..figures.train.cost_lab import cost_figure, cost_state
from .view import View, among, buttons

CLIPS = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000]
EPOCHS = [1, 2, 5, 10, 20, 50, 100, 200, 300, 400]
FASTER = [1, 2, 5, 10, 20, 50, 100, 200, 500]
ROOMS = (4, 8, 16, 24, 80)


class CostView(View):
    """Move the number of clips and epochs, the speed of a machine beside this one, and its memory.

    Shapes: ``rates`` a dict of a network -> clips a second on this machine, ``sizes`` the same of
        bytes a clip.
    Raises: ValueError as ``set`` and ``cost_state`` do.
    Example:
        >>> view = views.CostView({"ResNet": 125.0}, {"ResNet": 160_256})
        >>> view.set(epochs=10, faster=50).state["hours"]["ResNet"] < 0.01
        True
    Notebook: 15_train_on_gpu
    """

    def __init__(self, rates, sizes, clips=20_000, epochs=400, faster=1, room=16):
        self.rates, self.sizes = dict(rates), dict(sizes)
        controls = {
            "clips": among("clips", CLIPS, 20_000, "Training clips of 10 s", live=True),
            "epochs": among("epochs", EPOCHS, 400, "Passes over all clips", live=True),
            "faster": among(
                "times as fast", FASTER, 1, "Speed of another machine beside this one", live=True
            ),
            "room": buttons("room in GiB", ROOMS, 16, "Memory of the GPU that inputs may take"),
        }
        start = {"clips": clips, "epochs": epochs, "faster": faster, "room": room}
        super().__init__(controls, start=start)

    @property
    def state(self):
        """Hours and memory as they are now, the dict of ``cost_state``."""
        asked = {name: control.value for name, control in self.controls.items()}
        return cost_state(self.rates, self.sizes, **asked)

    def figure(self):
        """Draw the picture as it is now, for a page without a kernel."""
        return cost_figure(self.state)

    def _readout(self):
        state = self.state
        told = [
            f"{name} {hours:.3g} h, {state['gibibytes'][name]:.3g} GiB"
            + ("" if state["fits"][name] else " (streamed)")
            for name, hours in state["hours"].items()
        ]
        return f"{state['clips']} clips, {state['epochs']} epochs: {'; '.join(told)}"
