"""Clips beside their reconstructions: common colors, the error with its sign, scores in titles."""

import numpy as np
import pytest

from asdkit import figures

RNG = np.random.default_rng(0)
CLIPS = [RNG.normal(-40, 10, (128, 100)), RNG.normal(-20, 10, (128, 100))]
REBUILT = [CLIPS[0] + 3.0, CLIPS[1] - RNG.normal(0, 5, (128, 100))]


def images(figure):
    return [ax.images[0] for ax in figure.axes if ax.images]


def test_input_reconstruction_and_what_is_left():
    figure = figures.reconstruction(CLIPS[0], REBUILT[0], 9.0, "a fan")
    shown = images(figure)
    for image, expected in zip(shown, (CLIPS[0], REBUILT[0], np.full((128, 100), -3.0))):
        np.testing.assert_allclose(image.get_array(), expected, atol=1e-12)
        assert image.get_extent()[:2] == pytest.approx([0, 100 * 512 / 16000])
    assert [ax.get_title() for ax in figure.axes[:3]] == [
        "a fan", "rebuilt, score 9", "input less rebuilt",
    ]  # fmt: skip
    labels = [ax.get_ylabel() for ax in figure.axes]
    assert labels[0] == "mel band" and labels[-2:] == ["level in dB", "error in dB"]
    assert figure.axes[0].get_xlabel() == "time in s" and "(n = 1 clip)" in figure.alt


def test_levels_share_their_colors_and_an_error_of_0_is_white():
    shown = images(figures.reconstructions(CLIPS, REBUILT, [9.0, 25.0], ["a", "b"]))
    levels, errors = [shown[k] for k in (0, 1, 3, 4)], [shown[k] for k in (2, 5)]
    ends = np.percentile(np.stack(CLIPS), [1, 99.9])
    assert all(image.get_clim() == pytest.approx(tuple(ends)) for image in levels)
    assert {image.get_clim() for image in errors} == {(-20.0, 20.0)}
    assert errors[0].get_cmap()(0.5)[:3] == pytest.approx((0.97, 0.97, 0.97), abs=0.02)
    red, blue = (errors[0].get_cmap()(end)[:3] for end in (1.0, 0.0))
    assert red[0] > red[2] and blue[2] > blue[0]


def test_what_is_rebuilt_moves_no_color():
    near, far = (
        images(figures.reconstruction(CLIPS[0], CLIPS[0] + shift, 1.0)) for shift in (0.1, 50.0)
    )
    assert [image.get_clim() for image in near] == [image.get_clim() for image in far]


def test_every_row_is_named_and_small():
    figure = figures.reconstructions(CLIPS, REBUILT, [9.0, 25.25], ["normal", "worn bearing"])
    titles = [ax.get_title() for ax in figure.axes]
    assert {"normal", "worn bearing", "rebuilt, score 9", "rebuilt, score 25.2"} <= set(titles)
    assert "(n = 2 clips)" in figure.alt and len(figure.png()) < 150_000


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ((CLIPS, REBUILT, [1.0], ["a", "b"]), "2 clips, 2 rebuilt, 1 scores and 2 titles"),
        ((CLIPS, REBUILT[:1], [1.0, 2.0], ["a", "b"]), "2 clips, 1 rebuilt"),
        (([], [], [], []), "0 clips, 0 rebuilt"),
        (([CLIPS[0]], [REBUILT[0][:, 1:]], [1.0], ["a"]), r"\(128, 100\) and what was rebuilt"),
        (([CLIPS[0]], [CLIPS[0] * np.nan], [1.0], ["a"]), "is nan at"),
        (([CLIPS[0][None]], [REBUILT[0]], [1.0], ["a"]), r"a spectrogram is \(mel, time\)"),
    ],
)
def test_what_it_refuses(args, words):
    with pytest.raises(ValueError, match=words):
        figures.reconstructions(*args)
