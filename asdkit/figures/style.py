"""One meaning, one look: colors, markers, lines and hatches, and a figure that shows itself."""

import base64
import io
from functools import cached_property
from typing import NamedTuple

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FixedFormatter, FuncFormatter
from matplotlib.transforms import Bbox
from PIL import Image

from .. import given
from ..plain import shown
from .alt import alt, picture


class Look(NamedTuple):
    """How one meaning is drawn: never by its color alone.

    Choices: colors of Okabe and Ito, which color-blind readers tell apart, but for their orange and
        sky blue: these have a contrast of 2.3 to white, where marks need 3 (WCAG 2.2, 1.4.11), so a
        brown and a violet stand for them. Where two are one gray, marker, line and hatch differ.
    Example:
        >>> figures.LOOKS["normal"]
        Look(color='#0072B2', marker='o', line='-', hatch='')
    """

    color: str
    marker: str
    line: str
    hatch: str


LOOKS = {
    "normal": Look("#0072B2", "o", "-", ""),
    "anomaly": Look("#D55E00", "^", "--", "////"),
    "center": Look("#000000", "*", "-", ""),
    "sub-cluster": Look("#CC79A7", "P", ":", "...."),
    "source": Look("#009E73", "s", "-", ""),
    "target": Look("#703800", "v", "--", "\\\\\\\\"),
}
SERIES = [  # curves that carry no meaning of their own, such as losses
    Look("#000000", "o", "-", ""),
    Look("#8A3FFC", "s", "--", "////"),
    Look("#D55E00", "^", "-.", "...."),
    Look("#009E73", "v", ":", "xxxx"),
    Look("#CC79A7", "D", (0, (5, 1, 1, 1, 1, 1)), "++++"),
    Look("#0072B2", "P", (0, (1, 3)), "oooo"),
]
CLASSES = [SERIES[number] for number in (0, 1, 3, 5, 4)]  # without the look of an anomaly
GRAY = "#6B6B6B"
DPI = 100
SLACK = 2.0  # pixels that a label may grow: constrained layout leaves 4 around all of them


class Picture(Figure):
    """A matplotlib figure that a cell shows as its result, without pyplot, always at one size.

    Marks, axes, titles and texts become the alternative text of the image. All words stand as they
    are: a name with a dollar sign is no formula.
    Example:
        >>> figure = figures.Picture()
        >>> _ = figure.subplots().set(title="one clip", xlabel="time in s", ylabel="level in dB")
        >>> figure.alt
        'one clip. Drawing of level in dB against time in s.'
    """

    def __init__(self, width=8.0, height=3.0):
        super().__init__(figsize=(width, height), dpi=DPI, layout="constrained")

    @property
    def alt(self):
        """What the picture shows, in words, for a reader who does not see it."""
        return alt(self, self._all_legends)

    def draw(self, renderer):
        """Draw the picture, with no formula in its words and no sign that a font refuses."""
        words = list(self.texts)
        for ax in self.axes:
            words += [ax.title, ax.xaxis.label, ax.yaxis.label, *ax.texts]
            for axis in (ax.xaxis, ax.yaxis):
                if isinstance(axis.get_major_formatter(), FixedFormatter | FuncFormatter):
                    words += _names(axis)  # others write powers of ten as formulas
        for legend in self._all_legends:
            words += [legend.get_title(), *legend.get_texts()]
        for text in words:
            text.set_parse_math(False)
            if not text.get_text().isprintable():
                text.set_text(_plain(text.get_text()))
        super().draw(renderer)

    @property
    def _all_legends(self):
        return [*self.legends, *filter(None, (ax.get_legend() for ax in self.axes))]

    def png(self, like=None):
        """Return the picture as the bytes of a PNG file.

        Choices: 256 colors, which makes a spectrogram four times smaller and cannot be seen. To lay
            a picture out takes as long as to draw it, so axes stand where they stand in ``like``,
            an earlier picture of the same build, unless a label has outgrown its room there.
        """
        canvas = FigureCanvasAgg(self)
        kept = like is not None and like.build == self.build
        if kept:
            self._stand_as(like)
        canvas.draw()
        if kept and (self._reach() > like.room + SLACK).any():
            self.set_layout_engine("constrained")
            canvas.draw()
        elif kept:
            self.room = like.room
        image, file = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB"), io.BytesIO()
        image = image.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        image.save(file, format="png")
        return file.getvalue()

    @property
    def build(self):
        """What two pictures of one layout share: size, kinds and places of axes, lines of text."""
        specs = [(type(ax), ax.get_subplotspec()) for ax in self.axes]
        axes = [(kind, spec and spec.get_geometry()) for kind, spec in specs]
        words = [text.get_text() for text in (*self.texts, *(ax.title for ax in self.axes))]
        entries = [len(legend.get_texts()) for legend in self.legends]
        return (*self.get_size_inches(), axes, [word.count("\n") for word in words], entries)

    @cached_property
    def room(self):
        """How far labels reached beyond each axes when the picture was laid out, in pixels."""
        return self._reach()

    def _reach(self):
        """Return how far labels reach to the left, below, to the right and above (axes, 4)."""
        renderer, reach = self.canvas.get_renderer(), []
        for ax in self.axes:
            around = [axis for each in (ax, *ax.child_axes) for axis in (each.xaxis, each.yaxis)]
            outer = Bbox.union(
                [ax.bbox, *filter(None, (_outer(axis, renderer) for axis in around))]
            )
            reach.append([*(ax.bbox.min - outer.min), *(outer.max - ax.bbox.max)])
        return np.array(reach).reshape(-1, 4)

    def _stand_as(self, like):
        self.set_layout_engine("none")
        for ax, earlier in zip(self.axes, like.axes):
            ax.set_position(earlier.get_position(original=True), which="original")
            ax.set_in_layout(True)  # setting a position has taken it out
            # with a height of its own no title looks for room above the ticks
            ax.set_title(ax.get_title(), fontsize=ax.title.get_fontsize(), y=1.0)
        for text, earlier in zip(self.texts, like.texts):
            text.set_position(earlier.get_position())

    def _repr_mimebundle_(self, include=None, exclude=None):
        png, words = self.png(), self.alt
        bundle = {
            "image/png": base64.b64encode(png).decode(),
            "text/html": picture(png, words),  # JupyterLab leaves out the words of an image/png
            "text/plain": f"<Picture: {words}>",
        }
        return bundle, {"image/png": {"alt": words}}


