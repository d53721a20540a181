"""A view of an auto-encoder: the size of the bottleneck moves, and a clip is rebuilt, scored and
heard.
"""

import ipywidgets
import torch

from ..features import LogMel, invert
from ..figures.encoders.reconstruction_lab import reconstruction_figure, reconstruction_state, told
from .player import Player, together
from .view import View, among, buttons, tick

RATE = 16000


class ReconstructionView(View):
    """Choose a clip and a bottleneck: see what is rebuilt, how the score ranks among normal clips,
    and hear the clip and, on request, the sound of what was rebuilt.

    Shapes: ``networks``, a dict of a size -> trained auto-encoder; ``clips``, a dict of a name ->
        wave (T,) at 16 kHz; ``normal``, a dict of a size -> scores of normal clips (N,);
        ``seconds`` are heard, from the beginning.
    Raises: ValueError for no network or clip, other sizes in ``normal``, a wave that is not (T,),
        and as ``reconstruction_state`` does.
    Choices: nothing is trained here. The sound of a reconstruction takes half a second a clip, so
        it is made while its box is ticked, once for each clip and size. Both sounds are played with
        one gain. ``standardize`` and ``neighbors`` are those that the networks were trained with.
    Notebook: 04_autoencoders
    """

    def __init__(self, networks, clips, normal, standardize=None, neighbors=5, seconds=3.0):
        if not networks or not clips or set(normal) != set(networks):
            raise ValueError(
                f"there are {len(clips)} clips, networks of the sizes {_listed(networks)} and "
                f"normal scores of {_listed(normal)}: give a clip, and as many sizes of both"
            )
        self.networks, self.normal = dict(networks), normal
        self.made = {"standardize": standardize, "neighbors": neighbors}
        self.waves = {name: _wave(name, wave) for name, wave in clips.items()}
        self.seconds, self._states, self._sounds = seconds, {}, {}
        sizes, names = list(networks), list(clips)
        words = "Size of the bottleneck: arrow keys go to the next network"
        controls = {
            "size": among("bottleneck", sizes, sizes[len(sizes) // 2], words),
            "clip": buttons("clip", names, names[0], "Clip that is rebuilt"),
            "hear": tick("make the sound of what is rebuilt", "Half a second a clip: space key"),
        }
        self.players = ipywidgets.HTML()
        super().__init__(controls, below=[self.players])

    @property
    def state(self):
        """What is shown: ``size`` and ``clip``, the dict of ``reconstruction_state``, and the names
        of the sounds that can be ``heard``.
        """
        chosen = {"size": self.size.value, "clip": self.clip.value, "heard": list(self._heard)}
        return chosen | self._state

    def figure(self):
        """Draw the picture as it is now, for a page without a kernel."""
        title = f"{self.clip.value}, bottleneck {self.size.value}"
        return reconstruction_figure(self._state, title)

    @property
    def _chosen(self):
        return self.size.value, self.clip.value

    def _follow(self):
        size, clip = self._chosen
        if self._chosen not in self._states:
            log_mel = LogMel()(self.waves[clip][None])[0]
            self._states[self._chosen] = reconstruction_state(
                self.networks[size], log_mel, self.normal[size], **self.made
            )
        self._state = self._states[self._chosen]
        self._heard = self._players()
        self.players.value = Player(self._heard)._repr_html_()

    def _players(self):
        """Return the sounds to hear now, coded, by their titles; each is made once."""
        size, clip = self._chosen
        key = clip, size if self.hear.value else None
        if key not in self._sounds:
            waves = {clip: self.waves[clip]}
            if self.hear.value:
                rebuilt = torch.from_numpy(self._state["rebuilt"]).float()
                waves[f"rebuilt, bottleneck {size}"] = invert(rebuilt[None])[0]
            count = round(self.seconds * RATE)
            self._sounds[key] = together({name: wave[:count] for name, wave in waves.items()}, RATE)
        return self._sounds[key]

    def _readout(self):
        state = self._state
        return (
            f"{self.clip.value}, bottleneck {self.size.value}: score {state['score']:.4g} in "
            f"{state['unit']}, {told(state)}"
        )


def _wave(name, wave):
    wave = torch.as_tensor(wave, dtype=torch.float32).detach().cpu()
    if wave.ndim != 1:
        raise ValueError(
            f"{name}: a wave is (T,), not {tuple(wave.shape)}: pass one clip, such as waves[0]"
        )
    return wave


def _listed(some):
    return ", ".join(map(str, some)) or "nothing"
