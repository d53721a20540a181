"""A view of a training on the sphere: the epoch and the turn of the eye to move."""

from ..figures.losses.snapshot_lab import snapshot_figure, snapshot_state
from .view import View, among, whole

TURN = 15


class SphereView(View):
    """Go through the epochs of a training, and around the sphere: clips and sub-clusters follow.

    Shapes: ``snapshots``, a dict of an epoch -> (x (N, 3), centers (C, S, 3)); ``y`` (N,) class
        indices, ``names`` (C,) of the classes.
    Raises: ValueError for no snapshot, or as ``snapshot_figure`` does.
    Choices: nothing is trained here, the snapshots are there before. The eye turns in steps of 15
        degrees.
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
            raise ValueError(
                "there is no snapshot to show: pass a dict of an epoch -> (embeddings, centers)"
            )
        self.snapshots, self.y, self.names = dict(snapshots), y, names
        epochs, turns = list(self.snapshots), range(0, 360, TURN)
        controls = {
            "epoch": among(
                "epoch",
                epochs,
                epochs[0],
                "Epoch of the training: arrow keys go to the next snapshot",
            ),
            "turn": whole(
                "turn", turns, 30, "Turn of the eye around the sphere in degrees", live=False
            ),
        }
        super().__init__(controls)

    @property
    def state(self):
        """What the training has reached at the epoch in view, the dict of ``snapshot_state``."""
        return snapshot_state(self.snapshots, self.y, self.epoch.value)

    def figure(self):
        """Draw the picture as it is now, for a page without a kernel."""
        return snapshot_figure(
            self.snapshots, self.y, self.epoch.value, self.names, self.turn.value
        )

    def set(self, epoch=None, turn=None):
        """Move a slider as a hand would; a slider that is not given stays.

        Raises: ValueError for an epoch without a snapshot, or a turn that is no step of the slider.
        """
        return super().set(epoch=epoch, turn=turn)

    def _readout(self):
        state = self.state
        names = (
            [f"class {number}" for number in range(len(state["used"]))]
            if self.names is None
            else self.names
        )
        used = ", ".join(f"{name} {count}" for name, count in zip(names, state["used"]))
        return (
            f"epoch {state['epoch']}: {state['own']} of {state['clips']} clips in their own cone, "
            "median angle "
            f"{state['angle']:.1f}°, sub-clusters in use: {used}"
        )
