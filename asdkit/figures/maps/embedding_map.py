"""A map of embeddings: one point a clip, and beside it the numbers that do not depend on it."""

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D

from ..style import GRAY, LOOKS, Picture
from .explorer_lab import explorer_groups

MARKERS = {
    "normal": LOOKS["normal"].marker, "anomaly": LOOKS["anomaly"].marker, "label unknown": "x",
}  # fmt: skip
RING = "#606060"
LARGE = 2000  # points, above which they are drawn smaller


def embedding_map(made, group=None, label=None, below=0.75, title="Map of embeddings"):
    """Draw a map: color by group, shape by label, rings around points that are poorly placed.

    Shapes: ``made`` a Map of N points, ``group`` (N,) of names such as machine types or classes,
        ``label`` (N,) 0 normal, 1 anomaly, missing where unknown.
    Raises: ValueError for groups or labels of another length, or labels beside these.
    Choices: groups have the looks of ``explorer_groups``, so the twelve largest have one, and all
        others are gray. A ring marks a trustworthiness below ``below``. The axes have no numbers,
        since those of UMAP mean nothing.
    Notebook: 14_embedding_explorer
    """
    shown = map_state(made, group, label, below)
    figure = Picture(width=8.0, height=6.4)
    ax = figure.subplots()
    draw_map(ax, shown)
    ax.set_title(f"{title} (n = {len(made)})\n{told(made)}", fontsize=10)
    name_groups(figure, [shown], below)
    return figure


def map_state(made, group=None, label=None, below=0.75):
    """Compute what ``embedding_map`` draws.

    Shapes: as ``embedding_map`` -> dict of ``xy`` (N, 2); ``axes``, two words; ``groups``, a name
        -> color, rows, and whether it is hollow; ``labels``, a name -> rows; ``poor`` (N,) of bool.
    """
    group = np.full(len(made), "clips") if group is None else np.asarray(group)
    if group.shape != (len(made),):
        raise ValueError(f"a map of {len(made)} points and groups {group.shape}: give one of each")
    place, legend, _ = explorer_groups(group)
    groups = {
        own["name"]: (own["color"], place == number, own["hollow"])
        for number, own in enumerate(legend)
    }
    way = made.way.split(",")[0]
    return {
        "xy": made.xy, "axes": [f"{way} {number} (no unit)" for number in (1, 2)],
        "groups": groups, "labels": _labels(label, len(made)), "poor": made.poor(below),
    }  # fmt: skip


def draw_map(ax, shown):
    """Draw the points and rings of a ``map_state``, with equal axes."""
    xy, size = shown["xy"], 3.0 if len(shown["xy"]) > LARGE else 5.0
    for color, rows, hollow in shown["groups"].values():
        for name, own in shown["labels"].items():
            edged = hollow or name == "label unknown"
            ax.plot(
                *xy[rows & own].T, linestyle="none", marker=MARKERS[name], color=color,
                markerfacecolor="white" if hollow else color, markersize=size - hollow,
                markeredgecolor=color if edged else "white",
                markeredgewidth=1.2 if hollow else 0.4, alpha=0.85,
            )  # fmt: skip
    ax.plot(  # below the points, which many rings would bury
        *xy[shown["poor"]].T, linestyle="none", marker="o", markerfacecolor="none",
        markeredgecolor=RING, markeredgewidth=0.7, markersize=size + 5.0, zorder=1,
    )  # fmt: skip
    ax.set(xlabel=shown["axes"][0], ylabel=shown["axes"][1], xticks=[], yticks=[])
    ax.set_aspect("equal", adjustable="datalim")


def name_groups(figure, states, below):
    """Name colors, shapes and rings of all panels below the picture, with how many there are."""
    entries, lines = states[0], []
    for name, (color, rows, hollow) in entries["groups"].items():
        lines.append(_entry("o", color, f"{name}, n = {rows.sum()}"))
        lines[-1].set(markerfacecolor="white" if hollow else color)
    if set(entries["labels"]) != {"normal"}:
        for name, rows in entries["labels"].items():
            lines.append(_entry(MARKERS[name], GRAY, f"{name}, n = {rows.sum()}"))
    poor = ", ".join(str(state["poor"].sum()) for state in states)
    ring = _entry("o", RING, f"trustworthiness below {below:g}, n = {poor}")
    ring.set(markerfacecolor="none", markeredgecolor=RING, markersize=9)
    figure.legend(
        handles=[*lines, ring], loc="outside lower center", ncols=3, frameon=False, fontsize=9
    )


def told(made):
    """The numbers of a map as words."""
    numbers = made.overall
    return (
        f"{made.way}; of {made.k} neighbors {numbers['agreement']:.0%} agree "
        f"(chance {numbers['chance']:.1%}), trustworthiness {numbers['trustworthiness']:.2f}"
    )


def _labels(label, count):
    if label is None:
        return {"normal": np.ones(count, dtype=bool)}
    label = pd.Series(np.asarray(label, dtype=object)).astype("Float64")
    label = label.to_numpy(dtype=float, na_value=np.nan)
    if label.shape != (count,):
        raise ValueError(f"a map of {count} points and {len(label)} labels: give one of each")
    rows = {"normal": label == 0.0, "anomaly": label == 1.0, "label unknown": np.isnan(label)}
    if not np.any([*rows.values()], axis=0).all():
        raise ValueError("a label is 0 for normal, 1 for an anomaly, or missing")
    return {name: own for name, own in rows.items() if own.any()}


def _entry(marker, color, words):
    return Line2D([], [], linestyle="none", marker=marker, color=color, markersize=6, label=words)
