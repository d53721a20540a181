"""Recipes, given names and settings that cannot be: refused when they are chosen, by their name."""

from functools import partial

import numpy as np
import pytest
import torch
from every import every

from asdkit import backends, features, losses, systems

BAD = {
    "text": "x", "a number as text": "3", "a fraction": 2.5, "negative": -1, "zero": 0,
    "True": True, "None": None, "NaN": np.nan, "infinity": np.inf, "a list": [3], "a dict": {},
    "an array": np.array([3]), "a tensor": torch.tensor(3), "complex": 1j, "an object": object(),
    "beyond all": 10**400,
}  # fmt: skip
GET = partial(systems.get, "subcluster_adacos")


@pytest.mark.parametrize("name", ["adacoss", "Adacos", "adaproj ", "subcluster-adacos", "arcfaces"])
def test_a_name_that_is_nearly_one_is_answered_with_it(name, refused):
    near = name.strip().lower().replace("-", "_").removesuffix("s").removesuffix("aco")
    assert near[:5] in refused(lambda: systems.get(name), "no system is called", "systems.names()")


@pytest.mark.parametrize("name", ["", "*", None, 3, np.nan, ["adacos"], object(), "nothing" * 99])
def test_another_name_is_answered_with_all(name, refused):
    told = []
    with pytest.raises(ValueError, match="no system is called") as error:
        systems.get(name)
    told.append(str(error.value))
    assert "subcluster_adacos" in told[0] and "\n" not in told[0] and len(told[0]) < 650


FITTING = {  # the kinds that a field takes
    "epochs": set(), "batch_size": set(), "seconds": {"a fraction"}, "held_out": {"zero"},
    "shares": {"True"}, "task": set(), "each": set(), "trials": set(), "fusion": set(),
    "precision": set(), "front": set(), "encoder": set(), "backend": set(), "batches": set(),
    "optimizer": set(), "mixing": {"None"}, "schedule": {"None"}, "name": set(),
}  # fmt: skip
TEXTS = {"text", "a number as text"}


@every("kind", BAD)
@pytest.mark.parametrize("field", FITTING)
def test_a_field_of_a_system_is_refused_by_its_name(field, kind, refused):
    if kind in FITTING[field] or (field == "name" and kind in TEXTS):
        return
    told = refused(lambda: GET(**{field: BAD[kind]}))
    assert field in told or "trials" in told


SETTINGS = {
    "sub_clusters": ("subcluster_adacos", {"None"}), "trainable": ("subcluster_adacos", {"True"}),
    "variant": ("subcluster_adacos", None), "margin": ("arcface", None), "scale": ("arcface", None),
    "covariance": ("subcluster_adacos", set()), "k": ("adaproj", set()),
    "regularization": ("subcluster_adacos", {"a fraction", "zero"}),
    "neighbors": ("l2softmax_lof", set()), "components": ("subcluster_adacos", {"None"}),
    "normalize": ("mean_gaussian", {"True"}),
}  # fmt: skip


@every("kind", BAD)
@pytest.mark.parametrize("setting", [name for name, (_, fits) in SETTINGS.items() if fits == set()])
def test_a_setting_of_a_backend_is_refused_when_the_system_is_made(setting, kind, refused):
    name, fits = SETTINGS[setting]
    choices = {"backend": "CosineTopK"} if setting == "k" else {}
    refused(lambda: systems.get(name, **choices, **{setting: BAD[kind]}), setting)


@pytest.mark.parametrize("kind", ["text", "a number as text", "NaN", "infinity", "None", "a list"])
@pytest.mark.parametrize("setting", ["margin", "scale"])
def test_a_number_of_a_loss_is_finite(setting, kind, refused):
    refused(lambda: systems.get("arcface", **{setting: BAD[kind]}), f"{setting} is", "number")


@pytest.mark.parametrize("kind", sorted(set(BAD) - {"None"}))
def test_a_size_of_a_loss_is_a_whole_number(kind, refused):
    if kind != "beyond all":  # which is refused when the loss is made
        refused(lambda: GET(sub_clusters=BAD[kind]), "sub_clusters is", "whole number")


@pytest.mark.parametrize("value", [np.int64(3), np.int32(3)])
def test_a_size_of_numpy_is_a_size(value):
    system = GET(epochs=value, sub_clusters=value, seconds=np.float32(2.5))
    assert system == GET(epochs=3, sub_clusters=3, seconds=2.5)
    assert systems.System.from_json(system.to_json()) == system
    assert type(system.epochs) is int and type(system.seconds) is float


@every("name", systems.names())
def test_a_choice_that_no_part_takes_is_told_with_those_that_are(name):
    with pytest.raises(ValueError, match=f"^{name} has no choice 'epoch': it has name, paper"):
        systems.get(name, epoch=1)


@pytest.mark.parametrize("make", ["AdaCos", None, 3, object()])
def test_a_part_is_a_class_or_a_function(make, refused):
    refused(lambda: systems.part(make), "give a class or function")


@pytest.mark.parametrize("settings", [{"k": np.nan}, {"k": 2.0}, {"k": "3"}, {"k": None}])
def test_a_part_refuses_what_its_setting_cannot_be(settings, refused):
    refused(lambda: systems.part(backends.CosineTopK, **settings), "k is", "whole number")
    refused(lambda: systems.find("backend", {"part": "CosineTopK", **settings}), "k is")


@pytest.mark.parametrize("value", [np.nan, np.inf, {"fan": np.nan}, (1.0, np.inf)])
def test_no_setting_of_a_part_is_nan(value, refused):
    for make, name in ((backends.Gaussian, "regularization"), (losses.ArcFace, "margin"),
                       (backends.RoleFusion, "alpha"), (features.LogMel, "mels")):  # fmt: skip
        refused(partial(systems.part, make, **{name: value}), f"{name} is")


@pytest.mark.parametrize("field", ["backends", None, 3, ["loss"]])
def test_a_part_is_looked_up_in_a_field_that_there_is(field, refused):
    refused(lambda: systems.find(field, "AdaCos"), "field is", "backend")


@pytest.mark.parametrize("told", [None, 3, object(), {}, {"name": "mine"}, [1]])
def test_a_recipe_in_json_has_all_its_fields(told, refused):
    refused(lambda: systems.System.from_json(told), "a system needs")


@pytest.mark.parametrize("number", [5, -1, "x", None, 0.5, True, np.nan])
def test_a_trial_is_one_that_there_is(number, refused):
    refused(lambda: GET().trial(number), "number is")


@pytest.mark.parametrize("text", [None, 3, ["adacos"], "", "adacos margin", "adacos epochs=x"])
def test_a_line_tells_a_system(text, refused):
    with pytest.raises(ValueError):
        systems.told(text)
    if text:
        refused(lambda: systems.told(text))


@pytest.mark.parametrize("kind", sorted(set(BAD) - {"a fraction", "zero", "True"}))
def test_a_front_is_parts_and_seconds(kind, refused):
    refused(lambda: systems.Front(BAD[kind], 1.0), "front is", "part(LogMel)")
    refused(lambda: systems.Front((), BAD[kind]), "seconds is")
