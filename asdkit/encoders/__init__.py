"""Encoders: features -> embedding, one network a file."""

from .resnet import ResNet
from .toy import Toy

__all__ = ["ResNet", "Toy"]
