"""A view of sub-clusters in training: the machine type, the number of centers and the epoch to
move.
"""

import numpy as np

from ..figures.losses.cluster_lab import cluster_figure, cluster_state
from .view import View, among, buttons


class ClusterView(View):
    """Watch which sub-clusters a machine takes up: bars of its settings follow S and the epoch.

    Shapes: ``runs``, a dict of S -> dict of an epoch -> (x (N, D), centers (C, S, D)), a
        ``train.Snapshot`` or a pair; ``y`` (N,) class indices; ``setting`` (N,) names as
        ``cluster_figure`` takes them; ``owners`` (C,) names of the classes, "fan/00".
    Raises: ValueError for no run, or as ``cluster_state`` does.
    Choices: nothing is trained here, the snapshots are there before. One machine type is shown at a
        time, nine bars instead of 36.
    Notebook: 08_subcluster_adacos
    """

    def __init__(self, runs, y, setting, owners):
        if not runs or not all(runs.values()):
            raise ValueError("there is no snapshot to show: pass a dict of S -> run.snapshots")
        self.runs, self.y, self.setting = dict(runs), np.asarray(y), np.asarray(setting, dtype=str)
        self.owners = [str(name) for name in owners]
        kinds = list(dict.fromkeys(name.split("/")[0] for name in self.owners))
        sizes, epochs = list(self.runs), list(next(iter(self.runs.values())))
        words = {
            "kind": "Machine type whose machines and settings are shown",
            "S": "Sub-clusters of a machine: arrow keys go to the next",
            "epoch": "Epoch of the training: arrow keys go to the next snapshot",
        }
        controls = {
            "kind": buttons("type", kinds, kinds[0], words["kind"]),
            "S": among("S", sizes, sizes[-1], words["S"]),
            "epoch": among("epoch", epochs, epochs[-1], words["epoch"]),
        }
        super().__init__(controls)

    @property
    def state(self):
        """What is shown: the dict of ``cluster_state`` for the type, with S and epoch."""
        return {
            "kind": self.kind.value, "S": self.S.value, "epoch": self.epoch.value,
            "owners": self._shown()[1], **cluster_state(*self._part()),
        }  # fmt: skip

    def figure(self):
        """Draw the picture as it is now, for a page without a kernel."""
        title = f"{self.kind.value}, S = {self.S.value}, epoch {self.epoch.value}"
        return cluster_figure(*self._part(), title=title)

    def _shown(self):
        """Return the classes of the type, and their names."""
        found = [
            (number, name) for number, name in enumerate(self.owners)
            if name.split("/")[0] == self.kind.value
        ]  # fmt: skip
        return [number for number, _ in found], [name for _, name in found]

    def _part(self):
        """Return embeddings, centers, class indices and settings of the type alone."""
        classes, _ = self._shown()
        x, centers = self.runs[self.S.value][self.epoch.value]
        rows = np.isin(self.y, classes)
        y = np.searchsorted(classes, self.y[rows])
        return np.asarray(x)[rows], np.asarray(centers)[classes], y, self.setting[rows]

    def _readout(self):
        state = self.state
        used = ", ".join(f"{name} {n}" for name, n in zip(state["owners"], state["used"]))
        return (
            f"epoch {state['epoch']}: of {state['S']} sub-clusters in use: {used}; pairs of clips "
            f"that share one: of one setting {state['one_setting']:.0%}, of two settings "
            f"{state['two_settings']:.0%}"
        )
