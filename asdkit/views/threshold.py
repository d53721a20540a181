"""A threshold to move by hand or by key, and the p of the pAUC: the picture, the counts and the rates follow."""

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
        right end. Without ``threshold`` it starts between the means of the two groups. With ``p`` a second slider moves
        the false alarm rate up to which the pAUC is taken, in whole percent (a page sends other steps back rounded, and
        would undo what a cell has set meanwhile), and the picture holds the four counts. The picture is an ``HTML``
        widget, since an ``Image`` widget cannot carry an alternative text.
    Example:
        >>> view = views.ThresholdView([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], p=0.5)
        >>> view.set(0.4).state["hits"], round(view.set(p=1.0).state["pauc"], 2)
        (1, 0.75)
    Notebook: 00_start_here, 03_scores_and_metrics
    """

    def __init__(self, label, score, threshold=None, p=None):
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
        self.p_slider = None if p is None else ipywidgets.IntSlider(
            min=1, max=100, value=_percent(p), description="p in %",
            tooltip="False alarm rate up to which the pAUC is taken: arrow keys move it by one percent",
            layout={"width": "95%"},
        )  # fmt: skip
        self.image = ipywidgets.HTML()
        self.text = ipywidgets.HTML()
        sliders = [self.slider] if p is None else [self.slider, self.p_slider]
        self.box = ipywidgets.VBox([*sliders, self.text, self.image])
        for slider in sliders:
            slider.observe(self._redraw, names="value")
        self._redraw()

    @property
    def state(self):
        """What the threshold does now, the dict of ``threshold_state``.

        Notebook: 00_start_here
        """
        return threshold_state(self.label, self.score, self.slider.value, self._p)

    def figure(self):
        """The picture as it is now, for a page without a kernel.

        Notebook: 00_start_here
        """
        return threshold_figure(self.label, self.score, self.slider.value, self._p)

    def set(self, threshold=None, p=None):
        """Move a slider, as a hand would; what is not given stays.

        Raises: ValueError where a value lies outside its slider, or p is given to a view without a slider for it.
        Notebook: 00_start_here, 03_scores_and_metrics
        """
        if p is not None and self.p_slider is None:
            raise ValueError("this view has no slider for p: make it with ThresholdView(label, score, p=0.1)")
        percent = None if p is None else _percent(p)
        if threshold is not None:
            low, high = self.slider.min, self.slider.max
            if not low <= threshold <= high:
                raise ValueError(
                    f"the slider goes from {low:.4g} to {high:.4g}: a threshold of {threshold} lies outside"
                )
            self.slider.value = threshold
        if percent is not None:
            self.p_slider.value = percent
        return self

    @property
    def _p(self):
        return None if self.p_slider is None else self.p_slider.value / 100

    def _redraw(self, change=None):
        figure = self.figure()
        self.text.value = readout(self.state)
        self.image.value = picture(figure.png(), figure.alt)

    def __repr__(self):
        return f"<ThresholdView: {readout(self.state)}>"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self.box._repr_mimebundle_() | {"text/plain": repr(self)}


def _percent(p):
    if not 0.01 <= p <= 1.0:
        raise ValueError(f"p is a false alarm rate from 0.01 to 1, not {p}")
    return round(100 * p)


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
    partial = f", pAUC up to p = {state['p']:.3g}: {state['pauc']:.3f}" if "p" in state else ""
    normals = state["false_alarms"] + state["correct_rejections"]
    anomalies = state["hits"] + state["misses"]
    return (
        f"threshold {state['threshold']:.4g}: false alarms {state['false_alarms']} of {normals}"
        f" ({state['false_alarm_rate']:.1%}), hits {state['hits']} of {anomalies} ({state['hit_rate']:.1%}){partial}"
    )
