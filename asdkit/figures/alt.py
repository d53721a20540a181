"""A picture in words: what a reader who does not see it is told instead."""

import base64
import html
import re
from itertools import groupby

from matplotlib.collections import (
    FillBetweenPolyCollection,
    LineCollection,
    PathCollection,
    QuadMesh,
)
from matplotlib.container import BarContainer, ErrorbarContainer
from matplotlib.contour import ContourSet
from matplotlib.patches import StepPatch

from ..plain import shown

MOST = 16  # words of one kind that are told one by one
ALONG, NONE = "along the", "drawing"


def alt(figure, legends):
    """Tell a figure: title, panels with what is drawn against what, their words, and the legend.

    Choices: neighboring panels of one kind are told together. An axis without a label has the one
        of the panels of its kind. Of more than 16 numbers in a panel their range is told.
    """
    panels = [_panel(ax) for ax in figure.axes if not _is_color_bar(ax)]
    panels = [panel for panel in panels if any([*panel.values()][1:]) or panel["marks"] != NONE]
    for panel in panels:
        panel["what"] = _what(panel, [own for own in panels if own["marks"] == panel["marks"]])
    told, known = [_line(figure.get_suptitle(), ", ")], set()
    for panel in panels:  # names along an axis that several panels share are told once
        panel["more"] = [words for words in panel["more"] if words not in known]
        known |= {words for words in panel["more"] if words.startswith(ALONG)}
    for what, some in groupby(panels, key=lambda panel: panel["what"]):
        told += _together(what, [*some])
    told += [f"Color: {_line(ax.get_ylabel())}" for ax in figure.axes if _is_color_bar(ax)]
    for legend in legends:
        title = _line(legend.get_title().get_text(), ", ")
        entries = "; ".join(_line(text.get_text()) for text in legend.get_texts())
        told.append(f"Legend{title and f', {title}'}: {entries}")
    return " ".join(words if words[-1] in ".?!" else f"{words}." for words in told if words)


def picture(png, words):
    """Embed a PNG in a page, with its alternative text."""
    source = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    return f'<img style="max-width: 100%" alt="{html.escape(shown(words))}" src="{source}">'


def _together(what, panels):
    """Tell what neighboring panels of one kind show, then what is special in each."""
    if len(panels) == 1:
        yield panels[0]["title"]
        yield f"{what[0].upper()}{what[1:]}"
        yield from (f"{words[0].upper()}{words[1:]}" for words in panels[0]["more"])
        return
    each = [", ".join(filter(None, [panel["title"], *panel["more"]])) for panel in panels]
    special = f": {'; '.join(filter(None, each))}" if any(each) else ""
    yield f"{len(panels)} panels, each {what}{special}"


def _panel(ax):
    title = _line(ax.get_title(), ", ")
    more = [
        f"{ALONG} {name}: {names}"
        for name, names in (
            ("horizontal axis", _names(ax.xaxis)),
            ("vertical axis", _names(ax.yaxis)),
        )
        if names
    ]
    if words := _written([_line(text.get_text()) for text in ax.texts]):
        more.append(f"written in it: {words}")
    return {"marks": _marks(ax), "title": title, "x": _line(ax.get_xlabel()),
            "y": _line(ax.get_ylabel()), "more": more}  # fmt: skip


def _what(panel, alike):
    """Tell marks and axes of a panel; a label that it lacks is the one that panels alike have."""
    x, y = (
        panel[axis] or (labels.pop() if len(labels) == 1 else "")
        for axis, labels in (
            (axis, {own[axis] for own in alike if own[axis]}) for axis in ("x", "y")
        )
    )
    axes = f"{y} against {x}" if x and y else x or y
    return f"{panel['marks']}{axes and f' of {axes}'}"


def _is_color_bar(ax):
    return hasattr(ax, "_colorbar")


def _marks(ax):
    """Name the kinds of marks that are drawn in a panel, those of data before guiding lines."""
    parts = [part for own in ax.containers for part in _parts(own)]
    lines = [
        line
        for line in ax.lines
        if line not in parts and len(line.get_xdata()) and line.get_transform() == ax.transData
    ]  # no guides, nor entries of a legend
    named = [image.get_label() for image in ax.images if image.get_label()[:1] != "_"]
    there = {
        named[0] if named else "image": ax.images or _any(ax.collections, QuadMesh),
        "shaded regions": [own for own in _any(ax.collections, ContourSet) if own.filled],
        "contour lines": [own for own in _any(ax.collections, ContourSet) if not own.filled],
        "histograms": _any(ax.patches, StepPatch),
        "bars": _any(ax.containers, BarContainer),
        "values with intervals": _any(ax.containers, ErrorbarContainer),
        "curves": [line for line in lines if line.get_linestyle() != "None"],
        "bands": _any(ax.collections, FillBetweenPolyCollection),
        "segments": [own for own in _any(ax.collections, LineCollection) if own not in parts],
        "points": _any(ax.collections, PathCollection)
        or [line for line in lines if line.get_linestyle() == "None"],
    }
    kinds = [kind for kind, found in there.items() if found]
    return " and ".join(filter(None, [", ".join(kinds[:-1]), *kinds[-1:]])) or NONE


def _any(artists, kind):
    return [own for own in artists if isinstance(own, kind)]


def _parts(container):
    return [own for part in container if part for own in (part if _several(part) else [part])]


def _several(part):
    return isinstance(part, tuple | list)


def _names(axis):
    """Tell the words along an axis, where its ticks are words."""
    labels = [label.get_text() for label in axis.get_majorticklabels() if label.get_visible()]
    words = [label for label in labels if re.search(r"[^\W\d_]{2}", label) and label[0] != "$"]
    return _few([*map(_line, words)])


def _written(words):
    words = [word for word in words if word]
    numbers = [float(word) for word in words if re.fullmatch(r"[-+]?\d+(\.\d+)?", word)]
    if len(numbers) > MOST:
        words = [word for word in words if not re.fullmatch(r"[-+]?\d+(\.\d+)?", word)]
        words.append(f"{len(numbers)} numbers from {min(numbers):g} to {max(numbers):g}")
    return _few(words)


def _few(words):
    more = f"; {len(words) - MOST} more" if len(words) > MOST else ""
    return "; ".join(words[:MOST]) + more


def _line(words, between=" "):
    """Words on one line; between two lines of a title a comma, where nothing else parts them."""
    lines = filter(None, (" ".join(shown(line).split()) for line in words.split("\n")))
    return re.sub(r"(?<=[,:;.?!]), |, (?=\()", " ", between.join(lines))
