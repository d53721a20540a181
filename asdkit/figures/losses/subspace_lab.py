"""Subspaces of three classes on the sphere: one clip, its projections, and where descent moves
it.
"""

import math

import numpy as np
import torch
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.lines import Line2D
from matplotlib.patches import Circle
from torch.nn import functional as F

from ...losses.adaproj import AdaProj, orthonormalized, projected_cosine
from ...losses.scale import initial_scale
from ..style import CLASSES, LOOKS, Picture, plain
from .subspace_sets import ball, curve, draw_set, eye, is_exact, optimal_set

NUMBER = 3  # of classes
PIXELS = 101
RATE = 0.75  # of the step that the arrow shows
STOPS = [(0.0, "#FFFFFF"), (0.7, "#FBE6C4"), (0.93, "#F5C47C"), (1.0, "#E8A03A")]
SHADES = LinearSegmentedColormap.from_list("shades", STOPS, N=20)  # bands of 0.05


def subspace_state(dim=3, subspace_dim=2, orthonormal=True, longitude=20.0, latitude=35.0, seed=0):
    r"""Compute what AdaProj says of one clip of class 0 among the subspaces of three classes.

    $$\cos\theta_k = \frac{\langle x, P_k x \rangle}{\|P_k x\|}, \qquad
    P_k x = \sum_{j=1}^J \langle x, c_{kj} \rangle c_{kj}, \qquad
    L = -\ln \frac{e^{s \cos\theta_0}}{\sum_k e^{s \cos\theta_k}}$$

    Paper: [AP] Definition 1, Remark 1 and Lemma 2.
    Shapes: sizes D and J, degrees, a seed -> dict of ``dim subspace_dim orthonormal longitude
        latitude loss scale``; ``point`` x (D,) of length 1; ``centers`` (3, J, D); ``cosine``,
        ``distance``, ``logits``, ``probabilities`` (3,); ``gradient`` $dL/dx$ (D,); ``projection``
        (D,), $P_0 x$ at length 1.
    Raises: ValueError for a J below 1 or above D, a D below 3, or an angle that is not finite.
    Choices: the clip lives on the first three axes, where longitude counts from the first to the
        second and latitude up to the third. ``distance`` is the squared one of Definition 1,
        $2 (1 - \cos\theta_k)$. The scale is the first one, $\sqrt 2 \ln 2$. J = D is allowed with
        orthonormal centers too, which ``AdaProj`` refuses: every cosine is 1.
    Example:
        >>> state = figures.subspace_state(dim=3, subspace_dim=3, longitude=77.0)
        >>> state["cosine"].round(6), round(state["loss"], 4)  # ln 3, wherever the clip is
        (array([1., 1., 1.]), 1.0986)
    Notebook: 10_adaproj
    """
    if dim < 3:
        raise ValueError(f"dim is {dim!r}: the clip needs 3 axes to live on")
    if not (math.isfinite(longitude) and math.isfinite(latitude)):
        raise ValueError(f"longitude {longitude} and latitude {latitude}: give degrees")
    centers = _centers(dim, subspace_dim, orthonormal, seed)
    around, up = math.radians(longitude), math.radians(latitude)
    x = torch.zeros(1, dim, dtype=centers.dtype)
    x[0, 0], x[0, 1] = math.cos(up) * math.cos(around), math.cos(up) * math.sin(around)
    x[0, 2] = math.sin(up)
    return {
        "dim": dim, "subspace_dim": subspace_dim, "orthonormal": orthonormal,
        "longitude": float(longitude), "latitude": float(latitude), **_judged(x, centers),
    }  # fmt: skip


def _judged(x, centers):
    """Compute what the loss says of x (1, D), and where it would move it."""
    scale = initial_scale(NUMBER)
    x.requires_grad_()
    cosine = projected_cosine(x, centers)
    loss = F.cross_entropy(scale * cosine, torch.tensor([0]))
    (gradient,) = torch.autograd.grad(loss, x)
    x, cosine = x.detach(), cosine.detach()[0]
    arrays = {
        "point": x[0],
        "centers": centers,
        "cosine": cosine,
        "distance": 2 * (1 - cosine),
        "logits": scale * cosine,
        "probabilities": (scale * cosine).softmax(dim=0),
        "gradient": gradient[0],
        "projection": F.normalize(x @ centers[0].T @ centers[0])[0],
    }
    numbers = {name: array.numpy() for name, array in arrays.items()}
    return {"scale": scale, "loss": loss.item(), **numbers}


