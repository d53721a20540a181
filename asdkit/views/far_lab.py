"""A view of two microphones: the share of the far one that is taken from the near one."""

from ..figures.features.far_lab import SHARES, far_figure, far_state, readout
from .view import View, among


class FarView(View):
    """Take more or less of what a far microphone hears, and watch how well faults are found.

    Shapes: a table of N clips and the powers (N, B) of both microphones; ``share`` from 0 to 1.5 in
        steps of 0.05.
    Raises: ValueError as ``far_state`` and ``set`` do.
    Notebook: 02_features
    """

    def __init__(self, clips, near, far, share=0.0):
        self.curve = [far_state(clips, near, far, one) for one in SHARES]
        words = "Share of the far microphone's power that is taken: arrow keys move it by a step"
        controls = {"share": among("share", SHARES, 0.0, words, live=True)}
        super().__init__(controls, start={"share": share})

    @property
    def state(self):
        """What is left, and how well faults are found by it, the dict of ``far_state``."""
        return self.curve[SHARES.index(self.share.value)]

    def figure(self):
        """Draw the picture as it is now, for a page without a kernel."""
        return far_figure(self.state, self.curve)

    def _readout(self):
        return readout(self.state)
