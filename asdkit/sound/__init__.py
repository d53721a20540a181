"""Sound: clips of machines, real or synthetic, as one table and as waveforms."""

from .archives.download import download
from .clips import classes, groups, index, split
from .labels import label
from .load import blocks, load
from .synthetic.backgrounds import BACKGROUNDS
from .synthetic.gears import bearing_rates
from .synthetic.machines import faults, parameters
from .synthetic.simulation import simulate
from .synthetic.synth import synthesize, toy, truth

__all__ = [
    "BACKGROUNDS", "bearing_rates", "blocks", "classes", "download", "faults", "groups", "index",
    "label", "load", "parameters", "simulate", "split", "synthesize", "toy", "truth",
]  # fmt: skip
