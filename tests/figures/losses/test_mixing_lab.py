"""The numbers of the mixing laboratory against [NAM] 1 to 4 written out in numpy, and against the
losses themselves.
"""

import math

import numpy as np
import pytest
import torch
from every import every

from asdkit import figures, losses, mixup
from asdkit.figures.losses.mixing_lab import KINDS

MIXED, AT_I, OURS = "cross entropy, mixed", "ArcFace at i", "MixedMargin"
ALL = (*KINDS, OURS)
RNG = np.random.default_rng(0)
DRAWN = [
    (RNG.uniform(), *RNG.uniform(0.05, 3.09, 2), RNG.uniform(0, 1.5), RNG.uniform(1, 40), classes)
    for classes in (2, 3, 41, 41, 342) for _ in range(8)
]  # fmt: skip


def by_hand(kind, lam, to_first, to_second, margin, scale, classes):
    """The loss, with a loop over the classes and the guard written out."""
    theta = np.full(classes, math.pi / 2)
    theta[:2] = to_first, to_second

    def term(label, place):
        logits = np.zeros(classes)
        for k in range(classes):
            m = margin * place.get(k, 0.0)
            beyond = theta[k] >= math.pi - m
            cos = math.cos(theta[k])
            logits[k] = scale * (cos - m * math.sin(m) if beyond else math.cos(theta[k] + m))
        top = logits.max()
        log_softmax = logits - top - math.log(np.exp(logits - top).sum())
        return -sum(share * log_softmax[k] for k, share in label.items())

    return {
        MIXED: lambda: term({0: lam, 1: 1 - lam}, {}),
        AT_I: lambda: term({0: 1.0}, {0: 1.0}),
        "ArcMix": lambda: lam * term({0: 1.0}, {0: 1.0}) + (1 - lam) * term({1: 1.0}, {1: 1.0}),
        "Noisy-ArcMix": lambda: term({0: lam, 1: 1 - lam}, {0: 1.0}),
        OURS: lambda: term(*2 * [{0: lam, 1: 1 - lam}]),
    }[kind]()


@every("numbers", DRAWN)
def test_each_loss_is_its_formula(numbers):
    state = figures.mixing_state(*numbers, kinds=ALL)
    for kind in ALL:
        np.testing.assert_allclose(
            state["loss"][kind], by_hand(kind, *numbers), rtol=1e-12, atol=1e-12
        )


@every("numbers", DRAWN)
def test_the_slopes_are_finite_differences(numbers):
    lam, first, second, margin, *rest = numbers
    places = [
        (first, margin),
        (second, margin),
        (first, lam * margin),
        (second, margin - lam * margin),
    ]
    if min(abs(angle - math.pi + m) for angle, m in places) < 1e-3:
        return  # the guard jumps there
    state, step = figures.mixing_state(*numbers, kinds=ALL), 1e-6
    for kind in ALL:
        by_first = [by_hand(kind, lam, first + h, second, margin, *rest) for h in (-step, step)]
        by_second = [by_hand(kind, lam, first, second + h, margin, *rest) for h in (-step, step)]
        expected = np.diff([by_first, by_second], axis=1)[:, 0] / (2 * step)
        np.testing.assert_allclose(state["slopes"][kind], expected, rtol=1e-5, atol=1e-6)


@every("numbers", DRAWN)
def test_it_is_what_the_losses_of_the_kit_cost(numbers):
    """A clip on the first axis, every center turned away from it into a direction of its own."""
    lam, first, second, margin, scale, classes = numbers
    angles = torch.full((classes,), math.pi / 2, dtype=torch.float64)
    angles[:2] = torch.tensor([first, second], dtype=torch.float64)
    centers = torch.cat([angles.cos()[:, None], torch.diag(angles.sin())], dim=1)
    x = torch.eye(1, classes + 1, dtype=torch.float64)
    i, j = torch.tensor([0]), torch.tensor([1])
    label = mixup.Mix(i, j, torch.tensor([lam], dtype=torch.float64))
    state = figures.mixing_state(*numbers, kinds=ALL)
    for kind, make, m, y in (
        (MIXED, losses.NoisyArcMix, 0.0, label), (AT_I, losses.ArcFace, margin, i),
        ("ArcMix", losses.ArcMix, margin, label),
        ("Noisy-ArcMix", losses.NoisyArcMix, margin, label),
        (OURS, losses.MixedMargin, margin, label),
    ):  # fmt: skip
        loss = make(classes + 1, classes, scale=scale, margin=m).double().requires_grad_(False)
        loss.centers.copy_(centers)
        np.testing.assert_allclose(state["loss"][kind], loss(x, y).item(), rtol=1e-9, atol=1e-9)


def test_labels_and_margins_of_a_mixture():
    state = figures.mixing_state(0.25, 1.0, 0.5, margin=0.5, scale=10.0)
    mixed, first = [0.25, 0.75, 0.0], [1.0, 0.0, 0.0]
    told = {kind: state["label"][kind].tolist() for kind in KINDS}
    assert told == dict(zip(KINDS, (mixed, first, mixed, mixed)))
    weights = {kind: state["weight"][kind].tolist() for kind in KINDS}
    assert weights == dict(zip(KINDS, ([0, 0], [1, 0], [0.25, 0.75], [1, 0])))
    np.testing.assert_allclose(state["bare"], 10 * np.cos([1.0, 0.5, math.pi / 2]), atol=1e-12)
    np.testing.assert_allclose(
        state["logits"]["ArcMix"],
        10 * np.cos([[1.5, 0.5, math.pi / 2], [1.0, 1.0, math.pi / 2]]), atol=1e-12,
    )  # fmt: skip
    np.testing.assert_array_equal(state["logits"]["Noisy-ArcMix"], state["logits"][AT_I])


