"""Where a loss sends an embedding that may go anywhere on the sphere: a point, points, a circle."""

import numpy as np
import torch
from matplotlib.lines import Line2D
from torch.nn import functional as F

from ..style import GRAY, LOOKS, Picture, finite
from .margin_cones import unit_rows
from .sphere import seen_from

MOST = 4  # panels of a row
TOGETHER = np.radians(2.0)
COLOR = LOOKS["normal"].color
NEAR_DOT = {"facecolor": COLOR, "edgecolor": "white", "linewidth": 0.4}
FAR_DOT = {"facecolor": "none", "edgecolor": COLOR, "linewidth": 0.9}
NEAR_STAR = {"markerfacecolor": "black", "markeredgecolor": "white"}
FAR_STAR = {"markerfacecolor": "none", "markeredgecolor": "black"}


def optimal_points(loss, starts=200, steps=400, seed=0, others=True):
    r"""Minimize the loss of class 0 over the embedding alone, from random places on the sphere.

    $$x \leftarrow \frac{x - \eta \nabla_x L(x, 0)}{\|x - \eta \nabla_x L(x, 0)\|}$$

    Paper: [AP] 2.2, on the solutions that are optimal for AdaCos, sub-cluster AdaCos and AdaProj.
    Shapes: ``loss``, a ``losses.ClassLoss`` in eval mode -> points (starts, D) and the loss reached
        (starts,).
    Raises: ValueError for a loss in training mode, whose scale would move with every step.
    Choices: with ``others=False`` the loss is minus the logit of class 0. That is what the paper
        speaks of; the other classes of the softmax push x out of the place where it is smallest.
        Each point has a rate of its own, which grows while its loss falls and shrinks where it
        would not.
    Example:
        >>> loss = losses.AdaCos(dim=3, classes=4).eval()
        >>> points, _ = figures.optimal_points(loss, starts=5, others=False)
        >>> losses.angle(losses.cosine(torch.tensor(points), loss.centers[:1])).max().item() < 0.01
        True
    Notebook: 10_adaproj
    """
    if loss.training:
        raise ValueError("the loss is in training mode, where its scale moves: call loss.eval()")
    centers = loss.centers.detach()
    chance = torch.Generator().manual_seed(seed)
    x = torch.randn(starts, centers.shape[-1], generator=chance, dtype=torch.float64)
    x = F.normalize(x, dim=1).to(centers)
    cost, slope = _slope(loss, x, others)
    rate = torch.full_like(cost, 0.1)
    for _ in range(steps):
        moved = F.normalize(x - rate[:, None] * slope, dim=1)
        new_cost, new_slope = _slope(loss, moved, others)
        falls = new_cost <= cost
        x, slope = (torch.where(falls[:, None], *pair) for pair in ((moved, x), (new_slope, slope)))
        cost = torch.where(falls, new_cost, cost)
        rate = (rate * torch.where(falls, 1.2, 0.5)).clamp(max=10.0)
    return x.cpu().numpy(), cost.cpu().numpy()


def _slope(loss, x, others):
    x = x.clone().requires_grad_()
    y = torch.zeros(len(x), dtype=torch.long, device=x.device)
    cost = loss.each(x, y) if others else -loss.logits(x)[:, 0]
    (slope,) = torch.autograd.grad(cost.sum(), x)
    return cost.detach(), slope


