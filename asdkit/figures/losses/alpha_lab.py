"""The length alpha on the circle: centers of unit length, one clip among them, and how sure a softmax can be."""

import numpy as np
from scipy.special import softmax

from ...losses import smallest_alpha
from ..style import CLASSES, GRAY, LOOKS, Picture, plain
from .loss_floor import smallest_loss

P = 0.9


def alpha_state(alpha, angle=0.0, classes=4):
    r"""Class probabilities of one clip of length alpha among centers of unit length, evenly around the circle.

    $$P_j = \frac{e^{\alpha \cos\theta_j}}{\sum_k e^{\alpha \cos\theta_k}}, \qquad \theta_j = \theta - 2\pi j / C$$

    Paper: [L2S] 3, with centers of unit length and without biases; the bound is that of ``losses.smallest_alpha``.
    Shapes: a length, an angle in degrees and a number of classes -> dict of ``alpha angle classes probabilities loss
        best bound enough reached floor``; ``probabilities`` and ``centers`` are (C,) and (C, 2).
    Raises: ValueError for an alpha that is not positive, or classes other than 3 to 5.
    Choices: the clip belongs to the first class, at 0 degrees. ``best`` is its probability on its own center; with
        ``reached`` that is 0.9 or more, with ``enough`` alpha is at or above the bound. The two can differ: the bound
        takes right angles for granted, which a circle has for 4 classes only, and leaves out the opposite class.
    Example:
        >>> state = figures.alpha_state(alpha=3.0, classes=4)
        >>> round(state["bound"], 2), round(state["best"], 3), state["reached"]
        (2.89, 0.907, True)
    Notebook: 05_classify_to_detect
    """
    if not alpha > 0:
        raise ValueError(f"alpha is {alpha!r}: give a positive length")
    if classes not in (3, 4, 5):
        raise ValueError(f"there are {classes!r} classes: draw 3 to 5")
    turn = 2 * np.pi * np.arange(classes) / classes
    probabilities, best = softmax(alpha * np.cos(np.radians(angle) - turn)), softmax(alpha * np.cos(turn))[0]
    bound = smallest_alpha(classes, P)
    return {
        "alpha": float(alpha),
        "angle": float(angle),
        "classes": classes,
        "centers": np.column_stack([np.cos(turn), np.sin(turn)]),
        "probabilities": probabilities,
        "loss": float(-np.log(probabilities[0])),
        "best": float(best),
        "bound": bound,
        "enough": bool(alpha >= bound),
        "reached": bool(best >= P),
        "floor": float(smallest_loss(alpha, classes)),
    }


def alpha_figure(state):
    """Draw the clip and the centers on the circle (left), and the probability of each class (right).

    Shapes: the dict of ``alpha_state``.
    Choices: the circle has the radius 1 whatever alpha is; its length stands in the title.
    Example:
        >>> figures.alpha_figure(figures.alpha_state(alpha=3.0, angle=90.0)).axes[1].get_title()
        'own class 0.05, loss 3.10 (n = 4 classes)'
    Notebook: 05_classify_to_detect
    """
    figure = Picture(height=3.8)
    left, right = figure.subplots(1, 2, width_ratios=[1, 1.2])
    around = np.linspace(0, 2 * np.pi, 361)
    left.plot(np.cos(around), np.sin(around), color=GRAY, linewidth=1)
    names = [f"class {number}" for number in range(state["classes"])]
    for (x, y), look, name, p in zip(state["centers"], CLASSES, names, state["probabilities"]):
        left.plot([0, x], [0, y], color=look.color, linestyle=look.line, linewidth=1)
        left.plot(x, y, LOOKS["center"].marker, color=look.color, markersize=15)
        side = "center" if abs(x) < 0.2 else "left" if x > 0 else "right"
        left.annotate(name, (1.18 * x, 1.2 * y), ha=side, va="center", fontsize=9)
        right.bar(name, p, facecolor="white", edgecolor=look.color, hatch=look.hatch, linewidth=1.6)
    clip = np.cos(np.radians(state["angle"])), np.sin(np.radians(state["angle"]))
    left.annotate("", clip, (0, 0), arrowprops={"arrowstyle": "->", "color": "black", "linewidth": 2})
    left.set(xlim=(-1.9, 1.9), ylim=(-1.4, 1.4), aspect="equal", xlabel="first coordinate", ylabel="second coordinate")
    left.set_title(f"alpha {state['alpha']:.2f}, {state['angle']:.0f}° off class 0\n{_told(state)}", fontsize=10)
    right.axhline(P, color=GRAY, linestyle=":", linewidth=1.4, label=f"p = {P}")
    right.axhline(state["best"], color="black", linewidth=1.2, label=f"on its own center {state['best']:.3f}")
    right.set(ylim=(0, 1.02), xlabel="class", ylabel="probability")
    right.set_title(
        f"own class {state['probabilities'][0]:.2f}, loss {state['loss']:.2f} (n = {state['classes']} classes)",
        fontsize=10,
    )
    figure.legend(loc="outside lower right", ncols=2, frameon=False, fontsize=9)
    plain(right)
    return figure


def _told(state):
    side = "at or above" if state["enough"] else "below"
    return f"{side} the bound {state['bound']:.2f}, p = {P} {'reached' if state['reached'] else 'out of reach'}"
