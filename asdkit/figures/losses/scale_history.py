"""The scale of the softmax while training."""

import numpy as np

from ..style import SERIES, Picture, entry, finite, plain


def scale_history(histories, log=False, title="Scale of the softmax"):
    """Draw the scale s against the training step, one line for each loss.

    Shapes: a dict, name -> (steps,).
    Raises: ValueError where there is no history, one is empty or not finite, or a scale is not
        positive on a log axis.
    Choices: a linear axis starts at 0, so that a scale that halves looks halved.
    Example:
        >>> figures.scale_history({"AdaCos": [5.0, 4.0, 2.5]}).alt
        'Scale of the softmax (n = 3 steps). ... AdaCos, ends at 2.5: from 5 to 2.5.'
    Notebook: 07_adacos, 08_subcluster_adacos
    """
    if not histories:
        raise ValueError(
            "there is no history to draw: pass a dict such as {'AdaCos': run.history['scale']}"
        )
    figure = Picture()
    ax = figure.subplots()
    for number, (name, history) in enumerate(histories.items()):
        scale = finite(history, name)
        if log and scale.min() <= 0:
            raise ValueError(
                f"a log axis takes positive scales, {name} reaches {scale.min():.3g}: use log=False"
            )
        look = SERIES[number % len(SERIES)]
        steps = np.arange(1, len(scale) + 1)
        ax.plot(
            steps, scale, color=look.color, linestyle=look.line, marker=look.marker,
            markevery=[len(scale) - 1],
            label=entry(f"{name}, ends at {scale[-1]:.3g}"),
        )  # fmt: skip
    ax.set_yscale("log" if log else "linear")
    if not log:
        ax.set_ylim(bottom=0)
    ax.set(xlabel="training step", ylabel="scale s" + (" (log axis)" if log else ""))
    ax.set_title(f"{title} (n = {max(len(history) for history in histories.values())} steps)")
    ax.legend(frameon=False, fontsize=9)
    plain(ax)
    return figure
