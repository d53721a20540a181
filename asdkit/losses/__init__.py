"""Losses: one idea a file, over the bricks ``angles`` and ``scale``."""

from .adacos import AdaCos, SubClusterAdaCos
from .angles import angle, cosine
from .margin import ArcFace, CosFace
from .softmax import L2Softmax, Softmax, smallest_alpha

__all__ = [
    "AdaCos", "ArcFace", "CosFace", "L2Softmax", "Softmax", "SubClusterAdaCos", "angle", "cosine", "smallest_alpha",
]  # fmt: skip
