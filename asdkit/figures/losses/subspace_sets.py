"""Where on the sphere of the first three axes a class of AdaProj has the cosine 1, and its look."""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from matplotlib.patheffects import withStroke

from ..style import GRAY
from .sphere import BEHIND, seen_from

OUT = 1.32  # how far a line or a plane reaches out of the sphere
NEAR = 1e-9
HALO = [withStroke(linewidth=2.5, foreground="white")]  # a name stays legible on a curve
EYE = 20, 30  # its elevation and azimuth in degrees


def optimal_set(centers, exact):
    r"""Find the part of a class' subspace that lies on the first three axes, and on it the places
    of cosine 1.

    $\cos\theta = 1$ where $P x = \sum_j \langle x, c_j \rangle c_j$ points along $x$: everywhere in
    the span of orthonormal centers, else along the eigenvectors of $P$ alone.

    Paper: [AP] Lemma 2 and its converse.
    Shapes: ``centers`` (J, D) -> a basis (3, M) of the part, M from 0 to 3; and None where all of
        it has the cosine 1 (``exact``), else the eigenvectors (3, E) that lie there.
    Example:
        >>> plane, points = figures.losses.subspace_sets.optimal_set(np.eye(3)[:2], exact=True)
        >>> plane.shape, points
        ((3, 2), None)
    Notebook: 10_adaproj
    """
    basis = np.linalg.qr(centers.T).Q[:3]  # (3, J)
    share, vectors = np.linalg.eigh(basis @ basis.T)
    plane = vectors[:, share > 1 - NEAR]
    if exact:
        return plane, None
    own = np.linalg.eigh(centers.T @ centers)[1][:3, -len(centers) :]  # (3, J)
    return plane, own[:, np.square(own).sum(axis=0) > 1 - NEAR]


def is_exact(state):
    """Whether the projections are exact ones: of orthonormal centers, or of a single one."""
    return state["orthonormal"] or state["subspace_dim"] == 1


def eye(point):
    """Return right, up and toward the eye as rows (3, 3), and the side that it looks from: the one
    of the point (D,).
    """
    axes = seen_from(*EYE)
    return (axes, "front") if point[:3] @ axes[2] >= 0 else (axes * BEHIND, "back")


def ball(ax, axes):
    """Draw the outline of the sphere and the circles through two axes each, and name the axes."""
    ax.set(xlim=(-1.36, 1.36), ylim=(-1.36, 1.36), aspect="equal", xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    t = np.linspace(0, 2 * np.pi, 181)
    curve(ax, np.stack([np.cos(t), np.sin(t)]), color=GRAY, linewidth=1, zorder=2)
    circles = [circle(np.eye(3)[:, pair], t) @ axes.T for pair in ([0, 1], [0, 2], [1, 2])]
    flat = np.concatenate([np.where(one[:, 2:] >= 0, one, np.nan) for one in circles])
    curve(ax, flat.T[:2], color=GRAY, linewidth=0.6, linestyle=":", zorder=2)
    for number in range(3):
        sign = 1 if axes[2, number] >= 0 else -1
        name = f"{'−' if sign < 0 else ''}axis {number + 1}"
        ax.text(
            *(0.9 * sign * axes[:2, number]), name, fontsize=8, color=GRAY, ha="center",
            va="center", zorder=4.5, path_effects=HALO,
        )  # fmt: skip


def draw_set(ax, axes, plane, points, look):
    """Draw a class' subspace, as a line or a plane that reaches out of the sphere, and the set of
    cosine 1 on the sphere: thick or marked.
    """
    if plane.shape[1] == 1:
        _line(ax, axes @ plane[:, 0], look)
    elif plane.shape[1] == 2:
        _plane(ax, axes, plane, look, thick=points is None)
    marked = plane if plane.shape[1] == 1 else points
    if marked is None:
        return
    flat = axes @ np.concatenate([marked, -marked], axis=1)  # (3, 2E)
    style = {"marker": look.marker, "markersize": 9, "linestyle": "none"}
    front, back = (flat[:2, side] for side in (flat[2] >= 0, flat[2] < 0))
    curve(ax, front, color=look.color, markeredgecolor="white", zorder=4, **style)
    curve(ax, back, color="none", markeredgecolor=look.color, zorder=2.5, **style)


def circle(plane, t):
    """Return the points (T, 3) at angles t on the great circle of a plane (3, 2)."""
    return np.stack([np.cos(t), np.sin(t)], axis=1) @ plane.T


def curve(ax, flat, **style):
    """Add a line (2, T) to axes whose limits stand, several times faster than ``plot`` does."""
    ax.add_artist(Line2D(*flat, **style))


def _line(ax, end, look):
    """Draw what stands out of the sphere of a line through its center."""
    for sign in (1, -1):
        behind = sign * end[2] < 0
        style = {"color": look.color, "linestyle": look.line, "linewidth": 2}
        style |= {"zorder": 0, "alpha": 0.5} if behind else {"zorder": 4}
        curve(ax, sign * np.outer(end[:2], [1, OUT]), **style)


def _plane(ax, axes, plane, look, thick):
    """Draw the great circle of a plane, and the plane as a ring around the sphere."""
    turned = axes @ plane  # (3, 2)
    nearest = np.arctan2(turned[2, 1], turned[2, 0])  # where the circle comes closest to the eye
    for behind in (False, True):
        t = nearest + np.pi * behind + np.linspace(-np.pi / 2, np.pi / 2, 61)
        flat = circle(turned, t)[:, :2]
        ring = Polygon(np.concatenate([flat, OUT * flat[::-1]]), color=look.color, linewidth=0)
        ring.set(alpha=0.13, zorder=0 if behind else 3)
        ax.add_artist(ring)
        width = (1.0 if behind else 3.2) if thick else (0.7 if behind else 1.3)
        style = {"color": look.color, "linestyle": look.line, "linewidth": width}
        style |= {"alpha": 0.4, "zorder": 2.5} if behind else {"zorder": 4}
        curve(ax, flat.T, **style)
