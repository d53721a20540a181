"""The loss laboratory: what a hand does in the browser, driven from here."""

import math

import numpy as np
import pytest

from asdkit import figures, views


@pytest.fixture
def lab():
    return views.LossLab()


def test_set_moves_state_picture_and_text(lab):
    picture, text = lab.image.value, lab.text.value
    assert lab.set(kind="CosFace", angle=50, scale=12, margin=0.35, apart=80) is lab
    expected = figures.loss_state("CosFace", math.radians(50), 12.0, 0.35, math.radians(80))
    assert lab.state == pytest.approx(expected)
    assert lab.image.value != picture and lab.text.value != text
    assert f"probability {expected['probability']:.3f} in training" in lab.text.value
    assert 'alt="one clip (n = 1), CosFace s = 12' in lab.image.value


def test_a_hand_on_each_slider_redraws(lab):
    for name, value in (
        ("angle", 77),
        ("apart", 60),
        ("scale", 4),
        ("margin", 0.9),
        ("kind", "softmax"),
    ):
        picture = lab.image.value
        getattr(lab, name).value = value
        assert lab.image.value != picture, name


def test_the_extremes(lab):
    assert np.isnan(lab.set(angle=0, margin=2.0, apart=5).state["border"])
    assert "won nowhere" in lab.text.value
    sure = lab.set(kind="softmax", angle=0, scale=64, apart=180).state
    assert sure["loss"] < 1e-50 and sure["probability"] == 1.0
    lost = lab.set(angle=180).state
    assert lost["probability"] < 1e-50 and np.isfinite(lost["loss"])


def test_a_softmax_has_no_margin_to_move(lab):
    assert not lab.margin.disabled
    before = lab.set(kind="softmax", margin=0.2).state
    assert lab.margin.disabled and lab.set(margin=1.5).state == pytest.approx(before)


def test_the_margin_names_its_unit(lab):
    assert lab.margin.description == "margin, rad"
    assert lab.set(kind="CosFace").margin.description == "margin, cos"


def test_several_moves_draw_once(lab, unpainted, monkeypatch):
    drawn = []
    assert lab.image.value
    monkeypatch.setattr(lab, "figure", lambda: drawn.append(1) or views.LossLab.figure(lab))
    lab.set(kind="CosFace", angle=10, margin=0.1)
    assert len(drawn) == 1


def test_what_cannot_be_chosen_moves_nothing(lab):
    before = lab.text.value
    for values, words in [
        ({"kind": "AdaCos"}, "kind cannot be 'AdaCos': give one of softmax, CosFace, ArcFace"),
        ({"scale": 9, "margin": 3.0}, "margin cannot be 3.0: give one of 0.0, 0.05, ..., 2.0"),
        ({"angle": -1}, "angle cannot be -1: give one of 0, 1, ..., 180"),
        ({"m": 0.5}, "there is no control 'm'"),
    ]:  # fmt: skip
        with pytest.raises(ValueError, match=words):
            lab.set(**values)
    assert lab.text.value == before


def test_a_cell_shows_the_widget_and_a_page_its_numbers(lab, unpainted):
    bundle = lab._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle and bundle["text/plain"] == repr(
        lab
    )
    assert repr(lab).startswith("<LossLab: ArcFace at 30°: probability")
