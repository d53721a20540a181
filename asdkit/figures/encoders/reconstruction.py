"""Clips beside what an auto-encoder rebuilds of them, and the error of each point."""

import numpy as np

from ..features.log_mels import checked, name_frequencies
from ..style import Picture

REACH = 20.0  # dB, where the colors of an error end
TICKS = 4


def reconstruction(log_mel, rebuilt, score, title="one clip", sr=16000, hop=512):
    """Draw a clip, what an auto-encoder rebuilds of it, and the error of each point.

    Paper: none; [L2S] 2 scores by the mean of these errors, squared, and shows none.
    Shapes: ``log_mel`` and ``rebuilt`` (B, T) in dB, ``score`` a number.
    Raises: ValueError as ``reconstructions`` does.
    Choices: as ``reconstructions``.
    Notebook: 04_autoencoders
    """
    return reconstructions([log_mel], [rebuilt], [score], [title], sr, hop)


def reconstructions(log_mels, rebuilt, scores, titles, sr=16000, hop=512):
    """Draw several clips, a row each: the input, what is rebuilt, and input less rebuilt.

    Shapes: K arrays (B, T) in dB, K that were rebuilt, K scores and K titles.
    Raises: ValueError where the counts differ, a clip and its reconstruction have two shapes, or
        one is not (B, T) or not finite.
    Choices: inputs and reconstructions of all clips share their colors, which end at the
        percentiles 1 and 99.9 of the inputs. The error keeps its sign: red is louder in the clip
        than rebuilt, blue quieter; its colors end at 20 dB in every picture. The score
        is that of the vectors, in the unit that the network has, and not the mean square of the
        picture, whose frames are means over vectors. ``sound.truth`` does not tell when a fault
        sounds, so no moment is marked.
    Notebook: 04_autoencoders
    """
    pairs = [pair(*two) for two in zip(log_mels, rebuilt)]
    if not pairs or not len(pairs) == len(rebuilt) == len(log_mels) == len(scores) == len(titles):
        counts = f"{len(log_mels)} clips, {len(rebuilt)} rebuilt, {len(scores)} scores"
        raise ValueError(f"there are {counts} and {len(titles)} titles: give as many of each")
    figure = Picture(width=9.5, height=0.9 + 2.1 * len(pairs))
    axes = figure.subplots(len(pairs), 3, sharex=True, sharey=True, squeeze=False)
    limits = ends(np.concatenate([clip.ravel() for clip, _ in pairs]))
    for row, two, score, title in zip(axes, pairs, scores, titles):
        draw(row, *two, limits, two[0].shape[1] * hop / sr)
        row[0].set_title(title, fontsize=10)
        row[1].set_title(f"rebuilt, score {score:.3g}", fontsize=10)
        row[2].set_title("input less rebuilt", fontsize=10)
        row[0].set_ylabel("mel band")
        name_frequencies(row[2], len(two[0]), sr)
    for ax in axes[-1]:
        ax.set_xlabel("time in s")
    bars(figure, axes)
    clips = "clip" if len(pairs) == 1 else "clips"
    figure.suptitle(f"input, reconstruction and error (n = {len(pairs)} {clips})", fontsize=11)
    return figure


def pair(log_mel, rebuilt):
    """A clip and its reconstruction, once they are seen to be pictures of one shape."""
    log_mel, rebuilt = checked(log_mel), checked(rebuilt)
    if log_mel.shape != rebuilt.shape:
        raise ValueError(
            f"the clip is {log_mel.shape} and what was rebuilt {rebuilt.shape}: "
            "features.unframed makes a picture of vectors"
        )
    return log_mel, rebuilt


def ends(inputs):
    """Where the colors of inputs and reconstructions end, in dB."""
    return tuple(np.percentile(inputs, [1, 99.9]))


def draw(axes, log_mel, rebuilt, limits, seconds):
    """Draw input, reconstruction and error on three axes."""
    level = {"cmap": "viridis", "vmin": limits[0], "vmax": limits[1]}
    error = {"cmap": "RdBu_r", "vmin": -REACH, "vmax": REACH}
    pictures = ((log_mel, level), (rebuilt, level), (log_mel - rebuilt, error))
    for ax, (x, colors) in zip(axes, pictures):
        ax.imshow(
            x, origin="lower", aspect="auto", extent=(0, seconds, -0.5, len(x) - 0.5),
            interpolation="nearest", **colors,
        )  # fmt: skip
        ax.locator_params(nbins=TICKS)  # a tick costs a millisecond of each redraw


def bars(figure, axes):
    """Add a color bar of the levels and one of the errors."""
    axes = np.atleast_2d(axes)
    for columns, label in ((slice(0, 2), "level in dB"), (slice(2, 3), "error in dB")):
        image = axes[0, columns][0].images[0]
        bar = figure.colorbar(image, ax=axes[:, columns], label=label, extend="both", pad=0.02)
        bar.ax.locator_params(nbins=TICKS)
