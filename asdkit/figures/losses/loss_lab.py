"""A loss on the circle: two centers, one clip between them, and what its angle costs."""

import math

import numpy as np
import torch
from torch.nn.functional import softplus

from ...losses.margin import widened
from ..style import GRAY, LOOKS, SERIES, Picture, plain

KINDS = ("softmax", "CosFace", "ArcFace")
GRID = np.linspace(0.0, math.pi, 361)
AROUND = np.linspace(-math.pi, math.pi, 1441)
TOP = 4.0  # of the loss axis: the border of a class, ln 2, lies well inside


def loss_state(kind, angle, scale=30.0, margin=0.5, apart=math.pi / 2):
    r"""Compute what a clip costs at an angle between its own center and the center of another
    class.

    $$L = \ln(1 + e^{s(\cos\theta_o - f(\theta))}), \quad \theta_o = |\alpha - \theta|, \qquad
    f(\theta) = \cos\theta,\ \cos\theta - m \text{ or } \cos(\theta + m)$$

    Paper: [NAM] eq. 1 for two classes, softmax as its margin 0; CosFace is [SCA] reference 13.
    Shapes: ``angle``, ``apart`` and ArcFace's ``margin`` in radians, CosFace's in cosines -> dict
        of ``angle other_angle own_logit other_logit probability test_probability loss gradient
        border``.
    Raises: ValueError for another ``kind``, an angle or ``apart`` outside 0 to pi, a scale that is
        not positive, or a negative margin.
    Choices: ``gradient`` is $dL/d\theta$ along the circle, so both classes pull; at $\theta = 0$ it
        is the kit's, 0 for the own class. ``border`` is the angle up to which training takes the
        clip for its own class, NaN where none is left; ``probability`` knows the margin,
        ``test_probability`` does not.
    Example:
        >>> state = figures.loss_state("ArcFace", angle=0.5, scale=30.0, margin=0.5)
        >>> round(state["border"], 4), round(state["probability"], 4)  # (pi / 2 - m) / 2
        (0.5354, 0.8613)
    Notebook: 06_angles_and_margins
    """
    _check(kind, angle, scale, margin, apart)
    curves = _curves(kind, np.array([angle]), scale, margin, apart)
    own, other, loss, gradient = (float(values[0]) for values in curves)
    unmoved = torch.tensor(other - scale * math.cos(angle), dtype=torch.float64)
    return {
        "angle": float(angle),
        "other_angle": abs(apart - angle),
        "own_logit": own,
        "other_logit": other,
        "probability": math.exp(-loss),
        "test_probability": math.exp(-float(softplus(unmoved))),
        "loss": loss,
        "gradient": gradient,
        "border": border(kind, margin, apart),
    }


def border(kind, margin, apart):
    r"""Return the angle to the own center at which both classes are equally likely in training.

    Centers stand $\alpha$ apart. Softmax $\alpha/2$; CosFace
    $\alpha/2 - \arcsin\frac{m}{2 \sin(\alpha/2)}$; ArcFace $(\alpha - m)/2$.

    Paper: [NAM] eq. 1.
    Shapes: numbers; NaN where the own center itself lies on the wrong side.
    Example:
        >>> figures.losses.loss_lab.border("ArcFace", margin=0.5, apart=1.5)
        0.5
    Notebook: 06_angles_and_margins
    """
    half = apart / 2
    if kind == "softmax":
        return half
    if kind == "ArcFace":
        angle = half - margin / 2
    else:
        share = margin / (2 * math.sin(half)) if apart > 0 else math.inf
        angle = half - math.asin(share) if share <= 1 else math.nan
    return angle if angle >= 0 else math.nan


def loss_figure(kind, angle, scale=30.0, margin=0.5, apart=math.pi / 2):
    """Draw the clip between two centers, its loss against its angle, and the slope of the loss.

    Left, the thick arc is where training takes the clip for its own class. The gray curves are
    those without a margin; the thin line is the loss of a clip at the border of its class, ln 2.

    Shapes: numbers, as ``loss_state`` takes them.
    Raises: ValueError as ``loss_state`` does.
    Choices: the loss axis ends at 4, or above the clip where that costs more.
    Notebook: 06_angles_and_margins
    """
    state = loss_state(kind, angle, scale, margin, apart)
    figure = Picture(width=9.5, height=3.7)
    left, middle, right = figure.subplots(1, 3, width_ratios=[1.15, 1, 1])
    _circle(left, state, kind, scale, margin, apart)
    bare, ours = (_curves(name, GRID, scale, margin, apart) for name in ("softmax", kind))
    _curve(middle, kind, angle, state["loss"], "loss", bare[2], ours[2], level=math.log(2))
    middle.set_ylim(0, max(TOP, 1.15 * state["loss"]))
    _curve(right, kind, angle, state["gradient"], "slope per rad", bare[3], ours[3])
    handles, names = middle.get_legend_handles_labels()
    lines = dict(zip(names, handles))  # softmax is its own bare curve: one entry
    place = {"loc": "outside lower center", "ncols": 2, "frameon": False, "fontsize": 9}
    figure.legend(lines.values(), lines.keys(), **place)
    unit = {"softmax": "", "CosFace": f", m = {margin:g}", "ArcFace": f", m = {margin:g} rad"}[kind]
    told = f"probability {state['probability']:.3f} in training"
    told = f"{told}, {state['test_probability']:.3f} in testing"
    figure.suptitle(f"one clip (n = 1), {kind} s = {scale:g}{unit}\n{told}", fontsize=10)
    return figure


