"""A view of mixup: two clips, the share of the first, and what their mixture costs in several
losses.
"""

import math

import ipywidgets
import numpy as np
import torch

from ..figures.losses.mixing_lab import KINDS, mixing_figure, mixing_state
from .player import PEAK, Player, encode
from .view import View, among, whole

LAMBDAS = [hundredths / 100 for hundredths in range(101)]
MARGINS = [twentieths / 20 for twentieths in range(31)]


class MixingView(View):
    """Mix two clips, hear the mixture, and see labels, margins, loss and slopes of several losses.

    Shapes: ``first``, ``second`` (T,) waves of two machines, at the rate ``sr``; ``lam`` from 0 to
        1 in hundredths, angles in whole degrees, ``margin`` in radians in twentieths.
    Raises: ValueError where the waves are not of one length, or not finite, and as ``set`` and
        ``mixing_state`` do.
    Choices: the waves are mixed as they are, with no level normalized, as [NAM] mixes them; a
        network gets the mixture of both log-mels beside it. All three sounds are played with one
        gain, ``seconds`` of each. The angles are set by hand, no network is trained. The state
        holds radians. ``kinds`` are the losses, as ``mixing_state`` takes them.
    Example:
        >>> view = views.MixingView(torch.randn(8000), torch.randn(8000), margin=0.5)
        >>> loss = view.set(lam=1.0).state["loss"]
        >>> loss["ArcFace at i"] == loss["ArcMix"] == loss["Noisy-ArcMix"]
        True
    Notebook: 11_noisy_arcmix, 16_your_own_loss
    """

    def __init__(
        self, first, second, names=("first clip, class i", "second clip, class j"), classes=41,
        lam=0.3, to_first=60, to_second=40, margin=0.7, scale=30, sr=16000, seconds=3.0,
        kinds=KINDS,
    ):  # fmt: skip
        waves = _waves(first, second)[:, : round(seconds * sr)]
        self.waves = waves * (PEAK / (np.abs(waves).max() or 1.0))
        self.sr, self.classes, self.kinds, self._mixed = sr, classes, kinds, {}
        angle = "Angle of the mixed clip to the center of the {} clip's class"
        controls = {
            "lam": among("lambda", LAMBDAS, 0.3, "Share of the first clip", live=True),
            "to_first": whole("to i in °", range(181), 60, angle.format("first")),
            "to_second": whole("to j in °", range(181), 40, angle.format("second")),
            "margin": among("margin, rad", MARGINS, 0.7, "Margin in radians", live=True),
            "scale": whole("scale s", range(1, 65), 30, "Scale of the softmax"),
        }
        start = {
            "lam": lam, "to_first": to_first, "to_second": to_second, "margin": margin,
            "scale": scale,
        }  # fmt: skip
        sounds = {name: encode(wave, sr, name) for name, wave in zip(names, self.waves)}
        self.players = ipywidgets.HTML()  # apart, so that the two clips play on while lambda moves
        row = ipywidgets.HBox([ipywidgets.HTML(Player(sounds)._repr_html_()), self.players])
        row.layout.flex_flow = "row wrap"
        super().__init__(controls, start, below=[row])

    @property
    def state(self):
        """What the mixture costs now, the dict of ``mixing_state``."""
        return self._state

    def figure(self):
        """Draw the picture as it is now, for a page without a kernel."""
        return mixing_figure(self.state)

    def _follow(self):
        lam = self.lam.value
        if lam not in self._mixed:
            first, second = self.waves
            self._mixed[lam] = encode(lam * first + (1.0 - lam) * second, self.sr)  # [NAM] 2
        title = f"mixed clip, lambda = {lam:.2f}"
        self.players.value = Player({title: self._mixed[lam]})._repr_html_()
        self._state = mixing_state(
            lam, math.radians(self.to_first.value), math.radians(self.to_second.value),
            self.margin.value, self.scale.value, self.classes, self.kinds,
        )  # fmt: skip

    def _readout(self):
        return readout(self.state)


def readout(state):
    """Say in one line what the mixture costs in each loss, and where its slopes pull."""
    told = [
        f"{kind} {state['loss'][kind]:.3f} (slopes {state['slopes'][kind][0]:+.1f} to i, "
        f"{state['slopes'][kind][1]:+.1f} to j)"
        for kind in state["loss"]
    ]
    return f"lambda {state['lam']:.2f}: {'; '.join(told)} per rad"


def _waves(first, second):
    waves = [torch.as_tensor(wave, dtype=torch.float32).detach().cpu() for wave in (first, second)]
    if any(wave.ndim != 1 or wave.shape != waves[0].shape for wave in waves):
        shapes = " and ".join(str(tuple(wave.shape)) for wave in waves)
        raise ValueError(
            f"the waves are {shapes}: mix two clips (T,) of one length and one sampling rate"
        )
    if not len(waves[0]) or not all(wave.isfinite().all() for wave in waves):
        raise ValueError("a wave is empty, or holds NaN or infinite values: load the clip again")
    return torch.stack(waves).numpy()
