"""Why a clip scores: the frame stands where the sentence says, colors are the worth."""

import librosa
import numpy as np
import pytest

from asdkit import figures
from asdkit.exchanges import Explanation

RNG = np.random.default_rng(0)
CLIP, NEIGHBOR = RNG.normal(-40, 10, (2, 128, 63))


def why(threshold=None):
    remaining = RNG.normal(0, 0.1, (4, 4))
    remaining[2, 1] = -5.0
    bands, spans, loud = np.zeros(4), np.zeros(4), np.full((4, 4), 6.0)
    edges = librosa.mel_frequencies(5, fmin=0, fmax=8000), np.linspace(0, 2, 5)
    return Explanation(
        0.0, -8.0, remaining, bands, spans, loud, loud[0], loud[0], *edges, threshold
    )


@pytest.mark.parametrize("threshold, line", [(None, "-"), (1.0, ":")])
def test_the_frame_is_the_part_that_the_sentence_tells(threshold, line):
    told = why(threshold)
    figure = figures.explanation(told, CLIP, NEIGHBOR, title="a fan")
    panels = figure.axes[:3]
    for ax in panels:
        (frame,) = ax.patches
        assert (frame.get_x(), frame.get_width()) == (0.5, 0.5) and frame.get_linestyle() == line
        low, high = librosa.mel_to_hz([frame.get_y(), frame.get_y() + frame.get_height()])
        assert (low, high) == pytest.approx(tuple(told.bands[2:4]))
        assert ax.get_xlabel() == "time in s"
    np.testing.assert_array_equal(panels[0].images[0].get_array(), CLIP)
    np.testing.assert_array_equal(panels[1].images[0].get_array(), NEIGHBOR)
    colors = panels[2].collections[0]
    np.testing.assert_allclose(np.ravel(colors.get_array()), told.worth.ravel())
    assert colors.get_clim() == pytest.approx((-5.0, 5.0))
    words = " ".join(figure.get_suptitle().split())
    assert words == f"a fan (n = 1). {told.sentence()}"
    assert len(figure.png()) < 80_000


def test_what_does_not_fit_together_is_refused():
    with pytest.raises(ValueError, match="a clip and its neighbor have one shape"):
        figures.explanation(why(), CLIP, NEIGHBOR[:, :60])
    with pytest.raises(ValueError, match="a spectrogram is"):
        figures.explanation(why(), CLIP[0], NEIGHBOR)