def _curve(ax, kind, angle, value, words, bare, ours, level=0.0):
    """Draw both curves over the angle, with and without a margin, a level, and the clip."""
    degrees, look = np.degrees(GRID), LOOKS["normal"]
    ax.plot(degrees, bare, color=GRAY, linestyle=":", linewidth=1.6, label="softmax")
    ax.plot(degrees, ours, color=SERIES[0].color, linewidth=1.8, label=kind)
    ax.axhline(level, color=GRAY, linewidth=0.8)
    place = math.degrees(angle), value
    ax.plot(*place, look.marker, color=look.color, markersize=9, clip_on=False)
    ax.set(xlabel="angle to the own center in degrees", ylabel=words)
    ax.set(xlim=(0, 180), xticks=range(0, 181, 45))
    ax.set_title(f"{words}: {value:.3g}", fontsize=10)
    plain(ax)


def _check(kind, angle, scale, margin, apart):
    if kind not in KINDS:
        raise ValueError(f"kind is one of {', '.join(KINDS)}, not {kind!r}")
    for name, value in (("angle", angle), ("apart", apart)):
        if not 0.0 <= value <= math.pi:
            raise ValueError(f"{name} is {value!r}: give radians from 0 to pi")
    if not 0.0 < scale < math.inf:
        raise ValueError(f"scale is {scale!r}: give a positive number, such as 30")
    if not margin >= 0.0:
        raise ValueError(f"margin is {margin!r}: give a number from 0 on, such as 0.5")


def _target(kind, cosine, margin):
    if kind == "ArcFace":
        return widened(cosine, torch.tensor(margin, dtype=cosine.dtype))
    return cosine - margin if kind == "CosFace" else cosine


def _curves(kind, angle, scale, margin, apart):
    """Compute own logit, other logit, loss and its slope for each angle."""
    angle = torch.tensor(angle, dtype=torch.float64, requires_grad=True)
    cosine = angle.cos()
    own, other = scale * _target(kind, cosine, margin), scale * (apart - angle).cos()
    loss = softplus(other - own)
    (gradient,) = torch.autograd.grad(loss.sum(), angle)
    return [values.detach().numpy() for values in (own, other, loss, gradient)]


def _circle(ax, state, kind, scale, margin, apart):
    cosine = torch.tensor(np.cos(AROUND))
    won = _target(kind, cosine, margin).numpy() > np.cos(AROUND - apart)
    ax.plot(np.cos(AROUND), np.sin(AROUND), color=GRAY, linewidth=1)
    arc = np.where(won, 1.0, np.nan)
    ax.plot(
        arc * np.cos(AROUND), arc * np.sin(AROUND), color=LOOKS["normal"].color, linewidth=7,
        alpha=0.35,
    )  # fmt: skip
    star = LOOKS["center"]
    # names stand apart where centers do not
    for name, at, aside in (("own", 0.0, -0.25), ("other", apart, 0.25)):
        ax.plot(
            math.cos(at), math.sin(at), star.marker, color=star.color, markersize=14,
            markeredgecolor="white",
        )  # fmt: skip
        ax.text(
            1.3 * math.cos(at + aside), 1.3 * math.sin(at + aside), name, fontsize=9, ha="center",
            va="center",
        )  # fmt: skip
    at, look = state["angle"], LOOKS["normal"]
    ax.plot([0, math.cos(at)], [0, math.sin(at)], color=look.color, linewidth=1.4)
    ax.plot(
        math.cos(at), math.sin(at), look.marker, color=look.color, markersize=10,
        markeredgecolor="white",
    )  # fmt: skip
    ax.set(
        xlim=(-1.6, 1.6), ylim=(-1.6, 1.6), aspect="equal", xlabel="first coordinate",
        xticks=[-1, 0, 1],
    )  # fmt: skip
    ax.set(ylabel="second coordinate", yticks=[-1, 0, 1])
    told = (
        "no clip is won"
        if math.isnan(state["border"])
        else f"won up to {math.degrees(state['border']):.1f}°"
    )
    ax.set_title(f"{math.degrees(apart):.0f}° apart: {told}", fontsize=10)