def subspace_figure(state):
    """Draw the subspaces, the clip and its projection on the sphere, and the distances as bars.

    The shading is the cosine to class 0, the class of the clip. The arrow is one step of gradient
    descent at the rate 0.75.

    Shapes: the dict of ``subspace_state``.
    Choices: for D above 3 the sphere is the slice along the first three axes; projection and step
        leave it, and are drawn where they fall on it at right angles. Opposite places have equal
        cosines, so one side of the sphere is drawn, that of the clip.
    Notebook: 10_adaproj
    """
    figure = Picture(width=9.2, height=4.6)
    left, right = figure.subplots(1, 2, width_ratios=[1, 1.12])
    sets = [optimal_set(rows, is_exact(state)) for rows in state["centers"]]
    axes, side = eye(state["point"])
    ball(left, axes)
    highest = _shade(left, state, axes, figure)
    for found, look in zip(sets, CLASSES):
        draw_set(left, axes, *found, look)
    _clip(left, state, axes)
    part = "the unit sphere"
    if state["dim"] > 3:
        part = f"a slice of {part} along 3 of {state['dim']} axes"
    left.set_title(f"{part}, from the {side}\n{_told(*sets[0], highest)}", fontsize=10)
    _bars(right, state)
    handles = _handles(state, sets)
    place = {"loc": "outside lower center", "ncols": 3, "frameon": False, "fontsize": 9}
    figure.legend(handles=handles, **place)
    kind = "orthonormal" if state["orthonormal"] else "random"
    sizes = f"D = {state['dim']}, J = {state['subspace_dim']}, {kind} centers"
    place = f"longitude {state['longitude']:.0f}°, latitude {state['latitude']:.0f}°"
    title = f"{sizes}: one clip of class 0 (n = 1) at {place}"
    figure.suptitle(title.replace("-", "−"), fontsize=11)
    return figure


def _centers(dim, subspace_dim, orthonormal, seed):
    """Draw the centers of AdaProj (3, J, D) in float64, the random numbers of others untouched."""
    with torch.random.fork_rng([]):
        torch.manual_seed(seed)
        centers = AdaProj(dim, NUMBER, subspace_dim).centers.detach().double()
    return orthonormalized(centers) if orthonormal else F.normalize(centers, dim=2)


def _shade(ax, state, axes, figure):
    """Color the sphere by the cosine to class 0, and return the highest."""
    across, up = np.meshgrid(*[np.linspace(-1, 1, PIXELS)] * 2)
    inside = np.hypot(across, up) <= 1 + 2 / PIXELS  # one pixel more: the outline cuts it
    depth = np.sqrt(np.clip(1 - across[inside] ** 2 - up[inside] ** 2, 0, None))
    x = np.zeros((len(depth), state["dim"]))
    x[:, :3] = np.stack([across[inside], up[inside], depth], axis=-1) @ axes
    cosine = projected_cosine(torch.tensor(x), torch.tensor(state["centers"][:1]))[:, 0].numpy()
    image, edge = np.full(across.shape, np.nan), 1 + 1 / (PIXELS - 1)  # of the outer pixels
    image[inside] = cosine
    drawn = ax.imshow(
        image, extent=(-edge, edge, -edge, edge), origin="lower", cmap=SHADES, vmin=0, vmax=1,
        interpolation="bilinear", zorder=1,
    )  # fmt: skip
    drawn.set_clip_path(Circle((0, 0), 1, transform=ax.transData))
    figure.colorbar(
        drawn, ax=ax, location="left", shrink=0.7, label="cosine to class 0", ticks=[0, 0.5, 1]
    )
    return cosine.max()


