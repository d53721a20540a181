"""Features: waveform -> what an encoder sees, on any device, in float32 or float64; frequency
before time.
"""

from .chain import Chain
from .extract import extract
from .framed import FramedLogMel, framed, unframed
from .frames import frames
from .invert import invert
from .level import normalize_level, remove_offset
from .log_mel import LogMel, decibels
from .segments import Segments
from .spectrogram import Spectrogram
from .spectrum import Spectrum
from .standardize import Standardize, StandardizeWaves
from .subtract import subtract
from .summary import mean_and_max, temporal_max, temporal_mean
from .wave_and_log_mel import WaveAndLogMel

__all__ = [
    "Chain", "FramedLogMel", "LogMel", "Segments", "Spectrogram", "Spectrum", "Standardize",
    "StandardizeWaves", "WaveAndLogMel", "decibels", "extract", "framed", "frames", "invert",
    "mean_and_max", "normalize_level", "remove_offset", "subtract", "temporal_max",
    "temporal_mean", "unframed",
]  # fmt: skip
