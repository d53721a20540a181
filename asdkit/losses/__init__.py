"""Losses: one idea a file, over the bricks ``angles`` and ``scale``."""

from .adacos import SubClusterAdaCos
from .angles import angle, cosine

__all__ = ["SubClusterAdaCos", "angle", "cosine"]
