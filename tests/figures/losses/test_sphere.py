"""Circle and sphere: every clip is drawn once in its direction, and the shades are the cones."""

import math

import numpy as np
import pytest

from asdkit.figures import circle, sphere

RNG = np.random.default_rng(0)


def planted(dim, clusters=None):
    y = np.repeat([0, 1, 2], 20)
    centers = np.eye(3, dim) if dim == 3 else np.array([[1.0, 0.0], [-0.5, 0.8], [-0.5, -0.8]])
    x = centers[y] * RNG.uniform(0.1, 9, (60, 1)) + 0.1 * RNG.normal(size=(60, dim))
    return x, y, centers if clusters is None else np.stack([centers] * clusters, axis=1)


@pytest.mark.parametrize("clusters", [None, 2])
def test_the_circle_keeps_directions(clusters, cone_by_hand):
    x, y, centers = planted(2, clusters)
    anomaly = RNG.normal(size=(7, 2))
    figure = circle(x, y, centers, margin=0.4, anomaly=anomaly, names=["fan", "pump", "valve"])
    ax = figure.axes[0]
    lines = {line.get_label(): line.get_xydata() for line in ax.lines}
    for number, name in enumerate(["fan", "pump", "valve"]):
        drawn, own = lines[name], x[y == number]
        assert (
            np.allclose(np.arctan2(*drawn.T), np.arctan2(*own.T))
            and (np.hypot(*drawn.T) > 1.04).all()
        )
    assert np.allclose(np.arctan2(*lines["anomaly"].T), np.arctan2(*anomaly.T))
    assert np.hypot(*lines["anomaly"].T).min() > np.hypot(*lines["fan"].T).max()
    assert np.allclose(np.hypot(*lines["center" if clusters is None else "sub-cluster"].T), 1.0)
    own = np.mean(np.array(cone_by_hand(x, centers, 0.4)) == y)
    assert (
        f"n = 60 clips, 3 classes)\nmargin 0.40 rad: {own * 60:.0f} of 60 clips" in ax.get_title()
    )
    assert (
        len(
            {
                (line.get_marker(), line.get_color())
                for line in ax.lines
                if line.get_label() in lines
            }
        )
        >= 5
    )
    assert len(figure.png()) < 60_000 and figure.get_size_inches()[0] == 8


def test_shades_are_the_cones(cone_by_hand):
    x, y, centers = planted(2)
    image = circle(x, y, centers, margin=0.4).axes[0].images[0].get_array()
    places = np.linspace(-1, 1, len(image))
    for row, column in RNG.integers(len(image), size=(200, 2)):
        direction = np.array([places[column], places[row]])
        inside = math.hypot(*direction) <= 1
        owner = cone_by_hand([direction], centers, 0.4)[0] if direction.any() else -1
        assert (image[row, column, 3] > 0) == (inside and owner >= 0)


def test_each_clip_stands_on_one_side_of_the_sphere_at_its_place():
    x, y, centers = planted(3)
    x = np.concatenate([x, -x])
    y = np.concatenate([y, y])
    # from above: up is minus x, right y
    figure = sphere(x, y, centers, margin=0.3, anomaly=-np.eye(3), view=(90, 0))
    front, back = figure.axes
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    for number in range(3):
        drawn = [
            line.get_xydata()
            for ax in (front, back)
            for line in ax.lines
            if line.get_label() == f"class {number}"
        ]
        own = unit[y == number]
        above = own[:, 2] >= 0
        assert np.allclose(drawn[0][above], np.stack([own[:, 1], -own[:, 0]], axis=1)[above])
        assert np.allclose(drawn[1][~above], np.stack([-own[:, 1], -own[:, 0]], axis=1)[~above])
        assert np.isnan(drawn[0][~above]).all() and np.isnan(drawn[1][above]).all()
    assert "n = 120 clips, 3 classes" in figure.get_suptitle() and "in their own cone" in figure.alt
    assert len(figure.png()) < 60_000 and figure.get_size_inches()[0] == 8


def test_without_a_margin_the_title_counts_the_clips_nearest_to_their_center():
    x = np.array([[1, 0.1, 0], [0.1, 1, 0], [0.6, 0.5, 0]])
    title = sphere(x, [0, 1, 1], np.eye(3)[:2]).get_suptitle()
    assert title.endswith("2 of 3 clips nearest to their own center")


def test_shades_of_the_sphere_belong_to_what_the_eye_sees():
    centers = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, -1.0]])
    x, y = np.array([[0.1, 0, 1], [0, 0.1, -1]]), np.array([0, 1])
    front, back = sphere(x, y, centers, margin=math.radians(60), view=(90, 0)).axes
    places = np.linspace(-1, 1, len(front.images[0].get_array()))
    radius = np.hypot(*np.meshgrid(places, places))
    # each cone reaches 60 degrees from its pole: sin 60 of the disc's radius
    for ax in (front, back):
        shaded = ax.images[0].get_array()[..., 3] > 0
        assert (
            shaded[radius < math.sin(math.radians(59))].all()
            and not shaded[radius > math.sin(math.radians(61))].any()
        )
    colors = [ax.images[0].get_array()[120, 120, :3].tolist() for ax in (front, back)]
    assert colors[0] != colors[1]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((np.eye(3), [0, 1, 2], np.eye(3)), "takes embeddings of 2 numbers"),
        ((np.eye(2), [0, 1], np.ones((6, 2))), "6 classes: draw 2 to 5"),
        ((np.eye(2), [0, 1], np.ones((1, 2))), "1 classes: draw 2 to 5"),
        ((np.eye(2), [0], np.eye(2)), "1 labels for 2 clips"),
        ((np.zeros((2, 2)), [0, 1], np.eye(2)), "none of them all zero"),
        ((np.eye(2), [0, 1], np.array([[1.0, 0.0], [np.nan, 1.0]])), "centers is nan"),
        ((np.eye(2), [0, 1], np.eye(2), 0.0, None, ["one"]), "1 names for 2 classes"),
    ],
)
def test_what_cannot_be_drawn(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        circle(*arguments)
