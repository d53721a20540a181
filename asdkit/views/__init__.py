"""Views: widgets over the figures, and players. Only here are ipywidgets imported."""

from ..figures.fault import fault_state
from ..figures.regions import region_state
from ..figures.threshold import threshold_state
from .fault import FaultView
from .feature import FeatureView
from .player import Player, hear, listen
from .regions import RegionView
from .threshold import ThresholdView

__all__ = [
    "FaultView", "FeatureView", "Player", "RegionView", "ThresholdView", "fault_state", "hear", "listen",
    "region_state", "threshold_state",
]  # fmt: skip
