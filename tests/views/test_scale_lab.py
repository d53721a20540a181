"""The adaptive scale under the hand: what a hand does in the browser, driven from here."""

import numpy as np
import pytest

from asdkit import figures, views


@pytest.fixture
def view():
    return views.ScaleView(steps=20)


def test_set_moves_state_picture_and_text(view):
    picture, text = view.image.value, view.text.value
    assert view.set(classes=6, batch=16, dim=8, mixed=True) is view
    expected = figures.scale_state(6, 16, 8, True, steps=20)
    np.testing.assert_array_equal(view.state["scale"], expected["scale"])
    assert view.image.value != picture and view.text.value != text
    assert view.text.value.startswith(
        "6 classes, batches of 16, D = 8, with mixup: scale from 2.28 to"
    )
    assert 'alt="6 classes, batches of 16, D = 8, with mixup (n = 20 steps)' in view.image.value


def test_a_hand_on_each_control_redraws(view):
    for name, value in (("classes", 24), ("batch", 4), ("dim", 128), ("mixed", True)):
        picture = view.image.value
        getattr(view, name).value = value
        assert view.image.value != picture, name


@pytest.mark.parametrize("classes", [3, 41])
def test_the_scale_is_seen_beside_that_of_learned_clips_at_right_angles(view, classes):
    figure = view.set(classes=classes).figure()
    dotted = [line.get_ydata() for line in figure.axes[0].lines if line.get_linestyle() == ":"]
    assert [height for line in dotted for height in set(line)] == pytest.approx(
        [np.log(classes - 1)]
    )
    assert f"s = {np.log(classes - 1):.3g}, 45°, one half" in view.image.value


def test_what_was_trained_once_is_kept(view):
    first = view.set(dim=8).state
    view.set(dim=16)
    assert view.set(dim=8).state is first


def test_a_runaway_is_told():
    view = views.ScaleView(classes=41, dim=2, steps=60)
    assert view.state["runaway"] and "it has run away" in repr(view)
    assert not view.set(dim=128).state["runaway"] and "own probability" in repr(view)


def test_what_cannot_be_chosen_moves_nothing(view):
    before = view.text.value
    for values, words in [
        ({"classes": 2}, "classes cannot be 2: give one of 3, 6, 12, 24, 41"),
        ({"dim": 8, "mixed": "yes"}, "mixed cannot be 'yes': give one of False, True"),
        ({"seed": 1}, "there is no control 'seed': set one of classes, batch, dim, mixed"),
    ]:
        with pytest.raises(ValueError, match=words):
            view.set(**values)
    assert view.text.value == before


def test_a_cell_shows_the_widget_and_a_page_its_numbers(view, unpainted):
    bundle = view._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle and bundle["text/plain"] == repr(
        view
    )


def test_while_it_trains_the_line_says_so_and_what_is_kept_needs_no_training(view):
    said = []
    view.text.observe(lambda change: said.append(change.new), names="value")
    view.dim.value = 16
    assert said[0] == "12 classes, batches of 64, D = 16, without mixup: training, 20 steps ..."
    assert len(said) == 2 and "own probability" in said[1]
    said.clear()
    view.dim.value = 32
    assert len(said) == 1 and "training" not in said[0]


def test_the_choice_before_is_drawn_beside_the_new_one(view):
    first = view.state["scale"]
    assert "the choice before" not in view.figure().alt
    scale = view.set(dim=8).figure().axes[0]
    np.testing.assert_array_equal(scale.lines[0].get_ydata(), view.state["scale"])
    drawn = next(line for line in scale.lines[1:] if len(line.get_ydata()) == len(first))
    np.testing.assert_array_equal(drawn.get_ydata(), first)
    assert "the choice before, s ends at" in view.set(dim=8).figure().alt
