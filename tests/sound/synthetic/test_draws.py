"""Chance by name: the same key gives the same numbers, another key others, and draws keep to their
ranges.
"""

from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from asdkit.sound.synthetic.draws import draw, generator


class Thing(NamedTuple):
    count: int
    size: float
    parts: tuple


@given(st.text(), st.integers())
def test_a_key_gives_the_same_numbers_and_another_key_others(name, number):
    first = generator(name, number).random(4).tolist()
    assert first == generator(name, number).random(4).tolist()
    assert first != generator(name, number + 1).random(4).tolist()


def test_the_numbers_are_the_same_on_every_machine():
    assert generator("id", "fan", 0).integers(1000, size=3).tolist() == [587, 113, 363]


@given(st.integers(0, 10**6), st.integers(-5, 5), st.integers(0, 5))
def test_draws_keep_to_their_ranges(seed, low, width):
    span = (low, low + width)
    thing = draw(
        Thing, {"count": span, "size": (0.5, 0.7), "parts": ((1.0, 2.0), (3, 4))}, generator(seed)
    )
    assert isinstance(thing.count, int) and low <= thing.count <= low + width
    assert 0.5 <= thing.size < 0.7 and 1 <= thing.parts[0] < 2 and thing.parts[1] in (3, 4)
