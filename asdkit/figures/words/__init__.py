"""What the marks of a panel show, in words: where curves run and points lie, what is highest."""

from .curves import courses, curves, ends, guides, highest, histograms
from .marks import ruler, words_along
from .points import by_name, clouds, neighbors, peaks, places

KINDS = ("highest", "values", "lines", "neighbors", "points", "courses", "ends", "places", "peaks")


def seen(ax, legends):
    """Tell what the marks of a panel show: kind -> a head, and pairs of a name and words.

    Choices: a place is told only where ticks stand for it. A curve is told by its ends, and by its
        highest and lowest value where these pass both ends by a tenth of the panel. Points are told
        by the share that stands next to one of its own color, and by where 8 of 10 lie.
    """
    across, up = ruler(ax.xaxis), ruler(ax.yaxis)  # which settles limits that wait for data
    found = [*clouds(ax, legends)]
    told = {"peaks": peaks(ax, across, up)}
    if words_along(ax.xaxis) or words_along(ax.yaxis):
        told["values"] = by_name(ax, found, across, up)
        return {kind: ("", pairs) for kind, pairs in told.items()}
    runs = curves(ax, legends)
    points, many = places([cloud for cloud in found if cloud[0] not in runs], across, up)
    told |= {
        "highest": highest(ax, runs, across),
        "values": histograms(ax, legends, across),
        "lines": guides(ax, legends, across, up),
        "neighbors": neighbors(ax, found),
        "points": points,
        "ends": ends(ax, runs, across, up),
        "places": many,
    }
    heads = {kind: ("", pairs) for kind, pairs in told.items()}
    return heads | {"courses": courses(ax, runs, across, up)}
