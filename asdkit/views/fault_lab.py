"""A view of a fault that grows: heard, seen, and measured beside the healthy machine."""

import ipywidgets
import torch

from .. import features, sound
from ..figures.sound.fault_lab import fault_figure, fault_state
from .player import Player, together
from .view import View, among, buttons, whole

STRENGTHS = [percent / 100 for percent in range(0, 101, 5)]


class FaultView(View):
    """Choose a machine and a fault, let it grow, and hear and see it beside the healthy machine.

    Only the fault moves: the healthy sound, its phases and the background are those of one seed.

    Shapes: the clips last ``seconds`` at 16 kHz; ``snr`` in dB, machine against background.
    Raises: ValueError for a machine or fault that is not modeled.
    Choices: both sounds are played with one gain, so that what the fault adds is heard as added.
        The view follows a slider when it is let go, or at each key, since every step makes, codes
        and draws two sounds.
    Example:
        >>> view = views.FaultView("fan", fault="worn_bearing", seconds=1.0)
        >>> view.set(strength=0.0).state["mean_change"]
        0.0
        >>> view.set(strength=1.0).state["mean_change"] > 0.5
        True
    Notebook: 01_machine_sounds
    """

    def __init__(
        self, machine="fan", section=0, fault=None, strength=0.5, snr=20.0, seconds=3.0, seed=0
    ):
        self.section, self.seconds, self.seed = section, seconds, seed
        self._healthy = {}
        known = sound.faults(machine)
        controls = {
            "machine": buttons("machine", sound.faults(), machine, "Kind of machine"),
            "fault": buttons("fault", known, known[0], "Fault of this machine"),
            "strength": among(
                "strength", STRENGTHS, 0.5, "Strength of the fault, 0 healthy to 1 plain"
            ),
            "snr": whole(
                "SNR in dB",
                range(-20, 41),
                20,
                "Level of the machine above the background",
                live=False,
            ),
        }
        controls["machine"].observe(self._name_faults, names="value")
        self.players = ipywidgets.HTML()
        super().__init__(
            controls, start={"fault": fault, "strength": strength, "snr": snr}, below=[self.players]
        )

    @property
    def state(self):
        """What is chosen (``machine fault strength snr``), with the dict of ``fault_state``."""
        chosen = {name: control.value for name, control in self.controls.items()}
        return chosen | fault_state(*self._log_mels)

    def figure(self):
        """Draw the picture as it is now, for a page without a kernel."""
        return fault_figure(
            *self._log_mels, title=f"{self.fault.value}, strength {self.strength.value:g}"
        )

    def set(self, machine=None, fault=None, strength=None, snr=None):
        """Choose as a hand would; a control that is not given stays.

        Raises: ValueError for a machine or fault that is not modeled, and a number outside its
            slider.
        """
        for name, value in (("strength", strength), ("snr", snr)):
            if value is not None:
                self._step(name, value)
        known = sound.faults(machine or self.machine.value)
        if fault is not None and fault not in known:
            raise ValueError(
                f"no fault of this machine is called {fault!r}: take one of {', '.join(known)}"
            )
        with self._one_redraw():
            super().set(machine=machine)
            super().set(fault=fault, strength=strength, snr=snr)
        return self

    def _simulate(self):
        """Return the healthy and the faulty sound as two rows."""
        machine, snr = place = self.machine.value, self.snr.value
        chosen = dict(section=self.section, snr=snr, seed=self.seed, seconds=self.seconds)
        if place not in self._healthy:
            self._healthy = {place: sound.simulate(machine, **chosen)}
        fault = {"fault": self.fault.value, "strength": self.strength.value}
        return torch.stack([self._healthy[place], sound.simulate(machine, **chosen, **fault)])

    def _name_faults(self, change):
        with self._one_redraw():
            self.fault.options = sound.faults(self.machine.value)

    def _follow(self):
        waves = self._simulate()
        self._log_mels = features.LogMel()(waves)
        sounds = together(dict(zip(("healthy", self.fault.value), waves)), 16000)
        self.players.value = Player(sounds)._repr_html_()

    def _readout(self):
        now = self.state
        return (
            f"{now['machine']}, {now['fault']} at strength {now['strength']:g}, "
            f"SNR {now['snr']:g} dB: the mean of the"
            f" log-mel changes by {now['mean_change']:.2f} dB, its maximum by "
            f"{now['max_change']:.2f} dB; most at"
            f" {now['hertz']:.0f} Hz ({now['largest']:+.1f} dB)"
        )
