"""A hand and an ear on a map in a browser: where its points stand, how it is dragged over, and what
plays.
"""

import base64

import numpy as np


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
