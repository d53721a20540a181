"""Systems and detectors from files to scores: fitted, saved, loaded, and what they refuse."""

import json
import math
import os
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from scipy.signal import butter, sosfilt
from scipy.stats import multivariate_normal

from asdkit import backends, encoders, losses, sound, systems
from asdkit.features import LogMel, normalize_level
from asdkit.tensorfile import read_tensors, write_tensors

BANDS = {
    ("fan", "00"): (300, 900), ("fan", "02"): (900, 2000), ("pump", "00"): (2000, 4000), ("pump", "04"): (4000, 7000),
}  # fmt: skip


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    """Two machines of two ids, each a band of noise; an anomaly has a band of its own beside it."""
    root, rng = tmp_path_factory.mktemp("data"), np.random.default_rng(0)
    for (machine, section), band in BANDS.items():
        for split, label, count in (("train", "normal", 10), ("test", "normal", 4), ("test", "anomaly", 4)):
            for number in range(count):
                noise = rng.normal(size=16000)
                wave = 0.1 * sosfilt(butter(4, band, "bandpass", fs=16000, output="sos"), noise) + 0.001 * noise
                if label == "anomaly":
                    other = (100, 200) if band[0] > 500 else (6000, 7000)
                    wave += 0.05 * sosfilt(butter(4, other, "bandpass", fs=16000, output="sos"), noise)
                path = root / machine / split / f"{label}_id_{section}_{number:08d}.wav"
                path.parent.mkdir(parents=True, exist_ok=True)
                soundfile.write(path, wave, 16000)
    return sound.index(root)


def small(**overrides):
    choices = {"encoder": "Toy", "dim": 8, "sub_clusters": 2, "seconds": 1.0, "epochs": 15, "batch_size": 20}
    return systems.get("subcluster_adacos", **choices | overrides)


@pytest.fixture(scope="module")
def train(clips):
    return clips[clips["split"] == "train"]


@pytest.fixture(scope="module")
def fresh(clips):
    return clips[clips["split"] == "test"]


@pytest.fixture(scope="module")
def detector(train):
    return small().fit(train, device="cpu", snapshots=(15,))


def test_it_finds_anomalies(detector, fresh):
    score = detector.score(fresh)
    assert score.shape == (32,) and np.isfinite(score).all()
    groups = sound.groups(fresh)
    for group in groups.unique():
        own = (groups == group).to_numpy()
        label = fresh["label"].to_numpy(int)[own]
        assert score[own][label == 1].mean() > score[own][label == 0].mean(), group
    assert len(detector.run.history) == 15 * 2 and sorted(detector.run.snapshots) == [15]


