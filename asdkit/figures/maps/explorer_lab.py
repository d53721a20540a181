"""The state and the static picture of the explorer: groups of a map, and what is selected."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.colors import to_hex, to_rgb

from ... import given
from ...metrics import auc
from ..style import CLASSES, GRAY, LOOKS, Picture, entry, finite, plain

HUES = [*(look.color for look in CLASSES), LOOKS["target"].color]
MIDDLE, SCALE = "#8C8C8C", colormaps["cividis"]
MARKERS = {0: LOOKS["normal"].marker, 1: LOOKS["anomaly"].marker, -1: "D"}
OTHERS = "all others"
RING = {"marker": "o", "markersize": 8, "markerfacecolor": "none", "markeredgecolor": "black",
        "markeredgewidth": 0.8}  # fmt: skip


def explorer_groups(values):
    """Group clips by a word each, and give every group a look.

    Shapes: ``values`` (N,) words -> groups (N,) int, the legend, a list of dicts of ``name color
        shape hollow``, and colors (N, 3) of 0 to 255.
    Choices: six colors are told apart by color-blind readers, so the six most frequent words are
        filled, the next six are hollow, in the order of their names; what is left is gray.
        Normal, anomaly, source and target look as in the whole kit.
    Example:
        >>> groups, legend, _ = figures.explorer_groups(["fan", "valve", "fan"])
        >>> groups.tolist(), [group["name"] for group in legend]
        ([0, 1, 0], ['fan', 'valve'])
    Notebook: 14_embedding_explorer
    """
    values = [str(value) for value in values]
    common = [word for word, _ in Counter(values).most_common(2 * len(HUES))]
    left = set(values) - set(common)
    names, legend = sorted(common, key=_order), []
    for number, name in enumerate(names):
        look = LOOKS.get(name)
        shape = look.marker if name in ("normal", "anomaly") else "o"
        color = look.color if look else HUES[number % len(HUES)]
        legend.append(_group(name, color, shape, number >= len(HUES)))
    if left:
        legend.append(_group(left.pop() if len(left) == 1 else OTHERS, GRAY))
    place = {name: number for number, name in enumerate(names)}
    groups = np.array([place.get(value, len(names)) for value in values], dtype=int)
    return groups, legend, _bytes([group["color"] for group in legend])[groups]


def unknown_group(count):
    """Return one gray group of N clips of which nothing is known, as ``explorer_groups`` does."""
    return np.zeros(count, dtype=int), [_group("not known", GRAY)], _bytes([GRAY] * count)


def angle_groups(angle):
    """Group clips by quarters of their angles, and color them by their angle, dark to light.

    Shapes: ``angle`` (N,), radians -> as ``explorer_groups``.
    Raises: ValueError for angles that are not finite.
    Choices: a quarter holds a quarter of the clips; the colors run with the angle itself and end
        where 98 of 100 clips do. They are those of cividis, which color-blind readers see too,
        without its lightest fifth, which is pale on white.
    Notebook: 14_embedding_explorer
    """
    degrees = np.degrees(finite(angle, "angle"))
    low, high = np.percentile(degrees, [1, 99])
    edges = np.unique(np.percentile(degrees, [25, 50, 75]))
    edges = edges[edges > degrees.min()]
    groups = np.searchsorted(edges, degrees, side="right")
    ends = [degrees.min(), *edges, degrees.max()]

    def shade(values):
        share = (np.asarray(values) - low) / max(high - low, 1e-9)
        return (255 * np.array(SCALE(0.8 * np.clip(share, 0, 1)))[..., :3]).round().astype(np.uint8)

    legend = [
        _group(f"{start:.1f} to {end:.1f} degrees", _hex(shade((start + end) / 2)))
        for start, end in pairwise(ends)
    ]
    return groups, legend, shade(degrees)


def score_groups(score, threshold):
    """Group clips by whether their score reaches a threshold, and color them by how far it is away.

    Shapes: ``score`` (N,) -> as ``explorer_groups``; gray is at the threshold.
    Raises: ValueError for scores or a threshold that are not finite.
    Choices: the colors end where 98 of 100 clips do, so that one clip does not fade the rest.
    Notebook: 14_embedding_explorer
    """
    away = finite(score, "score") - given.number(threshold, "threshold")
    reach = np.percentile(np.abs(away), 98) or 1.0
    share = np.clip(away / reach, -1, 1)[:, None]
    low, middle, high = _bytes([LOOKS["normal"].color, MIDDLE, LOOKS["anomaly"].color]).astype(int)
    colors = middle + np.abs(share) * (np.where(share < 0, low, high) - middle)
    words = {"below": LOOKS["normal"].color, "at least": LOOKS["anomaly"].color}
    legend = [_group(f"score {word} {threshold:.3g}", color) for word, color in words.items()]
    return (away >= 0).astype(int), legend, colors.round().astype(np.uint8)


def explorer_state(groups, names, label=None, score=None, selected=()):
    """Say what a selection holds, a row a group and one for all.

    Shapes: ``groups`` (N,) rows of ``names``; ``label`` (N,) 0 normal, 1 anomaly, -1 unknown;
        ``score`` (N,); ``selected`` rows -> dict of ``clips selected table``, a DataFrame of
        ``group clips selected normal anomalies mean_score auc``, all of the selection but clips.
    Raises: ValueError for rows that are not there, other lengths, and scores that are not finite.
    Choices: without a score, or without both labels, there is no AUC: NaN.
    Notebook: 14_embedding_explorer
    """
    groups = _numbers(groups, "groups", most=len(names) - 1)
    chosen = np.isin(np.arange(len(groups)), _rows(selected, "selected", len(groups)))
    label = np.full(len(groups), -1) if label is None else _label(label, len(groups))
    score = None if score is None else given.column(score, "score", len(groups))
    rows = []
    for number, name in [*enumerate(names), (None, "all")]:
        own = groups == number if number is not None else np.ones(len(groups), dtype=bool)
        rows.append({"group": name, "clips": int(own.sum())} | _inside(own & chosen, label, score))
    return {"clips": len(groups), "selected": int(chosen.sum()), "table": pd.DataFrame(rows)}


def explorer_figure(xy, groups, legend, colors, label=None, selected=(), picked=-1, lines=(),
                    hidden=(), ringed=(), title="map"):  # fmt: skip
    """Draw the map as the explorer shows it, for a page without a kernel.

    Shapes: ``xy`` (N, 2), ``groups`` (N,), ``legend`` and ``colors`` (N, 3) as ``explorer_groups``
        gives them, ``label`` (N,), ``selected``, ``lines`` and ``ringed`` rows, ``picked`` a row or
        -1, ``hidden`` numbers of groups.
    Raises: ValueError as ``explorer_state`` does.
    Notebook: 14_embedding_explorer
    """
    xy = given.rows(xy, "xy")
    groups = _numbers(groups, "groups", most=len(legend) - 1, length=len(xy))
    colors = given.rows(colors, "colors")
    if xy.shape[1] != 2 or colors.shape != (len(xy), 3):
        raise ValueError(
            f"xy has the shape {xy.shape} and colors {colors.shape}: give (N, 2) and (N, 3)"
        )
    label = np.zeros(len(xy), dtype=int) if label is None else _label(label, len(xy))
    lines, ringed = _rows(lines, "lines", len(xy)), _rows(ringed, "ringed", len(xy))
    chosen = np.isin(np.arange(len(xy)), _rows(selected, "selected", len(xy)))
    weight = np.where(chosen, 0.9, 0.2) if chosen.any() else np.full(len(xy), 0.85)
    figure = Picture(width=8.0, height=5.0)
    ax = figure.subplots()
    shown = ~np.isin(groups, list(hidden))
    hollow = np.array([bool(group.get("hollow")) for group in legend])[groups]
    tones = np.c_[colors / 255, weight]
    _draw_points(ax, xy, tones, shown, label, hollow)
    for other in lines:
        ax.plot(*xy[[picked, other]].T, color="black", linewidth=0.8)
    if picked >= 0:
        ax.plot(*xy[picked], "o", markersize=11, markerfacecolor="none", markeredgecolor="black")
    _name_groups(ax, groups, legend, chosen, hidden)
    if len(ringed):
        rings = shown & np.isin(np.arange(len(xy)), ringed)
        ax.plot(*xy[rings].T, linestyle="none", **RING, label="neighbors lost")
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize=8, title="selected")
    ax.set(xlabel="map, first axis (no unit)", ylabel="map, second axis (no unit)", title=title)
    ax.set_aspect("equal", adjustable="datalim")
    plain(ax)
    return figure


def _draw_points(ax, xy, tones, shown, label, hollow):
    for known, marker in MARKERS.items():
        for open_, face in ((False, None), (True, "white")):
            own = shown & (label == known) & (hollow == open_)
            ax.scatter(*xy[own].T, facecolor=face or tones[own], edgecolor=tones[own],
                       marker=marker, s=max(4.0, 24.0 - len(xy) / 250),
                       linewidth=1.2 * open_)  # fmt: skip


def _name_groups(ax, groups, legend, chosen, hidden):
    """Name the groups that are shown, with how many clips of each are selected."""
    for number, group in enumerate(legend):
        if number in hidden:
            continue
        own = groups == number
        name = f"{group['name']} ({chosen[own].sum()} of {own.sum()})"
        face = "white" if group.get("hollow") else group["color"]
        ax.scatter([], [], facecolor=face, edgecolor=group["color"], marker=group["shape"],
                   label=entry(name))  # fmt: skip


def _inside(own, label, score):
    normal, anomalies = int((label[own] == 0).sum()), int((label[own] == 1).sum())
    mean = area = float("nan")
    if score is not None and own.any():
        known, score = own & (label >= 0), np.asarray(score, dtype=float)
        mean = float(score[own].mean())
        area = auc(label[known], score[known]) if normal and anomalies else area
    counts = {"selected": int(own.sum()), "normal": normal, "anomalies": anomalies}
    return counts | {"mean_score": mean, "auc": area}


def _numbers(values, name, most, length=None):
    found = given.column(values, name, length)
    if len(found) and not (found.min() >= 0 and found.max() <= most and not (found % 1).any()):
        raise ValueError(f"{name} holds what is no number from 0 to {most}: give one of these each")
    return found.astype(int)


def _rows(values, name, count):
    return _numbers(values, name, most=count - 1)


def _label(label, count):
    found = given.column(label, "label", count)
    if not np.isin(found, (-1, 0, 1)).all():
        raise ValueError("label is 0 for normal, 1 for an anomaly and -1 for unknown: give these")
    return found.astype(int)


def _group(name, color, shape="o", hollow=False):
    return {"name": name, "color": color, "shape": shape, "hollow": hollow}


def _order(word):
    """Sort words by their names, numbers by size, and an anomaly last."""
    try:
        return word == "anomaly", 0, float(word), word
    except ValueError:
        return word == "anomaly", 1, 0.0, word


def _hex(color):
    return to_hex(np.asarray(color) / 255)


def _bytes(colors):
    return np.array([[round(255 * part) for part in to_rgb(color)] for color in colors], np.uint8)
