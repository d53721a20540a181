"""The scatter in a real browser, without a kernel: geometry, hand, keys and sound."""

import numpy as np
import pytest
from map_hand import FRAMES, answer, coded, drag, got, heard, places, shown
from matplotlib.path import Path as Polygon

from asdkit.views.player import encode
from asdkit.views.scatter import Scatter

pytestmark = pytest.mark.browser

RNG = np.random.default_rng(0)


def drawn(page, xy, names=None, groups=None, words=("left", "right")):
    """Draw a scatter on an empty page."""
    groups = (np.asarray(xy)[:, 0] > 0).astype(int) if groups is None else groups
    names = [f"clip {row}" for row in range(len(xy))] if names is None else names
    scatter = Scatter(xy, names, bytes, str)
    legend = [{"name": word, "color": "#0072B2", "shape": "o"} for word in words]
    sheet = (groups, legend, np.full((len(xy), 3), 100))
    scatter.paint([{"name": "side", "words": "Map of clips", "sheets": [sheet]}], ["o"] * len(xy))
    shown(page, scatter)
    return scatter


def call(page, function, *values):
    """Call a function of the script, with lists as they are."""
    return page.evaluate(
        f"(values) => {{ const found = geometry.{function}(...values);"
        "return ArrayBuffer.isView(found) ? [...found] : found; }",
        list(values),
    )


def test_points_stand_where_they_are_fitted_zoomed_and_moved(page):
    xy = RNG.normal(size=(50, 2)) * [3, 1]
    drawn(page, xy)
    view = call(page, "fit", xy.ravel().tolist(), 900, 400)
    screen = np.reshape(call(page, "project", xy.ravel().tolist(), view), (-1, 2))
    assert screen.min() >= 15.99 and screen[:, 0].max() <= 884.01 and screen[:, 1].max() <= 384.01
    expected = (xy - xy.min(0)) @ np.diag([1, -1])  # one scale on both axes, y upward
    ratio = np.ptp(screen, axis=0) / np.ptp(expected, axis=0)
    assert ratio[0] == pytest.approx(ratio[1], rel=1e-5)
    np.testing.assert_allclose(screen - screen[0], (expected - expected[0]) * ratio, atol=1e-2)
    near = np.reshape(
        call(page, "project", xy.ravel().tolist(), call(page, "zoomed", view, 100, 50, 2)), (-1, 2)
    )
    np.testing.assert_allclose(near - [100, 50], 2 * (screen - [100, 50]), atol=1e-2)


def test_equal_points_and_one_point_have_a_place(page):
    drawn(page, [[2.0, 3.0]] * 4)
    assert call(page, "fit", [2, 3, 2, 3], 900, 400) == {"k": 1, "x": 448, "y": 203}
    page.mouse.click(*places(page, [[2.0, 3.0], [3.0, 4.0]]).mean(0).tolist())
    assert got(page, "picked") == 3  # the one drawn last
    for name in ("scrub", "movers", "loss", "rings", "chart"):  # of one scene without numbers
        assert not page.locator(f".{name}").first.is_visible()


def test_a_hit_takes_the_nearest_that_is_shown(page):
    screen, shown = RNG.uniform(0, 300, size=(400, 2)), RNG.random(400) < 0.7
    drawn(page, screen)
    for place in RNG.uniform(0, 300, size=(40, 2)):
        far = np.where(shown, np.hypot(*(screen - place).T), np.inf)
        expected = int(far.argmin()) if far.min() <= 9 else -1
        values = (screen.ravel().tolist(), shown.astype(int).tolist(), *place.tolist())
        assert call(page, "nearest", *values) == expected


@pytest.mark.parametrize("corners", [3, 5, 40, 200])
def test_a_lasso_holds_what_the_path_of_matplotlib_holds(page, corners):
    screen, shown = RNG.uniform(0, 300, size=(3000, 2)), RNG.random(3000) < 0.8
    drawn(page, screen)
    polygon = RNG.uniform(50, 250, size=(corners, 2))  # it crosses itself
    expected = np.flatnonzero(Polygon(polygon).contains_points(screen) & shown).tolist()
    values = (screen.ravel().tolist(), shown.astype(int).tolist(), polygon.ravel().tolist())
    assert call(page, "inside", *values) == expected and 0 < len(expected) < 2400


