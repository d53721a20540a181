"""The explorer in a real browser: its geometry, and what hand, keys and sound do."""

import base64
import json

import numpy as np
import pytest
from matplotlib.path import Path as Polygon

from asdkit.views.scatter import Scatter

pytestmark = pytest.mark.browser

RNG = np.random.default_rng(0)
# A model as anywidget hands it over, whose kernel is a list of what was asked.
MODEL = """async ([script, state]) => {
    const source = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    window.geometry = await import(source);
    const raw = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
    for (const name of ["points", "colors", "shapes", "groups", "names"])
        state[name] = raw(state[name]);
    const heard = {}, model = { asked: [], saved: 0 };
    model.get = (name) => state[name];
    model.on = (name, act) => (heard[name] ??= []).push(act);
    model.off = (name, act) => (heard[name] = heard[name].filter((other) => other !== act));
    model.tell = (name, ...more) => (heard[name] ?? []).forEach((act) => act(...more));
    model.set = (name, value) => { state[name] = value; model.tell(`change:${name}`); };
    model.save_changes = () => (model.saved += 1);
    model.send = (message) => model.asked.push(message);
    model.answer = (message, data) => model.tell("msg:custom", message, data ? [raw(data)] : []);
    window.model = model;
    document.body.replaceChildren();
    window.end = geometry.default.render({ model, el: document.body });
}"""


def coded(data):
    return base64.b64encode(data).decode()


def drawn(page, xy, names=None, groups=None, words=("left", "right")):
    """Draw a scatter on an empty page."""
    groups = (np.asarray(xy)[:, 0] > 0).astype(int) if groups is None else groups
    names = [f"clip {row}" for row in range(len(xy))] if names is None else names
    scatter = Scatter(xy, names, bytes, str)
    legend = [{"name": word, "color": "#0072B2", "shape": "o"} for word in words]
    scatter.paint(groups, legend, np.full((len(xy), 3), 100), ["o"] * len(xy), "Map of clips")
    state = {
        name: coded(value) if isinstance(value, bytes) else value
        for name, value in scatter.get_state().items()
    }
    page.evaluate(MODEL, [scatter._esm, state])
    page.locator(".stage").scroll_into_view_if_needed()
    page.evaluate("() => new Promise(requestAnimationFrame)")
    page.wait_for_timeout(100)
    return scatter


def places(page, xy):
    """Where points stand on the page, from the canvas as it was fitted, in float64."""
    frame = page.evaluate("""() => { const stage = document.querySelector('.stage');
        const { left, top } = stage.getBoundingClientRect();
        return [left + stage.clientLeft, top + stage.clientTop, stage.clientWidth,
                stage.clientHeight]; }""")
    left, top, width, height = frame
    low, high = np.min(xy, 0), np.max(xy, 0)
    k = min((width - 32) / (high - low)[0], (height - 32) / (high - low)[1])
    offset = (np.asarray(xy) - (low + high) / 2) * [k, -k]
    return offset + [left + width / 2, top + height / 2]


def drag(page, corners, key=None):
    if key:
        page.keyboard.down(key)
    corners = np.asarray(corners).tolist()
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*corner, steps=3)
    page.mouse.up()
    if key:
        page.keyboard.up(key)


def got(page, name):
    return page.evaluate(f"() => window.model.get({json.dumps(name)})")


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
