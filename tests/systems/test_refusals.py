"""What a system refuses, in one clear sentence, and before any file is read."""

import pandas as pd
import pytest
from torch import nn

from asdkit import backends, features, losses, mixup, sound, systems, train
from asdkit.systems import System, part
from asdkit.systems.part import settable

GET = systems.get


def refused(words, make):
    with pytest.raises(ValueError, match=words) as told:
        make()
    assert "\n" not in str(told.value) and len(str(told.value)) < 700


SILENTLY_DROPPED = [  # which a filter by signature took, checked, and forgot
    ("adacos", {"margin": 0.9}), ("softmax", {"sub_clusters": 4}),
    ("arcface", {"trainable": False}),
    ("subcluster_adacos", {"alpha": 3}), ("subcluster_adacos", {"size": 64}), ("adacos", {"k": 3}),
    ("l2softmax_lof", {"scale": 30.0}), ("mean_gaussian", {"dim": 8}), ("arcface", {"how": "beta"}),
    ("subcluster_adacos", {"clusters": 4}), ("subcluster_adacos", {"features": "MFCC"}),
    ("subcluster_adacos", {"level": False}), ("softmax", {"classes": "machine"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "choice"), SILENTLY_DROPPED)
def test_a_setting_that_nobody_takes_is_refused_with_all_that_are_taken(name, choice):
    recipe, (setting,) = GET(name), choice
    with pytest.raises(
        ValueError, match=f"^{name} has no choice '{setting}': it has name, "
    ) as told:
        GET(name, **choice)
    for field, _, chosen in recipe.parts():
        for known in settable(field, chosen):
            assert known in str(told.value), known
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    "setting", ["classes", "counts", "owners", "means_init", "generator", "sr", "y"]
)
def test_what_a_system_says_itself_is_no_choice(setting):
    refused(f"has no choice '{setting}'", lambda: GET("subcluster_adacos", **{setting: 3}))


def test_a_setting_that_two_parts_take_is_asked_back():
    recipe = GET("l2softmax_lof").but(front="FramedLogMel")
    refused(
        "^FramedLogMel and LocalOutlierFactor of l2softmax_lof both take 'neighbors': give one of",
        lambda: recipe.but(neighbors=3),
    )
    whole = recipe.but(backend=part(backends.LocalOutlierFactor, neighbors=3))
    assert whole.front == (part(features.FramedLogMel),)
    both = GET("mean_gaussian", front=("LogMel", "Standardize", "frames"))
    refused("^LogMel and frames of mean_gaussian both take 'hop'", lambda: both.but(hop=3))


class Stranger(nn.Module):
    def forward(self, x):
        return x


class Estimator:
    pass


WRONG = [
    ("loss", "ResNet"), ("encoder", "LogMel"), ("backend", "Fusion"), ("loss", "Softmax99"),
    ("encoder", "AdaCos"), ("backend", "Toy"), ("mixing", "adam"), ("optimizer", "cosine"),
    ("schedule", "adamw"), ("batches", "mix"), ("front", "ResNet"), ("mixing", "unmixed"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "name"), WRONG)
def test_a_part_of_the_wrong_kind(field, name):
    words = f"^no {field} is called '{name}': choose one of "
    refused(words, lambda: GET("subcluster_adacos", **{field: name}))
    refused(words, lambda: GET("subcluster_adacos", trials=({}, {field: name})))


@pytest.mark.parametrize(
    ("field", "make"),
    [
        ("loss", Stranger), ("encoder", losses.AdaCos), ("backend", Estimator),
        ("front", losses.AdaCos), ("mixing", train.adam), ("optimizer", mixup.mix),
        ("backend", backends.Fusion), ("loss", nn.Linear), ("backend", Stranger), ("batches", len),
        ("schedule", max),
    ],
)  # fmt: skip
def test_a_class_of_the_wrong_kind(field, make):
    refused(
        f"^{make.__name__} is no {field}: choose one of ",
        lambda: GET("subcluster_adacos", **{field: part(make)}),
    )


