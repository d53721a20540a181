"""The five systems of [DDC], which differ in their loss and in what a score is made of."""

from ..backends import RoleFusion
from ..backends.roles import DDC_ALPHA, DSAD_ALPHA
from ..encoders import ResNet38
from ..features import LogMel, Segments, StandardizeWaves
from ..losses import DDCSAD, DSAD, BinaryCrossEntropy, BinaryDDCSAD, BinaryDSAD
from ..train import adam, adam_two_rates, balanced, halved
from .part import part
from .system import System

DDC = "[DDC] Kuroyanagi et al., BCE and DDCSAD, EUSIPCO 2021"

# The paper counts 4000 steps and lets centroids follow "at each epoch", but does not say what an
# epoch is. A pass over 576 clips takes as long as 23 to 33 steps, 10 to 14 % of an epoch of 200.
BCE_DDCSAD = System(
    name="bce_ddcsad", paper=f"{DDC}, eq. 4", task="roles", each="group",
    front=(
        part(StandardizeWaves, by="machine"), part(LogMel), part(Segments, frames=256, count=10),
    ),
    encoder=part(ResNet38, width=1.0), loss=part(BinaryDDCSAD, eta=2.0, weight=1.0),
    batches=part(balanced, normal=32, outlier=32, steps=200), epochs=20,  # 4000 steps
    optimizer=part(adam_two_rates, body=1e-4, head=1e-3), schedule=part(halved, times=3),
    backend=part(RoleFusion, alpha=DDC_ALPHA, scale="test"),  # needs all test clips of an id
)  # fmt: skip
BCE_DSAD = BCE_DDCSAD.but(
    name="bce_dsad", paper=f"{DDC}, IV-A: BCE+DSAD",
    loss=part(BinaryDSAD, eta=2.0, weight=1.0),
    backend=part(RoleFusion, alpha=DSAD_ALPHA, scale="test"),
)  # fmt: skip
BCE = BCE_DDCSAD.but(
    name="bce", paper=f"{DDC}, eq. 1", loss=part(BinaryCrossEntropy),
    backend=part(RoleFusion, alpha=1.0),  # 1 - p
)  # fmt: skip
DDCSAD_ALONE = BCE_DDCSAD.but(
    name="ddcsad", paper=f"{DDC}, eq. 3", loss=part(DDCSAD, eta=2.0),
    optimizer=part(adam, lr=1e-4, decay=0.0),  # there is no last layer
    backend=part(RoleFusion, alpha=0.0, scale="test"),  # the distance
)  # fmt: skip
DSAD_ALONE = DDCSAD_ALONE.but(
    name="dsad", paper=f"{DDC}, eq. 2, with a random center that stays", loss=part(DSAD, eta=2.0),
)  # fmt: skip

ROLE_RECIPES = [BCE, DSAD_ALONE, DDCSAD_ALONE, BCE_DSAD, BCE_DDCSAD]


def with_anomalies(system):
    """The same system for a training that goes on with true anomalies, from a detector that was
    trained without: ``with_anomalies(system).fit(clips, start=detector)``.

    Paper: [DDC] IV-C: 32 normal clips, 31 outliers and 1 anomaly in a batch, half the steps.
    Shapes: a System -> a System.
    Choices: the rate starts anew and is halved once, after 1000 of the 2000 steps; the paper says
        that all else is as it was.
    Example:
        >>> system = systems.with_anomalies(systems.get("bce_ddcsad"))
        >>> system.batches, system.epochs
        (part(balanced, anomaly=1, normal=32, outlier=31, steps=200), 10)
    Notebook: 09_binary_and_centroids
    """
    outlier, epochs = dict(system.batches.settings).get("outlier", 32), max(system.epochs // 2, 1)
    return system.but(outlier=outlier - 1, anomaly=1, times=1, epochs=epochs, shares=system.shares)
