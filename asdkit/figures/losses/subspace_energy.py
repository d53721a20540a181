"""How much of an embedding lies inside the subspace of its class, normal against anomalous."""

import numpy as np

from ..style import GRAY, LOOKS, Picture, finite, histograms, plain

BINS = 50


def subspace_energy(
    normal, anomalous, dim, subspace_dim, title="Energy inside the own subspace", untrained=None
):  # fmt: skip
    r"""Draw the energies inside the own subspace as two histograms, with their medians, what a
    random direction has in one subspace on average, $J/D$, and, if told, the median of an
    untrained network.

    Shapes: normal (N,) and anomalous (M,), as ``losses.energy_inside`` gives them; ``untrained``
        (K,) the same of a network without training.
    Raises: ValueError where a group is empty or not finite, an energy lies outside 0 to 1, or
        ``subspace_dim`` outside 1 to ``dim``.
    Choices: the axis is always 0 to 1 and each histogram a density, so that losses compare. Where
        an energy is the largest of several subspaces, J/D is too low a mark: give ``untrained``
        by the same rule.
    Example:
        >>> figures.subspace_energy([0.9, 0.8], [0.5], dim=256, subspace_dim=32).axes[0].get_title()
        'Energy inside the own subspace (n = 2 normal, 1 anomalies)'
    Notebook: 10_adaproj
    """
    groups = {"normal": shares(normal, "normal"), "anomaly": shares(anomalous, "anomalous")}
    if not 1 <= subspace_dim <= dim:
        raise ValueError(f"subspace_dim is {subspace_dim}: give 1 to {dim}, the size of x")
    figure = Picture()
    ax = figure.subplots()
    histograms(ax, groups["normal"], groups["anomaly"], np.linspace(0, 1, BINS + 1))
    for name, values in groups.items():
        _median(ax, values, name, LOOKS[name].color, LOOKS[name].line)
    if untrained is not None:
        _median(ax, shares(untrained, "untrained"), "untrained", "black", "-.")
    chance = subspace_dim / dim
    label = f"random direction: J/D =\n{subspace_dim}/{dim} = {chance:.3g} on average"
    ax.axvline(chance, color=GRAY, linestyle=":", linewidth=2, label=label)
    figure.legend(loc="outside right upper", frameon=False, fontsize=9)
    ax.set(xlim=(0, 1), xlabel="share of the squared length inside the own subspace")
    ax.set_ylabel("density")
    counts = f"n = {len(groups['normal'])} normal, {len(groups['anomaly'])} anomalies"
    ax.set_title(f"{title} ({counts})", fontsize=11)
    plain(ax)
    return figure


def _median(ax, values, name, color, line):
    middle = np.median(values)
    label = f"median, {name} {middle:.2f}"
    ax.axvline(middle, color=color, linestyle=line, linewidth=1.6, label=label)


def shares(values, name):
    """Check that shares lie between 0 and 1; rounding may carry one a little beyond."""
    values = finite(values, name)
    if values.min() < -1e-6 or values.max() > 1 + 1e-6:
        raise ValueError(
            f"{name} holds {values.min():.3g} to {values.max():.3g}: give shares from 0 to 1"
        )
    return values.clip(0, 1)
