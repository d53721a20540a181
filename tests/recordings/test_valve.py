"""Real recordings: the type valve of DCASE 2023, where ASDKIT_DATA points to its folder."""

import os
import warnings
from pathlib import Path

import librosa
import numpy as np
import pandas as pd
import pytest
import torch

from asdkit import metrics, sound, systems
from asdkit.__main__ import main
from asdkit.features import LogMel, normalize_level

ROOT = Path(os.environ.get("ASDKIT_DATA", "no folder is set"))
pytestmark = [
    pytest.mark.recordings,
    pytest.mark.skipif(
        not (ROOT / "valve" / "train").is_dir(),
        reason="real recordings are needed: set ASDKIT_DATA to a folder with valve/train",
    ),
]


@pytest.fixture(scope="module")
def clips():
    clips = sound.index(ROOT)
    return clips[clips["machine"] == "valve"]


@pytest.fixture(scope="module")
def waves(clips):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return sound.load(clips)


def test_the_table(clips):
    counts = clips.groupby(["split", "label"]).size().to_dict()
    assert counts == {("train", 0): 60, ("test", 0): 40, ("test", 1): 100}
    assert set(clips["section"]) == {"00"} and clips["domain"].notna().all()
    domains = clips.groupby("attributes")["domain"].unique().map(list).to_dict()
    assert domains == {
        "pat_00": ["source"],
        "pat_01": ["source"],
        "pat_02": ["target"],
        "pat_03": ["target"],
    }
    assert clips[clips["split"] == "train"]["attributes"].value_counts().tolist() == [15] * 4
    assert sound.classes(clips).nunique() == 4 and set(sound.groups(clips)) == {"valve/00"}


def test_the_waves(waves):
    assert waves.shape == (200, 160000) and waves.dtype == torch.float32
    assert waves.isfinite().all() and (waves.abs() <= 1).all() and (waves.std(dim=1) > 1e-4).all()


def test_log_mel_is_librosas(waves):
    for wave in waves[[0, 100, 199]]:
        power = librosa.feature.melspectrogram(
            y=wave.double().numpy(),
            sr=16000,
            n_fft=1024,
            hop_length=512,
            n_mels=128,
            pad_mode="reflect",
        )
        theirs = librosa.power_to_db(power, ref=1.0, amin=1e-10, top_db=None)
        assert np.abs(LogMel()(wave[None])[0].numpy() - theirs).mean() < 1e-3


def test_the_level_gives_the_label_away_until_it_is_normalized(clips, waves):
    """Every anomaly of these recordings is quieter than the normal clips of its pattern."""

    def levels(waves):
        return 10 * np.log10(waves.double().square().mean(dim=1).numpy())

    level, pattern = levels(waves), clips["attributes"].to_numpy()
    train, test = (clips["split"] == "train").to_numpy(), (clips["split"] == "test").to_numpy()
    means = {name: level[train & (pattern == name)].mean() for name in np.unique(pattern)}
    off = np.abs(level - np.array([means[name] for name in pattern]))
    assert metrics.auc(clips["label"][test], off[test]) > 0.95
    assert np.ptp(levels(normalize_level(waves))) < 1e-4


def test_one_section_is_told_apart_by_its_attributes(clips, reads):
    """The recordings are of one section: what the papers of sections ask needs a second one."""
    train = clips[clips["split"] == "train"]
    with pytest.raises(ValueError, match=r"choose task=attributes \(4 classes\)"):
        systems.get("subcluster_adacos").fit(train, device="cpu")
    assert reads == []


def test_the_system_trains_and_scores(clips):
    system = systems.get("subcluster_adacos", task="attributes", epochs=2, batch_size=32)
    detector = system.fit(clips[clips["split"] == "train"], device="cpu")
    test = clips[clips["split"] == "test"]
    score = detector.score(test)
    assert score.shape == (140,) and np.isfinite(score).all()
    table = metrics.official(test, score, 2023)
    assert 0 < table.attrs["official_score"] < 1
    assert np.isfinite(detector.run.history.to_numpy()).all() and len(detector.run.history) == 4


def test_a_run_reads_each_clip_once_and_its_controls_find_what_leaks(clips, reads, tmp_path):
    """Level and crest give the label away; of the two nearest neighbors only the maximum does."""
    command = ["run", "mean_gaussian", "--data", str(ROOT), "--out", str(tmp_path)]
    assert main([*command, "--device", "cpu"]) == 0
    assert sorted(path for path in reads if "/valve/" in str(path)) == sorted(clips["path"])
    assert len(reads) == len(set(reads))
    report = pd.read_csv(tmp_path / "report.csv", dtype={"section": str})
    own = report[(report["machine"] == "valve") & (report["domain"] == "both")]
    auc = own.set_index("score")["auc"]
    assert auc["level only"] > 0.98 and auc["crest"] > 0.95
    assert auc["maximum nearest neighbor"] > 0.9
    assert 0.4 < auc["nearest neighbor"] < 0.7 and 0.4 < auc["DC offset"] < 0.7
