"""Losses: one idea a file, over the bricks ``angles`` and ``scale``."""

from .adacos import AdaCos, SubClusterAdaCos
from .angles import angle, cosine, own_angle
from .binary import ANOMALY, NORMAL, OUTLIER
from .classes import ClassLoss
from .margin import ArcFace, CosFace
from .softmax import L2Softmax, Softmax, smallest_alpha

__all__ = [
    "ANOMALY", "NORMAL", "OUTLIER", "AdaCos", "ArcFace", "ClassLoss", "CosFace", "L2Softmax",
    "Softmax", "SubClusterAdaCos", "angle", "cosine", "own_angle", "smallest_alpha",
]  # fmt: skip
