"""One score from several networks: each on the scale of its own normal clips, and weighted by what
training clips alone tell.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from .. import metrics

FUSIONS = ("mean", "standardized", "weighted")
PLAIN = (0.0, 1.0, 1.0)  # of a network whose scores are taken as they are


class Standing(NamedTuple):
    """What a network's scores of one group are measured by: mean and deviation of its held-out
    normal clips, and the weight beside other networks.

    Example:
        >>> systems.fusion.Standing(center=5.0, spread=2.0, weight=1.0).spread
        2.0
    """

    center: float
    spread: float
    weight: float


def fused(found, group):
    r"""Weighted mean of the scores of several networks, $\sum_m w_m (s_m - \mu_m) / \sigma_m
    \big/ \sum_m w_m$.

    Paper: [SCA] IV-G and [AP] 4.3 take the scores as they are ($\mu = 0$, $\sigma = w = 1$).
    Shapes: ``found`` of each network itself, its clips (N,) of bool and their scores (n,);
        ``group`` (N,) -> (N,), NaN for a clip that no network has scored.
    """
    group = np.asarray(group)
    total, weights = np.zeros(len(group)), np.zeros(len(group))
    for network, own, score in found:
        told = [network.standings.get(name, PLAIN) for name in group[own]]
        center, spread, weight = np.array(told).reshape(-1, 3).T
        total[own] += weight * (score - center) / spread
        weights[own] += weight
    known = weights > 0
    return np.where(known, total / np.where(known, weights, 1.0), np.nan)


def settle(network, fusion, x, group, held, score):
    """Tell a fitted network how its scores stand beside those of others.

    Shapes: ``x`` what its backend is told of its N own normal clips, ``group`` (N,); ``held`` the
        groups (n,) of the clips that ``score`` (n,) was held out for.
    """
    if fusion == "mean":
        return
    weights = _told_apart(network, x, group, held, score) if fusion == "weighted" else {}
    for name in network.groups:
        own = score[held == name]
        center, spread = float(own.mean()), float(own.std())
        level = 1e-9 * max(abs(center), 1.0)  # of scores that differ by rounding alone
        weight = weights.get(name.split("/")[0], 1.0)
        network.standings[name] = Standing(center, spread if spread > level else 1.0, weight)


def balance(networks):
    """Give all networks of a group equal weights where none has any.

    Shapes: a list of networks.
    """
    for name in sorted({name for network in networks for name in network.standings}):
        own = [network for network in networks if name in network.standings]
        if not any(network.standings[name].weight for network in own):
            for network in own:
                network.standings[name] = network.standings[name]._replace(weight=1.0)


def shares(networks):
    """The share of each network in the scores of a machine type.

    Shapes: a list of networks -> a table, a row a machine type, a column a network.
    Choices: a network that does not know the type has none.
    """
    rows = {}
    for number, network in enumerate(networks):
        told = network.system.encoder or network.system.front[-1]
        for name in network.groups:
            weight = network.standings.get(name, PLAIN)[-1]
            rows.setdefault(name.split("/")[0], {})[f"{number}: {told.name}"] = weight
    table = pd.DataFrame.from_dict(rows, orient="index").fillna(0.0).sort_index()
    return table.div(table.sum(axis=1), axis=0)


def _told_apart(network, x, group, held, score):
    """How well a network tells the clips of other ids from its own, 2 AUC - 1 a machine type."""
    machine, found = np.array([name.split("/")[0] for name in group]), {}
    for name in network.groups:
        own = name.split("/")[0]
        kin = (group != name) & (machine == own)
        others = kin if kin.any() else group != name
        if not others.any():
            return {}
        strange = network.judge_told(x[others], np.full(others.sum(), name))
        normal = score[held == name]
        label = np.repeat([0, 1], [len(normal), len(strange)])
        area = metrics.auc(label, np.concatenate([normal, strange]))
        found.setdefault(own, []).append(2.0 * area - 1.0)
    return {own: max(float(np.mean(areas)), 0.0) for own, areas in found.items()}
