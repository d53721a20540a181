"""AUC and pAUC of several systems on each machine type: dots, lines from seed to seed, chance."""

import numpy as np
import pytest

from asdkit import figures

MACHINES = ["fan", "pump", "valve"]
RNG = np.random.default_rng(0)
AUC = {"autoencoder": RNG.uniform(0.6, 0.9, (4, 3)), "mean Gaussian": RNG.uniform(0.6, 0.9, 3)}
PAUC = {name: values - 0.1 for name, values in AUC.items()}


def test_a_dot_is_the_mean_and_its_line_the_seeds():
    figure = figures.auc_by_machine(MACHINES, AUC, PAUC)
    for ax, values in zip(figure.axes, (AUC, PAUC)):
        assert ax.lines[0].get_xdata()[0] == 0.5
        for number, name in enumerate(values):
            rows = np.atleast_2d(values[name])
            mean, place = ax.lines[1 + number].get_data()
            np.testing.assert_allclose(mean, rows.mean(axis=0))
            np.testing.assert_array_equal(np.round(place), [0, 1, 2])
            for machine, bar in enumerate(ax.collections[number].get_segments()):
                np.testing.assert_allclose(
                    bar[:, 0], [rows[:, machine].min(), rows[:, machine].max()]
                )


def test_panels_are_named_and_share_their_axes():
    figure = figures.auc_by_machine(MACHINES, AUC, PAUC, title="eight synthetic types")
    left, right = figure.axes
    assert left.get_xlabel() == "AUC" and right.get_xlabel() == "pAUC"
    assert left.get_title() == "AUC (n = 3 machine types)"
    assert left.get_xlim() == right.get_xlim() == (0.3, 1.01)
    assert [tick.get_text() for tick in left.get_yticklabels()] == MACHINES
    words = [text.get_text() for text in figure.legends[0].get_texts()]
    told = f"mean AUC {AUC['autoencoder'].mean():.3f}, pAUC {PAUC['autoencoder'].mean():.3f}"
    assert words[1] == f"autoencoder, n = 4 seeds, {told}" and "seeds" not in words[2]
    assert "eight synthetic types" in figure.alt and figure.png()[:4] == b"\x89PNG"


def test_systems_are_told_apart_by_marker_and_place():
    many = {str(number): [0.6, 0.7, 0.8] for number in range(6)}
    ax = figures.auc_by_machine(MACHINES, many, many).axes[0]
    assert len({line.get_marker() for line in ax.lines[1:7]}) == 6
    places = np.sort(np.concatenate([line.get_ydata() for line in ax.lines[1:7]]))
    assert np.diff(places).min() > 0.1


def test_a_dot_below_the_axis_widens_it():
    low = AUC | {"mean Gaussian": [0.1, 0.5, 0.6]}
    assert figures.auc_by_machine(MACHINES, low, PAUC).axes[0].get_xlim()[0] < 0.1


@pytest.mark.parametrize(
    ("auc", "pauc", "words"),
    [
        ({}, {}, "AUCs of nothing"),
        (AUC, {"autoencoder": PAUC["autoencoder"]}, "give the same systems in both"),
        (AUC, PAUC | {"mean Gaussian": [0.5]}, r"mean Gaussian is \(1, 1\): give \(seeds, 3\)"),
        (AUC | {"autoencoder": 100 * AUC["autoencoder"]}, PAUC, "no share: give AUCs from 0 to 1"),
        (AUC | {"autoencoder": np.full(3, np.nan)}, PAUC, "is nan"),
        (*[{str(n): [0.5] * 3 for n in range(7)}] * 2, "7 systems cannot be told apart"),
    ],
)
def test_what_it_refuses(auc, pauc, words):
    with pytest.raises(ValueError, match=words):
        figures.auc_by_machine(MACHINES, auc, pauc)
