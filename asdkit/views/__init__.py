"""Views: widgets over the figures, and players. Only here are ipywidgets imported."""

from ..figures.backends.region_lab import region_state
from ..figures.encoders.reconstruction_lab import reconstruction_state
from ..figures.features.attention_lab import attention_state
from ..figures.features.far_lab import far_state
from ..figures.losses.alpha_lab import alpha_state
from ..figures.losses.centroid_lab import centroid_state
from ..figures.losses.cluster_lab import cluster_state
from ..figures.losses.loss_lab import loss_state
from ..figures.losses.mixing_lab import mixing_state
from ..figures.losses.scale_lab import scale_state
from ..figures.losses.subspace_lab import subspace_state
from ..figures.maps.explorer_lab import explorer_state
from ..figures.metrics.table_lab import table_state
from ..figures.metrics.threshold_lab import threshold_state
from ..figures.sound.fault_lab import fault_state
from ..figures.train.cost_lab import cost_state
from .alpha_lab import AlphaView
from .attention_lab import AttentionView
from .centroid_lab import CentroidView
from .cluster_lab import ClusterView
from .cost_lab import CostView
from .far_lab import FarView
from .fault_lab import FaultView
from .feature_lab import FeatureView
from .loss_lab import LossLab
from .map_explorer import MapExplorer
from .mixing_lab import MixingView
from .player import Player, hear, listen
from .reconstruction_lab import ReconstructionView
from .region_lab import RegionView
from .scale_lab import ScaleView
from .scene import Scene
from .subspace_lab import SubspaceView
from .table_lab import TableView
from .threshold_lab import ThresholdView

__all__ = [
    "AlphaView", "AttentionView", "CentroidView", "ClusterView", "CostView", "FarView",
    "FaultView", "FeatureView", "LossLab", "MapExplorer", "MixingView", "Player",
    "ReconstructionView", "RegionView", "ScaleView", "Scene", "SubspaceView", "TableView",
    "ThresholdView", "alpha_state", "attention_state", "centroid_state", "cluster_state",
    "cost_state", "explorer_state", "far_state", "fault_state", "hear", "listen", "loss_state",
    "mixing_state", "reconstruction_state", "region_state", "scale_state", "subspace_state",
    "table_state", "threshold_state",
]  # fmt: skip
