"""What a fixed scale costs: its AUC beside the adaptive one, and how sure it lets a network be."""

from ... import given
from ..style import GRAY, LOOKS, Picture, finite, plain

POINTS = 100.0  # of AUC: a share of 0.01 is a point


def fixed_scales(scale, leads, surest, rest=None, title="Fixed scales against the adaptive one"):
    """Draw the lead of each fixed scale in AUC, and below it the surest own probability that the
    scale allows.

    A thick bar is the interval over seeds, a thin one with ends that over clips. The dotted lines
    are no lead, one half, and ``rest``, where the adaptive scale comes to rest.

    Shapes: ``scale`` (K,), growing; ``leads`` K rows of ``metrics.paired``, in that order;
        ``surest`` (K,) probabilities; ``rest`` a number, or None.
    Raises: ValueError for no scale, one that is not positive, or other lengths.
    Notebook: 07_adacos
    """
    scale, surest = finite(scale, "scale"), finite(surest, "surest")
    if not len(scale) == len(leads) == len(surest):
        counts = f"{len(scale)} scales, {len(leads)} leads and {len(surest)} probabilities"
        raise ValueError(f"there are {counts}: give as many of each")
    if scale.min() <= 0:
        raise ValueError(f"scale reaches {scale.min():.3g}: give positive ones")
    figure = Picture(height=4.4)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    _leads(above, scale, leads)
    look = LOOKS["center"]
    below.plot(scale, surest, "o-", color=look.color, markersize=4, linewidth=1.2)
    for ax, height in ((above, 0.0), (below, 0.5)):
        ax.axhline(height, color=GRAY, linestyle=":", linewidth=1.2)
        if rest is not None:
            label = f"rest of the adaptive scale, {rest:.2f}"
            ax.axvline(rest, color=GRAY, linestyle="--", linewidth=1.2, label=label)
        plain(ax)
    above.set(ylabel="AUC less the adaptive\none's, in points")
    below.set(xscale="log", ylim=(0, 1.05), ylabel="surest own\nprobability")
    below.set_xlabel("fixed scale s (log axis)")
    below.set_xticks(scale, [f"{s:g}" for s in scale])
    below.set_xticks([], minor=True)
    above.set_title(f"{title} (n = {len(scale)} scales)")
    handles, words = above.get_legend_handles_labels()
    figure.legend(
        handles, words, loc="outside lower center", ncols=len(words), frameon=False, fontsize=8
    )
    return figure


def _leads(ax, scale, leads):
    clips = POINTS * leads[["clips_low", "clips_high"]].to_numpy(float)
    seeds = POINTS * leads[["seeds_low", "seeds_high"]].to_numpy(float)
    look = LOOKS["normal"]
    ax.vlines(scale, *clips.T, color="black", linewidth=1.0, label="interval over clips")
    for ends in clips.T:
        ax.plot(scale, ends, "_", color="black", markersize=7)
    ax.vlines(
        scale, *seeds.T, color=look.color, linewidth=5, alpha=0.6, label="interval over seeds"
    )
    mean = POINTS * given.array(leads["lead"], "lead")
    ax.plot(scale, mean, look.marker, color=look.color, markersize=5, label="lead, mean of seeds")
