"""Losses, epochs, histograms, rings and saved pictures of the explorer, in a browser without a
kernel.
"""

import io
import struct
import xml.etree.ElementTree as ElementTree

import numpy as np
import pandas as pd
import pytest
from map_hand import FRAMES, answer, drag, got, heard, places, shown

from asdkit import projection, views
from asdkit.views.player import encode

pytestmark = pytest.mark.browser

RNG = np.random.default_rng(0)
N = 150
LABEL = (np.arange(N) % 3 == 0).astype(int)
EPOCHS = {"AdaCos": (0, 5, 20), "AdaProj": (1, 6)}
XS = {
    loss: {
        epoch: RNG.normal(size=(N, 6)) + epoch / 4 * np.eye(6)[np.arange(N) % 6] for epoch in own
    }
    for loss, own in EPOCHS.items()
}
MAPS = {loss: projection.pca_epochs(own) for loss, own in XS.items()}
SCORE = RNG.normal(size=N) + LABEL
ANGLE = RNG.uniform(0.1, 1.5, size=N)
TONES = [encode(0.2 * np.sin(np.arange(6400) * (0.1 + 0.02 * tone)), 16000) for tone in range(6)]
MOVED = 600  # ms, after which points have come to rest


@pytest.fixture
def view(page):
    """An explorer of two losses, on the page."""
    scenes = {
        loss: {
            epoch: views.Scene(
                made, XS[loss][epoch], SCORE, ANGLE if loss == "AdaCos" else None, np.arange(N) % 9
            )
            for epoch, made in own.items()
        }
        for loss, own in MAPS.items()
    }
    names = [f"<b>clip {row}</b>" for row in range(N)]
    clips = pd.DataFrame({"name": names, "label": LABEL, "machine": "fan"})
    view = views.MapExplorer.from_scenes(scenes, clips)
    page.emulate_media(reduced_motion="no-preference")
    shown(page, view.scatter)
    return view


def spots(page, loss, epoch):
    """Where the points of an epoch stand, in the frame of all epochs of its loss."""
    own = [made.xy for made in MAPS[loss].values()]
    at = list(MAPS[loss]).index(epoch)
    return places(page, np.concatenate(own))[at * N : (at + 1) * N]


def alone(where):
    away = np.hypot(*(where[:, None] - where[None]).transpose(2, 0, 1)) + 99 * np.eye(N)
    return np.argsort(-away.min(1))


def text(page, name):
    return page.locator(f".{name}").inner_text()


def test_a_scrubber_moves_the_points_and_says_what_changed(page, view):
    assert text(page, "at") == "epoch 0" and text(page, "changed") == "the first epoch"
    page.locator("input[type=range]").focus()
    page.keyboard.press("End")
    assert got(page, "epoch") == 2
    page.wait_for_timeout(MOVED)
    where = spots(page, "AdaCos", 20)
    row = int(alone(where)[0])
    page.mouse.click(*where[row].tolist())
    assert got(page, "picked") == row
    share = projection.changed(MAPS["AdaCos"][5], MAPS["AdaCos"][20])
    told = text(page, "changed")
    assert f"since epoch 5 clips exchanged {100 * share.mean():.0f}% of their 10" in told
    assert told.endswith(f"; this clip: {100 * share[row]:.0f}%")
    page.locator(".stage").press("ArrowUp")
    assert not page.locator(".tip").is_visible()  # it named the clip under the hand
    steps = projection.steps(MAPS["AdaCos"][5], MAPS["AdaCos"][20])
    movers = page.locator(".movers button")
    assert movers.all_inner_texts() == [f"<b>clip {at}</b>" for at in np.argsort(-steps)[:5]]
    movers.nth(1).press("Enter")
    assert got(page, "picked") == int(np.argsort(-steps)[1])
    page.emulate_media(reduced_motion="reduce")
    page.locator("input[type=range]").press("ArrowLeft")  # at once
    page.mouse.click(*spots(page, "AdaCos", 5)[row].tolist())
    assert got(page, "picked") in alone(spots(page, "AdaCos", 5))  # some clip stands there


