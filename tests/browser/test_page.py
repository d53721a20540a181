"""The page that works alone, from the disk: it sounds, selects, scrubs and saves without a kernel,
and asks no network.
"""

import io

import numpy as np
import pandas as pd
import pytest
import sklearn.metrics
import soundfile
from map_hand import drag, places

from asdkit import views

pytestmark = pytest.mark.browser

RNG = np.random.default_rng(1)
COUNT = 120
X = RNG.normal(size=(COUNT, 5))
XY, LATER = RNG.normal(size=(COUNT, 2)), RNG.normal(size=(COUNT, 2))
SCORE = {0: RNG.normal(size=COUNT), 5: RNG.normal(size=COUNT)}
LABEL = np.arange(COUNT) % 4 // 3
ODD = np.arange(COUNT) % 2 == 1
NAMES = [
    f"=<b>clip {row}</b></script><script>window.broken = 1</script>{60 * 'x'}"
    for row in range(COUNT)
]
TOLD = "http://nowhere.invalid/<img src=http://nowhere.invalid/a onerror=window.broken=1>"
# The page's policy forbids to fetch even its own blobs: what is played is kept here.
KEEP = """window.blobs = new Map(); const make = URL.createObjectURL;
    URL.createObjectURL = (blob) => { const url = make(blob); blobs.set(url, blob); return url; };
    window.failed = []; addEventListener("securitypolicyviolation", (event) =>
        failed.push(event.violatedDirective));"""
HEARD = """async () => { const audio = document.querySelector('audio');
    const data = new Uint8Array(await blobs.get(audio.src).arrayBuffer());
    return [[...data], audio.error?.message ?? null]; }"""


@pytest.fixture(scope="module")
def explorer():
    n = np.arange(16000)
    waves = [0.2 * np.sin(2 * np.pi * (150 + 20 * row) * n / 16000) for row in range(COUNT)]
    clips = pd.DataFrame({"name": NAMES, "machine": "fan", "label": LABEL,
                          "section": np.where(ODD, "00", "02")})  # fmt: skip
    scenes = {
        epoch: views.Scene(xy, x=X * (1, 1, 1, 1, 1 + epoch), score=SCORE[epoch])
        for epoch, xy in ((0, XY), (5, LATER))
    }
    return views.MapExplorer.from_scenes(scenes, clips, audio=waves, seconds=0.5)


@pytest.fixture
def alone(page, explorer, tmp_path):
    """The page from the disk, what it asked of networks, and the digests of its sounds."""
    path, asked = explorer.to_html(tmp_path / "map.html", title=TOLD, about=[TOLD]), []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: asked.append(str(error)))
    page.add_init_script(KEEP)
    page.goto(path.as_uri())
    page.locator(".stage").scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    return asked


def sounding(page, row):
    """Wait until a clip is named as playing, and return the clip whose tone sounds."""
    page.wait_for_function(
        "(name) => document.querySelector('.sounding').textContent.startsWith(name)",
        arg=f"playing: {NAMES[row]}",
    )
    page.wait_for_function("() => document.querySelector('audio').currentTime > 0")
    data, error = page.evaluate(HEARD)
    assert error is None
    wave, rate = soundfile.read(io.BytesIO(bytes(data)))
    hertz = np.abs(np.fft.rfft(wave)).argmax() * rate / len(wave)
    return round((hertz - 150) / 20)


def inner_box(page):
    """A rectangle over the lower left of the map, and which points it holds."""
    spots = places(page, np.concatenate([XY, LATER]))[:COUNT]  # one frame for all epochs
    low, high = spots.min(0) - 4, spots.mean(0)
    corners = [low, (high[0], low[1]), high, (low[0], high[1])]
    return spots, corners, (spots < high).all(1)


