"""Backends: embedding -> anomaly score, larger is more anomalous."""

from .backend import Backend, Learned
from .cosine import CosineToClusters, CosineToMean, CosineTopK
from .direct import OwnLoss, Probability
from .fusion import Fusion
from .gaussian import Gaussian, GaussianMixture
from .neighbors import LocalOutlierFactor, NearestNeighbor
from .plda import PLDA
from .roles import RoleFusion

__all__ = [
    "PLDA", "Backend", "CosineToClusters", "CosineToMean", "CosineTopK", "Fusion", "Gaussian",
    "GaussianMixture", "Learned", "LocalOutlierFactor", "NearestNeighbor", "OwnLoss", "Probability",
    "RoleFusion",
]  # fmt: skip
