"""One mixed clip and several losses: what each asks for, and what it costs."""

import math

import numpy as np
import torch
from matplotlib.ticker import MaxNLocator
from torch.nn import functional as F

from ...losses.angles import check_classes
from ...losses.margin import check_margin, widened
from ...losses.scale import check_scale
from ..style import CLASSES, GRAY, SERIES, Picture, plain

KINDS = ("cross entropy, mixed", "ArcFace at i", "ArcMix", "Noisy-ArcMix")
ASKED = ("label", "weight", "logits", "loss", "slopes")
PLACES = ("i", "j")
COLORS = (CLASSES[3].color, CLASSES[4].color, GRAY)  # no curve of a loss has them
STEP = 4  # from loss to loss on the axes that all of them share
LAMS = np.linspace(0, 1, 21)
WIDE = 22  # of a bar, in points: thick lines are drawn in a fraction of the time of patches


def mixing_state(lam, to_first, to_second, margin=0.7, scale=30.0, classes=41, kinds=KINDS):
    r"""Compute what a mixture of two clips, $x = \lambda x_i + (1 - \lambda) x_j$, costs in several
    losses.

    With $L(y, u) = -y^T \ln \mathrm{softmax}(s \cos(\theta + m u))$, label y and margin at u:
    "cross entropy, mixed" is $L(\bar y, 0)$, "ArcFace at i" $L(y_i, y_i)$, ArcMix
    $\lambda L(y_i, y_i) + (1 - \lambda) L(y_j, y_j)$, Noisy-ArcMix $L(\bar y, y_i)$ and MixedMargin
    $L(\bar y, \bar y)$.

    Paper: [NAM] 1 to 4; MixedMargin is in none.
    Shapes: ``to_first``, ``to_second`` (angles to the centers of i and j) and ``margin`` in
        radians -> dict of these numbers; ``bare`` (3,), the logits of i, j and each other class
        without a margin; and by the name of a loss ``label`` (3,), ``weight`` (2,) of the margin at
        i and at j, ``logits`` (1, 3), for ArcMix (2, 3), ``loss``, and ``slopes`` (2,) per radian.
    Raises: ValueError for a lam outside 0 to 1, an angle outside 0 to pi, a loss that is not known,
        or as ``NoisyArcMix`` does.
    Choices: all other centers stand at right angles to the clip. ArcFace at i takes the mixture
        for a clip of i. The clip does not move with lam, so all are linear in it but MixedMargin,
        whose margins do move. At 0 and at pi a slope is the kit's, 0. ``kinds`` are some of these.
    Example:
        >>> state = figures.mixing_state(lam=0.25, to_first=1.0, to_second=0.5)
        >>> state["weight"]["ArcMix"], state["weight"]["Noisy-ArcMix"]
        (array([0.25, 0.75]), array([1., 0.]))
    Notebook: 11_noisy_arcmix, 16_your_own_loss
    """
    _check(lam, to_first, to_second, margin, scale, classes)
    _check_kinds(kinds)
    bare = np.array([scale * math.cos(to_first), scale * math.cos(to_second), 0.0])
    angles = torch.tensor([to_first, to_second], dtype=torch.float64, requires_grad=True)
    asked = [_asked(_terms(kind, lam), angles, margin, scale, classes) for kind in kinds]
    return {
        "lam": float(lam), "to_first": float(to_first), "to_second": float(to_second),
        "margin": float(margin), "scale": float(scale), "classes": int(classes), "bare": bare,
        **{name: dict(zip(kinds, values)) for name, values in zip(ASKED, zip(*asked))},
    }  # fmt: skip


