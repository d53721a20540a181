"""What an auto-encoder rebuilds of a clip, and where its score lies among those of normal clips."""

import numpy as np
import torch

from ...features import framed, unframed
from ...losses import SquaredError
from ...train import embed
from ..features.log_mels import checked, frequency_ticks
from ..style import LOOKS, SERIES, Picture, finite, plain
from .reconstruction import TICKS, bars, draw, ends

UNITS = {False: "dB²", True: "variances of a band"}


def reconstruction_state(network, log_mel, normal, standardize=None, neighbors=5):
    r"""Rebuild a clip, score it, and count the normal clips of a lower score.

    $$s = \frac1R \sum_r \frac1D \sum_d (v_{rd} - \hat v_{rd})^2$$

    over the R vectors of the clip, of D numbers each. In dB, the mean square of each band's error
    over time, and the part of it that lasts, the square of the mean over time.

    Paper: [L2S] 2.
    Shapes: ``log_mel`` (B, T) in dB, ``normal`` (N,) scores of normal clips -> dict of ``log_mel
        rebuilt error`` (B, T) in dB, ``by_band lasting`` (B,) in dB², ``score``, ``normal`` (N,),
        ``below``, and the ``unit`` of the scores.
    Raises: ValueError where the log-mel is not (B, T) or not finite, for no or broken scores, or a
        network that gives no residual of its vectors.
    Choices: ``network`` gives the residual of vectors (R, neighbors * B), as ``AutoEncoder`` and
        ``VariationalAutoEncoder`` do; a last coordinate of the latter counts in the score alone.
        With ``standardize``, the fitted ``features.Standardize`` that the network was trained
        behind, the score is that of standardized numbers; the pictures are in dB all the same.
    Notebook: 04_autoencoders
    """
    x = torch.as_tensor(checked(log_mel), dtype=torch.float32)[None]  # (1, B, T)
    rows = framed(standardize(x) if standardize else x, neighbors)[0]  # (R, neighbors * B)
    residual = embed(network, rows, len(rows))
    if residual.shape[1] < rows.shape[1]:
        raise ValueError(
            f"the network gives {residual.shape[1]} numbers a vector, no residual of its "
            f"{rows.shape[1]}: show a dense auto-encoder"
        )
    rebuilt = unframed((rows - residual[:, : rows.shape[1]])[None], x.shape[1])
    rebuilt = (standardize.restore(rebuilt) if standardize else rebuilt)[0].double().numpy()
    normal, x = finite(normal, "normal"), x[0].double().numpy()
    score, error = SquaredError().each(residual, None).double().mean().item(), x - rebuilt
    return {
        "log_mel": x, "rebuilt": rebuilt, "error": error, "score": score, "normal": normal,
        "by_band": (error**2).mean(axis=1), "lasting": error.mean(axis=1) ** 2,
        "below": int(np.sum(normal < score)), "unit": UNITS[standardize is not None],
    }  # fmt: skip


def reconstruction_figure(state, title="one clip", sr=16000, hop=512):
    """Draw a clip, its reconstruction and their difference, the error of each band, and below them
    its score among those of normal clips.

    Shapes: the dict of ``reconstruction_state``.
    Choices: colors as in ``reconstruction``, so they do not follow the network; the axes of the
        bands and the scores do. Frequencies stand as the mel scale has them. Dots are moved up and
        down by a fixed pattern.
    Notebook: 04_autoencoders
    """
    figure = Picture(width=10.0, height=3.9)
    grid = figure.add_gridspec(2, 1, height_ratios=[3, 1])
    *axes, bands = grid[0].subgridspec(1, 4).subplots()
    x = state["log_mel"]
    draw(axes, x, state["rebuilt"], ends(x), x.shape[1] * hop / sr)
    for ax, name in zip(axes, ("input", "rebuilt", "input less rebuilt")):
        ax.set_title(name, fontsize=10)
        ax.set_xlabel("time in s")
    axes[0].set_yticks(*frequency_ticks(len(x), sr))
    axes[0].set_ylabel("frequency in kHz")
    for ax in (*axes[1:], bands):
        ax.set_yticks([])
    bars(figure, axes)
    _draw_bands(bands, state)
    _scores(figure.add_subplot(grid[1]), state)
    figure.suptitle(f"{title} (n = 1): score {state['score']:.3g}, {told(state)}", fontsize=11)
    return figure


def told(state):
    """Say where the score lies among the normal ones."""
    return f"above that of {state['below']} of {len(state['normal'])} normal clips"


def _draw_bands(ax, state):
    """Draw the error of each band up the axis, and shade what lasts of it."""
    look, band = SERIES[0], np.arange(len(state["by_band"]))
    ax.plot(state["by_band"], band, color=look.color, linewidth=0.9)
    ax.fill_betweenx(band, state["lasting"], color=SERIES[1].color, linewidth=0)
    ax.set(xlim=(0, None), ylim=(-0.5, len(band) - 0.5), xlabel="mean square in dB²")
    ax.set_title("error by band,\nshaded: what lasts", fontsize=10)
    ax.locator_params(axis="x", nbins=TICKS)
    plain(ax)


def _scores(ax, state):
    normal, look = state["normal"], LOOKS["normal"]
    place = np.arange(len(normal)) * 0.618 % 1 - 0.5
    ax.plot(normal, place, look.marker, color=look.color, markersize=4.5, alpha=0.7)
    ax.axvline(state["score"], color=LOOKS["center"].color, linewidth=1.4)
    ax.set(ylim=(-0.8, 0.8), yticks=[], ylabel="clip")
    ax.set_xlabel(f"score: mean squared error in {state['unit']}")
    ax.set_title(f"dots: normal clips (n = {len(normal)}), line: this clip", fontsize=10)
    ax.locator_params(axis="x", nbins=TICKS)
    plain(ax)
