"""Which way the losses of a mixed clip pull it: their slopes against the angle to its classes."""

import math
from functools import partial

import numpy as np
import torch
from torch.func import functional_call, grad, vmap

from ... import given
from ...losses.arcmix import ArcMix, NoisyArcMix
from ...losses.margin import ArcFace
from ...mixup import Mix
from ..style import GRAY, SERIES, Picture, entry, plain

LOSSES = {"ArcFace, shared out": ArcFace, "ArcMix": ArcMix, "Noisy-ArcMix": NoisyArcMix}
CURVES = SERIES[1:]
READ = "above 0 a center pulls, below 0 it pushes; markers show where the clip comes to rest"


def margin_slopes(angle, lam, margin=0.7, scale=30.0, classes=41, losses=LOSSES):
    r"""Slopes of losses over the angles of a mixed clip to its first and its second center,
    $\partial L / \partial\theta_i$ and $\partial L / \partial\theta_j$.

    Gradient descent makes an angle smaller where its slope is positive, and larger where it is
    negative.

    Paper: [NAM] 1, 3 and 4.
    Shapes: ``angle`` (K,) radians to the first center, ``lam`` a number -> dict of a name -> (2, K)
        in 1 / rad, the first center's row first.
    Raises: ValueError for an angle outside 0 to pi / 2 or at its ends, a ``lam`` outside 0 to 1,
        and as the losses do.
    Choices: the clip goes along the arc from its first to its second center, which are orthogonal:
        $\theta_j = \pi / 2 - \theta_i$. The centers of the other classes are orthogonal to both, at
        $\pi / 2$ all the way. Each slope is that of one angle while all others stand still: the
        embedding is fixed, and each center turns about it in a plane of its own. "ArcFace, shared
        out" is ArcFace of the mixed label, as its formula reads for label vectors, with a margin of
        m lam on the first angle and m (1 - lam) on the second. ``losses`` is a dict of a name -> a
        class, or a function of dim, classes, scale and margin that makes one.
    Example:
        >>> slopes = figures.margin_slopes(np.radians([20, 70]), lam=0.5)
        >>> slopes["Noisy-ArcMix"].round(1)  # pushed from its first center at 20, pulled at 70
        array([[-12.8,  14.1],
               [ 13.8,  -5.1]])
    Notebook: 11_noisy_arcmix, 16_your_own_loss
    """
    first = given.array(angle, "angle").reshape(-1)
    if not len(first) or not ((first > 0.0) & (first < np.pi / 2)).all():
        raise ValueError("angle lies on the arc between two centers: give radians inside 0 to pi/2")
    lam = given.number(lam, "lam", 0, 1, such_as="0.5, the share of the first clip")
    angles = torch.full((len(first), classes), math.pi / 2, dtype=torch.float64)
    angles[:, 0], angles[:, 1] = torch.from_numpy(first), torch.from_numpy(np.pi / 2 - first)
    label = Mix(*torch.tensor([[0], [1]]), torch.tensor([lam], dtype=torch.float64))
    found = {}
    for name, make in losses.items():
        loss = make(dim=classes + 1, classes=classes, scale=scale, margin=margin).double().eval()
        slopes = vmap(grad(partial(_cost, loss, label)))(angles)  # (K, C)
        found[name] = slopes[:, :2].T.numpy()
    return found


def _cost(loss, label, angles):
    """The loss of one clip at any angles (C,) to the centers, each in its own plane with it."""
    axes = torch.eye(1 + len(angles), dtype=angles.dtype)
    centers = angles.cos()[:, None] * axes[0] + angles.sin()[:, None] * axes[1:]
    return functional_call(loss, {"centers": centers}, (axes[:1], label))


def rests(angle, slopes):
    r"""Angles at which a clip comes to rest on the arc between its two centers: there the pull to
    the one is the pull to the other, and to either side the loss is larger.

    $$\frac{dL}{d\theta_i} = \frac{\partial L}{\partial\theta_i} -
    \frac{\partial L}{\partial\theta_j} = 0 \quad \text{and rising}, \qquad
    \theta_j = \frac\pi2 - \theta_i$$

    Shapes: ``angle`` (K,) ascending, ``slopes`` (2, K) -> (R,) in the unit of ``angle``, on the
        line between two of the angles.
    Example:
        >>> figures.rests([0, 1, 2], [[-1.0, 1.0, 3.0], [2.0, 0.0, -2.0]])
        array([0.75])
    Notebook: 11_noisy_arcmix, 16_your_own_loss
    """
    angle, slopes = given.column(angle, "angle"), given.array(slopes, "slopes")
    if slopes.shape != (2, len(angle)):
        raise ValueError(f"slopes has the shape {slopes.shape}: give (2, {len(angle)})")
    along = np.subtract(*slopes)
    before = np.flatnonzero((along[:-1] < 0) & (along[1:] >= 0))
    share = along[before] / (along[before] - along[before + 1])
    return angle[before] + share * (angle[before + 1] - angle[before])