BAD = [
    ("subcluster_adacos", {"task": "riddles"},
     "no task is called 'riddles': choose one of types, sections, "),
    ("subcluster_adacos", {"each": "clip"}, "each is 'clip': choose one of all, machine, group"),
    ("subcluster_adacos", {"precision": "fp8"}, "precision is 'fp8': choose one of float32, bf16"),
    ("subcluster_adacos", {"epochs": 0}, "epochs is 0: give a whole number, 1 or more"),
    ("subcluster_adacos", {"epochs": True}, "epochs is True: give a whole number"),
    ("subcluster_adacos", {"batch_size": 2.0}, "batch_size is 2.0: give a whole number"),
    ("subcluster_adacos", {"seconds": float("nan")},
     "seconds is nan: give a number from 0.1 to 3600"),
    ("subcluster_adacos", {"seconds": "10"}, "seconds is '10': give a number from 0.1 to 3600"),
    ("subcluster_adacos", {"backend": None}, "no backend is called None"),
    ("subcluster_adacos", {"optimizer": None}, "no optimizer is called None"),
    ("subcluster_adacos", {"front": None}, "no front is called None"),
    ("subcluster_adacos", {"trials": ()},
     "trials is empty: give one dict of choices for each network"),
    ("subcluster_adacos", {"trials": ({"lambda": 1},)}, "subcluster_adacos has no choice 'lambda'"),
    ("subcluster_adacos", {"trials": {"sub_clusters": 1}}, "trials is .*: give a tuple of dicts"),
    ("subcluster_adacos", {"trials": ({"task": "types"}, {})},
     "'task' is one for all trials of a system"),
    ("subcluster_adacos", {"trials": ({"each": "machine"},)},
     "'each' is one for all trials of a system"),
    ("subcluster_adacos", {"task": "types"},
     "task is 'types', and the backend GaussianMixture needs classes"),
    ("l2softmax_lof", {"backend": "Probability"},
     "task is 'types', and the backend Probability needs classes"),
    ("l2softmax_lof", {"backend": "OwnLoss"},
     "task is 'types', and the backend OwnLoss scores a clip at the one"),
    ("arcface", {"task": "attributes", "backend": "OwnLoss"},
     "task is 'attributes', and the backend OwnLoss"),
    ("arcface", {"task": "roles"},
     "the task roles compares one machine and section with all others: choose each="),
    ("arcface", {"task": "nothing"}, "task is 'nothing', and the loss ArcFace tells classes apart"),
    ("arcface", {"task": "roles", "each": "group"},
     "task is 'roles', and the loss ArcFace tells classes apart"),
    ("subcluster_adacos", {"task": "nothing"},
     "task is 'nothing', and the loss SubClusterAdaCos tells classes"),
    ("arcface", {"loss": "SquaredError"},
     "task is 'sections', and the loss SquaredError is made for another: choose the"),
    ("arcface", {"batches": "balanced"},
     "task is 'sections', and the batches balanced are drawn by role: choose"),
    ("arcface", {"encoder": None}, "encoder is None, and the loss ArcFace has nothing to train"),
    ("arcface", {"loss": None},
     "loss is None, so the encoder ResNet would not be trained: choose a loss"),
    ("mean_gaussian", {"loss": "AdaCos"},
     "encoder is None, and the loss AdaCos has nothing to train|task is"),
    ("mean_gaussian", {"encoder": "Toy"}, "loss is None, so the encoder Toy would not be trained"),
    ("mean_gaussian", {"backend": "Probability"},
     "loss is None, and the backend Probability needs what a loss"),
    ("mean_gaussian", {"backend": "OwnLoss"},
     "loss is None, and the backend OwnLoss needs what a loss learned"),
    ("mean_gaussian", {"backend": "GaussianMixture"},
     "loss is None, and the backend GaussianMixture needs"),
    ("mean_gaussian", {"trials": ({}, {})},
     "mean_gaussian trains nothing, so equal trials would be one"),
    ("mean_gaussian", {"task": "types"},
     "mean_gaussian trains nothing, so 'task' would have no effect"),
    *[
        ("mean_gaussian", {field: value},
         f"mean_gaussian trains nothing, so '{field}' would have no effect")
        for field, value in {
            "epochs": 3, "batch_size": 7, "mixing": "mix", "optimizer": "adamw",
            "schedule": "cosine", "batches": "balanced", "precision": "bf16",
        }.items()
    ],
]  # fmt: skip


@pytest.mark.parametrize(("name", "choices", "words"), BAD, ids=lambda value: str(value)[:40])
def test_what_does_not_go_together_is_told_before_there_is_any_clip(name, choices, words):
    refused(f"^({words})", lambda: GET(name, **choices))


