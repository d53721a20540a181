"""A microscope for features: window, hop, bands and summary under the hand, a faulty sound beside a normal one."""

import ipywidgets
import torch

from ..features import normalize_level
from ..figures.microscope import ALL, SUMMARIES, feature_figure, feature_state, readout
from .threshold import picture

WINDOWS = (128, 256, 512, 1024, 2048, 4096)
HOPS = {"the whole window": 1, "half": 2, "a quarter": 4}
MELS = {"16": 16, "32": 32, "64": 64, "128": 128, "every frequency": ALL}


class FeatureView:
    """Change how a sound becomes a picture, and watch how far the fault shows among what normal sounds scatter.

    Shapes: waves (T,), (T,) and (K, T) at 16 kHz: a normal sound, a faulty one, and other normal ones.
    Raises: ValueError as ``feature_state`` does, and where the waves are not of one length.
    Choices: levels are normalized first unless ``level=False``. Five seconds and a dozen other sounds are drawn anew
        within half a second; more take longer.
    Example:
        >>> noise = torch.randn(6, 8000)
        >>> view = views.FeatureView(noise[0], noise[1], noise[2:])
        >>> view.set(window=256, summary="temporal max").state["pictures"].shape
        (2, 128, 1)
    Notebook: 02_features
    """

    def __init__(self, normal, faulty, others, level=True):
        waves = [torch.as_tensor(wave, dtype=torch.float32) for wave in (normal, faulty, *others)]
        if any(wave.ndim != 1 or wave.shape != waves[0].shape for wave in waves):
            shapes = sorted({tuple(wave.shape) for wave in waves})
            raise ValueError(f"the waves are {shapes}, not (T,) of one length: cut them")
        waves = torch.stack(waves)
        self.waves = normalize_level(waves) if level else waves
        self.window = _slider("window", WINDOWS, 1024, "Length of the analysis window in samples")
        self.hop = _slider("hop", HOPS, 2, "Step from window to window, as a part of the window")
        self.mels = _slider("bands", MELS, 128, "Number of mel bands")
        self.summary = ipywidgets.ToggleButtons(
            options=list(SUMMARIES), description="over time", tooltips=["no summary", "the mean", "the maximum"]
        )
        self.remove_mean = ipywidgets.Checkbox(False, description="remove the temporal mean of each band", indent=False)
        self.image, self.text = ipywidgets.HTML(), ipywidgets.HTML()
        self.controls = {name: getattr(self, name) for name in ("window", "hop", "mels", "remove_mean", "summary")}
        self.box = ipywidgets.VBox([*self.controls.values(), self.text, self.image])
        for control in self.controls.values():
            control.observe(self._redraw, names="value")
        self._redraw()

    @property
    def state(self):
        """What the feature shows now, the dict of ``feature_state``.

        Notebook: 02_features
        """
        return self._state

    def figure(self):
        """The picture as it is now, for a page without a kernel.

        Notebook: 02_features
        """
        return feature_figure(self.state)

    def set(self, **values):
        """Move the controls, as a hand would: ``window``, ``hop`` (a part of the window), ``mels``, ...

        Raises: ValueError for a control that is not there, or a value that it does not offer.
        Notebook: 02_features
        """
        for name, value in values.items():
            if name not in self.controls:
                raise ValueError(f"there is no control {name!r}: set one of {', '.join(self.controls)}")
            offered = [False, True] if name == "remove_mean" else _values(self.controls[name])
            if value not in offered:
                raise ValueError(f"{name} cannot be {value!r}: give one of {', '.join(map(str, offered))}")
        for name, value in values.items():
            self.controls[name].value = value
        return self

    def _redraw(self, change=None):
        settings = {name: control.value for name, control in self.controls.items()}
        settings["hop"] = settings["window"] // settings["hop"]
        self._state = feature_state(self.waves[0], self.waves[1], self.waves[2:], **settings)
        figure = self.figure()
        self.text.value = readout(self.state)
        self.image.value = picture(figure.png(), figure.alt)

    def __repr__(self):
        return f"<FeatureView: {readout(self.state)}>"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self.box._repr_mimebundle_() | {"text/plain": repr(self)}


def _slider(name, options, value, tooltip):
    options = list(options.items()) if isinstance(options, dict) else list(options)
    return ipywidgets.SelectionSlider(
        options=options, value=value, description=name, continuous_update=False, tooltip=tooltip,
        layout={"width": "95%"},
    )  # fmt: skip


def _values(control):
    return [option[1] if isinstance(option, tuple) else option for option in control.options]
