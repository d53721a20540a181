"""One meaning, one look: colors, markers, lines and hatches, and a figure that shows itself."""

import base64
import io
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from PIL import Image


class Look(NamedTuple):
    """How one meaning is drawn: never by its color alone.

    Choices: colors of Okabe and Ito, which color-blind readers tell apart; where two of them are
        one gray, marker, line and hatch differ.
    Example:
        >>> figures.LOOKS["normal"]
        Look(color='#0072B2', marker='o', line='-', hatch='')
    Notebook: 00_start_here
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
    "target": Look("#E69F00", "v", "--", "\\\\\\\\"),
}
SERIES = [  # curves that carry no meaning of their own, such as losses
    Look("#000000", "o", "-", ""),
    Look("#56B4E9", "s", "--", "////"),
    Look("#D55E00", "^", "-.", "...."),
    Look("#009E73", "v", ":", "xxxx"),
    Look("#CC79A7", "D", (0, (5, 1, 1, 1, 1, 1)), "++++"),
    Look("#0072B2", "P", (0, (1, 3)), "oooo"),
]
CLASSES = [SERIES[number] for number in (0, 1, 3, 5, 4)]  # without the look of an anomaly
GRAY = "#6B6B6B"
DPI = 100


class Picture(Figure):
    """A matplotlib figure that a cell shows as its result, without pyplot, always at one size.

    Its titles and texts become the alternative text of the image.

    Its titles and texts become the alternative text of the image.
    Example:
        >>> figure = figures.Picture()
        >>> _ = figure.subplots().set(title="one clip", xlabel="time in s", ylabel="level in dB")
        >>> figure.alt
        'one clip; level in dB against time in s'
    Notebook: 00_start_here
    """

    def __init__(self, width=8.0, height=3.0):
        super().__init__(figsize=(width, height), dpi=DPI, layout="constrained")

    @property
    def alt(self):
        """The alternative text: titles, axes and numbers of the picture as one line."""
        words = [self.get_suptitle()]
        for ax in self.axes:
            words += [ax.get_title(), *(text.get_text() for text in ax.texts)]
            words += (
                [f"{ax.get_ylabel()} against {ax.get_xlabel()}"]
                if ax.get_xlabel() and ax.get_ylabel()
                else []
            )
        for legend in (*self.legends, *filter(None, (ax.get_legend() for ax in self.axes))):
            words += [
                legend.get_title().get_text(),
                *(text.get_text() for text in legend.get_texts()),
            ]
        return "; ".join(" ".join(word.replace("$", "").split()) for word in words if word)

    def png(self):
        """Return the picture as the bytes of a PNG file.

        Choices: 256 colors, which makes a spectrogram four times smaller and cannot be seen.
        """
        full, small = io.BytesIO(), io.BytesIO()
        self.savefig(full, format="png", dpi=DPI)
        image = Image.open(full).convert("RGB")
        image = image.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        image.save(small, format="png", optimize=True)
        return small.getvalue()

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = {
            "image/png": base64.b64encode(self.png()).decode(),
            "text/plain": f"<Picture: {self.alt}>",
        }
        return bundle, {"image/png": {"alt": self.alt}}


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


def plain(ax):
    """Remove the upper and the right side of the frame."""
    ax.spines[["top", "right"]].set_visible(False)


def finite(values, name):
    """Return ``values`` as a flat array of finite float64 numbers.

    Raises: ValueError where there are none, or one is NaN or infinite.
    """
    values = np.asarray(values, dtype=float).reshape(-1)
    if not len(values):
        raise ValueError(f"{name} holds no values: pass at least one")
    if not np.isfinite(values).all():
        broken = np.sum(~np.isfinite(values))
        raise ValueError(
            f"{name} holds {broken} NaN or infinite values of {len(values)}: leave them out"
        )
    return values
