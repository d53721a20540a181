"""The papers' systems: recipes over the parts, and the detectors they become when fitted."""

from .detector import Detector, load
from .fitting import fit, new_front
from .front import Front, Heard, hear
from .network import Network
from .part import Part, find, part
from .recipes import get, names
from .system import System
from .tasks import check_training

__all__ = [
    "Detector", "Front", "Heard", "Network", "Part", "System", "check_training", "find", "fit",
    "get", "hear", "load", "names", "new_front", "part",
]  # fmt: skip
