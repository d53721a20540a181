"""Encoders: features -> embedding, one network a file."""

from .mobilenet import MobileNetV2
from .resnet import ResNet
from .tastgram import STgram, TASTgram, temporal_attention
from .toy import Toy
from .twobranch import TwoBranch

__all__ = [
    "MobileNetV2", "ResNet", "STgram", "TASTgram", "Toy", "TwoBranch", "temporal_attention",
]  # fmt: skip
