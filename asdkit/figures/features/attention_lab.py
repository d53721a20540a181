"""Which frames of a clip the attention heeds: log-mel, attention, and what is left of the
log-mel.
"""

import numpy as np
import torch
from matplotlib.ticker import MaxNLocator

from ...encoders import temporal_attention
from ..style import GRAY, Picture, plain
from .log_mels import checked

HALF = 0.5


def attention_state(log_mel):
    r"""Compute how much of each frame of a clip is heeded, and the log-mel that a network gets.

    $$a_t = \sigma\Bigl(\max_f X_{ft} + \frac1F \sum_f X_{ft}\Bigr), \qquad
    X^{\mathrm{TA}}_{ft} = a_t X_{ft}$$

    Paper: [NAM] 5 and 6.
    Shapes: (F, T) in dB -> dict of ``log_mel`` and ``attended`` (F, T) in dB, ``attention`` (T,),
        and ``heeded``, the share of the frames with $a > 0.5$.
    Raises: ValueError where the log-mel is not (F, T) or not finite.
    Choices: as the papers take a log-mel in dB, raw: a gain of g dB adds 2 g to the sum, and may
        turn every frame on or off.
    Example:
        >>> state = figures.attention_state([[-20.0, 10.0, 30.0], [-20.0, -30.0, 10.0]])
        >>> state["attention"].round(3), round(state["heeded"], 2)
        (array([0. , 0.5, 1. ]), 0.33)
    Notebook: 11_noisy_arcmix
    """
    x = checked(log_mel)
    attention = temporal_attention(torch.from_numpy(x)[None])[0].numpy()  # (T,)
    return {
        "log_mel": x,
        "attention": attention,
        "attended": attention * x,  # [NAM] 6
        "heeded": float(np.mean(attention > HALF)),
    }


def attention_figure(state, title="one clip", sr=16000, hop=512):
    """Draw a log-mel, the attention below it, and the product of both.

    Shapes: the dict of ``attention_state``.
    Choices: white is 0 dB in both spectrograms, since that is what a frame without attention is
        multiplied to, above every level below 0 dB. Colors end alike on both sides, at the
        percentile 99.5 of the distances from 0 dB. These are dB of the log-mel, of which 0 is the
        power 1 in a band, and no full scale.
    Notebook: 11_noisy_arcmix
    """
    figure = Picture(width=8.0, height=5.0)
    axes = figure.subplots(3, 1, height_ratios=[1.3, 0.8, 1.3])
    reach = max(float(np.percentile(np.abs(state["log_mel"]), 99.5)), 1.0)
    seconds = len(state["attention"]) * hop / sr
    for ax, key, name in (
        (axes[0], "log_mel", "log-mel"),
        (axes[2], "attended", "attended log-mel: attention times log-mel"),
    ):
        x = state[key]
        image = ax.imshow(
            x, origin="lower", aspect="auto", extent=(0, seconds, -0.5, len(x) - 0.5),
            cmap="RdBu_r", vmin=-reach, vmax=reach, interpolation="nearest",
        )  # fmt: skip
        ax.set(ylabel="mel band", yticks=[0, 50, 100])
        ax.set_title(name, fontsize=10)
    figure.colorbar(
        image, ax=axes, label="log-mel in dB", extend="both", pad=0.02, ticks=MaxNLocator(5)
    )
    _curve(axes[1], state["attention"], seconds)
    for ax in axes[:2]:  # shared ticks would be drawn three times
        ax.set_xticks([])
    axes[2].set_xlabel("time in s")
    figure.suptitle(f"{title} (n = 1): {_told(state)}", fontsize=11)
    return figure


def _curve(ax, attention, seconds):
    time = (np.arange(len(attention)) + 0.5) * seconds / len(attention)
    ax.plot(time, attention, color="black", linewidth=1.0, drawstyle="steps-mid")
    ax.axhline(HALF, color=GRAY, linestyle=":", linewidth=1.4)
    ax.set(xlim=(0, seconds), ylim=(-0.05, 1.05), yticks=[0, HALF, 1], ylabel="attention")
    ax.set_title("sigmoid of maximum + mean over the bands", fontsize=10)
    plain(ax)


def _told(state):
    frames = len(state["attention"])
    heeded = round(state["heeded"] * frames)
    return f"{heeded} of {frames} frames heeded ({state['heeded']:.0%}), attention above {HALF}"
