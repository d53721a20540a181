"""Encoders: features -> embedding, one network a file."""

from .mobilenet import MobileNetV2
from .resnet import ResNet
from .toy import Toy

__all__ = ["MobileNetV2", "ResNet", "Toy"]
