"""The papers' systems, a block each; a recipe stands here once all its parts exist."""

from difflib import get_close_matches

from .. import given
from ..backends import (
    CosineToClusters,
    Gaussian,
    GaussianMixture,
    LocalOutlierFactor,
    OwnLoss,
    Probability,
)
from ..encoders import (
    AutoEncoder,
    ConvAutoEncoder,
    Idnn,
    MobileNetV2,
    ResNet,
    STgram,
    TASTgram,
    TwoBranch,
    VariationalAutoEncoder,
)
from ..features import (
    FramedLogMel,
    LogMel,
    Segments,
    Standardize,
    WaveAndLogMel,
    mean_and_max,
    normalize_level,
    temporal_max,
    temporal_mean,
)
from ..losses import (
    AdaCos,
    AdaProj,
    ArcFace,
    ArcMix,
    Compactness,
    CompactnessSoftmax,
    L2Softmax,
    MixedMargin,
    NoisyArcMix,
    Softmax,
    SquaredError,
    SubClusterAdaCos,
)
from ..mixup import mix
from ..train import adam, adamw, cosine
from .part import part
from .role_recipes import ROLE_RECIPES
from .system import System

SCA = "[SCA] Wilkinghoff, Sub-Cluster AdaCos, IJCNN 2021"
AP = "[AP] Wilkinghoff, AdaProj, DCASE 2024"
NAM = "[NAM] Choi and Choi, Noisy-ArcMix, ICASSP 2024"
L2S = "[L2S] Wei and Liu, DCASE 2020 report"
L2S_MEL = {"mels": 64}
NAM_MEL = {"window": 2048, "padding": "constant", "floor": 0.0, "added": 2.0**-52, "seconds": 10.0}
STGRAM_MEL = {
    "padding": "constant",
    "floor": 0.0,
    "added": 2.0**-52,
    "seconds": 10.0,
    "htk": True,
    "norm": None,
}

MEAN_AND_MAX = (  # what encoders.Toy needs of a clip, for networks that train within seconds
    part(normalize_level), part(LogMel), part(mean_and_max), part(Standardize),
)  # fmt: skip

