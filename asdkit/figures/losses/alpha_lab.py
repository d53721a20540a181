"""The length alpha on the circle: centers of unit length, one clip, and its probabilities."""

import numpy as np
from scipy.special import softmax

from ... import given
from ...losses import smallest_alpha
from ..style import CLASSES, GRAY, LOOKS, Picture, plain
from .loss_floor import smallest_loss

P = 0.9


def alpha_state(alpha, angle=0.0, classes=4):
    r"""Compute the class probabilities of a clip of length alpha among unit centers on a circle.

    $$P_j = \frac{e^{\alpha \cos\theta_j}}{\sum_k e^{\alpha \cos\theta_k}}, \qquad
    \theta_j = \theta - 2\pi j / C$$

    Paper: [L2S] 3, for unit centers without biases; the bound is ``losses.smallest_alpha``.
    Shapes: a length, an angle in degrees, a number of classes -> dict of ``alpha angle classes loss
        best bound enough reached floor``, ``probabilities`` (C,) and ``centers`` (C, 2).
    Raises: ValueError for an alpha that is not positive, or classes other than 3 to 5.
    Choices: the clip belongs to the first class, at 0 degrees. ``best`` is its probability on its
        own center, ``reached`` where that is 0.9 or more; ``enough`` where alpha is at or above the
        bound. The two can differ, as the bound is for centers at right angles.
    Example:
        >>> state = figures.alpha_state(alpha=3.0, classes=4)
        >>> round(state["bound"], 2), round(state["best"], 3), state["reached"]
        (2.89, 0.907, True)
    Notebook: 05_classify_to_detect
    """
    angle = given.number(angle, "angle", such_as="45 degrees")
    if not given.number(alpha, "alpha", such_as=3) > 0:
        raise ValueError(f"alpha is {alpha!r}: give a positive length")
    if not 3 <= given.count(classes, "classes") <= 5:
        raise ValueError(f"there are {classes!r} classes: draw 3 to 5")
    turn = 2 * np.pi * np.arange(classes) / classes
    probabilities = softmax(alpha * np.cos(np.radians(angle) - turn))
    best = softmax(alpha * np.cos(turn))[0]
    bound = smallest_alpha(classes, P)
    return {
        "alpha": float(alpha), "angle": float(angle), "classes": classes,
        "centers": np.column_stack([np.cos(turn), np.sin(turn)]),
        "probabilities": probabilities,
        "loss": float(-np.log(probabilities[0])),
        "best": float(best),
        "bound": bound,
        "enough": bool(alpha >= bound),
        "reached": bool(best >= P),
        "floor": float(smallest_loss(alpha, classes)),
    }  # fmt: skip


def alpha_figure(state):
    """Draw the clip and the centers on the circle, and beside it the probability of each class.

    Shapes: the dict of ``alpha_state``.
    Choices: the circle has the radius 1 whatever alpha is; its length stands in the title.
    Notebook: 05_classify_to_detect
    """
    figure = Picture(height=3.8)
    left, right = figure.subplots(1, 2, width_ratios=[1, 1.2])
    names = [f"class {number}" for number in range(state["classes"])]
    _circle(left, state, names)
    for name, p, look in zip(names, state["probabilities"], CLASSES):
        right.bar(name, p, facecolor="white", edgecolor=look.color, hatch=look.hatch, linewidth=1.6)
    right.axhline(P, color=GRAY, linestyle=":", linewidth=1.4, label=f"p = {P}")
    told = f"on its own center {state['best']:.3f}"
    right.axhline(state["best"], color="black", linewidth=1.2, label=told)
    right.set(ylim=(0, 1.02), xlabel="class", ylabel="probability")
    cost = f"own class {state['probabilities'][0]:.2f}, loss {state['loss']:.2f}"
    right.set_title(f"{cost} (n = {state['classes']} classes)", fontsize=10)
    figure.legend(loc="outside lower center", ncols=4, frameon=False, fontsize=9, columnspacing=1.4)
    plain(right)
    return figure


def _circle(ax, state, names):
    marker = LOOKS["center"].marker
    around = np.linspace(0, 2 * np.pi, 361)
    ax.plot(np.cos(around), np.sin(around), color=GRAY, linewidth=1)
    for (x, y), look, name in zip(state["centers"], CLASSES, names):
        ax.plot([0, x], [0, y], color=look.color, linestyle=look.line, linewidth=1)
        ax.plot(x, y, marker, color=look.color, markersize=15)
        side = "center" if abs(x) < 0.2 else "left" if x > 0 else "right"
        ax.annotate(name, (1.18 * x, 1.2 * y), ha=side, va="center", fontsize=9)
    clip = np.cos(np.radians(state["angle"])), np.sin(np.radians(state["angle"]))
    arrow = {"arrowstyle": "->", "color": "black", "linewidth": 2}
    ax.annotate("", clip, (0, 0), arrowprops=arrow)
    looks = {"linestyle": "none", "color": GRAY, "markersize": 10}  # for the legend alone
    ax.plot([], [], marker=marker, label="center of a class", **looks)
    ax.plot([], [], marker=r"$\rightarrow$", label="clip of class 0", **looks | {"color": "black"})
    ax.set(xlim=(-1.9, 1.9), ylim=(-1.4, 1.4), aspect="equal")
    ax.set(xlabel="first coordinate", ylabel="second coordinate")
    told = f"alpha {state['alpha']:.2f}, {state['angle']:.0f}° off class 0"
    ax.set_title(f"{told}\n{_told(state)}", fontsize=10)


def _told(state):
    side = "at or above" if state["enough"] else "below"
    reached = "reached" if state["reached"] else "out of reach"
    return f"{side} the bound {state['bound']:.2f}, p = {P} {reached}"