def optimal_sets(panels, title="Where each loss is smallest for its class", view=(25, 35)):
    """Draw on a sphere for each loss where minimizing it over the embedding alone has ended.

    Shapes: ``panels``, a dict of a name -> points (n, 3), centers of the class (3,) or (S, 3), and,
        if told, the loss reached (n,); ``view``, elevation and azimuth of the eye in degrees.
    Raises: ValueError for no panel, points or centers that are not of 3 numbers, or losses of
        another length or not finite.
    Choices: orthographic, from one eye for all; what lies on the far side is hollow. Points within
        2 degrees are one dot, whose area tells how many they are. The dotted lines are the great
        circles through the coordinate axes.
    Example:
        >>> picture = figures.optimal_sets({"AdaCos": ([[0, 0, 1]], [0, 0, 1], [0.5])})
        >>> picture.axes[0].get_title()
        'AdaCos\\nn = 1, loss up to 0.500'
    Notebook: 10_adaproj
    """
    if not panels:
        raise ValueError("there is no panel to draw: pass a dict, name -> (points, centers)")
    columns = min(len(panels), MOST)
    rows = -(-len(panels) // columns)
    figure = Picture(height=0.8 + rows * (0.42 + 7.6 / max(columns, 3)))
    spots = list(np.atleast_1d(figure.subplots(rows, columns)).flat)
    eye = seen_from(*view)
    for ax, (name, panel) in zip(spots, panels.items()):
        points, centers, told = _checked(name, *panel)
        _globe(ax, eye)
        _dots(ax, *gathered(points), eye)
        _stars(ax, centers @ eye.T)
        ax.set_title(f"{name}\nn = {len(points)}{told}", fontsize=9)
    for ax in spots[len(panels) :]:
        ax.remove()
    figure.suptitle(title, fontsize=11)
    figure.get_layout_engine().set(h_pad=0.07)  # else a title stands on the one below
    figure.legend(handles=_legend(), loc="outside lower center", ncols=3, frameon=False, fontsize=9)
    return figure


def gathered(points):
    """Take points within 2 degrees of the first of them for one place.

    Shapes: unit rows (n, 3) -> places (M, 3) and how many points each holds (M,).
    Example:
        >>> figures.losses.optimal_sets.gathered(np.eye(3)[[0, 1, 0, 0]])[1]
        array([3, 1])
    """
    places, counts = [], []
    left = points
    while len(left):
        here = left @ left[0] >= np.cos(TOGETHER)
        places.append(left[0])
        counts.append(int(here.sum()))
        left = left[~here]
    return np.array(places), np.array(counts)


def _globe(ax, eye):
    around = np.linspace(0, 2 * np.pi, 361)
    ax.fill(np.cos(around), np.sin(around), facecolor="#F6F6F6", edgecolor=GRAY, linewidth=1)
    for out in range(3):
        ring = np.insert(np.stack([np.cos(around), np.sin(around)]), out, 0.0, axis=0)
        right, up, depth = eye @ ring
        ax.plot(right, np.where(depth >= 0, up, np.nan), ":", color=GRAY, linewidth=0.7, zorder=1)
    ax.set(xlim=(-1.1, 1.1), ylim=(-1.1, 1.1), aspect="equal")
    ax.set_axis_off()


def _dots(ax, places, counts, eye):
    flat = places @ eye.T
    near = flat[:, 2] >= 0
    for kept, look in ((~near, FAR_DOT), (near, NEAR_DOT)):
        ax.scatter(*flat[kept, :2].T, s=14 + 1.7 * counts[kept], zorder=2, **look)


def _stars(ax, flat):
    for right, up, depth in flat:
        look = NEAR_STAR if depth >= 0 else FAR_STAR
        ax.plot(right, up, LOOKS["center"].marker, markersize=12, zorder=4, **look)


def _legend():
    star, none = LOOKS["center"].marker, {"linestyle": "none"}
    return [
        Line2D([], [], marker="o", color=COLOR, label="where starts have ended", **none),
        Line2D(
            [], [], marker=star, markersize=12, label="center of the class", **NEAR_STAR, **none
        ),
        Line2D([], [], marker="o", color="none", markeredgecolor=GRAY, label="hollow: far side"),
    ]


def _checked(name, points, centers, loss=None):
    points, centers = unit_rows(points, name), unit_rows(np.atleast_2d(centers), name)
    if points.shape[1] != 3 or centers.shape[1] != 3:
        raise ValueError(
            f"{name} has points {points.shape} and centers {centers.shape}: the sphere takes 3 "
            "numbers a row"
        )
    if loss is None:
        return points, centers, ""
    loss = finite(loss, name)
    if len(loss) != len(points):
        raise ValueError(f"{name} has {len(loss)} losses of {len(points)} points: give one each")
    return points, centers, f", loss up to {loss.max():.3f}"
