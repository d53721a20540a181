"""What a clip gets against its angle to its own center: logits and probabilities, drawn."""

import numpy as np

from ..style import SERIES, Picture, finite, plain


def target_logits(curves, marks=(), title="Own logit against the angle", values="logit / s"):
    """Draw functions of the angle from 0 to 180 degrees, one line a name, and dotted lines at the angles of ``marks``.

    Shapes: a dict, name -> (K,) numbers at K equally spaced angles; ``marks`` in radians; ``values`` names them.
    Raises: ValueError where there is no curve, or one holds fewer than 2 or non-finite values.
    Example:
        >>> angle = np.linspace(0, np.pi, 181)
        >>> figures.target_logits({"softmax": np.cos(angle), "CosFace": np.cos(angle) - 0.35}).alt
        'Own logit against the angle (n = 181 angles); logit / s against angle to ...; softmax; CosFace'
    Notebook: 06_angles_and_margins, 07_adacos
    """
    if not curves:
        raise ValueError("there is no curve to draw: pass a dict such as {'softmax': np.cos(angle)}")
    figure = Picture()
    ax = figure.subplots()
    for number, (name, curve) in enumerate(curves.items()):
        curve, look = finite(curve, name), SERIES[number % len(SERIES)]
        if len(curve) < 2:
            raise ValueError(f"{name} holds 1 value: pass one for each angle from 0 to 180 degrees")
        ax.plot(np.linspace(0, 180, len(curve)), curve, color=look.color, linestyle=look.line, label=name)
    for mark in marks:
        ax.axvline(np.degrees(mark), color="black", linestyle=":", linewidth=1)
    ax.set(xlabel="angle to the own center in degrees", ylabel=values, xlim=(0, 180), xticks=range(0, 181, 30))
    ax.set_title(f"{title} (n = {len(curve)} angles)")
    ax.legend(frameon=False, fontsize=9)
    plain(ax)
    return figure
