"""What stands for what: a mark by its entry in a legend, a place by the ticks of its axis."""

import re

import numpy as np
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import StepPatch
from matplotlib.ticker import LogFormatter, ScalarFormatter

from ...plain import shown


def one_line(words, between=" "):
    """Words on one line; between two lines of a title a comma, where nothing else parts them."""
    lines = filter(None, (" ".join(shown(line).split()) for line in words.split("\n")))
    return re.sub(r"(?<=[,:;.?!]), |, (?=\()", " ", between.join(lines))


def name_of(mark, legends, color=None):
    """Return the name of a mark: its own, or that of what looks alike in a legend.

    Choices: a mark without a name has an empty one. ``color`` is that of a part of the mark.
    """
    if own := _label(mark):
        return own
    for legend in legends:
        for handle, text in zip(legend.legend_handles, legend.get_texts()):
            if _alike(mark, handle, color):
                return one_line(text.get_text())
    return ""


def _label(mark):
    label = str(mark.get_label() or "")
    return "" if label.startswith("_") else one_line(label)


def _alike(mark, handle, color):
    """Whether a mark looks like the sample in a legend."""
    if isinstance(mark, PathCollection) and isinstance(handle, PathCollection):
        face = handle.get_facecolor()
        return color is not None and len(face) > 0 and np.allclose(face[0, :3], color, atol=0.01)
    if isinstance(mark, StepPatch):
        same = mark.get_edgecolor()[:3] == handle.get_edgecolor()[:3] if _patch(handle) else False
        return same and mark.get_linewidth() > 0
    if not (isinstance(mark, Line2D) and isinstance(handle, Line2D)):
        return False
    if to_rgb(mark.get_color()) != to_rgb(handle.get_color()):
        return False
    if mark.get_linestyle() == "None":
        face, sample = mark.get_markerfacecolor(), handle.get_markerfacecolor()
        return mark.get_marker() == handle.get_marker() and to_rgb(face) == to_rgb(sample)
    return mark.get_linestyle() == handle.get_linestyle()


def _patch(handle):
    return hasattr(handle, "get_hatch") and hasattr(handle, "get_edgecolor")


def drawn(line, ax):
    """Whether a line is drawn by the data of a panel, and is no guide nor an entry of a legend."""
    return len(line.get_xdata()) > 0 and line.get_transform() == ax.transData


def words_along(axis):
    """Return the words along an axis, where its ticks are words."""
    labels = [one_line(label.get_text()) for label in _labeled(axis).get_majorticklabels()]
    return [own for own in labels if re.search(r"[^\W\d_]{2}|^[^\W\d_] =", own) and own[0] != "$"]


def _labeled(axis):
    """Return the axis itself, or the one beside or below that shares and labels its ticks."""
    shared = getattr(axis.axes, f"get_shared_{axis.axis_name}_axes")().get_siblings(axis.axes)
    alike = [axis, *(getattr(ax, f"{axis.axis_name}axis") for ax in shared)]
    return next((own for own in alike if own.get_majorticklabels()), axis)


def ruler(axis):
    """Return the function that tells a place on an axis, or None where it has no ticks.

    Choices: where a tick is not labeled with its own place, the label of the nearest tick is told.
    """
    axis = _labeled(axis)
    labels = [one_line(label.get_text()) for label in axis.get_majorticklabels()]
    ticks = [(at, word) for at, word in zip(axis.get_majorticklocs(), labels) if word]
    if not ticks:
        return None
    plain = isinstance(axis.get_major_formatter(), ScalarFormatter | LogFormatter)
    if plain or all(_number(word) == at for at, word in ticks):
        return lambda place: _told(place, axis)

    def nearest(place):
        at, word = min(ticks, key=lambda tick: abs(tick[0] - place))
        return word if at == place or words_along(axis) else f"about {word}"

    return nearest


def _told(place, axis):
    """Tell a number with three digits at most, and no finer than can be seen on a linear axis."""
    if axis.get_scale() == "linear":
        finest = 10 ** np.floor(np.log10(np.ptp(axis.get_view_interval()) / 200))
        place = finest * np.round(place / finest) + 0.0  # no -0
    return f"{float(f'{place:.3g}'):.6g}"


def _number(word):
    try:
        return float(word.replace("\N{MINUS SIGN}", "-"))
    except ValueError:
        return None
