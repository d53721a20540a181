"""A near and a far microphone: what is left of each machine, and how well its faults are found."""

import numpy as np
import torch

from ...backends import Gaussian
from ...features import decibels, subtract
from ...metrics import auc
from ...tables import checked
from ..style import GRAY, LOOKS, SERIES, Picture, plain

SHARES = [step / 20 for step in range(31)]


def far_state(clips, near, far, share=0.0):
    """Take a share of the far microphone's power from the near one's, and find faults by the rest.

    Shapes: a table of N clips, powers (N, B) of each microphone -> dict of ``share``, ``levels``, a
        dict of machine -> (3, B) in dB, near, share times far, and what is left, averaged over
        training clips; and dicts of machine -> number: ``scatter``, the deviation of what is left
        over these clips, in the median band; ``auc``; ``train`` and ``test``, how many clips; and
        ``score`` (K,) of its test clips, in order.
    Raises: ValueError as ``features.subtract`` does, for powers of other clips, and for a machine
        without training clips, or without normal and anomalous test clips.
    Choices: a Gaussian with a diagonal covariance is fitted to the levels of what is left.
    Notebook: 02_features
    """
    clips = checked(clips, "machine", "split", "label")
    rest = subtract(near, far, share)
    left = decibels(rest)
    if len(left) != len(clips):
        raise ValueError(f"the powers are of {len(left)} clips, and the table has {len(clips)}")
    label, train = clips["label"].to_numpy(int), (clips["split"] == "train").to_numpy()
    parts = near, share * far, rest
    state = {name: {} for name in ("levels", "scatter", "score", "auc", "train", "test")}
    for name in sorted(set(clips["machine"])):
        own = (clips["machine"] == name).to_numpy()
        known, test = own & train, own & ~train
        state["levels"][name] = torch.stack(
            [decibels(some[known]).mean(dim=0) for some in parts]
        ).numpy()
        fitted = Gaussian("diagonal", normalize=False).fit(left[known].numpy())
        state["score"][name] = fitted.score(left[test].numpy())
        state["auc"][name] = auc(label[test], state["score"][name])
        state["scatter"][name] = float(left[known].std(dim=0).median())
        state["train"][name], state["test"][name] = int(known.sum()), int(test.sum())
    return {"share": share} | state


def far_figure(state, curve=None):
    """Draw the levels of each machine at both microphones, and the AUC against the share.

    Shapes: a dict of ``far_state``; ``curve`` a list of such dicts, whose AUCs are drawn as lines.
    Notebook: 02_features
    """
    names = list(state["levels"])
    figure = Picture(width=9.0)
    axes = figure.subplots(1, len(names) + 1)
    for ax, name in zip(axes, names):
        _levels(ax, f"{name} (n = {state['train'][name]})", state["levels"][name])
    axes[0].set_ylabel("level in dB")
    axes[0].legend(frameon=False, fontsize=8)
    _areas(axes[-1], state, curve or [state])
    return figure


def readout(state):
    """Say in one line how much is taken, and how well faults are found then."""
    found = ", ".join(f"{name} {area:.2f}" for name, area in state["auc"].items())
    return f"share {state['share']:.2f} of the far power taken: AUC {found}"


def _levels(ax, title, levels):
    near, far, left = levels
    bands = np.arange(len(near))
    ax.plot(bands, near, color=LOOKS["normal"].color, linewidth=1.6, label="near")
    if far.max() > -90.0:
        ax.plot(bands, far, color=GRAY, linestyle=":", linewidth=1.4, label="share of far")
    look = SERIES[2]
    ax.plot(bands, left, color=look.color, linestyle="--", linewidth=1.4, label="left")
    ax.set(title=title, xlabel="mel band", ylim=(left.min() - 10, near.max() + 5))
    plain(ax)


def _areas(ax, state, curve):
    shares = [one["share"] for one in curve]
    for name, look in zip(state["auc"], SERIES):
        areas = [one["auc"][name] for one in curve]
        label = f"{name}, n = {state['test'][name]}"
        ax.plot(shares, areas, color=look.color, linestyle=look.line, label=label)
        ax.plot(state["share"], state["auc"][name], look.marker, color=look.color, markersize=8)
    ax.axhline(0.5, color=GRAY, linestyle=":", linewidth=1.0)
    ax.set(title="test clips", ylabel="AUC", xlabel="share taken", ylim=(0, 1.02))
    ax.legend(frameon=False, fontsize=8, loc="lower left")
    plain(ax)
