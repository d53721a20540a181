"""Points, bars and images in words: where they lie, whether colors mix, what is largest."""

import numpy as np
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.container import BarContainer
from scipy.spatial import cKDTree

from .marks import drawn, name_of, words_along

FEW = 4  # values that are told one by one
SEEN = 0.01  # of the span of its colors: what an image must differ by
MOST_COLORS = 12


def clouds(ax, legends):
    """Yield name, color and (N, 2) of points of one color; hollow rings are no points."""
    for line in ax.lines:
        face = to_rgba(line.get_markerfacecolor())
        if line.get_linestyle() == "None" and drawn(line, ax) and face[3]:
            white = face[:3] == (1, 1, 1)
            color = to_rgb(line.get_markeredgecolor()) if white else face[:3]
            yield name_of(line, legends), color, _finite(line.get_xydata())
    for own in ax.collections:
        if isinstance(own, PathCollection) and len(own.get_offsets()):
            yield from _by_color(own, legends)


def _by_color(own, legends):
    xy, colors = np.ma.getdata(own.get_offsets()), own.get_facecolor()[:, :3]
    if len(colors) and (colors == 1).all():
        colors = own.get_edgecolor()[:, :3]
    if len(colors) not in (1, len(xy)):
        return
    kinds = np.unique(colors, axis=0)
    for color in kinds if len(kinds) <= MOST_COLORS else []:  # more are shades of a number
        alike = np.broadcast_to((colors == color).all(axis=1), len(xy))
        yield name_of(own, legends, color), (*color,), _finite(xy[alike])


def _finite(xy):
    return xy[np.isfinite(xy).all(axis=1)]


def neighbors(ax, found):
    """Tell how many points have one of their own color as their nearest: if colors lie apart.

    Choices: the nearest in data where both axes have one unit, else in shares of the panel; places
        in pixels change with the layout.
    """
    colors = sorted({color for name, color, xy in found if name and len(xy) > FEW})
    if not 2 <= len(colors) <= MOST_COLORS:
        return []
    kept = [(colors.index(color), xy) for _, color, xy in found if color in colors]
    xy = np.concatenate([xy for _, xy in kept])
    if ax.get_aspect() == "auto":
        xy = (ax.transData - ax.transAxes).transform(xy)
    color = np.repeat([number for number, _ in kept], [len(xy) for _, xy in kept])
    _, near = cKDTree(xy).query(xy, k=2)
    other = np.where(near[:, 0] == np.arange(len(xy)), near[:, 1], near[:, 0])
    alike, chance = (color[other] == color).mean(), (np.bincount(color) ** 2).sum() / len(xy) ** 2
    words = f"{alike:.0%} next to their own color (chance {chance:.0%})"
    return [("", words)]


def places(found, across, up):
    """Tell where points lie: pairs of the names of a few, and of many, where 8 of 10 do."""
    named = {}
    for name, _, xy in found if across and up else []:
        named.setdefault(name, []).extend(xy)
    if len(named.get("", [])) != 1:
        named.pop("", None)
    few = [(name, _each(name, xy, across, up)) for name, xy in named.items() if len(xy) <= FEW]
    many = [(name, _middle(xy, across, up)) for name, xy in named.items() if len(xy) > FEW]
    return [pair for pair in few if pair[1]], many


def _each(name, xy, across, up):
    each = ", ".join(f"({across(x)}, {up(y)})" for x, y in xy)
    return each and f"{'' if name else 'a point '}at {each}"


def _middle(xy, across, up):
    (left, low), (right, high) = np.percentile(xy, [10, 90], axis=0)
    return f"mostly {across(left)} to {across(right)} across, {up(low)} to {up(high)} up"


def by_name(ax, found, across, up):
    """Tell values that stand beside names: each of a few, else the lowest and the highest.

    Choices: beside marks that have a name, those without one are the ends of their intervals.
    """
    along = 0 if words_along(ax.xaxis) else 1
    place, value = (across, up) if along == 0 else (up, across)
    series = {}
    for name, _, xy in found:
        series.setdefault(name, []).extend(xy[:, [along, 1 - along]])
    for bars in ax.containers:
        if isinstance(bars, BarContainer):
            label = bars.get_label()
            series.setdefault("" if label[:1] == "_" else label, []).extend(_ends(bars))
    if len(series) > 1:
        series.pop("", None)
    return [(name, _values(rows, place, value)) for name, rows in series.items() if rows and value]


def _ends(bars):
    if bars.orientation == "vertical":
        return [(bar.get_x() + bar.get_width() / 2, bar.get_height()) for bar in bars]
    return [(bar.get_y() + bar.get_height() / 2, bar.get_width()) for bar in bars]


def _values(rows, place, value):
    if len(rows) <= FEW:
        return ", ".join(f"{value(end)} at {place(at)}" for at, end in rows)
    (lowest, low), *_, (highest, high) = sorted(rows, key=lambda row: row[1])
    return f"{value(low)} at {place(lowest)} to {value(high)} at {place(highest)}"


def peaks(ax, across, up):
    """Tell where an image is largest, if its numbers can be read off and its colors differ."""
    pairs = []
    for image in ax.images:
        if not image.colorbar and not words_along(ax.xaxis) and not words_along(ax.yaxis):
            continue
        values = np.ma.filled(np.ma.asarray(image.get_array(), dtype=float), np.nan)
        if values.ndim == 2 and across and up and _differ(image, values):
            row, column = np.unravel_index(np.nanargmax(values), values.shape)
            left, right, bottom, top = image.get_extent()
            down = image.origin == "upper"
            share = (len(values) - row - 0.5 if down else row + 0.5) / len(values)
            x = left + (column + 0.5) / values.shape[1] * (right - left)
            pairs.append(("", f"largest at {across(x)}, {up(bottom + share * (top - bottom))}"))
    return pairs


def _differ(image, values):
    """Whether the numbers of an image are seen to differ."""
    low, high = image.get_clim()
    told = np.clip(values[np.isfinite(values)], low, high)
    return len(told) > 0 and np.ptp(told) > SEEN * (high - low)
