"""``asdkit map``: a page of any folder, of any embeddings, and each bad input in one sentence."""

import base64
import json
import re

import numpy as np
import pandas as pd
import pytest
import soundfile

from asdkit import controls, embeddings, projection, sound
from asdkit.__main__ import main
from asdkit.commands import folder

RNG = np.random.default_rng(0)


def inside(path):
    text = path.read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    data = json.loads(found[1])
    names = json.loads(base64.b64decode(data["traits"]["names"]["$bytes"]))
    return text, names, data


def looks(data):
    return [look["name"] for look in data["traits"]["looks"]]


@pytest.fixture
def plain(tmp_path):
    """Recordings of no layout, of other lengths, rates and endings."""
    root = tmp_path / "recordings"
    for name, rate, seconds in [
        ("hall A/Monday 1.wav", 16000, 1.5), ("hall A/Monday 2.wav", 16000, 61.0),
        ("hall A/.hidden.wav", 16000, 1.0), ("hall B/Tuesday.flac", 44100, 0.7),
        ("hall B/deep/Friday.WAV", 16000, 2.0), ("hall B/Sunday.wav", 16000, 1.0),
    ]:  # fmt: skip
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        wave = 0.1 * RNG.normal(size=(round(rate * seconds), 2 if "Friday" in name else 1))
        soundfile.write(root / name, wave, rate)
    (root / "notes.txt").write_text("no sound")
    return root


def test_a_folder_of_any_recordings_becomes_a_page(plain, tmp_path, capsys):
    out = tmp_path / "map.html"
    assert main(["map", str(plain), "--out", str(out), "--seconds", "0.5"]) == 0
    told = capsys.readouterr()
    assert "5 clips are few for UMAP" in told.out and f"{out}: 5 clips, " in told.out
    for words in ("1 of 5 recordings were resampled to 16000 Hz", "1 of 5 recordings have several",
                  "1 of 5 recordings are longer than 60 s"):  # fmt: skip
        assert f"warning: {words}" in told.err
    text, names, data = inside(out)
    assert names == ["hall A/Monday 1.wav", "hall A/Monday 2.wav", "hall B/Sunday.wav",
                     "hall B/Tuesday.flac", "hall B/deep/Friday.WAV"]  # fmt: skip
    assert "recordings, a map of 5 clips" in text and "Nothing was trained" in text
    assert all(data["sounds"]) and all(data["pictures"]) and "folder" in looks(data)
    assert data["lengths"] == pytest.approx([1.5, 61.0, 1.0, 0.7, 2.0], abs=0.1)


def test_the_embedding_without_a_detector_is_that_of_the_controls(data):
    clips = folder.table(data)
    x = folder.summaries(clips)
    mean = controls.temporal_mean(clips, seconds=1.0)
    np.testing.assert_allclose(x[:, :128], (mean - mean.mean(0)) / mean.std(0), atol=1e-3)
    assert x.shape == (len(clips), 256) and clips["name"][0].startswith("fan/test/section_00")


def test_own_names_are_read_by_a_pattern(plain, tmp_path, capsys, refused):
    for name, own in zip(sorted(plain.glob("*/*.wav")), ("ok/1.wav", "ok/2.wav", "ng/3.wav")):
        (plain / "press" / own).parent.mkdir(parents=True, exist_ok=True)
        name.rename(plain / "press" / own)
    soundfile.write(plain / "press/ok/4.wav", 0.1 * RNG.normal(size=16000), 16000)
    out, pattern = tmp_path / "map.html", ["--pattern", "{machine}/{label}/{id}.wav"]
    command = ["map", str(plain), "--out", str(out), "--seconds", "0.5"]
    assert main([*command, *pattern]) == 0
    _, names, data = inside(out)
    assert names == ["press/ng/3.wav", "press/ok/1.wav", "press/ok/2.wav", "press/ok/4.wav"]
    assert {"domain", "label"} < set(looks(data))
    label = np.frombuffer(base64.b64decode(data["label"]), "i1")
    assert label.tolist() == [1, 0, 0, 0]
    assert "2 of 6 files do not fit the pattern" in capsys.readouterr().err
    told = refused(main([*command, "--pattern", "{label}_{id}.wav"]))
    assert "fits none of the 6 files in" in told  # and is not read without labels
    (tmp_path / "own.npz").touch()
    told = refused(main(["map", str(tmp_path / "own.npz"), "--out", str(out), *pattern]))
    assert "--pattern reads names in a folder, and a file holds embeddings" in told


