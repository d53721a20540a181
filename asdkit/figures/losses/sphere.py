"""Embeddings on the circle and on the sphere, with centers and the cones of a margin."""

import numpy as np
from matplotlib.colors import to_rgb

from ... import given
from ..style import CLASSES, GRAY, LOOKS, Picture, entry
from .margin_cones import margin_cones, unit_rows

PIXELS = 241
SHADE = 0.22
BEHIND = np.array([[-1], [1], [-1]])  # turns the rows of ``seen_from`` to the other side


def circle(x, y, centers, margin=0.0, anomaly=None, names=None, title="Embeddings on the circle"):
    """Draw the directions of 2-d embeddings, the centers, and the cone of each class as a sector.

    Shapes: x (N, 2), y (N,) class indices, centers (C, 2) or (C, S, 2), margin in radians, anomaly
        (M, 2).
    Raises: ValueError for embeddings of another dimension, fewer than 2 or more than 5 classes, or
        lengths that differ.
    Choices: lengths are lost; clips stand just outside the circle at radii of a fixed pattern,
        anomalies outside of them, so that equal directions can be told apart. The title says how
        many clips lie in their own cone; without a margin, nearest to their own center.
    Example:
        >>> figure = figures.circle([[2, 0.1], [0.6, 0.8]], [0, 1], [[1, 0], [0, 1]], margin=0.5)
        >>> print(figure.axes[0].get_title())
        Embeddings on the circle (n = 2 clips, 2 classes)
        margin 0.50 rad: 1 of 2 clips in their own cone
    Notebook: 06_angles_and_margins
    """
    x, y, centers, names = _checked(x, y, centers, names, 2)
    figure = Picture(height=4.2)
    ax = figure.subplots()
    across, up = np.meshgrid(*[np.linspace(-1, 1, PIXELS)] * 2)
    _shade(ax, np.stack([across, up], axis=-1), np.hypot(across, up) <= 1, centers, margin)
    _points(ax, _ring(x, 1.05), y, names)
    if anomaly is not None:
        _anomalies(ax, _ring(unit_rows(anomaly, "anomaly"), 1.22))
    _centers(ax, centers)
    ax.set(
        xlim=(-1.42, 1.42), ylim=(-1.42, 1.42), xlabel="first coordinate",
        ylabel="second coordinate",
    )  # fmt: skip
    ax.set_title(_titled(title, x, y, centers, margin), fontsize=11)
    figure.legend(loc="outside right upper", frameon=False, fontsize=9)
    return figure


def sphere(
    x, y, centers, margin=0.0, anomaly=None, names=None, title="Embeddings on the sphere",
    view=(20, 30),
):  # fmt: skip
    """Draw 3-d embeddings on both sides of the unit sphere, with centers and cones of the classes.

    Shapes: x (N, 3), y (N,) class indices, centers (C, 3) or (C, S, 3), margin in radians, anomaly
        (M, 3); ``view``, elevation and azimuth of the looking eye in degrees.
    Raises: ValueError as ``circle`` does.
    Choices: orthographic, from far away on either side, so each clip is seen once.
    Notebook: 06_angles_and_margins
    """
    x, y, centers, names = _checked(x, y, centers, names, 3)
    anomaly = None if anomaly is None else unit_rows(anomaly, "anomaly")
    figure = Picture(height=5.0)
    panels = figure.subplots(1, 2)
    across, up = np.meshgrid(*[np.linspace(-1, 1, PIXELS)] * 2)
    inside = np.hypot(across, up) <= 1
    depth = np.sqrt(np.clip(1 - across**2 - up**2, 0, None))
    front = seen_from(*view)
    for ax, axes, side in zip(panels, (front, front * BEHIND), ("front", "back")):
        _shade(ax, np.stack([across, up, depth], axis=-1) @ axes, inside, centers, margin)
        _points(ax, _facing(x, axes), y, names)
        if anomaly is not None:
            _anomalies(ax, _facing(anomaly, axes))
        _centers(ax, _facing(centers, axes))
        ax.set(xlim=(-1.1, 1.1), ylim=(-1.1, 1.1), xlabel="to the right", ylabel="upward")
        ax.set_title(f"seen from the {side}")
    figure.suptitle(_titled(title, x, y, centers, margin), fontsize=11)
    handles, words = panels[0].get_legend_handles_labels()
    place = {"loc": "outside lower center", "ncols": len(words), "frameon": False}
    figure.legend(handles, words, fontsize=9, **place)
    return figure


