"""Views: widgets over the figures, and players. Only here are ipywidgets imported."""

from ..figures.alpha import alpha_state
from ..figures.fault import fault_state
from ..figures.loss_lab import loss_state
from ..figures.regions import region_state
from ..figures.scale_lab import scale_state
from ..figures.snapshots import snapshot_state
from ..figures.threshold import threshold_state
from .alpha import AlphaView
from .fault import FaultView
from .feature import FeatureView
from .loss_lab import LossLab
from .player import Player, hear, listen
from .regions import RegionView
from .scale_view import ScaleView
from .sphere import SphereView
from .threshold import ThresholdView

__all__ = [
    "AlphaView", "FaultView", "FeatureView", "LossLab", "Player", "RegionView", "ScaleView", "SphereView",
    "ThresholdView", "alpha_state", "fault_state", "hear", "listen", "loss_state", "region_state", "scale_state",
    "snapshot_state", "threshold_state",
]  # fmt: skip