def margin_gradient(curves, angle, title="A mixed clip on the arc between its two centers"):
    r"""Draw slopes of losses over the first and the second angle of a mixed clip, a column for each
    share of the first clip; a marker is where the clip comes to rest.

    Shapes: ``curves``, a dict of lam -> what ``margin_slopes`` returns, a dict of a name -> (2, K);
        ``angle`` (K,) radians to the first center, ascending.
    Raises: ValueError for no column, columns of other losses than the first, slopes that are not
        (2, K) and finite, or angles that do not ascend.
    Choices: all panels share both axes. The line of zero parts pull (above) from push. The first
        look is left to cross entropy, so that ArcMix and Noisy-ArcMix look as in
        ``mixing_figure``.
    Example:
        >>> angle = np.radians(np.arange(1, 90))
        >>> slopes = {lam: figures.margin_slopes(angle, lam) for lam in (0.1, 0.5, 0.9)}
        >>> figures.margin_gradient(slopes, angle).axes[0].get_title()
        'lambda = 0.1'
    Notebook: 11_noisy_arcmix
    """
    angle = given.array(angle, "angle").reshape(-1)
    names = _check(curves, angle)
    figure = Picture(width=9.5, height=5.4)
    panels = figure.subplots(2, len(curves), sharex=True, sharey=True, squeeze=False)
    for column, (lam, slopes) in zip(panels.T, curves.items()):
        for number, name in enumerate(names):
            _draw(column, np.degrees(angle), slopes[name], CURVES[number % len(CURVES)], name)
        column[0].set_title(f"lambda = {lam:g}", fontsize=10)
    for ax in panels.flat:
        ax.axhline(0, color=GRAY, linewidth=0.8, zorder=0)
        ax.set(xlim=(0, 90), xticks=range(0, 91, 15))
        plain(ax)
    for ax in panels[1]:
        ax.set_xlabel("angle to the first center in degrees", fontsize=9)
    for ax, which, sign in zip(panels[:, 0], ("first", "second"), "ᵢⱼ"):
        ax.set_ylabel(f"slope, {which} angle\n∂L/∂θ{sign} in 1/rad")
    figure.suptitle(f"{title} (n = {len(angle)} angles)\n{READ}", fontsize=11)
    handles, words = panels[0, 0].get_legend_handles_labels()
    figure.legend(
        handles, words, loc="outside lower center", ncols=len(words), frameon=False, fontsize=9
    )
    return figure


def _draw(column, angle, slopes, look, name):
    """One loss in both rows of a column, with its marker at each angle where it rests."""
    rest = rests(angle, slopes)
    for ax, values in zip(column, slopes):
        ax.plot(angle, values, color=look.color, linestyle=look.line, linewidth=1.6)
        at = np.interp(rest, angle, values)
        ax.plot(rest, at, look.marker, color=look.color, markersize=7, markeredgecolor="white")
    column[0].plot(
        [], [], color=look.color, linestyle=look.line, marker=look.marker, label=entry(name)
    )


def _check(curves, angle):
    if not curves:
        raise ValueError(
            "there is no column to draw: pass such as {0.5: figures.margin_slopes(angle, 0.5)}"
        )
    if len(angle) < 2 or not (np.diff(angle) > 0).all():
        raise ValueError("angle is to ascend: give two angles or more, the smallest first")
    names = list(next(iter(curves.values())))
    for lam, slopes in curves.items():
        if list(slopes) != names:
            raise ValueError(f"lambda {lam} has {list(slopes)}, not {names}: give the same losses")
        for name, values in slopes.items():
            if np.shape(values) != (2, len(angle)) or not np.isfinite(values).all():
                raise ValueError(
                    f"{name} holds slopes {np.shape(values)} at lambda {lam}: give finite ones, "
                    f"(2, {len(angle)})"
                )
    return names