def seen_from(elevation, azimuth):
    """Return right, up and toward the eye as rows (3, 3), for an eye at these degrees."""
    rise, turn = np.radians([elevation, azimuth])
    toward = np.array([np.cos(rise) * np.cos(turn), np.cos(rise) * np.sin(turn), np.sin(rise)])
    right = np.array([-np.sin(turn), np.cos(turn), 0.0])
    return np.stack([right, np.cross(toward, right), toward])


def _facing(x, axes):
    """Return where the eye sees each direction; NaN for what lies on the other side."""
    flat = x @ axes.T
    return np.where(flat[..., 2:] >= 0, flat, np.nan)[..., :2]


def _shade(ax, direction, inside, centers, margin):
    """Color the pixels of a disc by the cone that their direction lies in, and draw its border."""
    looks = [(*to_rgb(look.color), SHADE) for look in CLASSES[: len(centers)]]
    image = np.zeros((*inside.shape, 4))
    owner = margin_cones(direction[inside] + 1e-12, centers, margin)
    image[inside] = np.array([*looks, (0, 0, 0, 0)])[owner]  # nobody's number, -1, is the last
    place = {"extent": (-1, 1, -1, 1), "origin": "lower", "interpolation": "nearest"}
    ax.imshow(image, zorder=0, label="shaded areas", **place)
    around = np.linspace(0, 2 * np.pi, 361)
    ax.plot(np.cos(around), np.sin(around), color=GRAY, linewidth=1, zorder=1)
    ax.set_aspect("equal")


def _points(ax, flat, y, names):
    for number, name in enumerate(names):
        look, own = CLASSES[number], flat[y == number]
        ax.plot(
            *own.T,
            look.marker,
            color=look.color,
            markersize=4,
            alpha=0.6,
            label=entry(name),
            zorder=2,
        )


def _anomalies(ax, flat):
    look = LOOKS["anomaly"]
    ax.plot(
        *flat.T, look.marker, color=look.color, markersize=6, alpha=0.8, label="anomaly", zorder=3
    )


def _centers(ax, flat):
    kind = "center" if flat.ndim == 2 else "sub-cluster"
    flat, look = flat.reshape(-1, 2), LOOKS[kind]
    ax.plot(
        *flat.T, look.marker, color=look.color, markersize=13 if kind == "center" else 10,
        markeredgecolor="white",
        label=kind, zorder=4,
    )  # fmt: skip


def _ring(x, radius):
    """Move each direction to a radius of its own, by the golden ratio."""
    return x * (radius + 0.13 * (np.arange(len(x)) * 0.618 % 1))[:, None]


def _titled(title, x, y, centers, margin):
    own = int((margin_cones(x, centers, margin) == y).sum())
    words = f"{title} (n = {len(y)} clips, {len(centers)} classes)"
    if not margin:
        return f"{words}\n{own} of {len(x)} clips nearest to their own center"
    return f"{words}\nmargin {margin:.2f} rad: {own} of {len(x)} clips in their own cone"


def _checked(x, y, centers, names, dim):
    x, y, centers = unit_rows(x, "x"), given.array(y, "y"), given.array(centers, "centers")
    if x.shape[1] != dim or centers.shape[-1] != dim:
        raise ValueError(
            f"x {x.shape} and centers {centers.shape}: "
            f"this picture takes embeddings of {dim} numbers"
        )
    if not 2 <= len(centers) <= len(CLASSES):
        raise ValueError(f"there are {len(centers)} classes: draw 2 to {len(CLASSES)}")
    names = [f"class {number}" for number in range(len(centers))] if names is None else list(names)
    if len(y) != len(x) or len(names) != len(centers):
        raise ValueError(
            f"{len(y)} labels for {len(x)} clips, {len(names)} names for {len(centers)} classes"
        )
    centers = unit_rows(centers.reshape(-1, dim), "centers").reshape(centers.shape)
    return x, y, centers, names
