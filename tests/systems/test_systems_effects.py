"""Every setting of every system changes what is computed, or is refused."""

import numpy as np
import pandas as pd
import pytest
import torch

from asdkit import sound, systems
from asdkit.systems import hear
from asdkit.systems.part import PACKAGES, choices, parameters, part, settable

OTHER = {  # another value than the one that stands in a recipe or in a class
    "window": 512, "hop": 256, "mels": 32, "frames": 16, "padding": ("constant", "reflect"),
    "floor": 1e-3, "added": 1e-3, "htk": (True, False), "norm": (None, "slaney"), "seconds": 0.5,
    "neighbors": 2, "remove_mean": False, "by": ("machine", "all"), "how": ("beta", "uniform"),
    "pairing": ("permute", "reverse"), "dim": 6, "width": 9, "size": 48, "sub_clusters": 3,
    "subspace_dim": 3, "orthonormal": True, "variant": ("code", "paper"),
    "trainable": (False, True), "scale": 7.0, "margin": 0.1, "sub_centers": 2,
    "branch": "spectrum", "alpha": 0.5, "lr": 0.03, "decay": 0.5, "body": 0.03, "head": 0.03,
    "last": 0.9, "times": 1, "components": 3, "covariance": "diagonal", "regularization": 0.1,
    "normalize": (False, True), "k": 2, "clusters": 2, "count": 5, "widths": ((7,),),
    "bottleneck": 3, "channels": ((5,),), "span": 3, "weight": 900.0,
    "eta": 40.0, "eps": 100.0, "updated": (True, False), "with_anomalies": True,
    "normal": 2, "outlier": 2, "anomaly": 2, "steps": 3, "power": 3.0,
}  # fmt: skip
OTHER_OF = {  # of one part alone, whose name another has too
    ("ResNet38", "width"): 0.05, ("RoleFusion", "scale"): "train",
    ("WaveAndLogMel", "seconds"): 0.25, ("WaveAndLogMel", "frames"): 8,
}  # fmt: skip
FEATURES_ONLY = {"norm"}  # a factor a band, of which standardization in dB leaves rounding alone
LABELS = {"name", "paper"}  # what a reader calls a system: they change nothing, and are meant to
SMALL = {"dim": 8, "seconds": 1.0, "epochs": 1, "batch_size": 9}  # two steps
DENSE = {"mels": 64, "widths": (16,), "bottleneck": 4, "lr": 0.01}
DENSE |= {"batch_size": 140}  # as each clip has 28 vectors
HALF = {"lr": 0.01, "seconds": 0.5}
TIED = {  # networks that keep their place: they take waves, short ones, or rebuild what they take
    "TwoBranch": {"trials": ({},), "lr": 0.01}, "STgram": HALF, "TASTgram": HALF,
    "AutoEncoder": DENSE, "VariationalAutoEncoder": DENSE,
    "Idnn": DENSE | {"neighbors": 9, "span": 9},
    "ConvAutoEncoder": {
        "front": ("LogMel", "Standardize", {"part": "Segments", "frames": 8, "count": 3}),
        "channels": (8,), "bottleneck": 2, "lr": 0.01,
    },
    "ResNet38": {
        "encoder": "Toy", "normal": 3, "outlier": 4, "anomaly": 1, "steps": 2,
        "front": (
            {"part": "StandardizeWaves", "by": "machine"}, "LogMel",
            {"part": "Segments", "frames": 8, "count": 3},
        ),
    },
}  # fmt: skip
ENSEMBLES = {  # small ones: networks of two sizes, as their trials choose
    "subcluster_adacos_ensemble": {"sub_clusters": 2, "trials": ({}, {"sub_clusters": 1})},
    "combined": {"sub_clusters": 2, "trials": systems.get("combined").trials[:2]},
}
NO_CHOICE = {  # what a loss that tells one thing alone leaves to its backend
    ("bce", "alpha"), ("bce", "scale"), ("dsad", "alpha"), ("ddcsad", "alpha"),
}  # fmt: skip


