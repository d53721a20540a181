"""How fast the explorer answers in a browser, and whether scrubbing fills its memory.

python tests/benchmarks/explorer.py

Medians and the worst of 20 turns, from the event to the painted frame that follows; a kernel that
answers at once stands behind the page. Goals at 5,000 points: lasso 100 ms, sound 150 ms, scrubber
100 ms; 30 frames a second while 50,000 points are panned.
"""

import base64
import shutil
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from playwright.sync_api import sync_playwright

from asdkit import projection, views
from asdkit.views.player import encode

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))
from map_hand import shown

RNG = np.random.default_rng(0)
TURNS, EPOCHS, SCRUBS = 20, 5, 200
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = ["--disable-gpu", "--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
PREPARE = """(ogg) => {
    window.stage = document.querySelector('.stage');
    stage.setPointerCapture = () => null; // there is no real pointer
    window.fire = (kind, x, y) => {
        const { left, top, width, height } = stage.getBoundingClientRect();
        const Kind = kind === 'click' ? MouseEvent : PointerEvent;
        stage.dispatchEvent(new Kind(kind, {
            clientX: left + x * width, clientY: top + y * height, button: 0, pointerId: 1 }));
    };
    window.painted = (start) => new Promise((done) => requestAnimationFrame(() =>
        setTimeout(() => done(performance.now() - start), 0)));
    window.rest = (ms) => new Promise((done) => setTimeout(done, ms));
    model.send = ({ points }) => (points ?? []).forEach((point) =>
        setTimeout(() => model.answer({ kind: 'sound', point }, ogg), 0));
}"""
LASSO = """async (turn) => {
    fire('pointerdown', 0.3, 0.2);
    for (let i = 0; i <= 60; i++) { const at = (2 * Math.PI * i) / 60;
        fire('pointermove', 0.5 + (0.1 + 0.01 * turn) * Math.cos(at), 0.5 + 0.3 * Math.sin(at)); }
    await rest(150);
    const start = performance.now();
    fire('pointerup', 0.5, 0.5); // counts, histograms and the map
    return painted(start);
}"""
SOUND = """async (turn) => {
    const x = 0.45 + 0.005 * turn, audio = document.querySelector('audio');
    fire('pointermove', x, 0.5);
    await rest(300); // a hand rests on a point before it clicks
    let start = 0;
    const heard = new Promise((done) => {
        audio.addEventListener('playing', () => done(performance.now() - start), { once: true });
        setTimeout(() => done(null), 1000); }); // no point was there
    start = performance.now();
    for (const kind of ['pointerdown', 'pointerup', 'click']) fire(kind, x, 0.5);
    return heard;
}"""
SCRUB = """async (turn) => {
    const range = document.querySelector('input[type=range]');
    range.value = (+range.value + 1) % (+range.max + 1);
    const start = performance.now();
    range.dispatchEvent(new Event('input'));
    const took = await painted(start);
    await rest(400);
    return took;
}"""
PAN = """async () => {
    document.querySelector('[data-mode=pan]').click();
    fire('pointerdown', 0.3, 0.5);
    const start = performance.now();
    for (let frame = 1; frame <= 40; frame++) {
        await new Promise(requestAnimationFrame);
        fire('pointermove', 0.3 + 0.005 * frame, 0.5);
    }
    await new Promise(requestAnimationFrame);
    const rate = 40000 / (performance.now() - start);
    fire('pointerup', 0.5, 0.5);
    document.querySelector('[data-mode=lasso]').click();
    return rate;
}"""
MANY = """async (times) => { const range = document.querySelector('input[type=range]');
    for (let turn = 0; turn < times; turn++) {
        range.value = (+range.value + 1) % (+range.max + 1);
        range.dispatchEvent(new Event('input'));
        await rest(30); } await rest(500); }"""


def explorer(count):
    """An explorer of one loss with everything that it can show, of random numbers."""
    label = (RNG.random(count) < 0.3).astype(int)
    clips = pd.DataFrame({"name": [f"clip {row}" for row in range(count)], "label": label})
    scenes, xy = {}, RNG.normal(size=(count, 2))
    for epoch in range(EPOCHS):
        xy = xy + 0.3 * RNG.normal(size=(count, 2))
        near, share = RNG.integers(count, size=(count, 10)), RNG.random(count)
        made = projection.Map(xy, near, share, share, "noise")
        score, angle = RNG.gamma(2.0, size=count) + label, RNG.uniform(0.1, 1.5, size=count)
        scenes[epoch] = views.Scene(made, None, score, angle, RNG.integers(12, size=count))
    return views.MapExplorer.from_scenes({"AdaCos": scenes}, clips)


def heap(page):
    """The bytes that a page's script keeps, after what it no longer needs was let go."""
    tools = page.context.new_cdp_session(page)
    tools.send("HeapProfiler.collectGarbage")
    tools.send("Performance.enable")
    values = {own["name"]: own["value"] for own in tools.send("Performance.getMetrics")["metrics"]}
    return values["JSHeapUsedSize"], values["Nodes"]


def told(times):
    times = [time for time in times if time is not None]
    return f"{np.median(times):.0f} ({max(times):.0f})"


def main():
    wave = 0.2 * np.sin(2 * np.pi * 300 * np.arange(48000) / 16000)
    ogg = base64.b64encode(encode(wave, 16000)).decode()
    path = next(filter(None, map(shutil.which, BROWSERS)))
    print("points  lasso ms  sound ms  scrubber ms  frames/s  heap MB, nodes, then after "
          f"{SCRUBS} scrubs")  # fmt: skip
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        for count in (1000, 5000, 50_000):
            page = browser.new_page(viewport={"width": 1200, "height": 1000})
            view = explorer(count)
            view.set(rings=True)
            shown(page, view.scatter)
            page.evaluate(PREPARE, ogg)
            cells = [
                told([page.evaluate(script, turn) for turn in range(TURNS)])
                for script in (LASSO, SOUND, SCRUB)
            ]
            rate = np.median([page.evaluate(PAN) for _ in range(5)])
            page.evaluate(MANY, 20)
            before = heap(page)
            page.evaluate(MANY, SCRUBS)
            sizes = [f"{size / 1e6:.1f}, {nodes:.0f}" for size, nodes in (before, heap(page))]
            print(f"{count:6}  {'  '.join(cells)}  {rate:.0f}  {'  ->  '.join(sizes)}", flush=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
