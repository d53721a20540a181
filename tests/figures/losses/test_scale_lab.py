"""Free embeddings under the adaptive scale: each step against eq. 2 and 3 by hand, its rest, and
its runaway.
"""

import math

import numpy as np
import pytest
import torch

from asdkit import figures, losses
from asdkit.figures.losses.scale_lab import RUNAWAY


def test_the_first_step_is_that_of_the_paper():
    """Before anything moved: the same random numbers, and equations 2 and 3 by loops in float64."""
    state = figures.scale_state(classes=5, batch=7, dim=6, steps=1, seed=3)
    with torch.random.fork_rng([]):
        torch.manual_seed(3)
        centers = losses.AdaCos(6, 5).centers.detach().double().numpy()
        x = torch.randn(40, 6).double().numpy()
        chosen = torch.randint(40, (7,)).numpy()
    sums, angles = [], []
    for i in chosen:
        cos = [x[i] @ w / math.sqrt(x[i] @ x[i]) / math.sqrt(w @ w) for w in centers]
        sums.append(
            sum(math.exp(math.sqrt(2) * math.log(4) * c) for k, c in enumerate(cos) if k != i % 5)
        )
        angles.append(math.acos(cos[i % 5]))
    median = sorted(angles)[3]
    expected = math.log(sum(sums) / 7) / math.cos(min(math.pi / 4, median))
    assert state["scale"][0] == pytest.approx(expected, rel=1e-5)
    assert state["median_angle"][0] == pytest.approx(median, rel=1e-5)
    assert state["start"] == pytest.approx(math.sqrt(2) * math.log(4)) and state[
        "limit"
    ] == pytest.approx(math.log(4))


def test_a_learned_batch_ends_at_one_half():
    state = figures.scale_state(classes=12, batch=64, dim=32, steps=300)
    assert np.degrees(state["median_angle"][-20:]).max() < 40
    assert state["probability"][-20:].mean() == pytest.approx(0.5, abs=0.03)
    assert state["scale"][-1] < state["start"]


@pytest.mark.parametrize(
    ("classes", "dim", "runs_away"),
    [(41, 2, True), (41, 8, True), (41, 128, False), (12, 32, False)],
)
def test_it_runs_away_where_there_is_too_little_room(classes, dim, runs_away):
    state = figures.scale_state(classes=classes, dim=dim, steps=100)
    assert state["runaway"] == runs_away == (4 * math.log(classes - 1) > dim)
    assert (
        (len(state["scale"]) < 100 and state["scale"][-2] <= RUNAWAY)
        if runs_away
        else len(state["scale"]) == 100
    )


def test_it_is_repeatable_and_leaves_chance_alone():
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    first, second = (figures.scale_state(steps=5, mixed=True) for _ in range(2))
    assert torch.equal(torch.rand(3), expected)
    np.testing.assert_array_equal(first["scale"], second["scale"])
    assert not np.allclose(
        first["scale"], figures.scale_state(steps=5, mixed=True, seed=1)["scale"]
    )
    assert not np.allclose(first["scale"], figures.scale_state(steps=5)["scale"])


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({"classes": 2}, "needs 3 centers or more"),
        ({"batch": 0}, "batch is 0"),
        ({"dim": 0}, "dim is 0"),
        ({"steps": 0}, "steps is 0"),
    ],
)
def test_what_it_refuses(numbers, words):
    with pytest.raises(ValueError, match=words):
        figures.scale_state(**numbers)


def test_the_picture_shows_the_three_histories():
    run = {
        "scale": np.array([3.0, 2.5]),
        "median_angle": np.array([1.5, 1.0]),
        "probability": np.array([0.1, 0.4]),
    }
    figure = figures.scale_figure(
        {"a": run, "b": {name: values[:1] for name, values in run.items()}}
    )
    for ax, values in zip(
        figure.axes, (run["scale"], np.degrees(run["median_angle"]), run["probability"])
    ):
        np.testing.assert_allclose(ax.lines[0].get_ydata(), values)
        assert ax.get_xlabel() == "training step" and len(ax.lines[1].get_ydata()) in (0, 1)
    assert (
        "n = 2 steps" in figure.alt
        and "a, s ends at 2.5" in figure.alt
        and "b, s ends" not in figure.alt  # its scale stands still
        and len(figure.png()) < 60_000
    )
    assert figure.axes[0].get_yscale() == "linear"
    below = figures.scale_figure({"d": run | {"scale": np.array([1.0, -0.5])}})
    assert below.axes[0].get_ylim()[0] < -0.5


@pytest.mark.parametrize("end", [30.0, 1e5])
def test_far_scales_are_told_apart_by_a_log_axis(end):
    run = {
        "scale": np.array([2.2, end]),
        "median_angle": np.array([1.5, 1.0]),
        "probability": np.array([0.1, 0.4]),
    }
    figure = figures.scale_figure({"a": run})
    scale, angle, _ = figure.axes
    assert scale.get_yscale() == "log" and scale.get_ylabel() == "scale s (log axis)"
    low, high = scale.get_ylim()
    # enough of them to read a value by
    assert sum(low <= tick <= high for tick in scale.get_yticks()) >= 3
    assert angle.get_ylim() == (0, 120)
    wide = figures.scale_figure({"a": run | {"median_angle": np.radians([90.0, 170.0])}})
    assert wide.axes[1].get_ylim() == (0, 180) and list(wide.axes[1].get_yticks()) == [
        0,
        45,
        90,
        135,
        180,
    ]


def test_dotted_lines_stand_at_the_cap_one_half_and_the_rest():
    run = {"scale": [3.0], "median_angle": [1.5], "probability": [0.1]}
    for rest, heights in ((None, [[], [45.0], [0.5]]), (2.2, [[2.2], [45.0], [0.5]])):
        figure = figures.scale_figure({"a": run}, rest=rest)
        dotted = [[line for line in ax.lines if line.get_linestyle() == ":"] for ax in figure.axes]
        found = [
            [line.get_ydata()[0] for line in lines if len(line.get_ydata())] for lines in dotted
        ]
        assert found == heights
        assert figure.alt.endswith(
            "; 45°, one half." if rest is None else "; s = 2.2, 45°, one half."
        )


@pytest.mark.parametrize("runs", [{}, {"a": {"scale": [], "median_angle": [], "probability": []}}])
def test_no_run_is_refused(runs):
    with pytest.raises(ValueError, match="there is no run to draw"):
        figures.scale_figure(runs)