def recipe(name, field=None, **told):
    """A small form of a recipe; with a backend that is fitted fast where it is not changed."""
    base = systems.get(name)
    if field not in (None, "backend") and base.backend.name != "OwnLoss":
        base = base.but(backend="CosineToMean")
    if base.loss is None:
        return base.but(**{"seconds": 1.0} | told)
    several = {"sub_clusters": 2} if base.loss.name == "SubClusterAdaCos" else {}
    several = ENSEMBLES.get(name, several)
    several |= {"subspace_dim": 2} if base.loss.name == "AdaProj" else {}
    small = SMALL | TIED.get(base.encoder.name, {"encoder": "Toy"}) | several | told
    encoder = systems.find("encoder", small.get("encoder", base.encoder))
    if "dim" not in settable("encoder", encoder):
        small.pop("dim")
    if not base.takes_batch_size:
        small.pop("batch_size")
        rates = ("lr",) if base.optimizer.name == "adam" else ("body", "head")
        small |= dict.fromkeys(rates, 0.01) | told
    return base.but(**small)


@pytest.fixture(scope="module")
def few(clips):
    """Four clips a group, five of one: the sizes of classes count in some losses."""
    train, fresh = clips[clips["split"] == "train"], clips[clips["split"] == "test"]
    rows = train.groupby(sound.groups(train)).cumcount() < np.where(train["section"] == "04", 5, 4)
    domain = np.where(train["path"].str.contains("_00000003"), "target", "source")
    fresh = fresh.groupby(sound.groups(fresh)).head(2)
    return train.assign(domain=domain)[rows], fresh


READ, SEEN = {}, {}


def computed(system, few, seed=0):
    """The features of a fitted system, its scores and thresholds; each system is fitted once."""
    key = repr(system), seed
    if key not in SEEN:
        train, fresh = few
        if system.task == "roles":
            train = pd.concat([train, fresh[fresh["label"] == 1].assign(split="train")])
        front = systems.Front(system.front, system.seconds, train["machine"])
        plain = repr(front.parts[: front.plain]), system.seconds, len(train)
        if plain not in READ:
            READ[plain] = [hear(part, front) for part in (train, fresh)]
        known, new = READ[plain]
        fitted = system.fit(train, "smoke", device="cpu", seed=seed, heard=known)
        thresholds = [fitted.thresholds[name] for name in sorted(fitted.thresholds)]
        SEEN[key] = new.x, np.concatenate([fitted.score(fresh, new), thresholds])
    return SEEN[key]


def differ(one, other, features=False):
    if features:
        one, other = (x[-1] if isinstance(x, tuple) else x for x in (one[0], other[0]))
        return one.shape != other.shape or not torch.allclose(one, other, rtol=1e-4, atol=1e-3)
    return not np.allclose(one[1], other[1], rtol=1e-5, atol=1e-7)


def other_value(chosen, setting):
    """A value that the setting does not have yet; a pair of values offers its other one."""
    now = dict(chosen.settings).get(setting, parameters(chosen.make)[setting].default)
    told = OTHER_OF.get((chosen.name, setting), OTHER.get(setting))
    return next(value for value in (told if isinstance(told, tuple) else (told,)) if value != now)


def changed(system, field, place, setting):
    told = getattr(system, field)
    if field != "front":
        return system.but(**{field: told.but(**{setting: other_value(told, setting)})})
    front = list(told)
    front[place] = front[place].but(**{setting: other_value(front[place], setting)})
    return system.but(front=tuple(front))


def settings_of(system):
    return [
        (field, place, chosen.name, setting)
        for field, place, chosen in system.parts()
        for setting in settable(field, chosen)
    ]


def part_at(system, field, place):
    told = getattr(system, field)
    return told[place] if field == "front" else told


def walk():
    """Each setting of each recipe; once a part of the front, which hears alike for all losses, and
    of the wave networks, which train for longer; once too an equal encoder, optimizer or backend
    of equal trials, for training and judging are one function each, which no loss changes.
    """
    seen = set()
    for name in systems.names():
        small = recipe(name)
        for field, place, owner, setting in settings_of(small):
            part_of = part_at(small, field, place)
            tied = small.encoder is not None and systems.get(name).encoder.name in TIED
            once = tied or field == "front"
            key = (part_of, setting) if once else (part_of, setting, repr(small.trials))
            if (once or field in ("encoder", "optimizer", "backend")) and key in seen:
                continue
            seen.add(key)
            yield name, field, place, owner, setting


WALK = list(walk())


