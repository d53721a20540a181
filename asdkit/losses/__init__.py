"""Losses: one idea a file, over the bricks ``angles`` and ``scale``."""

from .adacos import AdaCos, SubClusterAdaCos
from .adaproj import AdaProj
from .angles import angle, cosine, own_angle
from .arcmix import ArcMix, NoisyArcMix
from .binary import ANOMALY, NORMAL, OUTLIER, BinaryCrossEntropy
from .centroids import DDCSAD, DSAD, BinaryDDCSAD, BinaryDSAD
from .classes import ClassLoss
from .compactness import Compactness, CompactnessSoftmax
from .margin import ArcFace, CosFace
from .mixed_margin import MixedMargin
from .reconstruction import SquaredError
from .softmax import L2Softmax, Softmax, smallest_alpha
from .subspaces import energy_inside, principal_angles

__all__ = [
    "ANOMALY", "DDCSAD", "DSAD", "NORMAL", "OUTLIER", "AdaCos", "AdaProj", "ArcFace", "ArcMix",
    "BinaryCrossEntropy", "BinaryDDCSAD", "BinaryDSAD", "ClassLoss", "Compactness",
    "CompactnessSoftmax", "CosFace", "L2Softmax", "MixedMargin", "NoisyArcMix", "Softmax",
    "SquaredError", "SubClusterAdaCos", "angle", "cosine", "energy_inside", "own_angle",
    "principal_angles", "smallest_alpha",
]  # fmt: skip
