"""Logits and probabilities of a clip against its angle to its own center."""

import numpy as np

from ..style import SERIES, Picture, entry, finite, plain


def target_logits(curves, marks=(), title="Own logit against the angle", values="logit / s"):
    """Draw functions of the angle from 0 to 180 degrees, with dotted lines at the angles ``marks``.

    Shapes: a dict, name -> (K,) numbers at K equally spaced angles; ``marks`` in radians;
        ``values`` names them.
    Raises: ValueError where there is no curve, or one holds fewer than 2 or non-finite values.
    Notebook: 06_angles_and_margins, 07_adacos
    """
    if not curves:
        raise ValueError(
            "there is no curve to draw: pass a dict such as {'softmax': np.cos(angle)}"
        )
    figure = Picture()
    ax = figure.subplots()
    for number, (name, curve) in enumerate(curves.items()):
        curve, look = finite(curve, name), SERIES[number % len(SERIES)]
        if len(curve) < 2:
            raise ValueError(f"{name} holds 1 value: pass one for each angle from 0 to 180 degrees")
        ax.plot(
            np.linspace(0, 180, len(curve)), curve, color=look.color, linestyle=look.line,
            label=entry(name),
        )  # fmt: skip
    for mark in marks:
        ax.axvline(np.degrees(mark), color="black", linestyle=":", linewidth=1)
    ax.set(
        xlabel="angle to the own center in degrees", ylabel=values, xlim=(0, 180),
        xticks=range(0, 181, 30),
    )  # fmt: skip
    ax.set_title(f"{title} (n = {len(curve)} angles)")
    ax.legend(frameon=False, fontsize=9)
    plain(ax)
    return figure