def test_the_walk_is_a_long_one():
    """All settings that a reader can reach are on the way, those of the papers' networks below;
    where a recipe is passed by, each of its settings is on the way in an equal part of another.
    """
    walked = {(part_at(recipe(name), *at), setting) for name, *at, _, setting in WALK}
    assert len(WALK) > 100 and walked == {
        (part_at(recipe(name), field, place), setting)
        for name in systems.names()
        for field, place, _, setting in settings_of(recipe(name))
    }
    reached = {setting for *_, setting in WALK}
    papers = {setting for name in systems.names() for *_, setting in settings_of(systems.get(name))}
    assert papers - reached == {"size"}


@pytest.mark.parametrize("name", systems.names())
def test_the_same_system_computes_the_same_and_another_seed_another(few, name):
    """What a difference means: without a change there is none."""
    one = computed(recipe(name), few)
    SEEN.pop((repr(recipe(name)), 0))
    assert np.array_equal(one[1], computed(recipe(name), few)[1])
    if recipe(name).loss is not None:
        assert differ(one, computed(recipe(name), few, seed=1))


@pytest.mark.parametrize(("name", "field", "place", "owner", "setting"), WALK)
def test_a_setting_of_a_recipe_has_an_effect(few, name, field, place, owner, setting):
    system = recipe(name, field)
    if (system.each, setting) == ("machine", "by"):
        with pytest.raises(ValueError, match="^each='machine' .* so by=.machine. of Stand"):
            changed(system, field, place, setting)
        return
    if (name, setting) in NO_CHOICE:
        with pytest.raises(ValueError, match="has no .* to tell|would have no effect"):
            changed(system, field, place, setting)
        return
    other = changed(system, field, place, setting)
    assert other != system
    if owner == "WaveAndLogMel" and setting in ("hop", "mels", "frames", "seconds"):
        with pytest.raises(ValueError, match="does not fit the front.* was made for 128 bands and"):
            other.fit(few[0], "smoke", device="cpu")
        return
    if (name, setting) == ("idnn", "neighbors"):
        with pytest.raises(ValueError, match="^vectors of 128 numbers are no 9 frames: set span"):
            other.fit(few[0], "smoke", device="cpu")
        return
    assert differ(computed(system, few), computed(other, few), setting in FEATURES_ONLY)


BASES = {  # what is needed of a system that has this part
    "backend": ("arcface", {}), "optimizer": ("arcface", {}), "schedule": ("arcface", {"lr": 0.03}),
    "mixing": ("arcface", {}), "loss": ("arcface", {}),
}  # fmt: skip
NEEDED = {
    "CosFace": {"scale": 30.0, "margin": 0.35}, "L2Softmax": {"alpha": 16.0},
    "AdaProj": {"subspace_dim": 2},
}  # fmt: skip
PARTS = [
    (field, name, setting)
    for field in BASES
    for name, make in choices(field).items()
    if getattr(make, "task", None) != "roles" and name != "RoleFusion"  # which are all in recipes
    for setting in settable(field, part(make))
]


MIXED = {"MixedMargin": {"mixing": "mix"}}  # its power moves the margins of mixed clips alone


@pytest.mark.parametrize(("field", "name", "setting"), PARTS)
def test_a_setting_of_a_part_of_no_recipe_has_an_effect(few, field, name, setting):
    base, told = BASES[field]
    chosen = part(choices(field)[name], **NEEDED.get(name, {}))
    system = recipe(base, field, **told | MIXED.get(name, {})).but(**{field: chosen})
    other = changed(system, field, 0, setting)
    assert differ(computed(system, few), computed(other, few))


FRONTS = [
    ("LogMel", "temporal_mean"), ("FramedLogMel",), ("Spectrogram", "temporal_max"), ("Spectrum",),
    ("frames", "temporal_max"), ("LogMel", "Standardize", "temporal_max"),
    ("StandardizeWaves", "LogMel", "temporal_max"), ("LogMel", "Standardize", "framed"),
]  # fmt: skip
OF_FRONTS = [
    (front, place, setting)
    for front in FRONTS
    for place, name in enumerate(front)
    if name != "LogMel" or place == 0  # behind waves of variance 1 no band reaches its floor
    for setting in settable("front", part(choices("front")[name]))
]


@pytest.mark.parametrize(("front", "place", "setting"), OF_FRONTS)
def test_a_setting_of_a_part_of_the_front_has_an_effect(few, front, place, setting):
    system = recipe("mean_gaussian", backend="CosineToMean", front=front)
    assert differ(
        computed(system, few), computed(changed(system, "front", place, setting), few),
        setting in FEATURES_ONLY,
    )  # fmt: skip


