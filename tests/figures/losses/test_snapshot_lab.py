"""A training on the sphere, counted by hand."""

import numpy as np
import pytest

from asdkit.figures import snapshot_figure, snapshot_state

RNG = np.random.default_rng(0)
CENTERS = RNG.normal(size=(2, 3, 3))
Y = np.repeat([0, 1], 20)
SNAPSHOTS = {0: (RNG.normal(size=(40, 3)), CENTERS), 7: (5.0 * CENTERS[Y, 1], 0.1 * CENTERS)}


def test_counts_and_angle_are_those_of_a_loop():
    x, centers = SNAPSHOTS[0]
    own, used, angles = 0, [set(), set()], []
    for row, label in zip(x, Y):
        angle = [
            [
                np.arccos(row @ center / np.linalg.norm(row) / np.linalg.norm(center))
                for center in centers[j]
            ]
            for j in (0, 1)
        ]
        own += min(angle[label]) < min(angle[1 - label])
        used[label].add(int(np.argmin(angle[label])))
        angles.append(np.degrees(min(angle[label])))
    state = snapshot_state(SNAPSHOTS, Y, 0)
    assert state["own"] == own and state["clips"] == 40 and state["epoch"] == 0
    assert state["used"].tolist() == [len(some) for some in used]
    assert state["angle"] == pytest.approx(np.median(angles))


def test_clips_on_one_center_use_one_whatever_the_lengths():
    state = snapshot_state(SNAPSHOTS, Y, 7)
    assert (
        state["own"] == 40
        and state["used"].tolist() == [1, 1]
        and state["angle"] == pytest.approx(0, abs=1e-5)
    )


def test_the_picture_says_epoch_and_use_and_turns():
    figure = snapshot_figure(SNAPSHOTS, Y, 7, names=["fan", "pump"])
    assert figure.alt.startswith(
        "Epoch 7: 2 of 6 sub-clusters in use, ringed (n = 40 clips, 2 classes)"
    )
    assert "fan" in figure.alt and "40 of 40 clips in their own cone" in figure.alt
    assert snapshot_figure(SNAPSHOTS, Y, 7, turn=120).png() != figure.png()


def test_rings_are_around_the_sub_clusters_in_use_and_no_others():
    rings = np.concatenate(
        [ax.get_lines()[-1].get_xydata() for ax in snapshot_figure(SNAPSHOTS, Y, 7, turn=0).axes]
    )
    # all clips lie on these two
    unit = CENTERS[:, 1] / np.linalg.norm(CENTERS[:, 1], axis=1, keepdims=True)
    # of an eye 20 degrees above the first axis
    up = unit @ [-np.sin(np.radians(20)), 0, np.cos(np.radians(20))]
    assert np.sort(rings[np.isfinite(rings).all(axis=1), 1]) == pytest.approx(np.sort(up))
    rings = np.concatenate(
        [ax.get_lines()[-1].get_xydata() for ax in snapshot_figure(SNAPSHOTS, Y, 0).axes]
    )
    assert np.isfinite(rings).all(axis=1).sum() == snapshot_state(SNAPSHOTS, Y, 0)["used"].sum()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((SNAPSHOTS, Y, 3), "no snapshot of epoch 3: choose one of 0, 7"),
        ((SNAPSHOTS, Y[1:], 0), "39 labels for 40 clips"),
        (({0: (np.ones((40, 3)), np.full((2, 3, 3), np.nan))}, Y, 0), "give finite ones"),
    ],
)
def test_what_cannot_be_drawn_is_told(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        snapshot_figure(*arguments)
