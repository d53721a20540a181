"""Encoders: features -> embedding, one network a file."""

from .autoencoder import AutoEncoder
from .conv_autoencoder import ConvAutoEncoder
from .idnn import Idnn
from .mobilenet import MobileNetV2
from .panns import ResNet38
from .resnet import ResNet
from .tastgram import STgram, TASTgram, temporal_attention
from .toy import Toy
from .twobranch import TwoBranch
from .variational import VariationalAutoEncoder, divergence

__all__ = [
    "AutoEncoder", "ConvAutoEncoder", "Idnn", "MobileNetV2", "ResNet", "ResNet38", "STgram",
    "TASTgram", "Toy", "TwoBranch", "VariationalAutoEncoder", "divergence", "temporal_attention",
]  # fmt: skip
