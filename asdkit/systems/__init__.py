"""The papers' systems: recipes over the parts, and the detectors they become when fitted."""

from .cells import Cell
from .command_line import choices_of, label, told
from .detector import Detector
from .fitting import fit, new_front
from .front import Front, Heard, hear, inputs
from .judge import judge
from .network import Network
from .part import Part, find, part
from .recipes import MEAN_AND_MAX, get, names
from .role_recipes import with_anomalies
from .saved import load
from .sources import Source
from .system import System
from .tasks import Question, ask, check_training

__all__ = [
    "MEAN_AND_MAX", "Cell", "Detector", "Front", "Heard", "Network", "Part", "Question", "Source",
    "System", "ask", "check_training", "choices_of", "find", "fit", "get", "hear", "inputs",
    "judge", "label", "load", "names", "new_front", "part", "told", "with_anomalies",
]  # fmt: skip
