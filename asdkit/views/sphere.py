"""A training on the sphere to go through by hand: a scrubber over the epochs, and a turn of the eye."""

import ipywidgets

from ..figures.snapshots import snapshot_figure, snapshot_state
from .threshold import picture

WIDE = {"width": "95%"}
TURN = 15


class SphereView:
    """Go through the epochs of a training, and around the sphere: clips and sub-clusters follow.

    Shapes: ``snapshots``, a dict of an epoch -> (x (N, 3), centers (C, S, 3)); ``y`` (N,) class indices,
        ``names`` (C,) of the classes.
    Raises: ValueError for no snapshot, or as ``snapshot_figure`` does.
    Choices: nothing is trained here, the snapshots are there before. The eye turns in steps of 15 degrees.
    Example:
        >>> centers = np.eye(3)[:2, None]
        >>> snapshots = {epoch: ([[1, 0, 0], [1, epoch, 0.1]], centers) for epoch in (0, 5)}
        >>> view = views.SphereView(snapshots, y=[0, 1])
        >>> [view.set(epoch=epoch).state["own"] for epoch in (0, 5)]
        [1, 2]
    Notebook: 08_subcluster_adacos
    """

    def __init__(self, snapshots, y, names=None):
        if not snapshots:
            raise ValueError("there is no snapshot to show: pass a dict of an epoch -> (embeddings, centers)")
        self.snapshots, self.y, self.names = dict(snapshots), y, names
        self.epoch = ipywidgets.SelectionSlider(
            options=list(self.snapshots), description="epoch", continuous_update=False, layout=WIDE,
            tooltip="Epoch of the training: arrow keys go to the next snapshot",
        )  # fmt: skip
        self.turn = ipywidgets.IntSlider(
            30, min=0, max=360 - TURN, step=TURN, description="turn", continuous_update=False, layout=WIDE,
            tooltip="Turn of the eye around the sphere in degrees: arrow keys turn by 15",
        )  # fmt: skip
        self.image, self.text = ipywidgets.HTML(), ipywidgets.HTML()
        self.box = ipywidgets.VBox([self.epoch, self.turn, self.text, self.image])
        for control in (self.epoch, self.turn):
            control.observe(self._redraw, names="value")
        self._redraw()

    @property
    def state(self):
        """What the training has reached at the epoch in view, the dict of ``snapshot_state``.

        Notebook: 08_subcluster_adacos
        """
        return snapshot_state(self.snapshots, self.y, self.epoch.value)

    def figure(self):
        """The picture as it is now, for a page without a kernel.

        Notebook: 08_subcluster_adacos
        """
        return snapshot_figure(self.snapshots, self.y, self.epoch.value, self.names, self.turn.value)

    def set(self, epoch=None, turn=None):
        """Move a slider, as a hand would; what is not given stays.

        Raises: ValueError for an epoch without a snapshot, or a turn that is no step of the slider.
        Notebook: 08_subcluster_adacos
        """
        if epoch is not None and epoch not in self.snapshots:
            raise ValueError(f"there is no snapshot of epoch {epoch}: set one of {', '.join(map(str, self.snapshots))}")
        if turn is not None and turn not in range(0, 360, TURN):
            raise ValueError(f"the eye turns from 0 to {360 - TURN} degrees in steps of {TURN}, not to {turn}")
        if epoch is not None:
            self.epoch.value = epoch
        if turn is not None:
            self.turn.value = turn
        return self

    def _redraw(self, change=None):
        figure = self.figure()
        self.text.value = self._readout()
        self.image.value = picture(figure.png(), figure.alt)

    def _readout(self):
        state = self.state
        used = ", ".join(str(count) for count in state["used"])
        return (
            f"epoch {state['epoch']}: {state['own']} of {state['clips']} clips in their own cone, median angle "
            f"{state['angle']:.1f}°, sub-clusters in use by class: {used}"
        )

    def __repr__(self):
        return f"<SphereView: {self._readout()}>"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self.box._repr_mimebundle_() | {"text/plain": repr(self)}
