"""A picture in words: what a reader who does not see it is told instead."""

import base64
import html
import re

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
from .words import KINDS, seen
from .words.marks import one_line, words_along

MOST = 16  # words of one kind that are told one by one
ENOUGH = 120  # words of a picture: beyond them it tells less of what its marks show
ALONG, NONE = "Along the", "drawing"


def alt(figure, legends):
    """Tell a figure: title, panels with what is drawn against what and what it shows, the legend.

    Choices: panels of one kind are told together. An axis without a label has the one of the panels
        of its kind. Of more than 16 numbers in a panel their range is told. What curves, bars and
        points show is told while all is at most 120 words, the most telling first; a legend then
        tells the names that are left.
    """
    panels = [_panel(ax) for ax in figure.axes if not _is_color_bar(ax)]
    panels = [panel for panel in panels if any([*panel.values()][1:-1]) or panel["marks"] != NONE]
    for panel in panels:
        panel["what"] = _what(panel, [own for own in panels if own["marks"] == panel["marks"]])
        panel["seen"] = seen(panel.pop("ax"), legends)
    kinds, words = [], _told(figure, panels, legends, [])
    for kind in KINDS:
        if kind == "ends" and "courses" in kinds:
            continue
        more = _told(figure, panels, legends, [*kinds, kind])
        if len(more.split()) <= ENOUGH:
            kinds, words = [*kinds, kind], more
    return words


def _told(figure, panels, legends, kinds):
    """Tell a figure, and of what its marks show these kinds."""
    told, names, alike = [one_line(figure.get_suptitle(), ", ")], set(), {}
    along = set()  # names along an axis that several panels share are told once
    for panel in panels:
        pairs = [panel["seen"][kind] for kind in kinds if kind in panel["seen"]]
        shows = [_shown(head, own) for head, own in pairs if own]
        names |= {name for _, own in pairs for name, _ in own}
        more = [own for own in panel["more"] if own not in along and not _is_told(own, shows)]
        along |= {words for words in panel["more"] if words.startswith(ALONG)}
        alike.setdefault(panel["what"], []).append((panel["title"], more + shows))
    for what, some in alike.items():
        told += _together(what, some)
    told += [_color(ax) for ax in figure.axes if _is_color_bar(ax)]
    told += [_legend(legend, names) for legend in legends]
    return " ".join(words if words[-1] in ".?!" else f"{words}." for words in told if words)


def picture(png, words):
    """Embed a PNG in a page, with its alternative text."""
    source = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    return f'<img style="max-width: 100%" alt="{html.escape(shown(words))}" src="{source}">'


def _together(what, panels):
    """Tell what panels of one kind show, then what is special in each."""
    if len(panels) == 1:
        title, more = panels[0]
        yield from (title, _first_up(what), *more)
        return
    titles = "; ".join(title for title, _ in panels if title)
    if not any(more for _, more in panels):
        yield f"{len(panels)} panels, each {what}{titles and f': {titles}'}"
        return
    yield f"{len(panels)} panels, each {what}"
    for number, (title, more) in enumerate(panels, start=1):
        yield from (title or f"Panel {number}", *more)


def _legend(legend, told):
    """Tell the title of a legend, and the names that are not told yet."""
    title = one_line(legend.get_title().get_text(), ", ")
    entries = [one_line(text.get_text()) for text in legend.get_texts()]
    left = "; ".join(entry for entry in entries if entry not in told)
    if title or left:
        return f"Legend{title and f', {title}'}{left and f': {left}'}"
    return ""


def _is_told(words, shows):
    """Whether each name along an axis is told with its value."""
    names = words.split(": ", 1)[1].split("; ")
    return words.startswith(ALONG) and all(f" at {name}" in " ".join(shows) for name in names)


def _shown(head, pairs):
    """Join what is shown; a name stays as it is written, at the start of a sentence too."""
    words = "; ".join(": ".join(filter(None, pair)) for pair in pairs)
    return _first_up(head) + words if head or pairs[0][0] else _first_up(words)


def _first_up(words):
    return f"{words[0].upper()}{words[1:]}" if words else words


def _color(ax):
    """Tell a bar of colors, with the numbers that it runs between."""
    low, high = ax._colorbar.vmin, ax._colorbar.vmax
    return f"Color: {one_line(ax.get_ylabel())}, {low:.3g} to {high:.3g}"


def _panel(ax):
    title = one_line(ax.get_title(), ", ")
    more = [
        f"{ALONG} {name}: {_few(names)}"
        for name, axis in (("horizontal axis", ax.xaxis), ("vertical axis", ax.yaxis))
        if (names := words_along(axis))
    ]
    if words := _written([one_line(text.get_text()) for text in ax.texts]):
        more.append(f"Written in it: {words}")
    return {"marks": _marks(ax), "title": title, "x": _label(ax.xaxis), "y": _label(ax.yaxis),
            "more": more, "ax": ax}  # fmt: skip


def _label(axis):
    """Tell the label of an axis, and that it is logarithmic where that is not written."""
    label = one_line(axis.get_label_text())
    bent = "log" in axis.get_scale() and "(log" not in label
    return f"{label} (log axis)" if label and bent else label


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
