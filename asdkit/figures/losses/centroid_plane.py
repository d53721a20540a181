"""The plane of two centroids: where training has put normal clips, outliers and anomalies."""

import numpy as np
import torch

from ... import given
from ...losses import ANOMALY, NORMAL, OUTLIER
from ...losses.centroids import DDCSAD
from ..style import GRAY, LOOKS, Picture, plain

TRAINED = {"normal": NORMAL, "outlier": OUTLIER, "anomaly": ANOMALY}
POINTS = {  # a set -> its name, color, marker, size; hollow what was trained on
    "outlier": ("outlier", GRAY, "x", 4),
    "normal": ("normal", LOOKS["normal"].color, LOOKS["normal"].marker, 4),
    "test_normal": ("test: normal", LOOKS["normal"].color, LOOKS["normal"].marker, 5),
    "test_anomaly": ("test: anomaly", LOOKS["anomaly"].color, LOOKS["anomaly"].marker, 6),
    "anomaly": ("true anomaly", LOOKS["anomaly"].color, LOOKS["anomaly"].marker, 9),
}
DOMAINS = ("source", "target")
GRID = 121
TALL = 0.7  # height of the picture over its width
LINES = 9  # of cost at most


def centroid_plane(
    x, role, x_test, label, centers, eta=2.0, eps=1e-6, domain=None, title="Two centroids"
):
    r"""Draw embeddings on the line through both centroids, with the line on which both are equally
    far, $\|z - c_p\| = \|z - c_n\|$.

    Paper: [DDC] III; the gray lines are its eq. 3 for a normal clip.
    Shapes: ``x`` (N, D) training embeddings with ``role`` (N,), ``x_test`` (M, D) with ``label``
        (M,) 0 normal, 1 anomaly, ``centers`` (2, D), normal then outlier; ``domain`` (M,) of
        "source" and "target", or None.
    Raises: ValueError for centers that are not (2, D) or are one point, NaN, or another domain.
    Choices: embeddings of two numbers are drawn as they are. Of more, the abscissa runs from c_p
        to c_n, and the ordinate along the direction in which the training embeddings vary most at a
        right angle to it; the title says how much of their variance lies in this plane. The line in
        the middle is exact in both. The cost is not drawn of more than two numbers, since it counts
        distances to the plane too. A test clip of a domain stands in a hollow mark of it.
    Notebook: 09_binary_and_centroids
    """
    plane = plane_state(x, role, x_test, label, centers, eta, eps, domain)
    figure = Picture(width=8.0, height=5.8)
    ax = figure.subplots()
    draw_plane(ax, plane)
    figure.suptitle(title, fontsize=11)
    name_points(figure, ax, columns=4 if domain is None else 5)
    return figure


def plane_state(x, role, x_test, label, centers, eta=2.0, eps=1e-6, domain=None):
    """Compute what ``centroid_plane`` draws.

    Shapes: as ``centroid_plane`` -> dict of ``dim``; ``points``, a set's name -> (n, 2);
        ``domains``, the same of test clips; ``centers`` (2, 2); ``kept``, the share of variance;
        ``cost``, for D = 2 a grid (G,), (G,), (G, G), else None.
    """
    x, x_test, centers = _checked(x, x_test, centers)
    role, label = _named(role, x, "role"), _named(label, x_test, "label")
    origin, axes = _axes(x, centers)
    flat, flat_test = (x - origin) @ axes, (x_test - origin) @ axes  # (N, 2), (M, 2)
    points = {name: flat[role == number] for name, number in TRAINED.items()}
    points |= {"test_normal": flat_test[label == 0], "test_anomaly": flat_test[label == 1]}
    domain = (
        np.full(len(x_test), "") if domain is None else given.names(domain, "domain", len(x_test))
    )
    if not set(domain) <= {"", *DOMAINS}:
        raise ValueError(f"the domains are {', '.join(sorted(set(domain)))}: give source or target")
    plane = {
        "dim": x.shape[1], "points": points, "centers": (centers - origin) @ axes,
        "domains": {name: flat_test[domain == name] for name in DOMAINS if name in domain},
        "kept": float(flat.var(axis=0).sum() / (x.var(axis=0).sum() or 1.0)), "cost": None,
    }  # fmt: skip
    if plane["dim"] == 2:
        plane["cost"] = _cost(plane, eta, eps)
    return plane


