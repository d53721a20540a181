"""Backends: embedding -> anomaly score, larger is more anomalous."""

from .cosine import CosineToMean
from .gaussian import Gaussian, GaussianMixture
from .neighbors import NearestNeighbor

__all__ = ["CosineToMean", "Gaussian", "GaussianMixture", "NearestNeighbor"]
