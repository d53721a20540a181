"""Parts take what their class takes and nothing else, and names are those of one package only."""

import json

import numpy as np
import pytest
import torch
from torch import nn

from asdkit import backends, encoders, features, losses, mixup, systems, train
from asdkit.systems.part import PACKAGES, choices, parameters, settable

KINDS = {
    "front": (
        "FramedLogMel LogMel Segments Spectrogram Spectrum Standardize StandardizeWaves "
        "WaveAndLogMel framed frames mean_and_max normalize_level remove_offset temporal_max "
        "temporal_mean"
    ),
    "mixing": "mix",
    "encoder": (
        "AutoEncoder ConvAutoEncoder Idnn MobileNetV2 ResNet ResNet38 STgram TASTgram Toy "
        "TwoBranch VariationalAutoEncoder"
    ),
    "loss": (
        "AdaCos AdaProj ArcFace ArcMix BinaryCrossEntropy BinaryDDCSAD BinaryDSAD Compactness "
        "CompactnessSoftmax CosFace DDCSAD DSAD L2Softmax MixedMargin NoisyArcMix Softmax "
        "SquaredError SubClusterAdaCos"
    ),
    "batches": "balanced shuffled",
    "optimizer": "adam adam_two_rates adamw",
    "schedule": "cosine halved",
    "backend": (
        "CosineToClusters CosineToMean CosineTopK Gaussian GaussianMixture LocalOutlierFactor "
        "NearestNeighbor OwnLoss PLDA Probability RoleFusion"
    ),
}


@pytest.mark.parametrize("field", KINDS)
def test_what_a_field_may_hold(field):
    """No bare brick, no helper, and nothing that a package has only imported."""
    assert sorted(choices(field)) == sorted(KINDS[field].split())


@pytest.mark.parametrize("field", KINDS)
def test_a_part_of_another_field_is_refused_by_name_and_as_it_is(field):
    for other in KINDS:
        for name in set(KINDS[other].split()) - set(KINDS[field].split()):
            with pytest.raises(ValueError, match=f"^no {field} is called '{name}': choose one of "):
                systems.find(field, name)
            with pytest.raises(ValueError, match=f"^{name} is no {field}: choose one of "):
                systems.find(field, systems.part(choices(other)[name]))


@pytest.mark.parametrize(
    "name", ["__import__", "os.system", "torch.nn.Linear", "Linear", "F", "torch", "", "_blend"]
)
@pytest.mark.parametrize("field", KINDS)
def test_nothing_but_parts_has_a_name(field, name):
    with pytest.raises(ValueError, match=f"^no {field} is called .*: choose one of "):
        systems.find(field, name)
    with pytest.raises(ValueError, match=f"^no {field} is called .*: choose one of "):
        systems.find(field, {"part": name, "margin": 1})


@pytest.mark.parametrize("told", [None, 3, ["AdaCos"], {}, {"name": "AdaCos"}, losses.AdaCos])
def test_what_tells_no_part(told):
    with pytest.raises(ValueError, match="^no loss is called .*: choose one of AdaCos, "):
        systems.find("loss", told)


class Own(losses.ClassLoss):
    def logits(self, x):
        return losses.cosine(x, self.centers)

    def each(self, x, y):
        return x[:, 0]


class Body(nn.Module):
    def forward(self, x):
        return x


class Judge(backends.Backend):
    pass


class Stranger:
    def fit(self, x, group=None):
        return self

    def score(self, x, group=None):
        return x


def loudness(waves):
    return waves


def pictures(images):
    return images


OWN = {
    "loss": [Own], "encoder": [Body], "front": [Body, loudness], "backend": [Judge],
    "mixing": [lambda batch, y: batch], "batches": [lambda y: y],
    "optimizer": [lambda encoder, loss: None], "schedule": [lambda done: done],
}  # fmt: skip
ALL = [Own, Body, Judge, Stranger, loudness, pictures, torch.relu]


@pytest.mark.parametrize("field", OWN)
def test_a_part_of_ones_own_is_told_by_what_it_is(field):
    for make in OWN[field]:
        assert systems.find(field, systems.part(make)).make is make
    for make in set(ALL) - set(OWN[field]):
        with pytest.raises(ValueError, match=f"^{make.__name__} is no {field}: choose one of "):
            systems.find(field, systems.Part(make) if make is torch.relu else systems.part(make))


@pytest.mark.parametrize("base", [backends.Backend, losses.ClassLoss])
def test_a_base_class_is_no_part(base):
    field = "backend" if base is backends.Backend else "loss"
    with pytest.raises(ValueError, match=f"^{base.__name__} is no {field}: choose one of "):
        systems.find(field, systems.part(base))


def test_a_setting_that_a_class_does_not_take():
    for name in ("margin", "kwargs"):
        with pytest.raises(
            ValueError, match=f"^AdaCos has no choice '{name}': it has classes, dim, trainable$"
        ):
            systems.part(losses.AdaCos, **{name: 0.7})
    with pytest.raises(ValueError, match="^Body has no choice 'kwargs': it has none$"):
        systems.part(Body, kwargs=1)
    with pytest.raises(
        ValueError,
        match="^ArcFace has no choice 'alpha': it has classes, dim, margin, scale, sub_c",
    ):
        systems.part(losses.ArcFace, margin=0.7).but(alpha=3)
    with pytest.raises(ValueError, match="^temporal_mean has no choice 'axis': it has x$"):
        systems.part(features.temporal_mean, axis=1)
    with pytest.raises(ValueError, match="^Spectrum has no choice 'window': it has none$"):
        systems.part(features.Spectrum, window=7)