def test_neighbors_of_the_map_and_steps_are_those_of_a_plain_loop(page):
    screen, shown = RNG.uniform(0, 300, size=(300, 2)), RNG.random(300) < 0.8
    drawn(page, screen)
    lists = (screen.ravel().tolist(), shown.astype(int).tolist())
    for point in RNG.integers(300, size=10).tolist():
        away = screen - screen[point]
        far = np.where(shown & (np.arange(300) != point), np.hypot(*away.T), np.inf)
        assert call(page, "around", *lists, point) == np.argsort(far)[:5].tolist()
        cone = np.where(-away[:, 1] >= np.abs(away[:, 0]), far, np.inf)  # upward on a page
        expected = int(cone.argmin()) if np.isfinite(cone.min()) else -1
        assert call(page, "step", *lists, point, [0, -1]) == expected


def test_a_dragged_lasso_selects_adds_and_removes(page):
    xy = RNG.normal(size=(412, 2))
    drawn(page, xy)
    spots = places(page, xy)
    bent = np.array([[-1, -1], [1.2, -1], [1, 1], [0, 0.1], [-1, 1]])
    # corners by the same fit: they are appended to the map that the fit is taken of
    ends = np.stack([xy.min(0), xy.max(0)])
    corner = places(page, np.concatenate([ends, bent]))[2:]
    inside = set(np.flatnonzero(Polygon(corner).contains_points(spots)).tolist())
    drag(page, corner)
    assert set(got(page, "selected")) == inside and 20 < len(inside) < 400
    assert page.locator(".count").inner_text() == f"{len(inside)} of 412 selected"
    right = sum(xy[point, 0] > 0 for point in inside)
    assert f"right ({right} of {(xy[:, 0] > 0).sum()})" in page.locator(".legend").inner_text()
    middle, (x1, y1) = spots.mean(0)[0], spots.max(0) + 8
    y0 = spots[:, 1].min() - 8
    half = [(middle, y0), (x1, y0), (x1, y1), (middle, y1)]
    over = set(np.flatnonzero(Polygon(half).contains_points(spots)).tolist())
    drag(page, half, "Shift")
    assert set(got(page, "selected")) == inside | over
    drag(page, half, "Alt")
    assert set(got(page, "selected")) == inside - over
    assert got(page, "picked") == -1  # a drag is no click
    page.keyboard.press("Escape")
    assert got(page, "selected") == []
    assert page.locator(".count").inner_text() == "0 of 412 selected"


def test_a_hidden_group_is_left_out_of_lasso_count_and_hit(page):
    xy = RNG.normal(size=(100, 2))
    drawn(page, xy)
    spots = places(page, xy)
    page.get_by_role("button", name="left").click()
    assert page.get_by_role("button", name="left").get_attribute("aria-pressed") == "false"
    low, high = spots.min(0) - 5, spots.max(0) + 5
    drag(page, [low, (high[0], low[1]), high, (low[0], high[1])])
    assert got(page, "selected") == np.flatnonzero(xy[:, 0] > 0).tolist()
    alone = int(np.argmin(xy[:, 0]))
    page.mouse.click(*spots[alone].tolist())
    assert got(page, "picked") == -1
    page.get_by_role("button", name="left").click()
    page.mouse.click(*spots[alone].tolist())
    assert got(page, "picked") == alone
    page.get_by_role("button", name="left").click()
    assert got(page, "picked") == -1  # what is picked and hidden is let go


def tone(hertz, seconds=0.4):
    """A tone as the bytes of an Ogg file."""
    return encode(0.2 * np.sin(2 * np.pi * hertz * np.arange(int(16000 * seconds)) / 16000), 16000)


XY = np.array([[-2.0, 0], [-1, 0.2], [0, 0], [0.1, 1], [1, -0.2], [2, 0.1], [1.2, -1]])
TONES = {point: tone(200 + 100 * point) for point in range(6)}  # the last clip has none


def test_a_click_plays_the_clip_that_is_named(page):
    drawn(page, XY)
    spots = places(page, XY)
    page.mouse.move(*spots[4].tolist())
    page.wait_for_function("() => model.asked.length > 0")
    assert page.evaluate("() => model.asked[0].points[0]") == 4  # ahead of the click
    answer(page, TONES)
    page.mouse.click(*spots[4].tolist())
    page.wait_for_function("() => document.querySelector('audio').currentTime > 0")
    words, data = heard(page)
    assert words.endswith(": clip 4") and data == TONES[4]
    page.get_by_role("button", name="left").click()  # filtering and a lasso change no row
    low, high = spots.min(0) - 4, spots.max(0) + 4
    drag(page, [low, (high[0], low[1]), high, (low[0], high[1])])
    assert got(page, "selected") == [3, 4, 5, 6]
    for point in (5, 3):
        page.mouse.click(*spots[point].tolist())
        answer(page, TONES)
        page.wait_for_function("() => document.querySelector('audio').src")
        words, data = heard(page)
        assert words.endswith(f": clip {point}") and data == TONES[point]


