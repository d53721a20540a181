"""A hand and an ear on a map in a browser: a model without a kernel, where the points stand, how it
is dragged over, and what plays.
"""

import base64
import json

import numpy as np

# A model as anywidget hands it over, whose kernel is a list of what was asked.
MODEL = """async ([script, state, packed]) => {
    const source = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    window.geometry = await import(source);
    const raw = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
    for (const name of packed) state[name] = raw(state[name]);
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


def shown(page, scatter):
    """Draw a scatter on an empty page, with a model whose kernel is a list of what was asked."""
    state = scatter.get_state()
    packed = [name for name, value in state.items() if isinstance(value, bytes)]
    state |= {name: coded(state[name]) for name in packed}
    page.evaluate(MODEL, [scatter._esm, state, packed])
    page.locator(".stage").scroll_into_view_if_needed()
    page.evaluate("() => new Promise(requestAnimationFrame)")
    page.wait_for_timeout(100)


FRAMES = """() => new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))"""


def got(page, name):
    return page.evaluate(f"() => window.model.get({json.dumps(name)})")


def answer(page, sounds):
    """Answer what the page has asked for, as the kernel would, with the sounds of these points."""
    for request in page.evaluate("() => model.asked.splice(0)"):
        for point in request.get("points", ()):
            if point in sounds:
                page.evaluate(
                    "([message, data]) => model.answer(message, data)",
                    [{"kind": "sound", "point": point}, coded(sounds[point])],
                )
            else:
                page.evaluate(
                    "(message) => model.answer(message)",
                    {"kind": "sound", "point": point, "missing": "its file is not there"},
                )


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


HEARD = """async () => { const audio = document.querySelector('audio');
    const data = new Uint8Array(await (await fetch(audio.src)).arrayBuffer());
    return [document.querySelector('.sounding').textContent, btoa(String.fromCharCode(...data)),
            audio.error?.message ?? null]; }"""


def heard(page):
    """What the page says that it plays, and the bytes that it does play."""
    words, data, error = page.evaluate(HEARD)
    assert error is None
    return words, base64.b64decode(data)
