"""Sound: clips of machines, real or synthetic, as one table and as waveforms."""

from .clips import classes, groups, index
from .load import load
from .synth import synthesize, toy

__all__ = ["classes", "groups", "index", "load", "synthesize", "toy"]