def test_colors_and_losses_are_changed_by_keys_and_a_reload_brings_them_back(page, view):
    page.evaluate("() => { model.set('selected', [1, 2, 3]); model.set('picked', 7); }")
    names = [look["name"] for look in view.scatter.looks]
    assert page.locator(".colors button").all_inner_texts() == names
    assert names == ["label", "score", "angle", "sub-cluster"]
    page.locator(".colors button").first.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert got(page, "color") == 3 and "sub-cluster 8 (0 of 16)" in text(page, "legend")
    assert page.evaluate("() => document.activeElement.textContent") == "sub-cluster"
    page.locator(".legend button").first.click()
    assert got(page, "hidden") == [0]
    page.locator("input[type=range]").press("End")
    page.locator("select").focus()
    page.keyboard.press("ArrowDown")
    assert text(page, "words") == "AdaProj has no epoch 20: epoch 6 is shown"
    key = text(page, "key")
    assert "the way over the epochs of a selected or chosen clip, for up to 40" in key
    page.evaluate("() => model.set('selected', [...Array(41).keys()])")
    assert "of the chosen clip alone, since more than 40 are selected" in text(page, "key")
    page.evaluate("() => model.set('selected', [1, 2, 3])")
    assert text(page, "key") == key
    assert [got(page, name) for name in ("loss", "epoch", "picked")] == [1, 1, 7]
    assert got(page, "selected") == [1, 2, 3] and text(page, "count") == f"3 of {N} selected"
    assert got(page, "hidden") == []  # other sub-clusters, so all are shown
    assert not page.locator("[data-name^=angle]").is_visible()  # this loss has none
    before = [text(page, name) for name in ("at", "legend", "count", "key", "changed")]
    page.evaluate("""() => { end(); document.body.replaceChildren();
        window.end = geometry.default.render({ model, el: document.body }); }""")
    assert [text(page, name) for name in ("at", "legend", "count", "key", "changed")] == before
    assert page.locator("[role=radio][aria-checked=true]").inner_text() == "sub-cluster"


def test_a_range_of_a_histogram_selects_what_numpy_counts(page, view):
    plot = page.locator("[data-name=score] .plot")
    plot.scroll_into_view_if_needed()
    limits = page.evaluate("(own) => geometry.reach(new Float32Array(own))", [*SCORE] * 3)
    edges = np.linspace(*limits, 41)
    frame = plot.bounding_box()
    middle = [frame["x"] + 35 + (frame["width"] - 44) * (bar + 0.5) / 40 for bar in range(40)]
    y, inner = frame["y"] + 40, np.clip(np.digitize(SCORE, edges) - 1, 0, 39)

    def range_of(first, last):
        return set(np.flatnonzero((inner >= first) & (inner <= last)).tolist())

    drag(page, [(middle[10], y), (middle[20], y)])
    assert set(got(page, "selected")) == range_of(10, 20) and len(range_of(10, 20)) > 20
    drag(page, [(middle[39], y), (middle[30], y)], "Shift")
    drag(page, [(middle[10], y), (middle[12], y)], "Alt")
    assert set(got(page, "selected")) == range_of(13, 20) | range_of(30, 39)
    drag(page, [(middle[5], y), (middle[38], y)])
    for key in ("ArrowRight", "ArrowUp", "ArrowDown", "ArrowDown", "ArrowDown"):
        plot.press(key)
    assert set(got(page, "selected")) == range_of(6, 36)
    kinds = RNG.integers(-1, 2, size=N)
    counted = page.evaluate(
        "([values, limits, kinds]) => geometry.binned(values, limits, 40, kinds, 2)",
        [SCORE.tolist(), limits, kinds.tolist()],
    )
    expected = [np.bincount(inner[kinds == kind], minlength=40).tolist() for kind in (0, 1)]
    assert counted == expected
    assert "selected filled, median" in page.locator("[data-name=score]").inner_text()
    assert "clips found" in text(page, "words")
    page.get_by_role("button", name="anomaly").click()
    assert text(page, "words") == ""  # its counts hold no more
    page.get_by_role("button", name="anomaly").click()
    plot.press("Escape")
    assert got(page, "selected") == []
    page.get_by_role("button", name="normal").click()  # what is hidden is not found
    drag(page, [(middle[0], y), (middle[39], y)])
    assert got(page, "selected") == np.flatnonzero(LABEL == 1).tolist()