def test_from_the_disk_it_sounds_selects_and_saves(page, alone, explorer):
    spots, corners, inside = inner_box(page)
    page.get_by_role("radio", name="section").click()
    page.get_by_role("button", name="fan/02").click()  # of even rows
    drag(page, corners)
    own = np.flatnonzero(ODD & inside)
    assert page.locator(".count").inner_text() == f"{len(own)} of {COUNT} selected" and len(own) > 5
    page.wait_for_function(
        "(own) => document.querySelector('#held tr:last-child').children[2].textContent === own",
        arg=str(len(own)),
    )
    last = page.locator("#held tr").last.locator("td").all_inner_texts()
    anomalies, score = LABEL[own].sum(), SCORE[0][own].astype(np.float32)
    area = sklearn.metrics.roc_auc_score(LABEL[own], score)
    assert last == ["all", str(COUNT), str(len(own)), str(len(own) - anomalies), str(anomalies),
                    f"{score.mean():.3f}", f"{area:.3f}"]  # fmt: skip
    away = np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1)) + 1e6 * np.eye(COUNT)
    away[:, ~ODD] = 1e6
    for row in [row for row in np.argsort(-away.min(1)) if ODD[row]][:2]:
        page.mouse.click(*spots[row].tolist())
        assert sounding(page, row) == row
        told = page.locator("#told").inner_text()
        near = ", ".join(NAMES[other] for other in explorer.known.nearest([row], explorer.scene)[0])
        assert f"{NAMES[row]}: {['normal', 'anomaly'][LABEL[row]]}, score" in told
        assert told.endswith(f"nearest normal clips in D dimensions: {near}")
        assert NAMES[row] in page.locator("#seen img").get_attribute("alt")
        assert page.evaluate("() => document.querySelector('#seen img').naturalHeight") == 128
    for kind in ("PNG", "SVG"):
        with page.expect_download():
            page.get_by_role("button", name=f"save as {kind}").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="save the selection").click()
    frame = pd.read_csv(saved.value.path(), index_col="row")
    assert frame.index.tolist() == own.tolist() and frame["name"].tolist() == [
        f"'{NAMES[row]}" for row in own
    ]
    np.testing.assert_allclose(frame[["x", "y"]], XY[own], rtol=1e-6)
    np.testing.assert_allclose(frame["score"], SCORE[0][own], rtol=1e-6)
    expected = explorer.set(epoch=0).to_frame().loc[own]
    assert frame["label"].tolist() == expected["label"].tolist()
    assert frame["neighbors"].tolist() == [f"'{near}" for near in expected["neighbors"]]
    assert page.locator("h1").inner_text() == TOLD and page.locator("main b, main img").count() == 1
    assert page.evaluate("() => [window.broken ?? null, failed]") == [None, []]
    assert [url for url in alone if not url.startswith(("file:", "blob:", "data:"))] == []


def test_from_the_disk_keys_and_epochs_move_it_on_a_narrow_page(page, alone, explorer):
    page.set_viewport_size({"width": 400, "height": 800})
    page.wait_for_timeout(300)
    wide = "() => document.documentElement.scrollWidth"
    assert page.evaluate(wide) <= 400 and page.locator("html").get_attribute("lang") == "en"
    stage = page.locator(".stage")
    stage.scroll_into_view_if_needed()
    stage.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    name = page.locator(".sounding").inner_text().removeprefix("playing: ")
    row = NAMES.index(name)
    first = page.locator("#told").inner_text()
    assert first.startswith("epoch 0: 0 of") and f"score {float(f'{SCORE[0][row]:.3g}'):g}" in first
    page.locator("input[type=range]").first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    assert (
        page.locator("figcaption")
        .inner_text()
        .startswith(
            "Log-mel spectrogram of 1 s, of which the first 0.5 s are heard: time to the right"
        )
    )
    later = page.locator("#told").inner_text()
    assert later.startswith("epoch 5: 0 of") and name in later
    near = explorer.known.nearest([row], explorer.scenes.all[1])[0]
    assert later.endswith(", ".join(NAMES[other] for other in near))
    stage.focus()
    page.keyboard.press("Escape")
    assert page.locator("#told").inner_text().endswith("no clip is chosen")
    assert not page.locator("#seen").is_visible() and not page.locator(".gone").is_visible()
    assert page.evaluate("() => [window.broken ?? null, failed]") == [None, []]
    assert [url for url in alone if not url.startswith(("file:", "blob:", "data:"))] == []
