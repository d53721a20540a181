"""A view of the temporal attention: a gain on the clip, and the frames that are heeded then."""

import numpy as np
import torch

from ..features import WaveAndLogMel
from ..figures.features.attention_lab import HALF, attention_figure, attention_state
from ..systems.recipes import NAM_MEL
from .view import View, whole


class AttentionView(View):
    """Turn a clip up or down and watch which of its frames the attention of [NAM] heeds.

    Shapes: ``wave`` (T,) at 16 kHz; its first 10 s count. ``gain`` in whole dB from -40 to 60.
    Raises: ValueError where the wave is not (T,) or holds NaN or infinite values, and as ``set``
        and ``LogMel`` do.
    Choices: no level is normalized, as in [NAM]. The log-mel is computed anew at each gain, as
        near its floor of -157 dB it does not follow the gain.
    Example:
        >>> view = views.AttentionView(torch.randn(16000))
        >>> [view.set(gain=gain).state["heeded"] for gain in (-40, 60)]
        [0.0, 1.0]
    Notebook: 11_noisy_arcmix
    """

    def __init__(self, wave, gain=0):
        self.wave = torch.as_tensor(wave, dtype=torch.float32).detach().cpu()
        if self.wave.ndim != 1:
            raise ValueError(
                f"a wave is (T,), not {tuple(self.wave.shape)}: pass one clip, such as waves[0]"
            )
        self.feature = WaveAndLogMel(**NAM_MEL)
        controls = {
            "gain": whole("gain in dB", range(-40, 61), 0, "Gain on the clip before its log-mel")
        }
        super().__init__(controls, {"gain": gain})

    @property
    def state(self):
        """What is heeded now: ``gain`` in dB, and the dict of ``attention_state``."""
        return self._state

    def figure(self):
        """Draw the picture as it is now, for a page without a kernel."""
        return attention_figure(self.state, title=f"gain {self.gain.value:+d} dB")

    def _follow(self):
        gain = self.gain.value
        _, log_mel = self.feature(10.0 ** (gain / 20) * self.wave[None])
        self._state = {"gain": gain} | attention_state(log_mel[0])

    def _readout(self):
        return readout(self.state)


def readout(state):
    """Say in one line how many frames are heeded at this gain."""
    frames, x = len(state["attention"]), state["log_mel"]
    first = f", the first at {seconds(state):.1f} s" if state["heeded"] else ""
    return (
        f"gain {state['gain']:+d} dB: log-mel from {x.min():.0f} to {x.max():.0f} dB, "
        f"{round(state['heeded'] * frames)} of {frames} frames heeded "
        f"({state['heeded']:.0%}){first}"
    )


def seconds(state, sr=16000, hop=512):
    """Where the first heeded frame of a clip has its middle; one at least is heeded.

    Shapes: the dict of ``attention_state`` -> seconds.
    """
    return int(np.argmax(state["attention"] > HALF)) * hop / sr