def mixing_figure(state):
    """Draw labels, logits and slopes of the losses of a state in columns, and below them the loss
    against lambda.

    A circle is a logit without, a triangle one with the margin; beside it stands the weight of the
    term that has it.

    Shapes: the dict of ``mixing_state``.
    Choices: the axes of labels, logits and slopes do not follow the clip, so that pictures
        compare; they grow only where the margin carries a logit or a slope beyond the scale.
    Notebook: 11_noisy_arcmix
    """
    figure = Picture(width=9.5, height=5.8)
    *columns_of, gap, last = figure.subplots(5, 1, height_ratios=[0.8, 1.2, 1.0, 0.15, 1.2])
    gap.set_axis_off()  # else the columns of the losses look like ranges of lambda
    axes = [*columns_of, last]
    for ax in columns_of:
        columns = STEP * len(state["loss"])
        ax.set(xlim=(-1, columns - 1), xticks=[])
        ax.vlines(
            range(STEP - 1, columns - 1, STEP), 0, 1, color=GRAY, linewidth=0.6,
            transform=ax.get_xaxis_transform(),
        )  # fmt: skip
    for ax, draw in zip(axes, (_labels, _logits, _slopes, _losses)):
        draw(ax, state)
        plain(ax)
    figure.suptitle(_told(state), fontsize=10)
    return figure


def _check(lam, to_first, to_second, margin, scale, classes):
    if not 0.0 <= lam <= 1.0:
        raise ValueError(f"lam is {lam!r}: give the share of the first clip, from 0 to 1")
    for name, value in (("to_first", to_first), ("to_second", to_second)):
        if not 0.0 <= value <= math.pi:
            raise ValueError(f"{name} is {value!r}: give radians from 0 to pi")
    check_margin(margin)
    check_scale(scale)
    check_classes(classes)


def _check_kinds(kinds):
    known = (*KINDS, "MixedMargin")
    if not kinds or not set(kinds) <= set(known):
        raise ValueError(f"kinds is {kinds!r}: take some of {', '.join(known)}")


def _terms(kind, lam):
    """Return the terms of a loss: a weight, the label, and where the margin stands, for (i, j)."""
    i, j, both, nowhere = (1.0, 0.0), (0.0, 1.0), (lam, 1.0 - lam), (0.0, 0.0)
    return {
        "cross entropy, mixed": [(1.0, both, nowhere)],
        "ArcFace at i": [(1.0, i, i)],  # [NAM] 1
        "ArcMix": [(lam, i, i), (1.0 - lam, j, j)],  # [NAM] 3
        "Noisy-ArcMix": [(1.0, both, i)],  # [NAM] 4
        "MixedMargin": [(1.0, both, both)],  # lesson 16, eq. O2
    }[kind]


def _asked(terms, angles, margin, scale, classes):
    """Return label, weight of the margin, logits, loss and slopes of one loss."""
    loss, logits = _cost(terms, angles, margin, scale, classes)
    (slopes,) = torch.autograd.grad(loss, angles)
    share, label, place = (np.array(column) for column in zip(*terms))
    logits = np.column_stack([logits, np.zeros(len(terms))])
    return np.append(share @ label, 0.0), share @ place, logits, loss.item(), slopes.numpy()


def _cost(terms, angles, margin, scale, classes):
    """Return the loss, and the logits of i and j in each term."""
    others = angles.new_zeros(classes - 2)
    loss, logits = angles.new_zeros(()), []
    for weight, label, place in terms:
        own = scale * widened(angles.cos(), margin * angles.new_tensor(place))
        soft = torch.cat([angles.new_tensor(label), others])
        loss = loss + weight * F.cross_entropy(torch.cat([own, others]), soft)
        logits.append(own.detach().numpy())
    return loss, np.array(logits)


def _curve(kind, state):
    """Return the shares at which a curve is drawn, and the loss there; a line has two ends."""
    lams = LAMS if kind == "MixedMargin" else LAMS[[0, -1]]
    angles = torch.tensor([state["to_first"], state["to_second"]], dtype=torch.float64)
    numbers = state["margin"], state["scale"], state["classes"]
    return lams, [float(_cost(_terms(kind, lam), angles, *numbers)[0]) for lam in lams.tolist()]


def _places(state):
    return STEP * np.arange(len(state["loss"]))


