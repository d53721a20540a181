"""Every figure: axes with units, n in the title, the numbers it shows, one size, no pyplot, small and legible."""

import io
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from asdkit import figures

RNG = np.random.default_rng(0)
NORMAL, ANOMALY = RNG.normal(0, 1, 200), RNG.normal(1.5, 1, 60)
LABEL, SCORE = np.repeat([0, 1], [200, 60]), np.concatenate([NORMAL, ANOMALY])
SOUND = RNG.normal(-40, 10, (128, 313))
TABLE = pd.DataFrame(
    [(m, s, d, 0.7, 0.6, 0.8) for m in ("fan", "valve") for s in ("00", "01") for d in ("source", "target", "both")],
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
def test_png_is_small_and_has_its_size(name):
    figure = FIGURES[name]()
    png = figure.png()
    assert len(png) < 60_000
    assert Image.open(io.BytesIO(png)).size == tuple((100 * figure.get_size_inches()).astype(int))
    assert figure.get_size_inches()[0] == 8


@pytest.mark.parametrize("name", FIGURES)
def test_a_cell_shows_it_with_an_alternative_text(name):
    figure = FIGURES[name]()
    bundle, metadata = figure._repr_mimebundle_()
    assert bundle["image/png"].startswith("iVBOR")
    assert len(metadata["image/png"]["alt"]) > 20 and "\n" not in figure.alt


def test_no_figure_touches_pyplot():
    script = "import sys; from asdkit import figures; figures.null_histogram([0.5], 0.9).png(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert "matplotlib.figure" in loaded and "matplotlib.pyplot" not in loaded


def test_looks_differ_in_color_and_without_color():
    looks = figures.LOOKS.values()
    for field in ("color", "marker"):
        assert len({getattr(look, field) for look in looks}) == len(figures.LOOKS)
    assert figures.LOOKS["normal"].hatch != figures.LOOKS["anomaly"].hatch
    assert figures.LOOKS["source"].line != figures.LOOKS["target"].line
    assert all(max(to_rgb(look.color)) < 0.95 for look in looks)


def test_angles_are_drawn_in_degrees_with_their_gap():
    figure = figures.angle_histogram(np.radians([10, 20, 30]), np.radians([40, 50, 70, 80]))
    ax = figure.axes[0]
    assert ax.get_xlim() == (0, 90) and "degrees" in ax.get_xlabel()
    assert figure.legends[0].get_title().get_text() == "gap of the medians\n+40.0°"
    assert "n = 3 normal, 4 anomalies" in ax.get_title()
    assert [line.get_xdata()[0] for line in ax.lines] == pytest.approx([20, 60])
    for patch in ax.patches:  # both histograms are densities: each has area 1
        height, edges, _ = patch.get_data()
        assert np.sum(height * np.diff(edges)) == pytest.approx(1)


@pytest.mark.parametrize(("largest", "limit", "end"), [(80, 90, 90), (80, 180, 180), (120, 90, 180)])
def test_the_axis_of_angles_has_two_lengths_only(largest, limit, end):
    figure = figures.angle_histogram(np.radians([30, 40]), np.radians([50, largest]), limit=limit)
    assert figure.axes[0].get_xlim() == (0, end)


def test_degrees_are_no_angles():
    with pytest.raises(ValueError, match="pass radians"):
        figures.angle_histogram([20.0], [40.0])
    with pytest.raises(ValueError, match="90 or 180"):
        figures.angle_histogram([0.2], [0.4], limit=100)


def test_spectrograms_share_one_color_scale_and_have_seconds():
    figure = figures.log_mels([SOUND, SOUND + 30], ["low", "high"])
    images = [ax.images[0] for ax in figure.axes if ax.images]
    assert images[0].get_clim() == images[1].get_clim()
    assert images[0].get_extent()[:2] == pytest.approx([0, 313 * 512 / 16000])
    assert [ax.get_title() for ax in figure.axes[:2]] == ["low", "high"]
    assert figure.axes[0].get_xlabel() == "time in s" and figure.axes[-1].get_ylabel() == "level in dB"


def test_the_frequency_axis_agrees_with_the_filters():
    librosa = pytest.importorskip("librosa")
    right = figures.log_mel(SOUND).axes[0].child_axes[0]
    places, names = right.get_yticks(), [label.get_text() for label in right.get_yticklabels()]
    filters = librosa.filters.mel(sr=16000, n_fft=8192, n_mels=128)
    for place, name in zip(places, names):
        peak = filters[round(place)].argmax() * 16000 / 8192
        assert peak / 1000 == pytest.approx(float(name), rel=0.03, abs=0.015)


@pytest.mark.parametrize("broken", [np.zeros(5), np.zeros((2, 3, 4)), np.full((2, 3), np.nan)])
def test_what_is_no_spectrogram_is_refused(broken):
    with pytest.raises(ValueError):
        figures.log_mel(broken)


def test_titles_and_spectrograms_go_together():
    with pytest.raises(ValueError, match="1 titles for 2"):
        figures.log_mels([SOUND, SOUND], ["one"])


def test_a_scale_history_has_a_line_a_loss():
    histories = {"AdaCos": np.linspace(20, 8, 50), "fixed": np.full(40, 30.0)}
    ax = figures.scale_history(histories).axes[0]
    assert [len(line.get_xdata()) for line in ax.lines] == [50, 40]
    assert ax.get_yscale() == "linear" and ax.get_ylim()[0] == 0 and "n = 50 steps" in ax.get_title()
    assert "ends at 8" in ax.get_legend().get_texts()[0].get_text()
    assert figures.scale_history(histories, log=True).axes[0].get_yscale() == "log"
    with pytest.raises(ValueError, match="log=False"):
        figures.scale_history({"zero": [1.0, 0.0]}, log=True)
    with pytest.raises(ValueError, match="no history"):
        figures.scale_history({})


def test_the_null_histogram_counts_shuffles_that_do_as_well():
    figure = figures.null_histogram([0.4, 0.5, 0.6, 0.7], 0.6)
    ax = figure.axes[0]
    assert "n = 4 shuffles, p = 0.6" in ax.get_title()
    assert ax.patches[0].get_data().values.sum() == 4 and ax.get_xlim() == (0, 1)
    assert 0.6 in [line.get_xdata()[0] for line in ax.lines]
    with pytest.raises(ValueError, match="not as percent"):
        figures.null_histogram([0.5], 60)


def test_the_table_has_a_dot_a_row_and_chance():
    ax = figures.auc_table(TABLE).axes[0]
    assert sum(len(dots.lines[0].get_xdata()) for dots in ax.containers) == len(TABLE)
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["fan 00", "fan 01", "valve 00", "valve 01"]
    assert ax.lines[0].get_xdata()[0] == 0.5
    unknown = TABLE.assign(domain=None, auc=[np.nan, *[0.7] * (len(TABLE) - 1)])
    assert len(figures.auc_table(unknown).axes[0].containers[0].lines[0].get_xdata()) == len(TABLE) - 1


def test_a_table_that_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="lacks auc_low"):
        figures.auc_table(TABLE.drop(columns="auc_low"))
    with pytest.raises(ValueError, match="no row"):
        figures.auc_table(TABLE.assign(auc=np.nan))
    with pytest.raises(ValueError, match="does not hold"):
        figures.auc_table(TABLE.assign(auc=0.9))
