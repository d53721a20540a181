"""The picture of the explorer in the README, from a page that works alone: a training on the
synthetic machines, the map of its test clips, a selection, and a clip with its nearest normal ones.

    python tests/benchmarks/explorer_picture.py FILE.png
"""

import io
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import sync_playwright

from asdkit import backends, losses, projection, sound, views
from asdkit.experiment import Experiment

EPOCHS = (2, 10, 30)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
WIDTH, HEIGHT = 1000, 1000
HIGHEST = 10  # scores
NEAR = 25  # clips that are selected around the one that is chosen


def names(clips):
    """Names that are short enough to be read in a picture, such as fan/02 anomaly 7."""
    kind = sound.groups(clips) + clips["label"].map({0: " normal ", 1: " anomaly "})
    return kind + (kind.groupby(kind).cumcount() + 1).astype(str)


def explorer():
    """The explorer of the test clips after some epochs, with one clip chosen."""
    train, test = sound.split(sound.toy("course"))
    test = test.assign(name=names(test))
    experiment = Experiment(train, test, "sections")
    runs = {epoch: experiment.fit(losses.AdaCos, epochs=epoch) for epoch in EPOCHS}
    xs = {epoch: experiment.embed(run[0])[1].numpy() for epoch, run in runs.items()}
    maps = projection.fit_epochs(xs)
    scenes = {
        epoch: views.Scene(
            maps[epoch], x=xs[epoch], angle=experiment.angle(run)[0],
            score=experiment.judge(run, backends.NearestNeighbor())[0],
        )
        for epoch, run in runs.items()
    }  # fmt: skip
    view = views.MapExplorer.from_scenes({"AdaCos": scenes}, test)
    last = scenes[EPOCHS[-1]]
    # of the anomalies of the highest scores that whose nearest normal clips lie farthest away
    odd = np.argsort(np.where(test["label"] == 1, last.score, -np.inf))[-HIGHEST:].tolist()
    near = view.known.nearest(odd, last)
    reach = [
        np.linalg.norm(last.xy[own] - last.xy[row], axis=1).sum() for row, own in zip(odd, near)
    ]
    picked = odd[int(np.argmax(reach))]
    far = np.linalg.norm(last.xy - last.xy[picked], axis=1)
    return view.set(
        color="machine", epoch=EPOCHS[-1], picked=picked, selected=np.argsort(far)[:NEAR]
    )


def main(out):
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        page = explorer().to_html(Path(folder) / "map.html", title="AdaCos on synthetic machines")
        path = next(filter(None, map(shutil.which, BROWSERS)))
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        tab.goto(page.as_uri())
        tab.wait_for_timeout(1000)
        below = tab.locator(".asdkit-map .key").bounding_box()["y"]
        part = {"x": 0, "y": 0, "width": WIDTH, "height": below}
        shot = Image.open(io.BytesIO(tab.screenshot(full_page=True, clip=part))).convert("RGB")
        browser.close()
    shot.quantize(256).save(out, optimize=True)  # a third of the bytes of all colors
    print(f"{out}: {shot.width} x {shot.height}, {Path(out).stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(sys.argv[1])
