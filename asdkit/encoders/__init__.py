"""Encoders: features -> embedding, one network a file."""

from .mobilenet import MobileNetV2
from .resnet import ResNet
from .summary import TemporalMax, TemporalMean
from .toy import Toy

__all__ = ["MobileNetV2", "ResNet", "TemporalMax", "TemporalMean", "Toy"]