def test_a_sound_that_is_late_or_missing_is_told(page):
    drawn(page, XY)
    spots = places(page, XY)
    sounding = page.locator(".sounding")
    page.mouse.click(*spots[0].tolist())
    assert sounding.inner_text() == "the sound is on its way: clip 0"
    page.mouse.click(*spots[6].tolist())
    answer(page, TONES)  # that of clip 0 comes too late to be played
    assert sounding.inner_text() == "no sound (its file is not there): clip 6"
    assert page.evaluate("() => document.querySelector('audio').src") == ""
    page.mouse.click(*spots[0].tolist())
    assert heard(page) == ("playing: clip 0", TONES[0])
    page.wait_for_function(
        "() => document.querySelector('.sounding').textContent === 'played: clip 0'"
    )


def test_a_late_sound_does_not_play_over_what_came_after(page):
    drawn(page, XY)
    spots = places(page, XY)
    page.evaluate(
        "([message, data]) => model.answer(message, data)",
        [{"kind": "sound", "point": 5}, coded(TONES[5])],
    )
    page.mouse.click(*spots[0].tolist())  # asked for, and not there yet
    page.mouse.click(*spots[5].tolist())
    assert heard(page) == ("playing: clip 5", TONES[5])
    answer(page, TONES)
    assert heard(page) == ("playing: clip 5", TONES[5])
    page.get_by_role("button", name="right").click()  # what is hidden falls silent
    assert page.locator(".sounding").inner_text() == "nothing plays"


def test_long_names_of_a_row_are_cut_where_they_are_alike(page):
    drawn(page, XY)
    assert call(page, "brief", ["clip 1", "clip 2"]) == ["clip 1", "clip 2"]
    assert call(page, "brief", []) == []
    ends = "speed_115_load_085_mic_2_noise_5.wav"
    long = [f"fan section_01_{kind}_test_0001_{ends}" for kind in ("source", "target")]
    cut = call(page, "brief", long)
    assert [own[:20] for own in cut] == ["\u2026source_test_0001_sp", "\u2026target_test_0001_sp"]
    assert all(len(own) == 44 and own.endswith("\u2026") for own in cut)
    alike = [50 * "x" + end for end in ("1.wav", "2.wav")]
    cut = call(page, "brief", alike)
    assert [own[-8:] for own in cut] == ["xxx1.wav", "xxx2.wav"] and len(cut[0]) == 44


def test_a_late_sound_does_not_play_after_escape(page):
    drawn(page, XY)
    page.mouse.click(*places(page, XY)[0].tolist())
    assert page.locator(".tip").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".tip").is_visible()
    answer(page, TONES)
    assert page.locator(".sounding").inner_text() == "nothing plays"
    assert page.evaluate("() => document.querySelector('audio').src") == ""


def test_keys_step_play_and_clear(page):
    drawn(page, XY)
    stage, words = page.locator(".stage"), page.locator(".words")
    stage.focus()
    page.keyboard.press("Space")
    assert words.inner_text() == "choose a clip first: an arrow key, or a click"
    page.keyboard.press("ArrowRight")
    assert got(page, "picked") == 2 and words.inner_text() == "clip 2, left"
    for key, point in [("ArrowRight", 4), ("ArrowRight", 5), ("ArrowLeft", 4), ("ArrowUp", 3),
                       ("PageDown", 4), ("PageUp", 3)]:  # fmt: skip
        page.keyboard.press(key)
        assert got(page, "picked") == point, key
    page.keyboard.press("ArrowUp")
    assert words.inner_text() == "there is no further clip in this direction"
    answer(page, TONES)
    page.keyboard.press("Space")
    assert heard(page) == ("playing: clip 3", TONES[3])
    page.keyboard.press("Space")
    assert page.locator(".sounding").inner_text() == "nothing plays"
    before = page.screenshot(clip=stage.bounding_box())
    page.keyboard.press("+")
    page.evaluate(FRAMES)
    assert page.screenshot(clip=stage.bounding_box()) != before
    page.keyboard.press("0")
    page.evaluate(FRAMES)
    assert page.screenshot(clip=stage.bounding_box()) == before
    page.keyboard.press("Escape")
    assert got(page, "picked") == -1 and words.inner_text() == "nothing is chosen"
    spoken, told = stage.get_attribute("aria-label"), page.locator(".key").inner_text()
    assert spoken.startswith(told) and told.startswith("Map of clips A thick black circle")
    page.locator(".help summary").press("Enter")
    for key in ("arrows", "Page Down", "space", "Esc", "+ and -"):
        assert key in page.locator(".help").last.inner_text() and key in spoken


