"""What the tests of views share: how long a move takes beside that of another laboratory."""

import time

import pytest

from asdkit import views


@pytest.fixture
def redraws():
    """The shortest time of a move, and that of one of LossLab, taken turn by turn."""

    def measure(move):
        lab, times = views.LossLab(), {"view": [], "lab": []}
        moves = {"view": move, "lab": lambda turn: lab.set(angle=turn + 40)}
        for turn in range(8):
            for name, one in moves.items():
                began = time.perf_counter()
                one(turn)
                times[name].append(time.perf_counter() - began)
        return min(times["view"]), min(times["lab"])

    return measure
