"""Views: widgets over the figures, and players. Only here are ipywidgets imported."""

from ..figures.backends.region_lab import region_state
from ..figures.losses.alpha_lab import alpha_state
from ..figures.losses.loss_lab import loss_state
from ..figures.losses.scale_lab import scale_state
from ..figures.losses.snapshot_lab import snapshot_state
from ..figures.metrics.threshold_lab import threshold_state
from ..figures.sound.fault_lab import fault_state
from .alpha_lab import AlphaView
from .fault_lab import FaultView
from .feature_lab import FeatureView
from .loss_lab import LossLab
from .player import Player, hear, listen
from .region_lab import RegionView
from .scale_lab import ScaleView
from .snapshot_lab import SphereView
from .threshold_lab import ThresholdView

__all__ = [
    "AlphaView", "FaultView", "FeatureView", "LossLab", "Player", "RegionView", "ScaleView",
    "SphereView", "ThresholdView", "alpha_state", "fault_state", "hear", "listen", "loss_state",
    "region_state", "scale_state", "snapshot_state", "threshold_state",
]  # fmt: skip
