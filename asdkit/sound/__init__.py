"""Sound: clips of machines, real or synthetic, as one table and as waveforms."""

from .backgrounds import BACKGROUNDS
from .clips import classes, groups, index
from .download import download
from .gears import bearing_rates
from .labels import label
from .load import blocks, load
from .machines import faults, parameters
from .simulation import simulate
from .synth import synthesize, toy, truth

__all__ = [
    "BACKGROUNDS", "bearing_rates", "blocks", "classes", "download", "faults", "groups", "index", "label",
    "load", "parameters", "simulate", "synthesize", "toy", "truth",
]  # fmt: skip