def draw_plane(ax, plane):
    """Draw the clips, the centroids and the lines of a ``plane_state``."""
    told = f"D = {plane['dim']}"
    if plane["cost"]:
        across, along, cost = plane["cost"]
        levels, factor = _levels(cost)
        ax.contour(across, along, cost, levels=levels, colors="#B5B5B5", linewidths=0.8)
        told += f"; gray: cost of a normal clip, × {factor} a line"
    else:
        told += f"; {plane['kept']:.0%} of the variance lies in this plane"
    counts = {}
    for name, (words, color, marker, size) in POINTS.items():
        own = plane["points"][name]
        counts[name] = len(own)
        ax.plot(
            *own.T, linestyle="none", marker=marker, color=color, markersize=size, alpha=0.7,
            markerfacecolor=color if name.startswith("test") else "none", label=words,
        )  # fmt: skip
    for name, own in plane["domains"].items():
        look = LOOKS[name]
        ax.plot(
            *own.T, linestyle="none", marker=look.marker, color=look.color, markersize=12,
            markerfacecolor="none", markeredgewidth=1.1, label=name,
        )  # fmt: skip
    _draw_centers(ax, plane["centers"])
    trained = "{normal} normal, {outlier} outliers, {anomaly} anomalies".format(**counts)
    tested = "{test_normal} normal, {test_anomaly} anomalies".format(**counts)
    ax.set_title(f"n = {trained}; tested: {tested}\n{told}", fontsize=9)
    names = ("first number of z", "second number of z")
    if plane["dim"] > 2:
        names = ("from c_p to c_n, in units of z", "largest variance across, in units of z")
    ax.set(xlabel=names[0], ylabel=names[1])
    xlim, ylim = _window(plane)
    ax.set(xlim=xlim, ylim=ylim, box_aspect=TALL)  # an inch is as much of z either way
    ax.locator_params(nbins=5)
    ax.yaxis.set_label_coords(-0.1, 0.5)  # wider numbers do not move it: no new layout
    plain(ax)


def name_points(figure, ax, columns=4):
    """Name what ``draw_plane`` has drawn below the picture."""
    handles, words = ax.get_legend_handles_labels()
    figure.legend(
        handles, words, loc="outside lower center", ncols=columns, frameon=False, fontsize=9
    )


def _draw_centers(ax, centers):
    """Draw both centroids, and the line on which both are equally far."""
    look, apart = LOOKS["center"], centers[1] - centers[0]
    middle, turned = centers.mean(axis=0), 0.01 * np.array([-apart[1], apart[0]])
    ax.axline(
        middle, middle + turned, color=look.color, linestyle="--", linewidth=1.4,
        label="equally far",
    )  # fmt: skip
    for at, face, words in zip(centers, (look.color, "white"), ("c_p", "c_n")):
        ax.plot(
            *at, linestyle="none", marker=look.marker, color=look.color, markerfacecolor=face,
            markersize=15, label=words, zorder=1.9,  # below clips that have come to lie on it
        )  # fmt: skip


def _checked(x, x_test, centers):
    x, x_test, centers = (
        given.array(some, name)
        for some, name in ((x, "x"), (x_test, "x_test"), (centers, "centers"))
    )
    if centers.ndim != 2 or len(centers) != 2 or centers.shape[1] < 2:
        raise ValueError(
            f"centers are {centers.shape}: pass (2, D), those of normal clips and of outliers, "
            "such as loss.centers after loss.update_centers(x, y)"
        )
    for name, rows in (("x", x), ("x_test", x_test), ("centers", centers)):
        if rows.ndim != 2 or rows.shape[1] != centers.shape[1] or not len(rows):
            raise ValueError(
                f"{name} is {rows.shape} and the centers are {centers.shape}: give (N, "
                f"{centers.shape[1]})"
            )
    if (centers[0] == centers[1]).all():
        raise ValueError("both centers are one point: no line runs through them")
    return x, x_test, centers


def _named(kinds, rows, name):
    kinds = given.array(kinds, name)
    if kinds.shape != rows.shape[:1]:
        raise ValueError(f"{name} is {kinds.shape} for {len(rows)} embeddings: give one of each")
    return kinds


def _axes(x, centers):
    """Return the origin, and the two axes of the plane as columns (D, 2)."""
    if x.shape[1] == 2:
        return np.zeros(2), np.eye(2)
    along = (centers[1] - centers[0]) / np.linalg.norm(centers[1] - centers[0])
    rest = x - np.outer(x @ along, along)
    _, directions = np.linalg.eigh(np.cov(rest, rowvar=False, bias=True))
    across = directions[:, -1] * np.sign(directions[np.abs(directions[:, -1]).argmax(), -1])
    return centers[0], np.column_stack([along, across])


def _cost(plane, eta, eps):
    """Return a grid over all points, and what a normal clip would cost on it."""
    across, along = (np.linspace(*ends, GRID) for ends in _window(plane))
    grid = torch.from_numpy(np.stack(np.meshgrid(across, along), axis=-1).reshape(-1, 2))
    loss = DDCSAD(dim=2, eta=eta, eps=eps).double().eval()
    loss.centers.copy_(torch.from_numpy(plane["centers"]))
    cost = loss.each(grid, torch.full((len(grid),), NORMAL))  # [DDC] eq. 3
    return across, along, cost.numpy().reshape(GRID, GRID)


def _window(plane):
    """Return the limits of both axes around all points."""
    rows = np.concatenate([*plane["points"].values(), plane["centers"]])
    low, high = rows.min(axis=0), rows.max(axis=0)
    half = 0.55 * max(high[0] - low[0], (high[1] - low[1]) / TALL)
    reach, middle = half * np.array([1.0, TALL]), (low + high) / 2
    return tuple(zip(middle - reach, middle + reach))


def _levels(cost):
    """Return the levels of cost to draw, powers of a factor, and the factor."""
    low, high = np.log2([cost.min(), np.quantile(cost, 0.995)])
    step = max(1, int(np.ceil((high - low) / LINES)))
    return 2.0 ** np.arange(np.ceil(low), np.floor(high) + 1, step), 2**step
