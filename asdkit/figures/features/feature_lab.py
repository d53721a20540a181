"""A feature under the microscope: how far a fault shows, in units of what normal sounds scatter."""

import warnings

import numpy as np
import torch

from ...features import LogMel, Spectrogram, decibels, temporal_max, temporal_mean
from ..style import LOOKS, Picture, plain

SUMMARIES = {"every frame": None, "temporal mean": temporal_mean, "temporal max": temporal_max}
ALL = 0  # mel bands: none, every frequency of the transform


def feature_state(
    normal, faulty, others, window=1024, hop=512, mels=128, remove_mean=False, summary="every frame"
):
    r"""Measure how far a faulty sound lies from a normal one, in one feature.

    $z = \max_{b,t}\,(x_{bt} - n_{bt}) / \sigma_b$ is measured from the normal sound $n$, in units
    of the scatter $\sigma_b$ of band b over the other normal sounds and all frames.

    Shapes: waves (T,), (T,) and (K, T) at 16 kHz -> dict of the settings, ``pictures`` (2, B, F) in
        dB (F = 1 for a summary), ``mean`` and ``scatter`` (B,) of the others, z as ``faulty``, its
        median over the others as ``others``, and ``band`` and ``frame`` where the fault shows.
    Raises: ValueError for fewer than 3 other sounds, or settings that cannot be.
    Choices: only what is louder counts, as noise in dB has deep troughs. ``mels=0`` keeps every
        frequency. A band that does not vary has z = 0.
    Example:
        >>> noise = torch.randn(6, 16000, generator=torch.Generator().manual_seed(0))
        >>> click = noise[0] + 100.0 * (torch.arange(16000) == 8000)
        >>> state = figures.feature_state(noise[0], click, noise[1:])
        >>> state["frame"], state["faulty"] > state["others"]
        (16, True)
    Notebook: 02_features
    """
    if len(others) < 3 or not 1 <= hop <= window:
        told = f"{len(others)} other sounds, hop {hop} of {window}"
        raise ValueError(f"{told}: give 3 or more, a hop up to the window")
    if summary not in SUMMARIES:
        raise ValueError(f"no summary is called {summary!r}: give one of {', '.join(SUMMARIES)}")
    x = _picture(torch.cat([normal[None], faulty[None], others]), window, hop, mels)
    x = x - x.mean(dim=2, keepdim=True) if remove_mean else x
    x = SUMMARIES[summary](x)[:, :, None] if SUMMARIES[summary] else x
    mean, scatter = x[2:].mean(dim=(0, 2)), x[2:].std(dim=(0, 2))  # (B,)
    varies = scatter > 1e-4
    z = torch.where(varies[:, None], (x[1:] - x[0]) / scatter[:, None], 0.0)  # (1 + K, B, F)
    band, frame = divmod(int(z[0].argmax()), z.shape[2])
    faulty, *apart = z.flatten(1).amax(dim=1).tolist()
    return {
        "window": window, "hop": hop, "mels": mels, "remove_mean": remove_mean, "summary": summary,
        "pictures": x[:2].numpy(), "mean": mean.numpy(), "scatter": scatter.numpy(),
        "band": band, "frame": frame, "faulty": faulty, "others": float(np.median(apart)),
    }  # fmt: skip


def feature_figure(state):
    """Draw both sounds in one feature, with a mark where the fault shows most, or both summaries.

    Shapes: a dict of ``feature_state``.
    Notebook: 02_features
    """
    figure = Picture(width=8.0)
    if state["pictures"].shape[2] == 1:
        _summaries(figure.subplots(), state)
    else:
        _frames(figure, state)
    figure.suptitle(readout(state).replace(": ", ":\n", 1), fontsize=9)
    return figure


def readout(state):
    """Say in one line how far the fault shows, and how far another normal sound."""
    bands = f"{state['mels']} mel bands" if state["mels"] else "every frequency"
    return (
        f"window {state['window']}, hop {state['hop']}, {bands}, {state['summary']}"
        f"{', mean removed' if state['remove_mean'] else ''}: "
        f"the fault shows by {state['faulty']:.1f} scatters, "
        f"another normal sound by {state['others']:.1f}"
    )


def _picture(waves, window, hop, mels):
    if not mels:
        return decibels(Spectrogram(window, hop, remove_mean=False)(waves).square())
    with warnings.catch_warnings():
        # that bands stay empty is for the reader to see
        warnings.simplefilter("ignore", UserWarning)
        log_mel = LogMel(window=window, hop=hop, mels=mels, frames=None)
    return log_mel(waves)


def _frames(figure, state):
    low, high = np.percentile(state["pictures"], [1, 99.9])
    axes = figure.subplots(1, 2, sharey=True)
    seconds = state["hop"] / 16000
    for ax, name, x in zip(axes, ("normal", "anomaly"), state["pictures"]):
        extent = (0, x.shape[1] * seconds, -0.5, len(x) - 0.5)
        image = ax.imshow(
            x, origin="lower", aspect="auto", extent=extent, cmap="viridis", vmin=low, vmax=high
        )
        ax.set(title=f"{name} (n = 1)", xlabel="time in s")
    axes[0].set_ylabel("mel band" if state["mels"] else "frequency bin")
    where = (state["frame"] + 0.5) * seconds, state["band"]
    axes[1].plot(
        *where, "o", markersize=14, markerfacecolor="none", markeredgecolor="white",
        markeredgewidth=2,
    )  # fmt: skip
    figure.colorbar(image, ax=axes, label="level in dB", extend="both", pad=0.02)


def _summaries(ax, state):
    bands = np.arange(len(state["mean"]))
    low, high = state["mean"] - 2 * state["scatter"], state["mean"] + 2 * state["scatter"]
    ax.fill_between(
        bands, low, high, color="#D9D9D9", label="other normal sounds, mean and 2 scatters"
    )
    for name, x in zip(("normal", "anomaly"), state["pictures"]):
        look = LOOKS[name]
        ax.plot(
            bands, x[:, 0], color=look.color, linestyle=look.line, linewidth=1.3,
            label=f"{name}, n = 1",
        )  # fmt: skip
    ax.plot(
        state["band"], state["pictures"][1, state["band"], 0], "ko", markersize=12,
        markerfacecolor="none",
    )  # fmt: skip
    bottom, top = ax.get_ylim()  # at least 2 dB, so that rounding looks like the nothing it is
    ax.set_ylim(min(bottom, top - 2), max(top, bottom + 2))
    ax.set(xlabel="mel band" if state["mels"] else "frequency bin", ylabel="level in dB")
    ax.legend(frameon=False, fontsize=8)
    plain(ax)