def test_a_detector_embeds_scores_and_measures_angles(result, data):
    clips, x, numbers, about = folder.embed(data, result / "detector.safetensors", None, "cpu")
    table = pd.read_csv(result / "scores.csv")
    test = (clips["split"] == "test").to_numpy()
    np.testing.assert_allclose(numbers["score"][test], table["score"], rtol=1e-3, atol=2e-2)
    assert x.shape == (28, 16) and "subcluster_adacos, 16 numbers" in about
    assert (numbers["angle"] >= 0).all() and len(numbers["angle"]) == 28


def test_a_file_of_embeddings_becomes_a_page(data, tmp_path, monkeypatch):
    once = sound.index(data)
    again = once.assign(path=[path.replace(str(data), f"{data}/.") for path in once["path"]])
    clips = pd.concat([once, again], ignore_index=True).head(40)
    x, asked = RNG.normal(size=(40, 6)), []
    monkeypatch.setattr(
        projection, "fit_map", lambda x, **more: asked.append(more) or projection.pca_map(x)
    )
    embeddings.write(tmp_path / "own.npz", x, clips, score=x[:, 0])
    command = ["map", str(tmp_path / "own.npz"), "--out", str(tmp_path / "own.html")]
    for more, settings in [
        ([], {}), (["--neighbors", "5", "--min-dist", "0.5"], {"neighbors": 5, "min_dist": 0.5}),
    ]:  # fmt: skip
        assert main([*command, *more]) == 0 and asked.pop() == settings
    text, names, page = inside(tmp_path / "own.html")
    assert {"section", "domain", "label", "score"} <= set(looks(page)) and all(page["sounds"])
    assert names[0].startswith("fan/") and "own.npz, 6 numbers a clip" in text
    np.savez(tmp_path / "own.npz", x=x, xy=x[:, :2])
    assert main(command) == 0 and asked == []  # its own map
    points = base64.b64decode(inside(tmp_path / "own.html")[2]["traits"]["points"]["$bytes"])
    np.testing.assert_allclose(np.frombuffer(points, "<f4").reshape(-1, 2), x[:, :2], rtol=1e-6)
    assert main([*command, "--pca"]) == 0
    points = base64.b64decode(inside(tmp_path / "own.html")[2]["traits"]["points"]["$bytes"])
    expected = projection.pca_map(x.astype(np.float64)).xy
    np.testing.assert_allclose(np.frombuffer(points, "<f4").reshape(-1, 2), expected, atol=1e-5)


@pytest.mark.parametrize(
    "more, told",
    [
        (["--out", "map.csv"], "--out is 'map.csv': give a file that ends in .html"),
        (["--pca", "--min-dist", "0.2"], "--min-dist is a setting of UMAP, and --pca asks"),
        (["--group", "fan/00"], "--group is for --detector, which is not given"),
        (["--megabytes", "0"], "--megabytes is 0: give a number above 0"),
        (["--neighbors", "9"], "5 embeddings do not do for UMAP with 9 neighbors"),
        (["--detector", "no.safetensors"], "no.safetensors is missing: give the path of a saved"),
        (["--seconds", "-1"], "--seconds is -1: give a number above 0"),
    ],
)
def test_commands_that_cannot_be(plain, refused, monkeypatch, tmp_path, more, told):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(folder, "summaries", lambda clips: RNG.normal(size=(5, 4)))
    assert told in refused(main(["map", str(plain), "--out", "map.html", *more]))
    assert [path.name for path in tmp_path.iterdir()] == ["recordings"]


def test_what_cannot_be_mapped_is_one_sentence(plain, refused, tmp_path):
    out = ["--out", str(tmp_path / "map.html")]
    assert "gone is missing: give a folder" in refused(main(["map", "gone", *out]))
    (tmp_path / "empty").mkdir()
    told = refused(main(["map", str(tmp_path / "empty"), *out]))
    assert "empty holds no recordings (.wav, .flac" in told
    soundfile.write(tmp_path / "empty" / "one.wav", np.zeros(16000), 16000)
    told = refused(main(["map", str(tmp_path / "empty"), *out]))
    assert "empty holds 1 recordings: a map takes from 4 to 50,000" in told
    (tmp_path / "own.npz").write_text("text")
    told = refused(main(["map", str(tmp_path / "own.npz"), *out]))
    assert "own.npz is no .npz file: save embeddings with" in told
    told = refused(main(["map", str(tmp_path / "own.npz"), *out, "--detector", "x"]))
    assert "--detector embeds recordings, and a file holds embeddings: leave it" in told
    (plain / "hall B" / "broken.wav").write_text("no sound")
    told = refused(main(["map", str(plain), *out]))
    assert "broken.wav is no readable sound file: copy it again" in told