SUBCLUSTER_ADACOS = System(
    name="subcluster_adacos", paper=SCA, task="sections",
    front=(part(normalize_level), part(LogMel), part(Standardize)), mixing=part(mix, how="uniform"),
    encoder=part(ResNet, dim=128), loss=part(SubClusterAdaCos, sub_clusters=16),
    epochs=400,
    backend=part(GaussianMixture),  # a mode a sub-cluster, started at its center
)  # fmt: skip
SUBCLUSTER_ADACOS_PUBLISHED = SUBCLUSTER_ADACOS.but(
    name="subcluster_adacos_published", paper=f"{SCA}, Tables IV and V, as coded",
    front=(part(LogMel), part(Standardize)),  # the paper leaves the level of a clip as it is
    loss=part(SubClusterAdaCos, sub_clusters=32, variant="code"), shares=True,
)  # fmt: skip
SUBCLUSTER_ADACOS_ENSEMBLE = SUBCLUSTER_ADACOS_PUBLISHED.but(
    name="subcluster_adacos_ensemble", paper=f"{SCA}, IV-G: the log-probabilities of all S",
    trials=({}, *({"sub_clusters": count} for count in (1, 2, 4, 8, 16, 64))),  # and 32
)  # fmt: skip
ADACOS = SUBCLUSTER_ADACOS.but(
    name="adacos",
    paper=f"{SCA}, Table III: mixup, scale of eq. 2; Table II's output is backend=Probability",
    loss=part(AdaCos), backend=part(Gaussian),
)  # fmt: skip
ARCFACE = SUBCLUSTER_ADACOS.but(
    name="arcface", paper=f"{NAM} eq. 1, on the network and training of [SCA]", mixing=None,
    loss=part(ArcFace, margin=0.7), backend=part(Gaussian),
)  # fmt: skip
SOFTMAX = SUBCLUSTER_ADACOS.but(
    name="softmax",
    paper=f"{L2S} 3 without its constraint, on the network and training of [SCA]", mixing=None,
    loss=part(Softmax), backend=part(Probability),
)  # fmt: skip
L2SOFTMAX_LOF = System(
    name="l2softmax_lof", paper=L2S, task="types",
    front=(part(normalize_level), part(LogMel, **L2S_MEL), part(Standardize)),
    encoder=part(MobileNetV2, dim=1280), loss=part(L2Softmax, alpha=16.0),
    epochs=100,  # those of its auto-encoder: the report states none, nor alpha
    backend=part(LocalOutlierFactor),
)  # fmt: skip
ADAPROJ = System(
    name="adaproj", paper=AP, task="attributes",
    front=(part(normalize_level),), mixing=part(mix, how="uniform"),  # the waves are mixed
    encoder=part(TwoBranch, dim=512), loss=part(AdaProj, subspace_dim=32), epochs=10,
    backend=part(CosineToClusters, clusters=32), trials=({},) * 10,
)  # fmt: skip
COMPACTNESS = ADAPROJ.but(
    name="compactness", paper=f"{AP}, Table 1: intra-class compactness", loss=part(Compactness),
)  # fmt: skip
COMPACTNESS_SOFTMAX = ADAPROJ.but(
    name="compactness_softmax", paper=f"{AP}, Table 1: intra-class compactness and cross entropy",
    loss=part(CompactnessSoftmax),
)  # fmt: skip
ADACOS_TWO_BRANCH = ADAPROJ.but(
    name="adacos_two_branch", paper=f"{AP}, Table 1: AdaCos", loss=part(AdaCos, trainable=False),
)  # fmt: skip
SUBCLUSTER_TWO_BRANCH = ADAPROJ.but(
    name="subcluster_adacos_two_branch", paper=f"{AP}, Table 1: sub-cluster AdaCos",
    loss=part(SubClusterAdaCos, sub_clusters=32, trainable=False),
)  # fmt: skip
NOISY_ARCMIX = System(
    name="noisy_arcmix", paper=NAM, task="sections",
    front=(part(WaveAndLogMel, **NAM_MEL),), mixing=part(mix, how="beta", pairing="permute"),
    encoder=part(TASTgram, dim=128), loss=part(NoisyArcMix, scale=30.0, margin=0.7),
    optimizer=part(adamw, lr=1e-4, decay=0.01), schedule=part(cosine, last=0.1), epochs=300,
    held_out=0.05,  # in the author's code; the paper does not say so
    backend=part(OwnLoss),  # at the id that the clip claims, with the margin
)  # fmt: skip
ARCMIX = NOISY_ARCMIX.but(
    name="arcmix", paper=f"{NAM}, Table 1: ArcMix", loss=part(ArcMix, scale=30.0, margin=0.7),
)  # fmt: skip
MIXED_MARGIN = NOISY_ARCMIX.but(
    name="mixed_margin", paper=f"{NAM}, its network and training with the loss of lesson 16",
    loss=part(MixedMargin, scale=30.0, margin=0.7),
)  # fmt: skip
TASTGRAM_ARCFACE = NOISY_ARCMIX.but(
    name="tastgram_arcface", paper=f"{NAM}, Table 2: ArcFace", mixing=None,
    loss=part(ArcFace, scale=30.0, margin=0.7),
)  # fmt: skip
STGRAM_ARCFACE = TASTGRAM_ARCFACE.but(
    name="stgram_arcface", paper=f"{NAM}, Table 1: STgram-MFN with ArcFace",
    front=(part(WaveAndLogMel, **STGRAM_MEL),), encoder=part(STgram, dim=128),
)  # fmt: skip
STGRAM_NOISY_ARCMIX = NOISY_ARCMIX.but(
    name="stgram_noisy_arcmix", paper=f"{NAM}, Table 2: without the attention",
    encoder=part(STgram, dim=128),
)  # fmt: skip
AUTOENCODER = System(
    name="autoencoder", paper=f"{L2S}, 2: the tuned auto-encoder", task="nothing", each="machine",
    front=(part(FramedLogMel, neighbors=5),), encoder=part(AutoEncoder), loss=part(SquaredError),
    optimizer=part(adam, decay=0.0), epochs=100,
    batch_size=512,  # vectors, as of the official baseline: the report states none
    backend=part(OwnLoss),  # the mean over all vectors of a clip
)  # fmt: skip
BASELINE_AUTOENCODER = AUTOENCODER.but(
    name="baseline_autoencoder", paper=f"{L2S}, 2: the official baseline of DCASE 2020",
    encoder=part(AutoEncoder, widths=(128,) * 4, bottleneck=8),
)  # fmt: skip
VAE = AUTOENCODER.but(
    name="vae", paper=f"{L2S}, 2: VAE, whose layers it does not give",
    encoder=part(VariationalAutoEncoder),
)  # fmt: skip
CONV_AUTOENCODER = AUTOENCODER.but(
    name="conv_autoencoder", paper=f"{L2S}, 2: convolutional AE, whose layers it does not give",
    front=(part(LogMel), part(Standardize), part(Segments, frames=32)),
    encoder=part(ConvAutoEncoder), batch_size=64,  # whose 16 channels would be long in reaching dB
)  # fmt: skip
IDNN = AUTOENCODER.but(
    name="idnn", paper=f"{NAM}, Table 1: IDNN, on the layers and training of [L2S]",
    encoder=part(Idnn),
)  # fmt: skip
MEAN_GAUSSIAN = System(
    name="mean_gaussian", paper=f"{SCA}, Table V: mean over time", task="nothing",
    front=(part(normalize_level), part(LogMel), part(Standardize), part(temporal_mean)),
    encoder=None, loss=None, backend=part(Gaussian, normalize=False),
)  # fmt: skip
MAX_GAUSSIAN = MEAN_GAUSSIAN.but(
    name="max_gaussian", paper=f"{SCA}, Table V: maximum over time",
    front=(part(normalize_level), part(LogMel), part(Standardize), part(temporal_max)),
)  # fmt: skip
SUMMARIES = MEAN_GAUSSIAN.but(
    name="summaries", paper=f"{SCA}, Table V: mean and maximum, each weighted without any label",
    trials=({}, {"front": MAX_GAUSSIAN.front}), fusion="weighted",
)  # fmt: skip
BARE = {"encoder": None, "loss": None, "backend": MEAN_GAUSSIAN.backend}  # trains nothing
COMBINED = SUBCLUSTER_ADACOS.but(
    name="combined", paper=f"{SCA}, Table V: all three, weighted without any label",
    trials=({}, BARE | {"front": MEAN_GAUSSIAN.front}, BARE | {"front": MAX_GAUSSIAN.front}),
    fusion="weighted", shares=True,
)  # fmt: skip

