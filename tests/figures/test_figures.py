"""Every figure: axes with units, n in the title, the numbers it shows, one size, no pyplot, small
and legible.
"""

import base64
import io
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from asdkit import figures

RNG = np.random.default_rng(0)
NORMAL, ANOMALY = RNG.normal(0, 1, 200), RNG.normal(1.5, 1, 60)
LABEL, SCORE = np.repeat([0, 1], [200, 60]), np.concatenate([NORMAL, ANOMALY])
SOUND = RNG.normal(-40, 10, (128, 313))
TABLE = pd.DataFrame(
    [
        (m, s, d, 0.7, 0.6, 0.8)
        for m in ("fan", "valve")
        for s in ("00", "01")
        for d in ("source", "target", "both")
    ],
    columns=["machine", "section", "domain", "auc", "auc_low", "auc_high"],
)
FIGURES = {
    "angle_histogram": lambda: figures.angle_histogram(np.full(30, 0.4), np.full(20, 0.9)),
    "auc_table": lambda: figures.auc_table(TABLE),
    "log_mel": lambda: figures.log_mel(SOUND),
    "log_mels": lambda: figures.log_mels([SOUND, SOUND], ["a normal clip", "an anomaly"]),
    "null_histogram": lambda: figures.null_histogram(RNG.uniform(0.4, 0.6, 100), 0.8),
    "scale_history": lambda: figures.scale_history({"AdaCos": np.linspace(20, 8, 50)}),
    "threshold_figure": lambda: figures.threshold_figure(LABEL, SCORE, 1.0),
}


@pytest.mark.parametrize("name", FIGURES)
def test_axes_are_labeled_and_the_title_has_n(name):
    figure = FIGURES[name]()
    for ax in figure.axes:
        assert ax.get_xlabel() or ax.get_ylabel()
    titles = "".join(ax.get_title() for ax in figure.axes)
    assert "n = " in titles or "mel" in name


@pytest.mark.parametrize("name", FIGURES)
def test_a_cell_shows_a_small_png_of_its_size_with_an_alternative_text(name):
    figure = FIGURES[name]()
    bundle, metadata = figure._repr_mimebundle_()
    png = base64.b64decode(bundle["image/png"])
    assert len(png) < 60_000
    image = Image.open(io.BytesIO(png))
    assert image.format == "PNG"
    assert image.size == tuple((100 * figure.get_size_inches()).astype(int))
    assert figure.get_size_inches()[0] == 8
    assert len(metadata["image/png"]["alt"]) > 20 and "\n" not in figure.alt


def test_no_figure_touches_pyplot():
    script = (
        "import sys; from asdkit import figures; figures.null_histogram([0.5], 0.9).png();"
        "print(*sys.modules)"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "matplotlib.figure" in loaded and "matplotlib.pyplot" not in loaded