def test_a_value_that_a_part_refuses_is_told_before_any_file_is_read(train, recipe, reads):
    for name, choices, words in (
        ("arcface", {"margin": 28.6}, "margin is 28.6: give a number from 0 to 3.14159"),
        ("arcface", {"scale": -30.0}, "scale is -30.0: give a positive number"),
        ("l2softmax_lof", {"alpha": "16"}, "alpha is '16': give a positive number, such as 30"),
        ("l2softmax_lof", {"encoder": "MobileNetV2", "size": 8},
         "size is 8: give 32 pixels or more"),
        ("arcface", {"loss": "CosFace"}, "CosFace needs a choice of scale, margin: give it"),
        ("subcluster_adacos", {"variant": "mine"}, "variant is 'paper' or 'code', not 'mine'"),
        ("subcluster_adacos", {"how": "both"}, "how is 'uniform' or 'beta', not 'both'"),
        ("subcluster_adacos", {"pairing": "any"}, "pairing is 'reverse' or 'permute', not 'any'"),
        ("subcluster_adacos", {"lr": -1.0}, "lr is -1.0: give a number from 0"),
        ("subcluster_adacos", {"by": "clip"}, "by is 'clip': standardize over 'all' clips"),
        ("subcluster_adacos", {"padding": "odd"}, "no padding is called 'odd'"),
        ("subcluster_adacos", {"covariance": "tied"},
         "covariance is 'tied': choose one of full, diagonal, spherical"),
        ("mean_gaussian", {"covariance": "tied"}, "covariance is 'tied': choose one of full"),
    ):  # fmt: skip
        small = {} if GET(name).loss is None else {"encoder": "Toy"}
        choices = small | {"seconds": 1.0} | choices
        refused(words, lambda name=name, choices=choices: GET(name, **choices).fit(train))
    assert not reads


def test_a_front_that_does_not_fit_the_encoder_is_told_before_any_file_is_read(train, reads):
    log_mel = (part(features.LogMel),)
    for choices, words in (
        ({"seconds": 1.0},
         r"^ResNet does not fit the front, with seconds=1: ResNet takes log-mels "),
        ({"seconds": 4.991},
         "^ResNet does not fit the front, with seconds=4.991: .* 157 frames or more"),
        ({"mels": 64}, r"^ResNet does not fit the front, .* not \(1, 64, 313\)"),
        ({"front": "normalize_level"}, "^ResNet does not fit the front, "),
        ({"front": "normalize_level", "encoder": "Toy"}, "^Toy does not fit the front, "),
        ({"front": (*log_mel, "temporal_mean"), "encoder": "MobileNetV2"},
         "^MobileNetV2 does not fit the front, "),
        ({"front": (*log_mel, "LogMel")},
         "^the part LogMel of the front does not take what LogMel gives, "),
    ):  # fmt: skip
        refused(words, lambda choices=choices: GET("adacos", **choices).fit(train, device="cpu"))
    untrained = GET("mean_gaussian", front=log_mel)
    refused(
        r"^Gaussian does not fit the front, with seconds=10: an embedding is one vector a row, not",
        lambda: untrained.fit(train, device="cpu"),
    )
    assert not reads


def test_clips_without_domain_where_the_backend_needs_it(train, small, reads):
    refused(
        "^the backend CosineToClusters tells source from target clips, and a training clip has no ",
        lambda: small(backend="CosineToClusters").fit(train.assign(domain=None), device="cpu"),
    )
    some = train.assign(domain=[None, *["source"] * (len(train) - 1)])
    refused(
        "^the backend CosineToClusters tells source from target clips, ",
        lambda: small(backend="CosineToClusters").fit(some, device="cpu"),
    )
    assert not reads and sound.groups(some).nunique() == 4


def test_unknown_names():
    refused("^no system is called 'sca': choose one of subcluster_adacos, ", lambda: GET("sca"))
    told = GET("adacos").to_json()
    refused(
        "^a system has no field 'code': it has name, ",
        lambda: System.from_json(told | {"code": "1"}),
    )
    refused(
        "^no loss is called '__import__'", lambda: System.from_json(told | {"loss": "__import__"})
    )