RECIPES = [
    SUBCLUSTER_ADACOS, SUBCLUSTER_ADACOS_PUBLISHED, SUBCLUSTER_ADACOS_ENSEMBLE, ADACOS, ARCFACE,
    SOFTMAX, L2SOFTMAX_LOF, ADAPROJ, COMPACTNESS, COMPACTNESS_SOFTMAX, ADACOS_TWO_BRANCH,
    SUBCLUSTER_TWO_BRANCH, NOISY_ARCMIX, ARCMIX, MIXED_MARGIN, TASTGRAM_ARCFACE, STGRAM_ARCFACE,
    STGRAM_NOISY_ARCMIX, AUTOENCODER, BASELINE_AUTOENCODER, VAE, CONV_AUTOENCODER, IDNN,
    *ROLE_RECIPES, MEAN_GAUSSIAN, MAX_GAUSSIAN, SUMMARIES, COMBINED,
]  # fmt: skip


def names():
    """The names of all systems.

    Example:
        >>> systems.names()[:2]
        ['subcluster_adacos', 'subcluster_adacos_published']
    Notebook: 00_start_here
    """
    return [recipe.name for recipe in RECIPES]


def get(name, /, **choices):
    """The system of that name, with some of its choices made otherwise.

    Raises: ValueError for an unknown name, choice or value, which says what is known.
    Choices: a part that is replaced, as in ``encoder="Toy"``, comes with its own defaults.
    Example:
        >>> systems.get("subcluster_adacos", sub_clusters=4).loss
        part(SubClusterAdaCos, sub_clusters=4)
    Notebook: 00_start_here, 16_your_own_loss
    """
    recipe = next((recipe for recipe in RECIPES if recipe.name == name), None)
    if recipe is None:
        near = get_close_matches(name, names()) if isinstance(name, str) else []
        told = f"{' or '.join(near)}, or another of" if near else "one of"
        known = "systems.names()" if near else ", ".join(names())
        raise ValueError(f"no system is called {given.told(name)}: choose {told} {known}")
    return recipe.but(**choices)
