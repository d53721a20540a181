"""Why a clip scores as it does: the clip, its nearest normal, and what each patch is worth."""

from textwrap import fill

import numpy as np
from matplotlib.patches import Rectangle

from ..features.log_mels import TICKS_HZ, checked
from ..style import Picture

FRAME = "#D55E00"  # of the part that is told
WIDE = 110  # letters of a line of the title


def explanation(why, x, neighbor, sr=16000, title="One clip"):
    """Draw the log-mel of a clip, that of its nearest normal, and the worth of each patch.

    Shapes: ``why`` an Explanation of B bands and F spans; ``x`` and ``neighbor`` (M, T), mel before
        time, in dB.
    Raises: ValueError for what is no log-mel, or two of different shapes.
    Choices: the frame is the part that the sentence tells, dotted where nothing stands out. White
        is a worth of zero, and colors reach as far up as down; both log-mels share a scale.
    Notebook: 14_embedding_explorer
    """
    x, neighbor = checked(x), checked(neighbor)
    if x.shape != neighbor.shape:
        raise ValueError(f"a clip and its neighbor have one shape, not {x.shape}, {neighbor.shape}")
    figure = Picture(height=3.6)
    left, middle, right = figure.subplots(1, 3, sharey=True)
    mel = _mel(why.bands)
    seconds, top = why.times[-1], _mel(sr / 2)
    low, high = np.percentile([x, neighbor], [1, 99.9])
    for ax, shown, name in ((left, x, "the clip"), (middle, neighbor, "its nearest normal")):
        level = ax.imshow(
            shown, origin="lower", aspect="auto", extent=(0, seconds, 0, top), cmap="viridis",
            vmin=low, vmax=high, interpolation="nearest",
        )  # fmt: skip
        ax.set_title(name)
    most = max(np.abs(why.worth).max(), np.finfo(float).tiny)
    worth = right.pcolormesh(why.times, mel, why.worth, cmap="RdBu_r", vmin=-most, vmax=most)
    right.set_title(f"worth of {why.worth.size} patches")
    for ax in (left, middle, right):
        _frame(ax, why)
        ax.set(xlabel="time in s", xlim=(0, seconds), ylim=(0, top))
    ticks = [hertz for hertz in TICKS_HZ if hertz <= sr / 2]
    left.set_yticks(_mel(np.array(ticks)), [f"{hertz / 1000:g}" for hertz in ticks])
    left.set_ylabel("frequency in kHz")
    figure.colorbar(level, ax=[left, middle], label="level in dB", extend="both", pad=0.02)
    figure.colorbar(worth, ax=right, label="score minus what remains", pad=0.02)
    figure.suptitle(fill(f"{title} (n = 1). {why.sentence()}", WIDE), fontsize=10)
    return figure


def _frame(ax, why):
    """Frame the part that is told."""
    part = why.strongest
    low, high = _mel(part.low), _mel(part.high)
    ax.add_patch(
        Rectangle(
            (part.begin, low), part.end - part.begin, high - low, fill=False, edgecolor=FRAME,
            linewidth=2.0, linestyle="-" if why.stands_out else ":", clip_on=False, zorder=3,
        )
    )  # fmt: skip


def _mel(hertz):
    """Place frequencies on the mel scale of the log-mels."""
    from librosa import hz_to_mel  # which takes a second to load

    return hz_to_mel(hertz)