def _labels(ax, state):
    label = np.array([*state["label"].values()])  # (losses, 3)
    for place, (name, color) in enumerate(zip(PLACES, COLORS)):
        at = _places(state) + place
        ax.vlines(at, 0, label[:, place], color=color, linewidth=WIDE)
        for x, value in zip(at, label[:, place]):
            ax.text(x, value + 0.07, f"{name} {value:.2f}", ha="center", fontsize=8)
    for x, kind, look in zip(_places(state), state["loss"], SERIES):
        words = f"{kind}\nloss {state['loss'][kind]:.3f}"
        ax.text(x + 0.6, 1.45, words, ha="center", va="bottom", fontsize=10)
        ax.plot(  # what the curve of this loss looks like, in place of a legend
            [x - 0.9, x - 0.6, x - 0.3], [1.6] * 3, look.marker, linestyle=look.line,
            color=look.color, markersize=7, markevery=[1], clip_on=False,
        )  # fmt: skip
    ax.set(ylim=(0, 1.35), yticks=[], ylabel="label")


def _logits(ax, state):
    ax.axhline(0, color=GRAY, linewidth=0.6)
    for place, color in enumerate(COLORS[:2]):
        bare, side = state["bare"][place], (-0.17, 0.17)[place]  # weights stand outside of i and j
        for x, kind in zip(_places(state) + place, state["weight"]):
            weight = state["weight"][kind][place]
            if not weight or not state["margin"]:
                continue
            low = state["logits"][kind][:, place].min()
            ax.plot([x, x], [bare, low], "-v", color=color, markersize=8, markevery=[1])
            ax.text(
                x + side, (bare + low) / 2, f"× {weight:.2f}", fontsize=8, va="center",
                ha="left" if place else "right",
            )  # fmt: skip
    for place, color in enumerate(COLORS):
        at, bare = _places(state) + place, state["bare"][place]
        ax.plot(at, np.full(len(at), bare), "o", color=color, markerfacecolor="white", markersize=7)
    lowest = min(logits.min() for logits in state["logits"].values())
    ax.set(ylim=(1.15 * min(lowest, -state["scale"]), 1.15 * state["scale"]), ylabel="logit")
    ax.set_yticks([-state["scale"], 0, state["scale"]])
    told = "circle: without, triangle: with the margin, × the weight of its term"
    ax.set_title(f"{told}; gray: each of {state['classes'] - 2} others", fontsize=9)


def _slopes(ax, state):
    slopes = np.array([*state["slopes"].values()])  # (losses, 2)
    for place, color in enumerate(COLORS[:2]):
        ax.vlines(_places(state) + place, 0, slopes[:, place], color=color, linewidth=WIDE)
    ax.axhline(0, color=GRAY, linewidth=0.8)
    reach = 1.1 * max(state["scale"], np.abs(slopes).max())
    ax.set(
        ylim=(-reach, reach), ylabel="slope per rad", yticks=[-state["scale"], 0, state["scale"]]
    )
    ax.set_title("above 0: the loss pulls the clip to that center", fontsize=9)


def _losses(ax, state):
    top = 1.0
    ax.axvline(state["lam"], color=GRAY, linewidth=0.8)
    for kind, look in zip(state["loss"], SERIES):
        (lams, losses), now = _curve(kind, state), (state["lam"], state["loss"][kind])
        top = max(top, *losses)
        ax.plot(lams, losses, color=look.color, linestyle=look.line, linewidth=1.8)
        ax.plot(*now, look.marker, color=look.color, markersize=7, clip_on=False)
    ax.set(xlim=(0, 1), ylim=(0, 1.08 * top), xticks=np.arange(6) / 5, ylabel="loss")
    ax.yaxis.set_major_locator(MaxNLocator(3))
    ax.set_xlabel("lambda, the share of the first clip, with the same angles")


def _told(state):
    first, second = (math.degrees(state[name]) for name in ("to_first", "to_second"))
    return (
        f"one mixed clip (n = 1): lambda = {state['lam']:.2f}, {first:.0f}° to the center of i, "
        f"{second:.0f}° to that of j; m = {state['margin']:g} rad, s = {state['scale']:g}"
    )
