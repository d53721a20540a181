"""How much an interval shrinks when clips are added, beside the law of the square root."""

import numpy as np

from ..style import GRAY, SERIES, Picture, entry, finite, plain


def interval_widths(counts, widths, title="Width of the 95 % interval of an AUC"):
    r"""Draw the widths of intervals against the number of anomalies, with the line $c / \sqrt n$.

    Dots are medians over the draws, bars reach from the smallest to the largest.

    Shapes: counts (K,), a dict of a name -> (K, draws).
    Raises: ValueError where a count or a median is not positive, a width is negative or not finite,
        or numbers differ.
    Choices: the line goes through the last median of the first name: it is a law to look along, and
        no fit. A width of 0, where a draw was sorted without a fault, lets the bar run out of the
        picture.
    Notebook: 03_scores_and_metrics
    """
    counts = finite(counts, "counts")
    if not widths or counts.min() <= 0:
        raise ValueError(
            "counts and widths are positive numbers, and there is at least one name of widths"
        )
    figure = Picture(height=3.4)
    ax, seen = figure.subplots(), []
    for number, (look, (name, drawn)) in enumerate(zip(SERIES, widths.items())):
        drawn = _checked(name, drawn, len(counts))
        middle = np.median(drawn, axis=1)
        seen += [*middle, *drawn[drawn > 0]]
        if not number:
            line = middle[-1] * np.sqrt(counts[-1] / counts)
            words = "line: halved by four times the clips"
            ax.plot(counts, line, color=GRAY, linestyle=":", linewidth=1.4, label=words)
        reach = [middle - drawn.min(axis=1), drawn.max(axis=1) - middle]
        ax.errorbar(
            counts * 1.06**number, middle, yerr=reach, fmt=look.marker, color=look.color,
            markersize=6, capsize=3,
            linewidth=1.2, label=entry(name),
        )  # fmt: skip
    _axes(ax, counts, (0.8 * min(seen), 1.25 * max(seen)))
    ax.set_title(f"{title} (n = {drawn.shape[1]} draws a dot)")
    ax.legend(frameon=False, fontsize=9)
    plain(ax)
    return figure


def _checked(name, drawn, rows):
    drawn = np.asarray(drawn, dtype=float)
    if drawn.ndim != 2 or len(drawn) != rows or finite(drawn, name).min() < 0:
        raise ValueError(
            f"{name} holds widths {drawn.shape}: give none below 0, a row for each of {rows}"
        )
    if not np.median(drawn, axis=1).min() > 0:
        raise ValueError(f"half of the widths of {name} are 0 at one count: draw more clips")
    return drawn


def _axes(ax, counts, limits):
    ax.set(xscale="log", yscale="log", ylim=limits)
    ax.set(xlabel="number of anomalies (and of normal clips)", ylabel="width in AUC")
    ax.set_xticks(counts, [f"{count:g}" for count in counts])
    ticks = [
        tick for tick in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0) if limits[0] <= tick <= limits[1]
    ]
    ax.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.minorticks_off()