def test_where_lam_ends():
    whole = figures.mixing_state(1.0, 1.0, 0.5)["loss"]
    assert whole[AT_I] == whole["ArcMix"] == whole["Noisy-ArcMix"] > whole[MIXED]
    gone = figures.mixing_state(0.0, 1.0, 0.5)["loss"]
    swapped = figures.mixing_state(1.0, 0.5, 1.0)["loss"]
    assert gone["ArcMix"] == pytest.approx(swapped[AT_I], rel=1e-12)
    assert gone["Noisy-ArcMix"] < gone[MIXED] < gone["ArcMix"]


def test_without_a_margin_the_mixed_ones_are_one():
    state = figures.mixing_state(0.3, 1.0, 0.5, margin=0.0)
    for name in ("loss", "slopes"):
        for kind in ("ArcMix", "Noisy-ArcMix"):
            assert state[name][kind] == pytest.approx(state[name][MIXED], abs=1e-12)


def test_with_the_angles_fixed_every_loss_is_a_line():
    lam = np.linspace(0, 1, 11)
    for kind in KINDS:
        loss = [figures.mixing_state(share, 1.2, 0.4)["loss"][kind] for share in lam]
        np.testing.assert_allclose(loss, np.interp(lam, [0, 1], [loss[0], loss[-1]]), atol=1e-12)


def test_at_a_center_and_opposite_to_it_all_is_finite():
    for first in (0.0, math.pi):
        for second in (0.0, math.pi):
            state = figures.mixing_state(0.5, first, second, margin=1.5, scale=64.0)
            for kind in KINDS:
                assert np.isfinite([state["loss"][kind], *state["slopes"][kind]]).all()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"lam": -0.01}, "lam is -0.01: give the share of the first clip, from 0 to 1"),
        ({"lam": 1.5}, "lam is 1.5"), ({"lam": math.nan}, "lam is nan"),
        ({"to_first": 4.0}, "to_first is 4.0: give radians"), ({"to_second": -1.0}, "to_second"),
        ({"margin": 4.0}, "margin is 4.0"), ({"scale": 0.0}, "scale is 0.0"),
        ({"classes": 1}, "2 classes or more, not 1"),
        ({"kinds": ("ArcMax",)}, "kinds is .'ArcMax'"),
        ({"kinds": ()}, r"kinds is \(\): take some of cross entropy, mixed, .*, MixedMargin"),
    ],
)  # fmt: skip
def test_what_it_refuses(wrong, words):
    with pytest.raises(ValueError, match=words):
        figures.mixing_state(**({"lam": 0.5, "to_first": 1.0, "to_second": 1.0} | wrong))


def test_the_picture_shows_the_numbers_of_the_state():
    state = figures.mixing_state(0.3, math.radians(60), math.radians(40))
    figure = figures.mixing_figure(state)
    _, logit, slope, _, loss = figure.axes
    points = {
        tuple(line.get_xydata()[-1].round(9)) for line in loss.lines if len(line.get_xdata()) == 1
    }
    assert points == {(0.3, round(state["loss"][kind], 9)) for kind in KINDS}
    for line in loss.lines[1::2]:  # each loss through its point
        (at,) = [p for p in points if abs(np.interp(0.3, *line.get_data()) - p[1]) < 1e-9]
        assert at[0] == 0.3
    arrows = [line.get_xydata() for line in logit.lines if len(line.get_xdata()) == 2][1:]
    lows = sorted((x, round(low, 6)) for (x, _), (_, low) in arrows)
    first, second = 30 * math.cos(math.radians(60) + 0.7), 30 * math.cos(math.radians(40) + 0.7)
    assert lows == [(4, round(first, 6)), (8, round(first, 6)), (9, round(second, 6)),
                    (12, round(first, 6))]  # fmt: skip
    assert [text.get_text() for text in logit.texts] == ["× 1.00", "× 0.30", "× 1.00", "× 0.70"]
    assert slope.get_ylim()[1] >= 30
    assert "n = 1" in figure.alt and f"loss {state['loss']['ArcMix']:.3f}" in figure.alt
    assert len(figure.png()) < 60_000


def test_a_picture_has_a_column_for_each_loss_of_the_state_and_bends_where_a_loss_does():
    kinds = (MIXED, OURS, "ArcMix")
    state = figures.mixing_state(0.3, 1.0, 0.5, kinds=kinds)
    assert all(tuple(state[name]) == kinds for name in ("label", "weight", "loss", "slopes"))
    assert state["weight"][OURS].tolist() == [0.3, 0.7]
    figure = figures.mixing_figure(state)
    assert f"{OURS}\nloss {state['loss'][OURS]:.3f}" in [
        text.get_text() for text in figure.axes[0].texts
    ]
    lams, cost = figure.axes[-1].lines[3].get_data()
    for lam, value in zip(lams, cost):
        assert value == pytest.approx(by_hand(OURS, lam, 1.0, 0.5, 0.7, 30.0, 41), rel=1e-9)
    assert np.abs(cost - np.interp(lams, [0, 1], cost[[0, -1]])).max() > 0.1


def test_without_a_margin_no_arrow_is_drawn():
    figure = figures.mixing_figure(figures.mixing_state(0.3, 1.0, 0.5, margin=0.0))
    assert not figure.axes[1].texts and not any(
        line.get_marker() == "v" for line in figure.axes[1].lines
    )


def test_axes_stand_still_while_the_clip_moves():
    near, far = (
        figures.mixing_figure(figures.mixing_state(lam, angle, 0.5))
        for lam, angle in ((0.1, 0.3), (0.9, 2.0))
    )
    for before, after in zip(near.axes[:3], far.axes[:3]):
        assert before.get_ylim() == after.get_ylim()
