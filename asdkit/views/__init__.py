"""Views: widgets over the figures, and players. Only here are ipywidgets imported."""

from ..figures.threshold import threshold_state
from .player import Player, hear, listen
from .threshold import ThresholdView

__all__ = ["Player", "ThresholdView", "hear", "listen", "threshold_state"]
