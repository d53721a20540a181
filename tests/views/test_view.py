"""What all views share: controls are checked together, move together, and draw once, words before
the picture.
"""

import ipywidgets
import numpy as np
import pytest

from asdkit import figures
from asdkit.views.names import Names
from asdkit.views.view import View, among, buttons, whole


class Box(View):
    """A box with a side, a height, a color and a lid; it keeps what it drew."""

    def __init__(self, **start):
        self.drawn = []
        controls = {
            "side": whole("side", range(2, 41, 2), 4, "Side"),
            "height": among("height", [tenths / 10 for tenths in range(11)], 0.5, "Height"),
            "color": buttons("color", ("red", "blue"), "red", "Color"),
            "lid": ipywidgets.Checkbox(False),
        }
        super().__init__(controls, start)

    def figure(self):
        self.drawn.append(self.values)
        figure = figures.Picture(2, 2)
        figure.subplots().set_title(f'"{self._readout()}"')
        return figure

    @property
    def values(self):
        return tuple(control.value for control in self.controls.values())

    def _readout(self):
        return " ".join(map(str, self.values))


def shown():
    box = Box()
    box._repr_mimebundle_()
    return box


def test_it_starts_as_asked_and_draws_once():
    assert Box().values == (4, 0.5, "red", False)
    box = Box(side=8, lid=True)
    assert box.values == (8, 0.5, "red", True) and box.text.value == "8 0.5 red True"
    assert repr(box) == "<Box: 8 0.5 red True>" and box.drawn == []  # nobody has seen it yet
    assert repr(box) == box._repr_mimebundle_()["text/plain"] and box.drawn == [box.values]
    *seen, names = box.box.children
    assert seen == [box.side, box.height, box.color, box.lid, box.text, box.image]
    assert isinstance(names, Names) and names.layout.display == "none"


def test_several_controls_move_and_draw_once():
    box = shown()
    assert box.set(side=10, height=0.1 + 0.2, color="blue", lid=None) is box
    assert box.values == (10, 0.3, "blue", False) and box.drawn[1:] == [box.values]
    assert box.set(side=np.int64(12), height=np.float32(0.7)).values[:2] == (12, 0.7)


@pytest.mark.parametrize(
    "name, value", [("side", 6), ("height", 1.0), ("color", "blue"), ("lid", True)]
)
def test_a_hand_on_each_control_redraws(name, value):
    box = shown()
    getattr(box, name).value = value
    assert box.controls[name].value == value and box.drawn[1:] == [box.values]


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"side": 5}, "side cannot be 5: give one of 2, 4, ..., 40"),
        ({"side": "4"}, "side cannot be '4'"),
        ({"height": float("nan")}, "height cannot be nan: give one of 0.0, 0.1, ..., 1.0"),
        ({"color": "green"}, "color cannot be 'green': give one of red, blue"),
        ({"lid": "open"}, "lid cannot be 'open': give one of False, True"),
        ({"depth": 1}, "there is no control 'depth': set one of side, height, color, lid"),
    ],
)
def test_one_wrong_value_moves_nothing(wrong, words):
    box = shown()
    with pytest.raises(ValueError, match=words):
        box.set(height=0.9, **wrong) if "height" not in wrong else box.set(side=6, **wrong)
    assert box.values == (4, 0.5, "red", False) and len(box.drawn) == 1
    with pytest.raises(ValueError, match=words):
        Box(**wrong)


def test_its_picture_is_the_first_that_is_asked_for():
    box = Box()
    box.set(side=6).set(side=8)
    assert "8 0.5 red" in box.image.value and len(box.drawn) == 1


def test_the_words_stand_before_the_picture_changes():
    box, seen = Box(), []
    box.image.observe(lambda change: seen.append((box.text.value, change["new"])), names="value")
    box.set(side=20)
    ((words, image),) = seen
    assert (
        words == "20 0.5 red False"
        and 'alt="&quot;20 0.5 red False&quot;. Drawing." src="data:image/png;base64,' in image
    )


def test_after_an_error_in_the_picture_the_controls_still_work(monkeypatch):
    box = shown()
    with monkeypatch.context() as broken:
        broken.setattr(box, "figure", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            box.set(side=6)
    box.set(side=8)
    assert box.text.value == "8 0.5 red False"


def test_axes_stay_where_they_are_while_a_control_moves(monkeypatch):
    likes, png = [], figures.Picture.png
    drawn = lambda self, like=None: likes.append((self, like)) or png(self, like)  # noqa: E731
    monkeypatch.setattr(figures.Picture, "png", drawn)
    shown().set(side=40)
    (first, nothing), (second, earlier) = likes
    assert nothing is None and earlier is first
    assert second.axes[0].get_position().bounds == first.axes[0].get_position().bounds
