"""Backends: embedding -> anomaly score, larger is more anomalous."""

from .cosine import CosineToClusters, CosineToMean, CosineTopK
from .direct import Probability
from .fusion import Fusion
from .gaussian import Gaussian, GaussianMixture
from .neighbors import LocalOutlierFactor, NearestNeighbor
from .plda import PLDA

__all__ = [
    "PLDA", "CosineToClusters", "CosineToMean", "CosineTopK", "Fusion", "Gaussian", "GaussianMixture",
    "LocalOutlierFactor", "NearestNeighbor", "Probability",
]  # fmt: skip
