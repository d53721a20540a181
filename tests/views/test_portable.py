"""Explorers of files: of this kit's, of another program's, and of none."""

import numpy as np
import pandas as pd
import pytest
import soundfile

from asdkit import embeddings, views

X = np.random.default_rng(0).normal(size=(20, 4))


def test_the_file_of_a_run_brings_all_that_it_holds(tmp_path):
    clips = pd.DataFrame(
        {"path": [f"{tmp_path}/{row}.wav" for row in range(20)], "machine": "fan",
         "section": np.where(np.arange(20) < 8, "00", "02"), "split": ["train", "test"] * 10,
         "label": pd.array([0, 0, 0, 1, None] * 4, dtype="Int64")}
    )  # fmt: skip
    soundfile.write(clips["path"][3], 0.1 * X.ravel().repeat(300), 16000)
    embeddings.write(tmp_path / "own.npz", X, clips, score=X[:, 0], angle=np.abs(X[:, 1]))
    view = views.MapExplorer.from_npz(tmp_path / "own.npz").set(color="section", picked=3)
    assert view.state["groups"] == ["fan/00", "fan/02"] and "score" in view.text.value
    frame = view.to_frame()
    assert frame["name"][3] == "fan/test/3.wav" and frame["path"][3] == clips["path"][3]
    assert frame["label"].isna().sum() == 4 and "degrees to its center" in view.text.value
    assert set(view.state["nearest"]) <= {0, 2, 6, 8, 10, 12, 16, 18}  # normal, of training
    np.testing.assert_allclose(frame["score"], X[:, 0], rtol=1e-6)
    assert len(view.sounds.ogg(3)) > 1000


def test_x_alone_is_enough_and_what_is_given_counts(tmp_path):
    np.savez(tmp_path / "other.npz", X)
    view = views.MapExplorer.from_npz(tmp_path / "other.npz", score=X[:, 2])
    assert view.set(picked=2).state["name"] == "clip 2"
    np.savez(tmp_path / "own.npz", x=X, xy=X[:, :2], group=np.array(list("ab" * 10)),
             path=np.array(["", "a.wav"] * 10))  # fmt: skip
    view = views.MapExplorer.from_npz(tmp_path / "own.npz").set(color="group")
    assert view.state["groups"] == ["a", "b"]
    frame = view.to_frame()
    np.testing.assert_allclose(frame[["x", "y"]], X[:, :2])
    assert frame["path"][1] == str(tmp_path / "a.wav") and frame["path"].isna().sum() == 10


def test_what_cannot_be_read_is_refused(tmp_path):
    np.savez(tmp_path / "two.npz", a=X, b=X)
    with pytest.raises(ValueError, match="there are a and b"):
        views.MapExplorer.from_npz(tmp_path / "two.npz")
    np.savez(tmp_path / "nan.npz", x=X * np.nan)
    with pytest.raises(ValueError, match="x holds NaN or infinity"):
        views.MapExplorer.from_npz(tmp_path / "nan.npz")
