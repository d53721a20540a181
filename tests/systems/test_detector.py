"""Detectors from files to scores: fitted, saved, loaded, and what they refuse."""

import json
import math
import os
import pickle

import numpy as np
import pytest
import soundfile
import torch
from sklearn.base import clone

from asdkit import backends, losses, sound, systems
from asdkit.features import LogMel, Standardize, normalize_level
from asdkit.systems import saved as module
from asdkit.tensorfile import read_tensors, write_tensors

UNFIT = ("Fusion", "Learned", "Backend", "RoleFusion")  # the last is tried with its recipes


def standardize_of(detector):
    return next(step for step in detector.network.front.steps if isinstance(step, Standardize))


def test_it_finds_anomalies(fitted, fresh):
    score = fitted.score(fresh)
    assert score.shape == (32,) and np.isfinite(score).all()
    groups = sound.groups(fresh)
    for group in groups.unique():
        own = (groups == group).to_numpy()
        label = fresh["label"].to_numpy(int)[own]
        assert score[own][label == 1].mean() > score[own][label == 0].mean(), group
    assert len(fitted.run.history) == 15 * 2 and sorted(fitted.run.snapshots) == [15]


def test_embeddings_are_those_of_the_parts_one_by_one(fitted, fresh):
    waves = sound.load(fresh, seconds=1.0)
    pictures = LogMel()(normalize_level(waves))
    standardize = standardize_of(fitted)
    standard = (pictures - standardize.mean) / standardize.deviation
    with torch.no_grad():
        expected = fitted.network.encoder(standard)
    torch.testing.assert_close(fitted.embed(fresh), expected, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(fitted.inputs(fresh), standard, rtol=1e-4, atol=1e-3)
    scores = fitted.network.backend.score(expected, sound.groups(fresh))
    np.testing.assert_allclose(fitted.score(fresh), scores, rtol=1e-3, atol=1e-2)


def test_standardization_is_measured_on_the_training_clips(fitted, train):
    pictures = LogMel()(normalize_level(sound.load(train, seconds=1.0)))
    bands = pictures.transpose(0, 1).flatten(1).double()
    standardize = standardize_of(fitted)
    torch.testing.assert_close(
        standardize.mean[:, 0], bands.mean(dim=1).float(), rtol=1e-4, atol=1e-4
    )
    torch.testing.assert_close(
        standardize.deviation[:, 0], bands.std(dim=1, correction=0).float(), rtol=1e-3, atol=1e-4
    )


def test_the_level_of_a_clip_is_not_shown(fitted, fresh, tmp_path):
    louder = fresh.head(3).copy()
    louder["path"] = [str(tmp_path / f"{number}.wav") for number in range(3)]
    for path, original in zip(louder["path"], fresh["path"]):
        soundfile.write(path, 3.0 * soundfile.read(original)[0] + 0.05, 16000, subtype="FLOAT")
    np.testing.assert_allclose(
        fitted.score(louder), fitted.score(fresh.head(3)), rtol=1e-2, atol=0.05
    )


@pytest.mark.parametrize("variant", ["paper", "code"])
@pytest.mark.parametrize("backend", [name for name in backends.__all__ if name not in UNFIT])
def test_saved_and_loaded_scores_are_the_same_numbers(
    small, train, fresh, tmp_path, backend, variant, state
):
    detector = small(backend=backend, variant=variant, epochs=2).fit(
        _with_domain(train), device="cpu"
    )
    detector.save(tmp_path / "deep" / "detector.safetensors")
    again = systems.load(tmp_path / "deep" / "detector.safetensors", device="cpu")
    assert np.array_equal(again.score(fresh), detector.score(fresh))
    assert again.thresholds == detector.thresholds and again.system == detector.system
    assert (
        again.network.owners == detector.network.owners
        and again.network.groups == detector.network.groups
    )
    assert again.network.loss.scale == detector.network.loss.scale
    x, group = detector.embed(fresh), sound.groups(fresh)
    assert np.array_equal(again.angle(x, group), detector.angle(x, group))
    assert np.array_equal(again.score_embeddings(x, group), detector.score(fresh))
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["detector.safetensors"]


def _with_domain(train):
    return train.assign(domain=np.where(np.arange(len(train)) % 5 == 0, "target", "source"))


def test_thresholds_let_a_tenth_of_held_out_clips_alarm(fitted, train):
    """Written out for one group: five folds, each scored by a backend fitted to the other four."""
    x, group = fitted.embed(train).numpy(), sound.groups(train).to_numpy()
    own = x[group == "pump/00"]
    held_out = np.empty(10)
    for fold in range(5):
        out = np.arange(10) % 5 == fold
        backend = clone(fitted.network.backend).fit(
            own[~out], ["pump/00"] * 8, learned=fitted.network.learned()
        )
        held_out[out] = backend.score(own[out], ["pump/00"] * 2)
    assert fitted.thresholds["pump/00"] == pytest.approx(sorted(held_out)[9], rel=1e-2, abs=0.05)
    assert set(fitted.thresholds) == {"fan/00", "fan/02", "pump/00", "pump/04"}


def test_another_rate_is_set_from_the_scores_that_the_file_keeps(fitted, tmp_path):
    path, alarms = tmp_path / "detector.safetensors", {}
    fitted.save(path)
    again = systems.load(path, device="cpu")
    assert again.thresholds == fitted.thresholds and set(again.normal) == set(again.thresholds)
    for choice in ({"rate": 0.5}, {"percentile": 50}, {"rate": 0.2}):
        again.set_rate(**choice)
        for name, score in again.normal.items():
            rate = choice.get("rate", 0.5)
            assert again.thresholds[name] == np.quantile(score, 1 - rate, method="higher")
            alarms[rate] = np.mean(score >= again.thresholds[name])
    assert alarms[0.5] > alarms[0.2]
    for wrong, words in (
        ({}, "rate and percentile tell the same: give one of them"),
        ({"rate": 0.1, "percentile": 90}, "tell the same"),
        ({"rate": 10}, "rate is a share between 0 and 1, not 10"),
        ({"percentile": 100}, "percentile is 100: give a number between 0 and 100"),
    ):
        with pytest.raises(ValueError, match=words):
            again.set_rate(**wrong)
    again.normal = {}  # as of a file of an older asdkit
    again.save(path)
    with pytest.raises(ValueError, match="saved by an older asdkit.*: fit it again"):
        systems.load(path, device="cpu").set_rate(0.1)


def test_decide(fitted):
    fan, pump = fitted.thresholds["fan/00"], fitted.thresholds["pump/04"]
    score = np.array([fan, np.nextafter(fan, -np.inf), pump - 1, pump + 1])
    assert fitted.decide(score, ["fan/00", "fan/00", "pump/04", "pump/04"]).tolist() == [
        True,
        False,
        False,
        True,
    ]
    with pytest.raises(ValueError, match="not trained on 'valve/00'"):
        fitted.decide([1.0], ["valve/00"])


def test_angle_to_the_nearest_own_center(fitted, fresh):
    group = sound.groups(fresh).to_numpy()
    x = torch.randn(
        len(group), 8, generator=torch.Generator().manual_seed(0)
    )  # mostly nearer to another group
    centers = fitted.network.loss.centers.detach().double().numpy()
    owners = ["fan/00", "fan/02", "pump/00", "pump/04"]
    for row, name, angle in zip(x.double().numpy(), group, fitted.angle(x, group)):
        own = centers[owners.index(name)]
        angles = [
            math.acos(np.clip(row @ c / np.linalg.norm(row) / np.linalg.norm(c), -1, 1))
            for c in own
        ]
        assert angle == pytest.approx(min(angles), abs=1e-3)
    with pytest.raises(ValueError, match="not trained on 'valve/00'"):
        fitted.angle(x[:1], ["valve/00"])


def test_an_unknown_group_is_named_before_any_file_is_read(fitted, fresh, reads):
    strange = fresh.assign(machine="valve")
    with pytest.raises(
        ValueError, match="not trained on 'valve/00': it knows fan/00, fan/02, pump/00, pump/04"
    ):
        fitted.score(strange)
    assert not reads


def test_clips_that_were_heard_are_not_read_again(fitted, fresh, reads):
    heard = systems.hear(fresh, fitted.network.front)
    kept = heard.x.clone()
    assert len(reads) == 32
    scores = fitted.score(fresh, heard), fitted.score(fresh[5:9], heard)
    assert len(reads) == 32 and torch.equal(heard.x, kept)
    assert np.array_equal(scores[0], fitted.score(fresh))
    np.testing.assert_allclose(scores[0][5:9], scores[1], rtol=1e-5, atol=1e-4)  # of float32


def test_a_detector_of_several_networks_has_not_one(small, train, fresh):
    detector = small(epochs=1, trials=({}, {})).fit(train, device="cpu")
    for ask in (
        lambda: detector.embed(fresh),
        lambda: detector.run,
        lambda: detector.angle([[0.0]], ["fan/00"]),
    ):
        with pytest.raises(
            ValueError, match="subcluster_adacos has 2 networks: take one of detector.networks"
        ):
            ask()


def test_a_full_memory_is_no_broken_detector(fitted, tmp_path, monkeypatch):
    fitted.save(tmp_path / "detector.safetensors")

    def full(*_):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 MiB.")

    monkeypatch.setattr(module, "_rebuild", full)
    with pytest.raises(torch.OutOfMemoryError):
        systems.load(tmp_path / "detector.safetensors", device="cpu")


def test_files_that_hold_no_detector(fitted, tmp_path):
    path = tmp_path / "detector.safetensors"
    with pytest.raises(FileNotFoundError, match="detector.safetensors is missing"):
        systems.load(path)
    fitted.save(path)
    whole = path.read_bytes()
    for length in (0, 7, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError, match="detector.safetensors is damaged or cut short"):
            systems.load(path)
    path.write_bytes(whole)
    tensors, notes = read_tensors(path, "detector")
    for form in (1, 99):
        write_tensors(path, tensors, {"detector": json.dumps(json.loads(notes) | {"format": form})})
        words = rf"has format {form} of a detector, and this asdkit reads 2: train it again$"
        with pytest.raises(ValueError, match=words):
            systems.load(path)
    fitted.run.save(path)
    with pytest.raises(ValueError, match="holds no detector of asdkit"):
        systems.load(path)


def changed(fitted, path, change):
    """A detector's file in which something of its JSON was changed."""
    fitted.save(path)
    tensors, notes = read_tensors(path, "detector")
    notes = json.loads(notes)
    change(notes)
    write_tensors(path, tensors, {"detector": json.dumps(notes)})
    return path


HOSTILE = [
    "__import__",
    "os.system",
    "torch.nn.Linear",
    "builtins.eval",
    "mix",
    "normalize_level",
    "Fusion",
]
FIELDS_OF_PARTS = ["encoder", "loss", "backend", "mixing", "batches", "optimizer", "schedule"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_in_a_file_is_looked_up_in_the_package_of_its_field_only(
    fitted, tmp_path, name, monkeypatch
):
    def refuse(*_):
        raise AssertionError("something was run")

    monkeypatch.setattr(os, "system", refuse)
    for field in [one for one in FIELDS_OF_PARTS if (one, name) != ("mixing", "mix")]:
        path = changed(
            fitted,
            tmp_path / "file",
            lambda notes, field=field: notes["system"].update({field: name}),
        )
        words = (
            f"a recipe that this asdkit .* cannot follow: no {field} is called '{name}': choose "
        )
        with pytest.raises(ValueError, match=words):
            systems.load(path)
    if name != "normalize_level":
        path = changed(
            fitted, tmp_path / "file", lambda notes: notes["system"].update(front=[{"part": name}])
        )
        with pytest.raises(ValueError, match=f"cannot follow: no front is called '{name}'"):
            systems.load(path)
    trials = [{"encoder": name}]
    with pytest.raises(ValueError, match=f"cannot follow: no encoder is called '{name}'"):
        systems.load(
            changed(fitted, tmp_path / "file", lambda notes: notes["system"].update(trials=trials))
        )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda told: told.update(code="1 + 1"),
            "cannot follow: a system has no field 'code': it has name, paper, ",
        ),
        (
            lambda told: told["loss"].update(margin=0.5),
            "cannot follow: SubClusterAdaCos has no choice 'margin': it ",
        ),
        (
            lambda told: told["encoder"].update(part="VGG"),
            "cannot follow: no encoder is called 'VGG': choose one of ",
        ),
        (
            lambda told: told["encoder"].update(dim=[[{}], "x"]),
            "cannot follow: dim is .*: give a whole number",
        ),
        (lambda told: told.update(task="riddles"), "cannot follow: no task is called 'riddles'"),
        (
            lambda told: told.update(epochs="many"),
            "cannot follow: epochs is 'many': give a whole number",
        ),
        (lambda told: told.update(trials=7), "cannot follow: trials is 7: give a tuple of dicts"),
        (
            lambda told: told.update(trials=[{"lr ": 1}]),
            "cannot follow: subcluster_adacos has no choice 'lr '",
        ),
        (
            lambda told: told.update(front=[["LogMel"]]),
            r"cannot follow: no front is called \['LogMel'\]",
        ),
        (
            lambda told: told.update(loss={"part": {}}),
            "cannot follow: no loss is called",
        ),
        (
            lambda told: told.pop("backend"),
            "cannot follow: a system needs backend",
        ),
        (
            lambda told: told["encoder"].update(dim=9),
            "is no detector that this asdkit .* can read: train it again",
        ),
        (
            lambda told: told["encoder"].update(dim=-9),
            "cannot follow: dim is -9: give a whole number, 1 or more",
        ),
    ],
)
def test_a_recipe_that_cannot_be_followed(fitted, tmp_path, change, words):
    path = changed(fitted, tmp_path / "file", lambda notes: change(notes["system"]))
    with pytest.raises(ValueError, match=words) as told:
        systems.load(path)
    assert "\n" not in str(told.value)


def test_a_failing_save_leaves_the_old_file_and_nothing_else(fitted, fresh, tmp_path, monkeypatch):
    path = tmp_path / "detector.safetensors"
    fitted.save(path)
    before = path.read_bytes()

    def refuse(_):
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="no space left"):
        fitted.save(path)
    with pytest.raises(OSError, match="no space left"):
        fitted.save(tmp_path / "new.safetensors")
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["detector.safetensors"]


def test_a_detector_file_is_not_pickled(fitted, tmp_path, monkeypatch):
    fitted.save(tmp_path / "file")

    def refuse(*_, **__):
        raise AssertionError("unpickled")

    for module_, name in ((torch, "load"), (pickle, "load"), (pickle, "loads")):
        monkeypatch.setattr(module_, name, refuse)
    assert isinstance(
        systems.load(tmp_path / "file", device="cpu").network.loss, losses.SubClusterAdaCos
    )
