"""A view of a threshold: picture, counts and rates follow the threshold and the p of the pAUC."""

import numpy as np

from ..figures.metrics.threshold_lab import scored, threshold_figure, threshold_state
from .view import View, among

STEPS = 200  # as many shares of the clips
RATES = [percent / 100 for percent in range(1, 101)]


class ThresholdView(View):
    """Move a threshold by mouse, key or ``set``: the picture and a line of counts follow.

    An alarm is a score at or above the threshold.

    Shapes: label (N,) 0 normal, 1 anomaly; score (N,), larger is more anomalous.
    Raises: ValueError as ``threshold_state`` does.
    Choices: the steps of the slider are quantiles of the scores, so each passes about as many
        clips, and a few scores far out take no room. All clips alarm at its left end, none at its
        right end. Without ``threshold`` it starts between the means of the two groups; a threshold
        that is set lies on the slider to the last bit. With ``p`` a second slider moves the false
        alarm rate up to which the pAUC is taken, in whole percent, and the picture holds the four
        counts.
    Example:
        >>> view = views.ThresholdView([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], p=0.5)
        >>> view.set(0.4).state["hits"], round(view.set(p=1.0).state["pauc"], 2)
        (1, 0.75)
    Notebook: 00_start_here, 03_scores_and_metrics
    """

    def __init__(self, label, score, threshold=None, p=None):
        self.label, self.score = scored(label, score)
        margin = float(np.ptp(self.score)) / STEPS or 1.0
        inner = np.quantile(self.score, np.linspace(0.0, 1.0, STEPS + 1))
        self.steps = np.unique([self.score.min() - margin, *inner, self.score.max() + margin])
        if threshold is None:
            threshold = np.mean([self.score[self.label == y].mean() for y in (0, 1)])
        options, index = self._around(threshold)
        controls = {
            "threshold": among(
                "threshold",
                options,
                options[index][1],
                "Threshold: arrow keys move it by one step",
                live=True,
            )
        }
        if p is not None:
            controls["p"] = among(
                "p", RATES, 0.1, "False alarm rate up to which the pAUC is taken", live=True
            )
        super().__init__(controls, start={"p": p})

    @property
    def thresholds(self):
        """The thresholds that the slider offers now, from all alarms to none."""
        return [threshold for _, threshold in self.threshold.options]

    @property
    def _p(self):
        return self.p.value if "p" in self.controls else None

    @property
    def state(self):
        """What the threshold does now, the dict of ``threshold_state``."""
        return threshold_state(self.label, self.score, self.threshold.value, self._p)

    def figure(self):
        """Draw the picture as it is now, for a page without a kernel."""
        return threshold_figure(self.label, self.score, self.threshold.value, self._p)

    def set(self, threshold=None, p=None):
        """Move a slider as a hand would; a slider that is not given stays.

        Raises: ValueError where a value lies outside its slider, or p is given to a view without a
            slider for it.
        """
        if p is not None and "p" not in self.controls:
            raise ValueError(
                "this view has no slider for p: make it with ThresholdView(label, score, p=0.1)"
            )
        around = None if threshold is None else self._around(threshold)
        with self._one_redraw():
            super().set(p=p)
            if around:
                self.threshold.options, self.threshold.index = around
        return self

    def _around(self, threshold):
        """Return the labels and steps of a slider that holds a threshold, and its place there."""
        low, high = self.steps[[0, -1]]
        if not low <= threshold <= high:
            raise ValueError(
                f"the slider goes from {low:.4g} to {high:.4g}: "
                f"a threshold of {threshold} lies outside"
            )
        grid = [float(step) for step in np.unique([*self.steps, threshold])]
        return [(f"{step:.4g}", step) for step in grid], grid.index(float(threshold))

    def _readout(self):
        return readout(self.state)


def readout(state):
    """Say in one line what a threshold does."""
    partial = f", pAUC up to p = {state['p']:.3g}: {state['pauc']:.3f}" if "p" in state else ""
    normals = state["false_alarms"] + state["correct_rejections"]
    anomalies = state["hits"] + state["misses"]
    return (
        f"threshold {state['threshold']:.4g}: false alarms {state['false_alarms']} of {normals}"
        f" ({state['false_alarm_rate']:.1%}), hits {state['hits']} of {anomalies} "
        f"({state['hit_rate']:.1%}){partial}"
    )
