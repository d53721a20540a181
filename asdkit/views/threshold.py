"""A threshold to move by hand or by key: the picture, the counts and the rates follow."""

import base64
import html

import ipywidgets
import numpy as np

from ..figures.threshold import scored, threshold_figure, threshold_state

STEPS = 200


class ThresholdView:
    """A slider over the threshold; the picture and a line of counts follow it, by mouse, by key or by ``set``.

    An alarm is a score at or above the threshold.

    Shapes: label (N,) 0 normal, 1 anomaly; score (N,), larger is more anomalous.
    Raises: ValueError as ``threshold_state`` does.
    Choices: the slider reaches one step beyond the scores on both sides: all clips alarm at its left end, none at its
        right end. Without ``threshold`` it starts between the means of the two groups. The picture is an ``HTML``
        widget, since an ``Image`` widget cannot carry an alternative text.
    Notebook: 00_start_here
    """

    def __init__(self, label, score, threshold=None):
        self.label, self.score = scored(label, score)
        low, high = float(self.score.min()), float(self.score.max())
        step = (high - low) / STEPS or 1.0
        if threshold is None:
            threshold = np.mean([self.score[self.label == y].mean() for y in (0, 1)])
        low = threshold - step * np.ceil((threshold - low) / step)  # so that the start is a step of the slider
        self.slider = ipywidgets.FloatSlider(
            min=low - step, max=high + step, step=step, value=threshold, readout_format=".4g", description="threshold",
            tooltip="Threshold on the anomaly score: arrow keys move it by one step, page keys by more",
            layout={"width": "95%"},
        )  # fmt: skip
        self.image = ipywidgets.HTML()
        self.text = ipywidgets.HTML()
        self.box = ipywidgets.VBox([self.slider, self.text, self.image])
        self.slider.observe(self._redraw, names="value")
        self._redraw()

    @property
    def state(self):
        """What the threshold does now, the dict of ``threshold_state``.

        Notebook: 00_start_here
        """
        return threshold_state(self.label, self.score, self.slider.value)

    def figure(self):
        """The picture as it is now, for a page without a kernel.

        Notebook: 00_start_here
        """
        return threshold_figure(self.label, self.score, self.slider.value)

    def set(self, threshold):
        """Move the slider, as a hand would.

        Raises: ValueError where the threshold lies outside the slider.
        Notebook: 00_start_here
        """
        if not self.slider.min <= threshold <= self.slider.max:
            low, high = self.slider.min, self.slider.max
            raise ValueError(f"the slider goes from {low:.4g} to {high:.4g}: a threshold of {threshold} lies outside")
        self.slider.value = threshold
        return self

    def _redraw(self, change=None):
        figure = self.figure()
        self.text.value = readout(self.state)
        self.image.value = picture(figure.png(), figure.alt)

    def __repr__(self):
        return f"<ThresholdView: {readout(self.state)}>"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self.box._repr_mimebundle_() | {"text/plain": repr(self)}


def picture(png, alt):
    """A PNG as an image of a page, with its alternative text.

    Notebook: 00_start_here
    """
    source = base64.b64encode(png).decode()
    return f'<img style="max-width: 100%" alt="{html.escape(alt)}" src="data:image/png;base64,{source}">'


def readout(state):
    """One line that says what a threshold does.

    Notebook: 00_start_here
    """
    normals = state["false_alarms"] + state["correct_rejections"]
    anomalies = state["hits"] + state["misses"]
    return (
        f"threshold {state['threshold']:.4g}: false alarms {state['false_alarms']} of {normals}"
        f" ({state['false_alarm_rate']:.1%}), hits {state['hits']} of {anomalies} ({state['hit_rate']:.1%})"
    )
