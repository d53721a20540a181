"""Sound: clips of machines, real or synthetic, as one table and as waveforms."""

from .clips import classes, groups, index
from .load import blocks, load
from .synth import synthesize, toy, truth

__all__ = ["blocks", "classes", "groups", "index", "load", "synthesize", "toy", "truth"]