def _clip(ax, state, axes):
    """Draw the clip, the way to its projection, and one step of descent."""
    x, projection = state["point"], state["projection"]
    share = np.linspace(0, 1, 61)[:, None]
    way = (1 - share) * x + share * projection
    way = (way / np.linalg.norm(way, axis=1, keepdims=True))[:, :3] @ axes.T
    curve(ax, way.T[:2], color="black", linestyle=(0, (1, 1.5)), linewidth=1.6, zorder=5)
    here, there = way[0], way[-1]
    face = "black" if there[2] >= 0 else "white"  # hollow behind the sphere
    edge = "white" if there[2] >= 0 else "black"
    style = {"marker": "X", "color": face, "markeredgecolor": edge, "markersize": 11}
    curve(ax, there[:2, None], zorder=6, **style)
    step = -RATE * axes @ state["gradient"][:3]
    if np.hypot(*step[:2]) > 0.07:  # else the clip would cover it
        arrow = {
            "arrowstyle": "-|>", "color": LOOKS["normal"].color, "linewidth": 2.4,
            "mutation_scale": 14, "shrinkA": 0, "shrinkB": 0,
        }  # fmt: skip
        ax.annotate("", (here + step)[:2], here[:2], arrowprops=arrow, zorder=7)
    look = LOOKS["normal"]
    style = {"marker": look.marker, "color": look.color, "markeredgecolor": "white"}
    curve(ax, here[:2, None], markersize=10, zorder=8, **style)


def _bars(ax, state):
    looks = CLASSES[:NUMBER]
    ax.barh(
        range(NUMBER), state["distance"], 0.42, facecolor="white", linewidth=1.6,
        edgecolor=[look.color for look in looks], hatch=[look.hatch for look in looks],
    )  # fmt: skip
    for k, numbers in enumerate(zip(state["cosine"], state["logits"], state["probabilities"])):
        name = "class 0, its own" if k == 0 else f"class {k}"
        words = "{}: cosine {:.2f}, logit {:.2f}, probability {:.2f}".format(name, *numbers)
        ax.text(0.02, k - 0.29, words, fontsize=9, va="bottom")
    ax.set(xlim=(0, 2), xticks=[0, 0.5, 1, 1.5, 2], ylim=(NUMBER - 0.6, -0.7))
    ax.set(yticks=[], ylabel="class", xlabel="squared distance to the projection, 2 (1 − cosine)")
    length, seen = (np.linalg.norm(state["gradient"][:size]) for size in (None, 3))
    words = f"gradient {length:.2f}"
    if np.allclose(state["cosine"], 1):
        words = "every cosine is 1 wherever it is: nothing is learned"
    elif state["dim"] > 3:
        words = f"{words}, along the slice {seen:.2f}"
    ax.set_title(
        f"loss {state['loss']:.3f} at the scale {state['scale']:.2f}\n{words}", fontsize=10
    )
    plain(ax)


def _told(plane, points, highest):
    """Say where the cosine is 1 on what is drawn of the sphere."""
    if points is not None and points.shape[1]:
        return "the cosine of a class is 1 at its markers alone"
    places = {1: "at two opposite points", 2: "all along its circle", 3: "everywhere"}
    if points is None and plane.shape[1]:
        return f"the cosine of a class is 1 {places[plane.shape[1]]}"
    return f"the highest cosine to class 0 here is {highest:.2f}"


def _handles(state, sets):
    handles = []
    for k, ((plane, points), look) in enumerate(zip(sets, CLASSES)):
        where = {0: ": not in the slice", 3: ": everywhere"}.get(plane.shape[1], "")
        style = {"color": look.color, "linestyle": look.line}
        if plane.shape[1] == 1 or points is not None and points.size:
            style["marker"] = look.marker
        handles.append(
            Line2D([], [], linewidth=2.5, label=f"subspace of class {k}{where}", **style)
        )
    shadow = "" if state["dim"] == 3 else ", seen in the slice"
    looks = {"linestyle": "none", "color": LOOKS["normal"].color, "markersize": 10}
    return handles + [
        Line2D([], [], marker="o", label="the clip", **looks),
        Line2D([], [], marker=r"$\rightarrow$", label=f"gradient descent, rate {RATE}", **looks),
        Line2D(
            [], [], marker="X", label=f"its projection to class 0{shadow}",
            **looks | {"color": "black"},
        ),
    ]  # fmt: skip