def test_every_part_of_the_kit_is_on_a_walk():
    """Encoders and batches have walks of their own below; a new part must find its place here."""
    walked = {(field, name) for field, name, _ in PARTS} | {
        ("front", name) for one in FRONTS for name in one
    }
    walked |= {(field, owner) for _, field, _, owner, _ in WALK}
    walked |= {("encoder", told["encoder"]) for _, told in NETWORKS} | {("batches", "balanced")}
    rest = {
        (field, name)
        for field in PACKAGES
        for name, make in choices(field).items()
        if settable(field, part(make)) and (field, name) not in walked
    }
    assert not rest


NETWORKS = [
    ("subcluster_adacos", {"encoder": "ResNet", "dim": 8, "seconds": 5.0}),
    ("l2softmax_lof", {"encoder": "MobileNetV2", "dim": 8, "size": 32}),
    ("arcface", {"encoder": "ResNet38", "width": 0.02}),
]  # fmt: skip
OF_NETWORKS = [
    (name, told, setting)
    for name, told in NETWORKS
    for setting in settable("encoder", part(choices("encoder")[told["encoder"]]))
]


@pytest.mark.filterwarnings("ignore:.* repeated to fill")
@pytest.mark.parametrize(("name", "told", "setting"), OF_NETWORKS, ids=str)
def test_a_setting_of_a_paper_s_network_has_an_effect(few, name, told, setting):
    system = recipe(name, **told, epochs=1, batch_size=17)
    assert differ(computed(system, few), computed(changed(system, "encoder", 0, setting), few))


FIELDS = {  # own fields of a system, each with other values
    "task": ["types", "attributes", "roles", "nothing", "sections"], "each": ["machine", "group"],
    "trials": [({}, {}), ({"lr": 0.1},), ({"seconds": 0.75},)],
    "mixing": [{"part": "mix", "how": "beta"}, None],
    "optimizer": ["adamw", "adam_two_rates"], "schedule": ["cosine", "halved"],
    "batches": ["balanced"], "epochs": [2], "batch_size": [5], "seconds": [0.75],
    "precision": ["bf16"], "loss": ["AdaCos", "Softmax", None], "shares": [True, False],
    "held_out": [0.3, 0.0], "fusion": ["standardized", "weighted", "mean"],
    "encoder": ["Toy", None], "backend": ["NearestNeighbor", "PLDA", "OwnLoss", "Probability"],
    "front": [("LogMel", "temporal_mean"), ("normalize_level", "LogMel")],
}  # fmt: skip
FAMILIES = [  # siblings differ in their loss alone, or in a network of the same sizes
    name for name in systems.names()
    if recipe(name).encoder is None or systems.get(name).encoder.name not in TIED
] + ["adaproj", "noisy_arcmix", "autoencoder", "bce_ddcsad"]  # fmt: skip
ONE_BRANCH = {"adaproj": {"branch": "spectrum"}}  # a field is of the system, not of its network
SAME = {  # what rightly comes to the same
    ("softmax", "backend", "OwnLoss"): "-ln p of the claimed class is the cross entropy of a clip",
    ("noisy_arcmix", "schedule", "cosine"): "its default is the paper's",
    ("summaries", "fusion", "standardized"): "two bands of noise are told apart by every summary",
    ("combined", "fusion", "standardized"): "and by the network: weights of 1",
    ("bce_ddcsad", "schedule", "halved"): "its default is the paper's",
}


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("name", FAMILIES)
def test_a_field_of_a_system_has_an_effect_or_is_refused(few, name, field):
    """A refusal is a ValueError before anything is trained; what is taken must show."""
    system, effects = recipe(name, field, **ONE_BRANCH.get(name, {})), 0
    if (field, system.loss is not None) == ("shares", True):
        system = system.but(epochs=2)  # a share of one epoch is one epoch
    for value in FIELDS[field]:
        try:
            other = system.but(**{field: value})
            if other == system:
                continue
            after = computed(other, few)
        except ValueError as error:
            effects += 1
            assert "\n" not in str(error) and len(str(error)) > 20
            continue
        effects += 1
        same = not differ(computed(system, few), after)
        assert same == ((name, field, str(value)) in SAME), f"{field}={value!r} of {name}"
    assert effects


def test_own_fields_are_all_on_the_walk():
    assert set(FIELDS) | LABELS == set(systems.system.FIELDS)
