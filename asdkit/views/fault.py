"""A fault that grows under the hand: heard, seen, and measured beside the healthy machine."""

from contextlib import contextmanager

import ipywidgets
import torch

from .. import features, sound
from ..figures.fault import fault_figure, fault_state
from .player import PEAK, Player, encode
from .threshold import picture

WIDE = {"width": "95%"}


class FaultView:
    """Choose a machine and a fault, let it grow, and hear and see it beside the healthy machine at the same moment.

    Only the fault moves: the healthy sound, its phases and the background are those of one seed.

    Shapes: the clips last ``seconds`` at 16 kHz; ``snr`` in dB, machine against background.
    Raises: ValueError for a machine or fault that is not modeled.
    Choices: both sounds are played with one gain, so that what the fault adds is heard as added. The view follows a
        slider when it is let go, or at each key, since every step makes, codes and draws two sounds. Its
        steps are whole percent and decibels: a page rounds others on its own, and would move the slider by doing so.
    Example:
        >>> from asdkit import views
        >>> view = views.FaultView("fan", fault="worn_bearing", seconds=1.0)
        >>> view.set(strength=0.0).state["mean_change"]
        0.0
        >>> view.set(strength=1.0).state["mean_change"] > 0.5
        True
    Notebook: 01_machine_sounds
    """

    def __init__(self, machine="fan", section=0, fault=None, strength=0.5, snr=20.0, seconds=3.0, seed=0):
        self.section, self.seconds, self.seed = section, seconds, seed
        known = sound.faults(machine)
        self.machine = ipywidgets.Dropdown(options=list(sound.faults()), value=machine, description="machine")
        self.fault = ipywidgets.Dropdown(options=known, value=fault or known[0], description="fault")
        self.strength = ipywidgets.IntSlider(
            round(100 * strength), min=0, max=100, step=5, description="strength, %", continuous_update=False,
            layout=WIDE, tooltip="Strength of the fault, 0 healthy to 100 plain: arrow keys move it by one step",
        )  # fmt: skip
        self.snr = ipywidgets.IntSlider(
            round(snr), min=-20, max=40, description="SNR in dB", continuous_update=False, layout=WIDE,
            tooltip="Level of the machine above the background noise: arrow keys move it by one decibel",
        )  # fmt: skip
        self.image, self.text, self.players = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.HTML()
        choices = ipywidgets.HBox([self.machine, self.fault])
        self.box = ipywidgets.VBox([choices, self.strength, self.snr, self.text, self.players, self.image])
        self._quiet = False
        self.machine.observe(self._name_faults, names="value")
        for control in (self.fault, self.strength, self.snr):
            control.observe(self._redraw, names="value")
        self._redraw()

    @property
    def state(self):
        """What is chosen, and what it changes: ``machine fault strength snr`` and the dict of ``fault_state``.

        Notebook: 01_machine_sounds
        """
        chosen = {name: getattr(self, name).value for name in ("machine", "fault", "snr")}
        return chosen | {"strength": self.strength.value / 100} | fault_state(*self._log_mels)

    def figure(self):
        """The picture as it is now, for a page without a kernel.

        Notebook: 01_machine_sounds
        """
        return fault_figure(*self._log_mels, title=f"{self.fault.value}, strength {self.strength.value / 100:g}")

    def set(self, machine=None, fault=None, strength=None, snr=None):
        """Choose, as a hand would; what is left out stays.

        Raises: ValueError for a machine or fault that is not modeled, and a number outside its slider.
        Notebook: 01_machine_sounds
        """
        strength = None if strength is None else 100 * strength
        for slider, value in ((self.strength, strength), (self.snr, snr)):
            if value is not None and not slider.min <= value <= slider.max:
                raise ValueError(f"{slider.description} goes from {slider.min} to {slider.max}, not to {value:g}")
        known = sound.faults(machine or self.machine.value)
        if fault is not None and fault not in known:
            raise ValueError(f"no fault of this machine is called {fault!r}: take one of {', '.join(known)}")
        with self._one_redraw():
            for name, value in {"machine": machine, "fault": fault, "strength": strength, "snr": snr}.items():
                if value is not None:
                    getattr(self, name).value = value if isinstance(value, str) else round(value)
        return self

    def _simulate(self):
        """The healthy and the faulty sound, two rows."""
        chosen = dict(snr=self.snr.value, seed=self.seed, seconds=self.seconds)
        strengths = (0.0, self.strength.value / 100)
        machine, fault = self.machine.value, self.fault.value
        return torch.stack(
            [sound.simulate(machine, self.section, fault=fault, strength=s, **chosen) for s in strengths]
        )

    def _name_faults(self, change):
        with self._one_redraw():
            self.fault.options = sound.faults(self.machine.value)

    @contextmanager
    def _one_redraw(self):
        """Several controls move at once: the callbacks in between stay quiet."""
        outermost, self._quiet = not self._quiet, True
        try:
            yield
        finally:
            if outermost:
                self._quiet = False
                self._redraw()

    def _redraw(self, change=None):
        if self._quiet:
            return
        waves = self._simulate()
        self._log_mels = features.LogMel()(waves)
        figure = self.figure()
        self.text.value = self._readout()
        waves = waves * (PEAK / waves.abs().max())
        sounds = {name: encode(wave, 16000, name) for name, wave in zip(("healthy", self.fault.value), waves.numpy())}
        self.players.value = Player(sounds)._repr_html_()
        self.image.value = picture(figure.png(), figure.alt)

    def _readout(self):
        now = self.state
        return (
            f"{now['machine']}, {now['fault']} at strength {now['strength']:g}, SNR {now['snr']:g} dB: the mean of the"
            f" log-mel changes by {now['mean_change']:.2f} dB, its maximum by {now['max_change']:.2f} dB; most at"
            f" {now['hertz']:.0f} Hz ({now['largest']:+.1f} dB)"
        )

    def __repr__(self):
        return f"<FaultView: {self._readout()}>"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self.box._repr_mimebundle_() | {"text/plain": repr(self)}
