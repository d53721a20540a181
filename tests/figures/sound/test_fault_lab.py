"""A fault beside the healthy machine: its numbers by hand, its picture against its numbers."""

import numpy as np
import pytest
from librosa import hz_to_mel, mel_to_hz

from asdkit.figures import fault_figure, fault_state

RNG = np.random.default_rng(0)
HEALTHY = RNG.normal(-20, 3, size=(128, 40))


def test_equal_sounds_change_nothing():
    state = fault_state(HEALTHY, HEALTHY)
    assert state["mean_change"] == state["max_change"] == state["largest"] == 0


def test_the_numbers_by_hand():
    faulty = HEALTHY.copy()
    faulty[100] += 4.0  # a band louder all the time
    faulty[10, 5] = HEALTHY[10].max() + 20.0  # a click, in one frame of 40
    state = fault_state(HEALTHY, faulty)
    rise = (faulty[10, 5] - HEALTHY[10, 5]) / 40
    assert state["band"] == 100 and state["largest"] == pytest.approx(4.0)
    assert state["mean_change"] == pytest.approx(np.sqrt((4.0**2 + rise**2) / 128))
    assert state["max_change"] == pytest.approx(np.sqrt((4.0**2 + 20.0**2) / 128))


def test_the_band_is_named_by_its_center_frequency():
    faulty = HEALTHY.copy()
    faulty[64] -= 9.0
    expected = mel_to_hz(
        hz_to_mel(8000.0) * 65 / 129
    )  # 128 triangles stand on 130 points, equally far on the mel scale
    state = fault_state(HEALTHY, faulty)
    assert state["hertz"] == pytest.approx(expected) and state["largest"] == pytest.approx(-9.0)


def test_the_picture_shows_what_it_measures():
    faulty = HEALTHY + 2.5
    figure = fault_figure(HEALTHY, faulty, title="leak")
    healthy, broken, change = figure.axes[:3]
    assert (healthy.get_title(), broken.get_title()) == ("healthy", "leak")
    assert "2.5 dB" in change.get_title() and "2.5 dB" in figure.alt
    assert np.allclose(healthy.images[0].get_array(), HEALTHY) and np.allclose(
        broken.images[0].get_array(), faulty
    )
    curves = {line.get_label(): line.get_xdata() for line in change.lines}
    assert np.allclose(curves["mean over time"], 2.5) and np.allclose(curves["maximum"], 2.5)


def test_nothing_but_the_fault_moves():
    first, second = (fault_figure(HEALTHY, HEALTHY + gain) for gain in (0.5, 30.0))
    for one, other in zip(first.axes[:3], second.axes[:3]):
        assert one.get_xlim() == other.get_xlim() and one.get_ylim() == other.get_ylim()
        assert [image.get_clim() for image in one.images] == [
            image.get_clim() for image in other.images
        ]


@pytest.mark.parametrize("function", [fault_state, fault_figure])
@pytest.mark.parametrize(
    ("faulty", "sentence"),
    [
        (HEALTHY[:, :-1], "compare clips of one length"),
        (HEALTHY[0], "is \\(mel, time\\)"),
        (np.full_like(HEALTHY, np.nan), "is nan"),
    ],
)
def test_what_cannot_be_compared_is_refused(function, faulty, sentence):
    with pytest.raises(ValueError, match=sentence):
        function(HEALTHY, faulty)
