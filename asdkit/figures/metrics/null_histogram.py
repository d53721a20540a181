"""Is the AUC better than chance? The real one beside those of shuffled labels."""

import numpy as np

from ... import given
from ..style import GRAY, LOOKS, Picture, finite, plain


def null_histogram(null_aucs, auc, title="AUC when the labels are shuffled"):
    r"""Draw the AUCs under shuffled labels as a histogram and the real AUC as a line.

    The title gives p, the share of shuffles that do as well,
    $(1 + \#\{\mathrm{null} \ge \mathrm{AUC}\}) / (1 + n)$.

    Shapes: null_aucs (n,), auc a number.
    Raises: ValueError where there is no null AUC, or one, or the real one, is not between 0 and 1.
    Choices: the axis keeps 0 to 1; one is added above and below, since the real labels are one of
        the possible orders.
    Example:
        >>> figures.null_histogram([0.4, 0.5, 0.6], auc=0.8).alt
        'AUC when the labels are shuffled (n = 3 shuffles, p = 0.25). ... real labels, AUC 0.800.'
    Notebook: 00_start_here, 03_scores_and_metrics
    """
    null = finite(null_aucs, "null_aucs")
    if not 0 <= given.number(auc, "auc", such_as=0.8) <= 1 or null.min() < 0 or null.max() > 1:
        raise ValueError("an AUC lies from 0 to 1: pass AUCs as shares, not as percent")
    share = (1 + np.sum(null >= auc)) / (1 + len(null))
    figure = Picture()
    ax = figure.subplots()
    height, edges = np.histogram(null, np.linspace(0, 1, 51))
    ax.stairs(
        height, edges, fill=True, facecolor="#D9D9D9", edgecolor=GRAY, linewidth=1,
        label=f"shuffled labels, n = {len(null)}",
    )  # fmt: skip
    ax.axvline(0.5, color=GRAY, linestyle=":", linewidth=1.2, label="chance, 0.5")
    ax.axvline(
        auc, color=LOOKS["anomaly"].color, linewidth=2.5, label=f"real labels, AUC {auc:.3f}"
    )
    ax.set(xlim=(0, 1), xlabel="AUC", ylabel="number of shuffles")
    ax.set_title(f"{title} (n = {len(null)} shuffles, p = {share:.2g})")
    ax.legend(frameon=False, fontsize=9, loc="upper left" if auc > 0.5 else "upper right")
    plain(ax)
    return figure