def test_rings_and_the_switch_between_a_clip_and_its_nearest_normal(page, view):
    page.locator(".rings").click()
    lost = (MAPS["AdaCos"][0].agreement < 0.3 - 1e-9).sum()
    assert got(page, "rings") and "less than 3 of the clip's 10 nearest" in text(page, "key")
    assert f"({lost} of {N} clips)" in text(page, "key") and 0 < lost < N
    assert text(page, "rings") == f"rings: neighbors lost ({lost})"
    stage = page.locator(".stage")
    stage.press("a")
    assert text(page, "words").startswith("choose a clip first")
    stage.press("ArrowRight")
    row = got(page, "picked")
    keeps = f"the map keeps {10 * MAPS['AdaCos'][0].agreement[row]:.0f} of its 10"
    assert keeps in text(page, "words")
    near = view.set(picked=row).state["nearest"]
    page.evaluate("(near) => model.set('lines', near)", near)
    answer(page, {point: TONES[point % 6] for point in range(N)})
    for at, side in ((near[0], "B"), (row, "A"), (near[0], "B")):
        stage.press("a")
        words = f"A: <b>clip {row}</b> / B: <b>clip {near[0]}</b>, its nearest normal clip."
        assert text(page, "words") == f"{words} {side} is played."
        page.wait_for_function("() => document.querySelector('audio').src")
        assert heard(page) == (f"playing: <b>clip {at}</b>", TONES[at % 6])
    assert got(page, "picked") == row
    page.locator("input[type=range]").press("End")
    assert "A:" not in text(page, "words") and text(page, "words").startswith(f"<b>clip {row}</b>")


def test_the_map_is_saved_as_shapes_and_as_pixels(page, view):
    page.evaluate("() => { model.set('selected', [0, 1, 2, 3]); model.set('rings', true); }")
    page.get_by_role("button", name="anomaly").click()
    page.evaluate(FRAMES)
    with page.expect_download() as saved:
        page.locator("button.svg").click()
    drawing = ElementTree.parse(saved.value.path()).getroot()
    kinds = [part.tag.rpartition("}")[2] for part in drawing.iter()]
    lost = (MAPS["AdaCos"][0].agreement < 0.3 - 1e-9)[LABEL == 0].sum()
    assert kinds.count("circle") == (LABEL == 0).sum() + lost + 1  # and one of the legend
    words = [part.text for part in drawing.iter() if part.tag.endswith("text")]
    title = "AdaCos, epoch 0, colored by label, n = 100 of 150 clips (without anomaly)"
    assert words == [f"{title}, 2 of 150 selected", "normal (2 of 100)"]
    page.locator(".colors button").last.click()  # sub-clusters, whose legend names no shape
    page.set_viewport_size({"width": 400, "height": 800})
    page.wait_for_timeout(300)
    with page.expect_download() as narrow:
        page.locator("button.svg").click()
    parts = [*ElementTree.parse(narrow.value.path()).getroot().iter()]
    told = [part.text for part in parts if part.tag.endswith("text")]
    assert told[-2:] == ["normal", "anomaly"] and told[0].startswith("AdaCos, epoch 0")
    assert not told[0].endswith("selected") and told[1].endswith("selected")  # two lines
    page.set_viewport_size({"width": 1400, "height": 1000})
    page.locator(".colors button").first.click()
    page.wait_for_timeout(300)
    with page.expect_download() as saved:
        page.locator("button.png").click()
    data = io.BytesIO(saved.value.path().read_bytes()).read()
    width, height = struct.unpack(">II", data[16:24])
    assert data[1:4] == b"PNG" and (width, height) == (1370, 508) and len(data) > 10_000