def _names(axis):
    """Return the names at the ticks of an axis."""
    ticks = [tick.label1 for tick in axis.get_major_ticks()]
    if not all(label.get_text().isprintable() for label in ticks):
        axis.set_ticklabels([_plain(label.get_text()) for label in ticks])
    return ticks


def _plain(words):
    """Words whose lines are kept, as their author broke them."""
    return "\n".join(map(shown, words.split("\n")))


def _outer(axis, renderer):
    """Return the box of what lies outermost of an axis: its label, or its tick labels."""
    if axis.get_label_text():
        return axis.label.get_window_extent(renderer)
    return axis.get_tightbbox(renderer)


def histograms(ax, normal, anomaly, edges):
    """Draw the two histograms that recur in the whole kit, each a density, named with its n.

    Shapes: normal (N,), anomaly (M,), edges (B + 1,).
    Example:
        >>> ax = figures.Picture().subplots()
        >>> figures.style.histograms(ax, normal=[1, 2, 2], anomaly=[3], edges=[0, 1, 2, 3, 4])
        >>> ax.get_legend_handles_labels()[1]
        ['normal, n = 3', 'anomaly, n = 1']
    """
    for name, values in (("normal", normal), ("anomaly", anomaly)):
        look = LOOKS[name]
        height, _ = np.histogram(values, edges, density=True)
        ax.stairs(height, edges, fill=True, color=look.color, alpha=0.25, linewidth=0)
        ax.stairs(
            height, edges, fill=bool(look.hatch), facecolor="none", edgecolor=look.color,
            hatch=look.hatch,
            linestyle=look.line, linewidth=1.6, label=f"{name}, n = {len(values)}",
        )  # fmt: skip
    ax.set_ylim(bottom=0)


def entry(name):
    """A name as an entry of a legend, which would leave out one that starts with an underscore.

    Choices: None stays None, which makes no entry.
    Example:
        >>> figures.style.entry("_fan")
        ' _fan'
    """
    if name is None:
        return None
    return f" {name}" if str(name).startswith("_") else str(name)


def plain(ax):
    """Remove the upper and the right side of the frame."""
    ax.spines[["top", "right"]].set_visible(False)


def finite(values, name):
    """Return ``values`` as a flat array of finite float64 numbers.

    Raises: ValueError where there are none, or one is no finite number.
    """
    values = given.array(values, name).reshape(-1)
    if not len(values):
        raise ValueError(f"{name} holds no values: pass at least one")
    return values
