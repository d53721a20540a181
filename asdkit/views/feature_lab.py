"""A view of features: settings that move, and a faulty sound beside a normal one."""

import torch

from ..features import normalize_level
from ..figures.features.feature_lab import ALL, SUMMARIES, feature_figure, feature_state, readout
from .view import View, among, buttons, tick

WINDOWS = (128, 256, 512, 1024, 2048, 4096)
HOPS = {"the whole window": 1, "half": 2, "a quarter": 4}
MELS = {"16": 16, "32": 32, "64": 64, "128": 128, "every frequency": ALL}


class FeatureView(View):
    """Change how a sound becomes a picture, and watch how far the fault shows among normal sounds.

    Shapes: waves (T,), (T,) and (K, T) at 16 kHz: a normal sound, a faulty one, and other normal
        ones.
    Raises: ValueError as ``feature_state`` does, and where the waves are not of one length.
    Choices: levels are normalized first unless ``level=False``. A redraw takes longer with longer
        sounds, and with more of them.
    Notebook: 02_features
    """

    def __init__(self, normal, faulty, others, level=True):
        waves = [torch.as_tensor(wave, dtype=torch.float32) for wave in (normal, faulty, *others)]
        if any(wave.ndim != 1 or wave.shape != waves[0].shape for wave in waves):
            shapes = sorted({tuple(wave.shape) for wave in waves})
            raise ValueError(f"the waves are {shapes}, not (T,) of one length: cut them")
        waves = torch.stack(waves)
        self.waves = normalize_level(waves) if level else waves
        controls = {
            "window": among("window", WINDOWS, 1024, "Length of the analysis window in samples"),
            "hop": among(
                "hop", list(HOPS.items()), 2, "Step from window to window, as a part of the window"
            ),
            "mels": among("bands", list(MELS.items()), 128, "Number of mel bands"),
            "remove_mean": tick(
                "remove the temporal mean of each band", "Subtract what lasts: space key"
            ),
            "summary": buttons("over time", SUMMARIES, next(iter(SUMMARIES)), "Summary over time"),
        }
        super().__init__(controls)

    @property
    def state(self):
        """What the feature shows now, the dict of ``feature_state``."""
        return self._state

    def figure(self):
        """Draw the picture as it is now, for a page without a kernel."""
        return feature_figure(self.state)

    def _follow(self):
        settings = {name: control.value for name, control in self.controls.items()}
        settings["hop"] = settings["window"] // settings["hop"]
        self._state = feature_state(self.waves[0], self.waves[1], self.waves[2:], **settings)

    def _readout(self):
        return readout(self.state)
