"""The page that works alone, without a browser: what is in it, what does not fit, and what is
refused.
"""

import base64
import hashlib
import html
import io
import json
import re

import numpy as np
import pandas as pd
import pytest
import soundfile
from PIL import Image

from asdkit import projection, views
from asdkit.views import page

RNG = np.random.default_rng(0)
N = 40
X = RNG.normal(size=(N, 6))
WAVES = 0.1 * RNG.normal(size=(N, 16000)).astype(np.float32)
HOSTILE = '</script><script>alert(1)</script><img src="http://a.b/c">&amp; = \u2028'


def explorer(audio=WAVES, seconds=0.5, **more):
    names = [HOSTILE, *(f"clip {row}" for row in range(1, N))]
    clips = pd.DataFrame({"name": names, "label": np.arange(N) % 3 // 2})
    view = views.MapExplorer.from_arrays(
        X, clips, audio=None if audio is None else list(audio), score=X[:, 0], seconds=seconds
    )
    return view.set(**more) if more else view


def inside(path):
    """The page as text, and its data."""
    text = path.read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    return text, json.loads(found[1])


def test_every_trait_is_in_the_page(tmp_path):
    view = explorer(color="score", selected=[3, 5], picked=2)
    _, data = inside(view.to_html(tmp_path / "map.html"))
    state = view.scatter.get_state()
    sent = {name for name in state if not name.startswith("_")} - set(page.UNSENT)
    assert set(data["traits"]) == sent > {"points", "selected", "looks"}
    for name, value in data["traits"].items():
        if isinstance(state[name], bytes):
            assert base64.b64decode(value["$bytes"]) == state[name], name
        else:
            assert value == json.loads(json.dumps(state[name])), name
    near = np.frombuffer(base64.b64decode(data["near"][0]), "<i4").reshape(N, -1)
    assert near[2].tolist() == view.state["nearest"]


def test_sounds_and_pictures_are_those_of_the_clips(tmp_path):
    view = explorer()
    _, data = inside(view.to_html(tmp_path / "map.html"))
    assert data["missing"] == {} and data["lengths"] == [1.0] * N and data["heard"] == 0.5
    for row in (0, 7, 39):
        there, own = base64.b64decode(data["sounds"][row]), view.sounds.ogg(row)
        np.testing.assert_array_equal(*(soundfile.read(io.BytesIO(ogg))[0] for ogg in (there, own)))
    mels = np.array([view.sounds.mel(row).numpy() for row in range(N)])
    shades = [Image.open(io.BytesIO(base64.b64decode(text))) for text in data["pictures"]]
    assert {image.size for image in shades} == {mels.shape[:0:-1]}
    gray = np.array([np.asarray(image.convert("L"), dtype=float) for image in shades])
    same, turned = [
        np.corrcoef(shade.ravel(), mels.ravel())[0, 1] for shade in (gray[:, ::-1], gray)
    ]
    assert same > 0.85 and turned < 0.2  # low bands are below


def test_nothing_breaks_out_and_nothing_is_fetched(tmp_path):
    path = explorer().to_html(tmp_path / "map.html", title=HOSTILE, about=[HOSTILE])
    text, data = inside(path)
    names = json.loads(base64.b64decode(data["traits"]["names"]["$bytes"]))
    assert names[0] == HOSTILE and html.escape(HOSTILE) in text
    assert text.count("<script") == text.count("</script>") == 2 and "<img src" not in text
    script = re.search(r'<script type="module">(.*)</script>', text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)[1]
    assert "default-src 'none'" in policy and f"script-src 'sha256-{digest}';" in policy
    own = text.replace(html.escape(HOSTILE), "")
    assert "://" not in own and '<html lang="en">' in own and "<!--" not in script


def test_one_page_of_several_links_back_and_one_that_stands_alone_does_not(tmp_path):
    view, back = explorer(audio=None), ("a&b/index.html", "The <course>")
    alone, told = (page.write_page(view, tmp_path / name, back=way).read_text()
                   for name, way in (("alone.html", None), ("one.html", back)))  # fmt: skip
    assert "<nav" not in alone and "<a " not in alone
    way = '<a href="a&amp;b/index.html">The &lt;course&gt;</a>'
    assert told.count("<a ") == 1 and 0 < told.index(way) < told.index("<main>")


def test_a_page_is_whole_or_not_there(tmp_path, monkeypatch):
    path = tmp_path / "map.html"
    path.write_text("before")
    view = explorer(audio=None)
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", lambda number: (_ for _ in ()).throw(OSError(28, "full")))
        with pytest.raises(OSError, match="map.html cannot be written"):
            view.to_html(path)
    assert [file.name for file in tmp_path.iterdir()] == ["map.html"]
    assert path.read_text() == "before"


def size_without_sounds(tmp_path):
    return explorer(audio=None).to_html(tmp_path / "silent.html").stat().st_size / 1e6


def test_sounds_are_shorter_and_then_fewer_where_they_do_not_fit(tmp_path):
    whole = explorer().to_html(tmp_path / "whole.html").stat().st_size / 1e6
    silent = size_without_sounds(tmp_path)
    path = tmp_path / "map.html"
    for share, length in ((0.95, 2 / 3), (0.5, 1 / 3)):
        cap = round(silent + share * (whole - silent), 4)
        with pytest.warns(UserWarning, match="so that the page stays below") as told:
            explorer(selected=[30, 31]).to_html(path, megabytes=cap)
        text, data = inside(path)
        there = [row for row, sound in enumerate(data["sounds"]) if sound]
        assert path.stat().st_size <= 1e6 * cap
        seconds = soundfile.info(io.BytesIO(base64.b64decode(data["sounds"][there[-1]]))).duration
        assert seconds == pytest.approx(0.5 * length, abs=0.01)
        notes = [str(note.message) for note in told]
        assert any(f"sounds are {round(0.5 * length, 2):g} s long instead of 0.5 s" in note
                   for note in notes)  # fmt: skip
        left = N - len(there)
        assert (left > 0) == any(
            f"{left} of 40 sounds and their pictures" in note for note in notes
        )
        assert {30, 31} <= set(there) and all(html.escape(note[len(str(path)) + 2:]) in text
                                              for note in notes)  # fmt: skip
    assert left > 5 and data["left"].startswith("left out, so that the page stays below")


def test_points_that_do_not_fit_are_refused(tmp_path):
    with pytest.raises(ValueError, match="the points alone take 0.0.* MB: give megabytes="):
        explorer().to_html(tmp_path / "map.html", megabytes=0.01)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_sound_is_told_without_its_path(tmp_path):
    path = tmp_path / "own.wav"
    path.write_text("no sound")
    audio = [str(path), str(tmp_path / "gone.wav"), None, *WAVES[3:]]
    text, data = inside(explorer(audio=audio).to_html(tmp_path / "map.html"))
    assert data["missing"]["0"].startswith("Error opening '</script>")
    assert data["missing"]["1"] == "its file is not there"
    assert data["missing"]["2"] == "the clip has no audio" and len(data["missing"]) == 3
    assert str(tmp_path) not in text and data["sounds"][3]


def test_scenes_are_all_in_the_page(tmp_path):
    scenes = {
        loss: {epoch: views.Scene(projection.pca_map(X + shift, k=3), x=X + shift, score=X[:, 1])
               for epoch in (0, 5)}
        for loss, shift in (("AdaCos", 0.0), ("AdaProj", 1.0))
    }  # fmt: skip
    clips = pd.DataFrame({"name": [f"clip {row}" for row in range(N)], "label": 0})
    view = views.MapExplorer.from_scenes(scenes, clips)
    _, data = inside(view.to_html(tmp_path / "map.html"))
    assert data["where"] == ["AdaCos, epoch 0", "AdaCos, epoch 5", "AdaProj, epoch 0",
                             "AdaProj, epoch 5"]  # fmt: skip
    assert len(data["places"]) == 4 and all(
        f"The map keeps {scene.map.overall['agreement']:.0%} of the 3 nearest" in told
        for scene, told in zip(view.scenes.all, data["places"])
    )
    view.set(loss="AdaProj", epoch=5, picked=4)
    near = np.frombuffer(base64.b64decode(data["near"][3]), "<i4").reshape(N, -1)
    assert near[4].tolist() == view.state["nearest"]