STRANGE = [torch.zeros(1), np.zeros(2), losses.AdaCos, {1: 2}, {"a": object()}, [print], 1j]


@pytest.mark.parametrize("value", STRANGE, ids=lambda value: type(value).__name__)
def test_a_setting_is_a_number_a_text_or_a_dict(value):
    with pytest.raises(ValueError, match="^alpha is .*: give a number, a text, or a dict of them$"):
        systems.part(losses.L2Softmax, alpha=value)


KIND = [
    (losses.ArcFace, "margin", ["0.7", None, True, [0.7]], "give a number$"),
    (losses.AdaCos, "trainable", [0, 1, "no", None], "give True or False$"),
    (encoders.Toy, "dim", ["wide", 8.0, 0, -1, True, None], "give a whole number, 1 or more$"),
    (train.balanced, "anomaly", [-1, 0.5], "give a whole number, 0 or more$"),
]


@pytest.mark.parametrize(("make", "name", "values", "words"), KIND)
def test_a_setting_is_of_the_kind_of_its_default(make, name, values, words):
    for value in values:
        with pytest.raises(ValueError, match=f"^{name} is .*: {words}"):
            systems.part(make, **{name: value})


GIVEN = [
    ("loss", losses.ArcFace, {"classes": 3}), ("loss", losses.ArcFace, {"dim": 3}),
    ("loss", losses.SubClusterAdaCos, {"counts": [1, 2]}), ("encoder", encoders.Toy, {"bands": 5}),
    ("front", features.LogMel, {"sr": 8000}),
    ("front", features.Standardize, {"machines": ["fan"]}),
    ("backend", backends.GaussianMixture, {"means_init": [[1.0]]}),
    ("backend", backends.Probability, {"owners": ["a"]}),
    ("batches", train.shuffled, {"batch_size": 3}), ("mixing", mixup.mix, {"generator": 3}),
]  # fmt: skip


@pytest.mark.parametrize(("field", "make", "setting"), GIVEN)
def test_what_a_system_says_itself_is_no_choice(field, make, setting):
    (name,) = setting
    with pytest.raises(
        ValueError,
        match=f"^'{name}' of {make.__name__} is no choice, as its system sets it: it has ",
    ):
        systems.find(field, systems.part(make, **setting))


def test_parts_are_values():
    one, other = (
        systems.part(losses.ArcFace, scale=3.0, margin=0.7),
        systems.part(losses.ArcFace, margin=0.7, scale=3.0),
    )
    assert (
        one == other
        and hash(one) == hash(other)
        and repr(one) == "part(ArcFace, margin=0.7, scale=3.0)"
    )
    assert one.but(margin=0.3) == systems.part(losses.ArcFace, scale=3.0, margin=0.3) != one
    assert systems.part(losses.AdaCos) != systems.part(losses.Softmax)
    blend = systems.part(backends.RoleFusion, alpha={"fan": 0.5})
    assert hash(blend) == hash(systems.part(backends.RoleFusion, alpha={"fan": 0.5}))
    assert systems.part(features.frames, padding=[1, [2]]).settings == (("padding", (1, (2,))),)


@pytest.mark.parametrize("field", KINDS)
def test_json_there_and_back(field):
    """Every setting at once, each with another value than its own."""
    for name in KINDS[field].split():
        make, settings = choices(field)[name], {}
        for setting in settable(field, systems.part(make)):
            default = parameters(make)[setting].default
            settings[setting] = not default if isinstance(default, bool) else 3
        chosen = systems.part(make, **settings)
        told = json.loads(json.dumps(chosen.to_json()))
        assert systems.find(field, told) == chosen and told["part"] == name


def test_a_part_of_ones_own_cannot_pass_for_one_of_the_kit():
    """A file that was written with an own class of a known name would else be read with another."""

    class AdaCos(Own):
        pass

    told = systems.part(AdaCos).to_json()
    with pytest.raises(
        ValueError, match=r"^no loss is called '.*\.AdaCos': choose one of AdaCos, "
    ):
        systems.find("loss", told)


def test_all_settings_reach_what_is_built():
    loss = systems.part(losses.ArcFace, scale=12.5, margin=0.2).build(dim=4, classes=3, counts=None)
    assert (loss.scale.item(), loss.margin, loss.centers.shape) == (12.5, 0.2, (3, 4))
    mix = systems.part(mixup.mix, how="beta", pairing="permute").build()
    assert (mix.func, mix.keywords) == (mixup.mix, {"how": "beta", "pairing": "permute"})
    assert systems.part(train.cosine).build() is train.cosine
    assert systems.part(backends.CosineTopK, k=3).build().k == 3


class Strict(nn.Module):
    """A part of one's own that knows no sentence."""

    def __init__(self, wide):
        raise TypeError("no number")


def test_what_is_missing_or_cannot_be_is_told_with_the_name_of_the_part():
    with pytest.raises(ValueError, match="^CosFace needs a choice of scale, margin: give it$"):
        systems.part(losses.CosFace).build(dim=4, classes=3)
    with pytest.raises(ValueError, match="^alpha is 'wide': give a positive number, such as 30$"):
        systems.part(losses.L2Softmax, alpha="wide").build(dim=4, classes=3)
    with pytest.raises(ValueError, match=r"^part\(Strict, wide=1\) cannot be made: no number"):
        systems.part(Strict, wide=1).build()
    with pytest.raises(ValueError, match="^margin is 28.6: give a number from 0 to 3.14159"):
        systems.part(losses.ArcFace, margin=28.6).build(dim=4, classes=3)


def test_every_part_of_the_kit_says_its_settings():
    for field in PACKAGES:
        for make in choices(field).values():
            assert set(settable(field, systems.part(make))) <= set(parameters(make))
