"""What a training costs: hours and memory against numbers of the papers, and the picture."""

import pytest

from asdkit.figures import cost_figure, cost_state

RATES, SIZES = {"one": 125.0, "two": 50.0}, {"one": 128 * 313 * 4, "two": 160_000 * 4}


def test_hours_and_memory_of_the_papers_sizes():
    state = cost_state(RATES, SIZES, clips=20_000, epochs=400, room=4.0)
    assert state["hours"] == pytest.approx({"one": 8e6 / 125 / 3600, "two": 8e6 / 50 / 3600})
    assert state["gibibytes"]["two"] == pytest.approx(11.9209, abs=1e-4)  # 20,000 waves of 10 s
    assert state["fits"] == {"one": True, "two": False}


def test_twice_as_fast_is_half_as_long_and_as_large():
    slow, fast = (cost_state(RATES, SIZES, 1000, 10, faster) for faster in (1, 2))
    assert slow["hours"] == pytest.approx({k: 2 * v for k, v in fast["hours"].items()})
    assert slow["gibibytes"] == fast["gibibytes"]


@pytest.mark.parametrize(
    "rates, clips, message",
    [({"one": 125.0}, 10, "give both"), ({}, 10, "give both"), (RATES, 0, "clips is 0"),
     ({"one": 0.0, "two": 1.0}, 10, "one is 0.0"), (RATES, float("nan"), "clips is nan")],
)  # fmt: skip
def test_what_has_no_cost(rates, clips, message):
    with pytest.raises(ValueError, match=message):
        cost_state(rates, SIZES if rates else {}, clips, 1)


def test_the_picture_tells_the_state():
    figure = cost_figure(cost_state(RATES, SIZES, 20_000, 400, 2.0, room=4.0))
    left, right = figure.axes
    marks = [line.get_xdata()[0] for line in left.lines if len(line.get_xdata()) == 1]
    assert marks == pytest.approx([8.889, 22.222], abs=1e-3)
    assert "400 epochs (n = 20,000 clips), 2 times as fast" in figure.alt
    assert "1 of 2 lie on the GPU whole" in figure.alt and "room, 4 GiB" in figure.alt
    assert left.get_xlabel() == "time in hours" and right.get_xlabel().endswith("in GiB")