def test_names_with_html_in_them_stay_text(page):
    name = "<img src=x onerror=\"document.title='run'\"><b>bold</b>"
    drawn(page, XY, [name] * len(XY), words=("<script>document.title = 'run'</script>", "b"))
    spots = places(page, XY)
    page.mouse.move(*spots[4].tolist())
    assert page.locator(".tip").inner_text() == f"{name}\nb"
    page.mouse.click(*spots[4].tolist())
    answer(page, TONES)
    assert name in page.locator(".sounding").inner_text()
    assert page.locator(".asdkit-map img, .asdkit-map b, .asdkit-map script").count() == 0
    assert page.title() == ""


def test_a_page_says_when_its_kernel_is_gone(page):
    drawn(page, XY)
    gone = page.locator(".gone")
    assert not gone.is_visible()
    page.evaluate("() => model.tell('comm_live_update')")
    assert "The kernel is gone" in gone.inner_text() and gone.is_visible()
    assert got(page, "selected") == []
    spots = places(page, XY)
    low, high = spots.min(0) - 4, spots.max(0) + 4
    drag(page, [low, (high[0], low[1]), high, (low[0], high[1])])
    assert page.locator(".count").inner_text() == "7 of 7 selected"  # what it can do, it does
    page.evaluate("() => model.answer({ kind: 'pong' })")
    assert not gone.is_visible()
    page.mouse.click(*places(page, XY)[0].tolist())
    page.wait_for_function("() => !document.querySelector('.gone').hidden", timeout=8000)
    assert "does not answer" in gone.inner_text()


def test_a_view_that_is_closed_listens_no_more(page):
    drawn(page, XY)
    page.evaluate("() => end()")
    before = page.locator(".count").inner_text()
    page.evaluate("() => model.set('selected', [1, 2])")
    assert page.locator(".count").inner_text() == before


LASSO = """(wide) => {
    const stage = document.querySelector('.stage'), count = document.querySelector('.count');
    const { left, top, width, height } = stage.getBoundingClientRect();
    const fire = (kind, x, y) => stage.dispatchEvent(new PointerEvent(kind, {
        clientX: left + x * width, clientY: top + y * height, button: 0, pointerId: 1 }));
    stage.setPointerCapture = () => null; // there is no real pointer
    fire('pointerdown', 0.3, 0.2);
    for (let i = 0; i <= 60; i++) {
        const turn = (2 * Math.PI * i) / 60;
        fire('pointermove', 0.5 + (wide ? 0.2 : 0.1) * Math.cos(turn), 0.5 + 0.3 * Math.sin(turn));
    }
    const before = count.textContent;
    fire('pointerup', 0.5, 0.5);
    return [before, count.textContent]; // as the hand lifts, before the next frame
}"""


@pytest.mark.parametrize("n", [1000, 5000, 50_000])
def test_the_counter_follows_a_lasso_at_once(page, n):
    drawn(page, RNG.normal(size=(n, 2)))
    told = [page.evaluate(LASSO, wide) for wide in (False, True, False)]
    assert told[1][0] == told[0][1] == told[2][1] and told[2][0] == told[1][1] != told[1][0]


PAN = """() => new Promise((done) => {
    const stage = document.querySelector('.stage'), { left, top } = stage.getBoundingClientRect();
    const fire = (kind, x) => stage.dispatchEvent(new PointerEvent(kind, {
        clientX: left + x, clientY: top + 200, button: 0, pointerId: 1 }));
    stage.setPointerCapture = () => null;
    document.querySelector("[data-mode=pan]").click();
    fire('pointerdown', 300);
    const seen = new Set(), canvas = document.querySelector('canvas');
    let frames = 0;
    const next = () => {
        seen.add(canvas.toDataURL());
        fire('pointermove', 300 + 5 * ++frames);
        if (frames < 10) requestAnimationFrame(next);
        else done(seen.size);
    };
    requestAnimationFrame(next);
})"""


def test_fifty_thousand_points_follow_a_hand_that_pans(page):
    drawn(page, RNG.normal(size=(50_000, 2)))
    assert page.evaluate(PAN) == 10  # every frame shows them in another place