def test_a_backend_that_compares_groups_needs_two_of_them(train, small, reads):
    one = train[sound.groups(train) == "pump/04"]
    untrained = GET("mean_gaussian", backend="PLDA", seconds=1.0)
    words = "^the backend PLDA compares groups, and this network has pump/04 alone: choose another"
    refused(words, lambda: untrained.fit(one, device="cpu"))
    words = "^the backend PLDA compares groups, and this network has fan/00 alone: choose another"
    refused(words, lambda: untrained.but(each="group").fit(train, device="cpu"))
    assert not reads


@pytest.mark.parametrize("each", ["machine", "group"])
def test_a_front_of_one_machine_has_no_standardization_a_machine(each):
    """It would be the one over all its clips; fronts of several machines have a use for it."""
    words = f"^each='{each}' gives every network a front .* so by='machine' of Standardize would"
    with pytest.raises(ValueError, match=words):
        systems.get("mean_gaussian", each=each, by="machine")
    with pytest.raises(ValueError, match=words):
        systems.get("mean_gaussian", by="machine").but(each=each)
    assert systems.get("mean_gaussian", by="machine").each == "all"


ROLES = [name for name in systems.names() if GET(name).task == "roles"]
REBUILDING = [name for name in systems.names() if GET(name).task == "nothing" and GET(name).loss]


def anomalies(fresh):
    return fresh[fresh["label"] == 1].assign(split="train")


@pytest.mark.parametrize("name", ROLES)
def test_what_a_system_of_roles_cannot_be_trained_on(name, recipe, train, fresh, reads):
    group, few, system = sound.groups(train), anomalies(fresh), recipe(name)
    one = train[(group != "fan/02") | (train["path"].str.contains("_00000003"))]
    longer = GET(name, width=0.02)
    for table, chosen, words in (
        (train[group == "fan/00"], system, "^all training clips are of one class, fan/00, and the"),
        (pd.concat([train[group != "fan/00"], few]), system.but(anomaly=1),
         "^fan/00 has anomalies and no normal training clip: record at least 2"),
        (one, system, "^fan/02 has one training clip only: record at least 2"),
        (train, system.but(anomaly=1), "^a batch takes 1 of the role anomaly, and 0 clips have it"),
        (pd.concat([train, few]), system, "^a batch takes 0 of the role anomaly, and 4 clips have"),
        (train, longer.but(seconds=5.0),
         "^the part Segments .* a clip of 157 frames holds no segment of 256: take longer clips"),
        (train, longer.but(front=("LogMel", part(features.Segments, frames=16))),
         "^ResNet38 does not fit the front, with seconds=10: ResNet38 takes log-mels .* 32 frames"),
    ):  # fmt: skip
        refused(words, lambda chosen=chosen, table=table: chosen.fit(table, device="cpu"))
    refused("^outlier is 0: give a whole number, 1 or more", lambda: system.but(outlier=0))
    assert not reads


@pytest.mark.parametrize("name", REBUILDING)
def test_what_an_auto_encoder_cannot_be_trained_on(name, train, fresh, reads):
    system = GET(name)
    last = dict(system.front[-1].settings).get("frames")  # of segments
    short = (
        "4 frames holds no 5 neighbors" if last is None else f"4 frames holds no segment of {last}"
    )
    for table, chosen, words in (
        (train.head(0), system, "^the table holds no (training )?clips"),
        (train.head(1), system, "^fan/00 has one training clip only: record at least 2"),
        (pd.concat([train, anomalies(fresh)]), system,
         "is an anomaly among the training clips .16 in all.: fit on"),
        (train, system.but(seconds=0.1), f"a clip of {short}: take longer clips"),
    ):  # fmt: skip
        refused(words, lambda chosen=chosen, table=table: chosen.fit(table, device="cpu"))
    refused("^bottleneck is 0: give a whole number, 1 or more$", lambda: system.but(bottleneck=0))
    layers = "channels" if name == "conv_autoencoder" else "widths"
    wrong = system.but(**{layers: (8, 0)})
    refused(f"^{layers} is 0: give a whole number", lambda: wrong.fit(train, device="cpu"))
    assert not reads


@pytest.mark.parametrize("name", ROLES)
def test_an_id_without_test_clips_changes_no_score_of_the_others(name, recipe, train, fresh):
    detector, group = recipe(name, epochs=1).fit(train, device="cpu"), sound.groups(fresh)
    score, rest = detector.score(fresh), (group != "fan/02").to_numpy()
    assert (detector.score(fresh[rest]) == score[rest]).all()