def test_embeddings_are_those_of_the_parts_one_by_one(detector, fresh):
    waves = sound.load(fresh, seconds=1.0)
    pictures = LogMel()(normalize_level(waves))
    standard = (pictures - detector.standardize.mean) / detector.standardize.deviation
    with torch.no_grad():
        expected = detector.encoder(standard)
    torch.testing.assert_close(detector.embed(fresh), expected, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(detector.features(fresh), pictures, rtol=1e-4, atol=1e-3)
    scores = detector.backend.score(expected, sound.groups(fresh))
    np.testing.assert_allclose(detector.score(fresh), scores, rtol=1e-3, atol=1e-2)


def test_standardization_is_measured_on_the_training_clips(detector, train):
    bands = detector.features(train).transpose(0, 1).flatten(1).double()
    torch.testing.assert_close(detector.standardize.mean[:, 0], bands.mean(dim=1).float(), rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(
        detector.standardize.deviation[:, 0], bands.std(dim=1, correction=0).float(), rtol=1e-3, atol=1e-4
    )


def test_the_level_of_a_clip_is_not_shown(detector, fresh, tmp_path):
    louder = fresh.head(3).copy()
    louder["path"] = [str(tmp_path / f"{number}.wav") for number in range(3)]
    for path, original in zip(louder["path"], fresh["path"]):
        soundfile.write(path, 3.0 * soundfile.read(original)[0] + 0.05, 16000, subtype="FLOAT")
    np.testing.assert_allclose(detector.score(louder), detector.score(fresh.head(3)), rtol=1e-2, atol=0.05)


def test_same_seed_same_numbers(train, fresh):
    state = torch.get_rng_state()
    first, second, third = [small(epochs=2).fit(train, seed=seed, device="cpu") for seed in (1, 1, 2)]
    assert torch.equal(torch.get_rng_state(), state)
    assert np.array_equal(first.score(fresh), second.score(fresh)) and first.thresholds == second.thresholds
    assert not np.array_equal(first.score(fresh), third.score(fresh))
    starts = [small(epochs=1, trainable=False).fit(train, seed=seed, device="cpu").loss.centers for seed in (1, 2)]
    assert not torch.equal(*starts)


@pytest.mark.parametrize("variant", ["paper", "code"])
@pytest.mark.parametrize("backend", [name for name in backends.__all__ if name != "Fusion"])
def test_saved_and_loaded_scores_are_the_same_numbers(train, fresh, tmp_path, backend, variant):
    detector = small(backend=backend, variant=variant, epochs=2).fit(train, device="cpu")
    detector.save(tmp_path / "deep" / "detector.safetensors")
    again = systems.load(tmp_path / "deep" / "detector.safetensors", device="cpu")
    assert np.array_equal(again.score(fresh), detector.score(fresh))
    assert again.thresholds == detector.thresholds and again.system == detector.system
    assert again.owners == detector.owners and again.loss.scale == detector.loss.scale
    x, group = detector.embed(fresh), sound.groups(fresh)
    assert np.array_equal(again.angle(x, group), detector.angle(x, group))
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["detector.safetensors"]


def recipe(name, **overrides):
    """A recipe made as small as a test needs: its own loss, features and backend."""
    choices = {"encoder": "Toy", "dim": 8, "sub_clusters": 2, "seconds": 1.0, "epochs": 15, "batch_size": 20}
    return systems.get(name, **choices | overrides)


LOSSES = {
    "subcluster_adacos": "SubClusterAdaCos", "adacos": "AdaCos", "arcface": "ArcFace", "softmax": "Softmax",
    "l2softmax_lof": "L2Softmax",
}  # fmt: skip


@pytest.mark.parametrize("name", LOSSES)
def test_each_recipe_finds_anomalies_and_is_the_same_after_loading(name, train, fresh, tmp_path):
    detector = recipe(name).fit(train, device="cpu")
    assert type(detector.loss).__name__ == LOSSES[name]
    detector.save(tmp_path / "detector.safetensors")
    again = systems.load(tmp_path / "detector.safetensors", device="cpu")
    x, group = detector.embed(fresh), sound.groups(fresh)
    score, angle, label = detector.score(fresh), detector.angle(x, group), fresh["label"].to_numpy(int)
    assert np.array_equal(again.score(fresh), score) and np.array_equal(again.angle(x, group), angle)
    assert again.thresholds == detector.thresholds and again.system == detector.system
    above = score - group.map(detector.thresholds).to_numpy()
    assert np.median(above[label == 1]) > np.median(above[label == 0])
    assert np.isfinite(angle).all() and (angle >= 0).all() and {"loss", "median_angle"} <= set(detector.run.history)


@pytest.mark.parametrize(("name", "summary"), [("mean_gaussian", np.mean), ("max_gaussian", np.max)])
def test_a_system_without_training(name, summary, train, fresh, tmp_path):
    """Table V: one Gaussian a group on standardized bands, by scipy; nothing is learned, so one class is enough."""
    detector = systems.get(name, seconds=1.0).fit(train, device="cpu")
    assert detector.loss is None and detector.run is None and set(LOSSES) | {name} <= set(systems.names())
    score, group = detector.score(fresh), sound.groups(fresh).to_numpy()
    bands = [detector.standardize(detector.features(clips)).double().numpy() for clips in (train, fresh)]
    known, asked = (summary(x, axis=2) for x in bands)
    rows = sound.groups(train).to_numpy() == "pump/00"
    covariance = np.cov(known[rows].T, bias=True) + 1e-3 * np.eye(128)
    expected = -multivariate_normal(known[rows].mean(axis=0), covariance).logpdf(asked[group == "pump/00"])
    np.testing.assert_allclose(score[group == "pump/00"], expected, rtol=1e-3)
    detector.save(tmp_path / "detector.safetensors")
    again = systems.load(tmp_path / "detector.safetensors", device="cpu")
    assert np.array_equal(again.score(fresh), score) and again.thresholds == detector.thresholds
    with pytest.raises(ValueError, match=f"{name} has no loss, so there are no centers"):
        detector.angle(detector.embed(fresh), group)
    assert list(systems.get(name, seconds=1.0).fit(train[rows], device="cpu").thresholds) == ["pump/00"]
    with pytest.raises(ValueError, match="loss is None, and the backend Probability needs"):
        systems.get(name, backend="Probability")


def test_types_of_machines_as_classes(train, fresh):
    """[L2S]: two classes here, four groups: each has its own local outlier factor, and the center of its type."""
    detector = recipe("l2softmax_lof", epochs=2).fit(train, device="cpu")
    assert detector.owners == ["fan", "pump"] and detector.loss.centers.shape == (2, 8)
    assert sorted(detector.thresholds) == ["fan/00", "fan/02", "pump/00", "pump/04"]
    assert detector.features(fresh[:2]).shape[:2] == (2, 64)
    centers = detector.loss.centers.detach()
    angle = detector.angle(centers, ["fan/02", "fan/02"])
    between = math.acos(torch.cosine_similarity(centers[0], centers[1], dim=0).item())
    assert angle == pytest.approx([0.0, between], abs=2e-3)
    with pytest.raises(ValueError, match="not trained on 'fan/06'"):
        detector.angle(centers, ["fan/06", "fan/02"])
    with pytest.raises(ValueError, match="classes is 'machine', and the backend Probability needs"):
        systems.get("l2softmax_lof", backend="Probability")
    with pytest.raises(ValueError, match="2 classes or more, not 1"):
        recipe("l2softmax_lof").fit(train[train["machine"] == "fan"], device="cpu")


def test_the_softmax_recipe_scores_by_the_own_probability(train, fresh):
    detector = recipe("softmax", epochs=3).fit(train, device="cpu")
    p = detector.loss.probabilities(detector.embed(fresh)).detach().double().numpy()
    own = [["fan/00", "fan/02", "pump/00", "pump/04"].index(name) for name in sound.groups(fresh)]
    np.testing.assert_allclose(detector.score(fresh), -np.log(p[np.arange(len(p)), own]), rtol=1e-4, atol=1e-6)


def test_a_recipe_hands_its_numbers_to_those_who_know_them(train):
    loss = recipe("arcface", scale=12.5, margin=0.2, epochs=1).fit(train, device="cpu").loss
    assert (loss.scale.item(), loss.margin) == (12.5, 0.2)
    assert recipe("l2softmax_lof", alpha=4.0, epochs=1).fit(train, device="cpu").loss.scale == 4.0
    network = systems.get("l2softmax_lof", size=32)._encoder()
    assert sum(parameter.numel() for parameter in network.parameters()) == 2223872 and network.size == 32


def test_the_paper_s_network_fits_in_a_system(train, fresh):
    detector = recipe("l2softmax_lof", encoder="MobileNetV2", dim=16, size=32, epochs=1).fit(train, device="cpu")
    assert detector.embed(fresh[:3]).shape == (3, 16)


def test_the_code_variant_weighs_classes_by_their_number(train):
    fewer = train[(sound.groups(train) != "fan/00") | (train["path"].str.contains("_0000000[0-3]"))]
    loss = small(variant="code", epochs=1).fit(fewer, device="cpu").loss
    assert loss.class_weights.tolist() == pytest.approx([34 / (4 * 4), *[34 / (4 * 10)] * 3])
    assert small(epochs=1).fit(fewer, device="cpu").loss.class_weights is None


def test_without_mixup_and_with_beta(train):
    for mixing in (None, "beta"):
        assert np.isfinite(small(mixing=mixing, epochs=2).fit(train, device="cpu").run.history["loss"]).all()


def test_thresholds_let_a_tenth_of_held_out_clips_alarm(detector, train):
    """Written out for one group: five folds by position, each scored by a backend fitted to the other four."""
    x, group = detector.embed(train).numpy(), sound.groups(train).to_numpy()
    own = x[group == "pump/00"]
    held_out = np.empty(10)
    for fold in range(5):
        out = np.arange(10) % 5 == fold
        backend = detector.new_backend().fit(own[~out], ["pump/00"] * 8)
        held_out[out] = backend.score(own[out], ["pump/00"] * 2)
    assert detector.thresholds["pump/00"] == pytest.approx(sorted(held_out)[9], rel=1e-2, abs=0.05)
    assert set(detector.thresholds) == {"fan/00", "fan/02", "pump/00", "pump/04"}


def test_decide(detector):
    fan, pump = detector.thresholds["fan/00"], detector.thresholds["pump/04"]
    score = np.array([fan, np.nextafter(fan, -np.inf), pump - 1, pump + 1])
    assert detector.decide(score, ["fan/00", "fan/00", "pump/04", "pump/04"]).tolist() == [True, False, False, True]
    with pytest.raises(ValueError, match="not trained on 'valve/00'"):
        detector.decide([1.0], ["valve/00"])


def test_angle_to_the_nearest_own_center(detector, fresh):
    group = sound.groups(fresh).to_numpy()
    x = torch.randn(len(group), 8, generator=torch.Generator().manual_seed(0))  # mostly nearer to another group
    centers = detector.loss.centers.detach().double().numpy()
    owners = ["fan/00", "fan/02", "pump/00", "pump/04"]
    for row, name, angle in zip(x.double().numpy(), group, detector.angle(x, group)):
        own = centers[owners.index(name)]
        angles = [math.acos(np.clip(row @ c / np.linalg.norm(row) / np.linalg.norm(c), -1, 1)) for c in own]
        assert angle == pytest.approx(min(angles), abs=1e-3)
    with pytest.raises(ValueError, match="not trained on 'valve/00'"):
        detector.angle(x[:1], ["valve/00"])


def test_the_mixture_starts_at_the_centers_of_its_group(detector):
    starts = detector.new_backend().means_init
    centers = detector.loss.centers.detach().numpy()
    assert list(starts) == ["fan/00", "fan/02", "pump/00", "pump/04"]
    assert all(np.array_equal(start, own) for start, own in zip(starts.values(), centers))


def test_several_classes_of_one_machine(clips, train, tmp_path):
    """Attributes make classes within a group, and one machine with two of them is already a task."""
    valve = tmp_path / "valve" / "train"
    valve.mkdir(parents=True)
    for number, path in enumerate(train["path"].iloc[:12]):
        name = f"section_00_source_train_normal_{number:04d}_pat_{number % 2:02d}.wav"
        (valve / name).write_bytes(Path(path).read_bytes())
    detector = small(epochs=2).fit(sound.index(tmp_path), device="cpu")
    assert detector.owners == ["valve/00", "valve/00"] and list(detector.thresholds) == ["valve/00"]
    assert len(detector.new_backend().means_init["valve/00"]) == 4


def test_a_folder_lets_training_go_on(train, fresh, tmp_path):
    small(epochs=2).fit(train, device="cpu", folder=tmp_path)
    resumed = small(epochs=4).fit(train, device="cpu", folder=tmp_path)
    assert np.array_equal(resumed.score(fresh), small(epochs=4).fit(train, device="cpu").score(fresh))


def test_the_budget_gives_the_epochs(train, monkeypatch):
    monkeypatch.setenv("ASDKIT_BUDGET", "smoke")
    assert small(epochs=None).fit(train, device="cpu").run.epoch == 12
    assert small(epochs=1).fit(train, "course", device="cpu").run.epoch == 1


def test_what_is_no_training_set(clips, train, fresh):
    anomaly = fresh[fresh["label"] == 1]
    one_wrong = train.assign(label=train["label"].where(train.index != train.index[2], 1))
    for table, words in (
        (train.head(0), "holds no training clips: check"),
        (clips, r"is a test clip among the training clips \(32 in all\): fit on"),
        (one_wrong, r"an anomaly among .* \(1 in all\)"),
        (anomaly.assign(split="train"), r"is an anomaly among the training clips \(16 in all\)"),
        (train[sound.groups(train) == "fan/00"], "all training clips are of one class, fan/00"),
        (train.groupby(sound.groups(train)).head(1), "fan/00 has one training clip only"),
    ):
        with pytest.raises(ValueError, match=words):
            small().fit(table, device="cpu")


def test_an_unknown_group_is_named_before_any_file_is_read(detector, fresh):
    strange = fresh.assign(machine="valve", path="nowhere.wav")
    with pytest.raises(ValueError, match="not trained on 'valve/00': it knows fan/00, fan/02, pump/00, pump/04"):
        detector.score(strange)


def test_unknown_names_and_choices():
    with pytest.raises(ValueError, match="no system is called 'sca': choose one of subcluster_adacos"):
        systems.get("sca")
    with pytest.raises(ValueError, match="subcluster_adacos has no choice 'clusters': it has name, paper"):
        systems.get("subcluster_adacos", clusters=4)
    for choice, name in (("encoder", "VGG"), ("loss", "Softmax99"), ("backend", "Forest")):
        with pytest.raises(ValueError, match=f"no {choice} is called '{name}': choose one of "):
            systems.get("subcluster_adacos", **{choice: name})
    assert "subcluster_adacos" in systems.names()
    bad = {"scale": -30.0, "margin": 28.6, "alpha": "16", "size": 224.0, "classes": "types", "features": "MFCC"}
    for choice, value in bad.items():
        with pytest.raises(ValueError, match=f"{choice} is "):
            systems.get("subcluster_adacos", **{choice: value})
    with pytest.raises(ValueError, match="no backend is called 'Fusion'"):
        systems.get("subcluster_adacos", backend="Fusion")
    assert systems.get("subcluster_adacos", dim=4) == replace(systems.get("subcluster_adacos"), dim=4)


def test_clips_too_short_for_an_encoder_are_refused_by_name():
    """157 frames of 512 samples begin within 4.992 s at 16 kHz, and the encoder takes what is let through."""
    for seconds in (0.1, 1, 4.9, 4.991):
        words = f"seconds is {seconds}, too short for the encoder ResNet: give at least 5$"
        with pytest.raises(ValueError, match=words):
            systems.get("subcluster_adacos", seconds=seconds)
    for seconds, encoder in ((4.992, "ResNet"), (5, "ResNet"), (0.1, "Toy")):
        system = systems.get("subcluster_adacos", seconds=seconds, encoder=encoder, dim=4)
        network = getattr(encoders, system.encoder)(4)
        assert network(LogMel()(torch.randn(2, round(16000 * seconds)))).shape == (2, 4)


def test_a_full_memory_is_no_broken_detector(detector, tmp_path, monkeypatch):
    detector.save(tmp_path / "detector.safetensors")

    def full(*_):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 MiB.")

    monkeypatch.setattr(systems, "_rebuild", full)
    with pytest.raises(torch.OutOfMemoryError):
        systems.load(tmp_path / "detector.safetensors", device="cpu")


def test_files_that_hold_no_detector(detector, tmp_path):
    path = tmp_path / "detector.safetensors"
    with pytest.raises(FileNotFoundError, match="detector.safetensors is missing"):
        systems.load(path)
    detector.save(path)
    whole = path.read_bytes()
    for length in (0, 7, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError, match="detector.safetensors is damaged or cut short"):
            systems.load(path)
    path.write_bytes(whole)
    tensors, notes = read_tensors(path, "detector")
    write_tensors(path, tensors, {"detector": json.dumps(json.loads(notes) | {"format": 99})})
    with pytest.raises(ValueError, match="has format 99 of a detector, and this asdkit reads 1: train it again"):
        systems.load(path)
    detector.run.save(path)
    with pytest.raises(ValueError, match="holds no detector of asdkit"):
        systems.load(path)


def test_a_failing_save_leaves_the_old_file_and_nothing_else(detector, fresh, tmp_path, monkeypatch):
    path = tmp_path / "detector.safetensors"
    detector.save(path)
    before = path.read_bytes()

    def refuse(_):
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="no space left"):
        detector.save(path)
    with pytest.raises(OSError, match="no space left"):
        detector.save(tmp_path / "new.safetensors")
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["detector.safetensors"]


def test_a_detector_file_is_not_pickled(detector, tmp_path, monkeypatch):
    detector.save(tmp_path / "file")

    def refuse(*_, **__):
        raise AssertionError("unpickled")

    for module, name in ((torch, "load"), (pickle, "load"), (pickle, "loads")):
        monkeypatch.setattr(module, name, refuse)
    assert isinstance(systems.load(tmp_path / "file", device="cpu").loss, losses.SubClusterAdaCos)
