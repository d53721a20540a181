"""The adaptive scale at work on embeddings that move freely, without a network."""

import math

import numpy as np
import torch
from matplotlib.ticker import LogLocator

from ...losses.adacos import AdaCos
from ...losses.scale import initial_scale
from ...mixup import mix
from ...train.uncompiled import Adam
from ..style import GRAY, SERIES, Picture, entry, plain

STEPS = 150
CLIPS = 8
RATE = 0.01
RUNAWAY = 1e6


def scale_state(classes=12, batch=64, dim=32, mixed=False, steps=STEPS, seed=0):
    r"""Train free embeddings, 8 a class, with AdaCos, and record what the scale does.

    Paper: [SCA] eq. 1 to 3.
    Shapes: numbers -> dict of ``scale median_angle probability`` (T,), ``start`` $\sqrt2\ln(C-1)$,
        ``limit`` $\ln(C-1)$, and ``runaway``.
    Raises: ValueError for fewer than 3 classes, or a batch, dimension or number of steps that is
        not positive.
    Choices: an embedding is a row of a matrix, so the encoder is linear and mixing its inputs is
        mixing rows. Adam with a rate of .01. ``probability`` is $e^{-L}$, the geometric mean of the
        own probabilities. A run ends where the scale passes 1e6: it has run away. ``median_angle``
        is in radians.
    Example:
        >>> state = figures.scale_state(classes=12, batch=16, dim=32, steps=5)
        >>> state["scale"].shape, round(state["start"], 2), state["runaway"]
        ((5,), 3.39, False)
    Notebook: 07_adacos
    """
    for name, value in (("batch", batch), ("dim", dim), ("steps", steps)):
        if value < 1:
            raise ValueError(f"{name} is {value!r}: give 1 or more")
    start = initial_scale(classes)
    with torch.random.fork_rng([]):
        torch.manual_seed(seed)
        rows = _train(classes, batch, dim, mixed, steps)
    scale, median_angle, loss = np.array(rows).T
    return {
        "scale": scale,
        "median_angle": median_angle,
        "probability": np.exp(-loss),
        "start": start,
        "limit": math.log(classes - 1),
        "runaway": bool(scale[-1] > RUNAWAY),
    }


def scale_figure(runs, title="The adaptive scale", rest=None):
    """Draw scale, median angle and probability against the training step, one line for each run.

    The dotted lines are the cap of 45 degrees, a probability of one half, and ``rest``, a scale to
    compare with.

    Shapes: a dict, name -> dict of ``scale``, ``median_angle`` in radians and ``probability``, each
        (T,); ``rest`` a number, or None.
    Raises: ValueError where there is no run, or one is empty.
    Choices: the axis of the scale is logarithmic where a run passes 20 and all scales are positive.
        The legend tells where a scale ends, unless it is fixed.
    Notebook: 07_adacos
    """
    if not runs or not all(len(run["scale"]) for run in runs.values()):
        raise ValueError(
            "there is no run to draw: pass a dict such as {'AdaCos': figures.scale_state()}"
        )
    figure = Picture(width=9.5, height=3.4)
    panels = figure.subplots(1, 3)
    for number, (name, run) in enumerate(runs.items()):
        look = SERIES[number % len(SERIES)]
        steps = np.arange(1, len(run["scale"]) + 1)
        curves = (run["scale"], np.degrees(run["median_angle"]), run["probability"])
        for ax, values in zip(panels, curves):
            ax.plot(steps, values, color=look.color, linestyle=look.line, linewidth=1.3)
        moved = np.ptp(run["scale"]) > 0  # a fixed scale has no end to tell
        label = f"{name}, s ends at {run['scale'][-1]:.3g}" if moved else name
        panels[0].plot([], [], color=look.color, linestyle=look.line, label=entry(label))
    _axes(panels, runs, rest)
    figure.suptitle(
        f"{title} (n = {max(len(run['scale']) for run in runs.values())} steps)", fontsize=11
    )
    handles, words = panels[0].get_legend_handles_labels()
    columns = len(words) if len(words) < 5 else 3
    figure.legend(
        handles, words, loc="outside lower center", ncols=columns, frameon=False, fontsize=9
    )
    return figure


def _axes(panels, runs, rest):
    """Set limits and labels; angles beyond 120° or scales beyond 20 get a wider axis."""
    scales = np.concatenate([run["scale"] for run in runs.values()])
    angles = np.concatenate([run["median_angle"] for run in runs.values()])
    log = scales.max() > 20 and scales.min() > 0
    panels[0].set_yscale("log" if log else "linear")
    if not log:
        panels[0].set_ylim(bottom=min(0, 1.1 * scales.min()))
    elif scales.max() < 1000:
        panels[0].yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        panels[0].yaxis.set_major_formatter("{x:g}")
        panels[0].yaxis.set_minor_formatter("")
    for ax, line in ((panels[0], rest), (panels[1], 45), (panels[2], 0.5)):
        if line is not None:
            ax.axhline(line, color=GRAY, linestyle=":", linewidth=1.2)
    words = "45°, one half" if rest is None else f"s = {rest:.3g}, 45°, one half"
    panels[0].plot([], [], color=GRAY, linestyle=":", linewidth=1.2, label=words)
    top = 180 if np.degrees(angles).max() > 120 else 120
    panels[1].set(ylim=(0, top), yticks=range(0, top + 1, 15 if top == 120 else 45))
    panels[2].set_ylim(0, 1.02)
    names = (
        "scale s (log axis)" if log else "scale s",
        "median angle in degrees",
        "own probability exp(-L)",
    )
    for ax, name in zip(panels, names):
        ax.set(xlabel="training step", ylabel=name)
        plain(ax)


def _train(classes, batch, dim, mixed, steps):
    """Return scale, median angle and loss of each step, up to the one where the scale ran away."""
    loss = AdaCos(dim, classes)
    x = torch.randn(CLIPS * classes, dim, requires_grad=True)
    y = torch.arange(len(x)) % classes
    optimizer = Adam([x, loss.centers], lr=RATE)
    rows = []
    for _ in range(steps):
        chosen = torch.randint(len(x), (batch,))
        clips, label = mix(x[chosen], y[chosen]) if mixed else (x[chosen], y[chosen])
        optimizer.zero_grad()
        value = loss(clips, label)
        value.backward()
        optimizer.step()
        rows.append((loss.scale.item(), loss.median.item(), value.item()))
        if rows[-1][0] > RUNAWAY:
            break
    return rows
