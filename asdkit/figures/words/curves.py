"""Curves, histograms and guiding lines in words: how they run, where they are highest."""

from itertools import groupby, zip_longest

import numpy as np
from matplotlib.patches import StepPatch

from .marks import drawn, name_of

FEW = 4  # points that are no curve, unless a line joins them
TINY = 1e-12  # by so much at least points of a curve that no line joins move to the right
PEAK = 0.1  # of the height of a panel: by so much a curve passes both ends where that is told
LEVEL = 0.01  # of the height of a panel: what lies nearer is level
TURNS = 3  # curves that are highest in turn
SHORT = 12  # of the 400 places that are compared: a shorter turn is none


def curves(ax, legends):
    """Return the curves that run from left to right, name -> (x, y); a single one needs no name.

    Choices: points that no line joins are a curve too where there are more than four, each to the
        right of the last.
    """
    found = {}
    for line in ax.lines:
        x, y = line.get_xydata().T
        known = np.isfinite(x) & np.isfinite(y)
        x, y = x[known], y[known]
        steps, bare = np.diff(x), line.get_linestyle() == "None"
        enough = drawn(line, ax) and len(x) > (FEW if bare else 2)
        if enough and steps.sum() and (steps >= bare * TINY).all():
            found.setdefault(name_of(line, legends), []).append((x, y))
    if set(found) != {""}:
        found.pop("", None)
    return {name: each[0] for name, each in found.items() if len(each) == 1}


def courses(ax, found, across, up):
    """Tell each curve by its ends, and by what it does between them: a head, and pairs."""
    if not found or not up or not across:
        return "", []
    start, end = min(x[0] for x, _ in found.values()), max(x[-1] for x, _ in found.values())
    pairs = [(name, _course(ax, x, y, across, up)) for name, (x, y) in found.items()]
    parted = ", " if "" in found else ". "  # of a curve without a name its course goes on
    return f"left to right, {across(start)} to {across(end)}{parted}", pairs


def ends(ax, found, across, up):
    """Tell the highest place of all curves where it lies between their ends, else their ends.

    Choices: this stands for the course of each where there is no room for that.
    """
    if len(found) < 2 or not across or not up:
        return []
    heights = {name: _shares(ax, *curve)[:, 1] for name, curve in found.items()}
    name = max(heights, key=lambda own: heights[own].max())
    at = heights[name].argmax()
    if heights[name][at] - max(max(own[0], own[-1]) for own in heights.values()) > PEAK:
        x, y = found[name]
        return [("", f"top {up(y[at])} at {across(x[at])}, {name}")]
    (low, lowest), *_, (high, highest) = sorted((y[-1], name) for name, (_, y) in found.items())
    return [("", f"at the right end from {up(low)}, {lowest}, to {up(high)}, {highest}")]


def _course(ax, x, y, across, up):
    height = _shares(ax, x, y)[:, 1]
    if np.ptp(height) < LEVEL:
        return f"stays near {up(np.median(y))}"
    words = f"from {up(y[0])} to {up(y[-1])}"
    ends = height[[0, -1]]
    if height.max() - ends.max() > PEAK:
        words += f", highest {up(y.max())} at {across(x[y.argmax()])}"
    if ends.min() - height.min() > PEAK:
        words += f", lowest {up(y.min())} at {across(x[y.argmin()])}"
    return words


def _shares(ax, x, y):
    """Return where points stand in a panel, as shares of its width and height (N, 2)."""
    return (ax.transData - ax.transAxes).transform(np.column_stack([x, y]))


def highest(ax, found, across):
    """Tell which curve lies above the others, and where another takes its place."""
    if len(found) < 2 or not across:
        return []
    lines = [_shares(ax, x, y) for x, y in found.values()]
    grid = np.linspace(max(line[0, 0] for line in lines), min(line[-1, 0] for line in lines), 400)
    heights = np.stack([np.interp(grid, *line.T) for line in lines])  # (curves, 400)
    turns = _turns(heights)
    clear = sum(len(part) for _, part in turns)
    if clear < len(grid) / 2 or len(turns) > TURNS:
        return []
    names, told = [*found], []
    for (number, part), later in zip_longest(turns, turns[1:]):
        words = names[number]
        if later:
            share = (grid[part[-1]] + grid[later[1][0]]) / 2
            words += f" up to {across((ax.transAxes - ax.transData).transform((share, 0))[0])}"
        told.append(words)
    where = "" if clear > 0.95 * len(grid) else " where they differ"
    return [("", f"highest{where}: {', then '.join(told)}")]


def _turns(heights):
    """Return the curves that are clearly highest one after the other, each with its places."""
    second, first = np.sort(heights, axis=0)[-2:]
    top, turns = heights.argmax(axis=0), []
    for number, part in groupby(np.flatnonzero(first - second > LEVEL), key=top.__getitem__):
        part = [*part]
        if len(part) >= SHORT and turns and turns[-1][0] == number:
            turns[-1][1].extend(part)
        elif len(part) >= SHORT:
            turns.append((number, part))
    return turns


def histograms(ax, legends, across):
    """Tell each histogram by its highest bin and by where 8 of 10 values lie."""
    pairs = []
    for patch in ax.patches:
        if isinstance(patch, StepPatch) and (name := name_of(patch, legends)) and across:
            height, edges, _ = patch.get_data()
            held = np.r_[0, np.cumsum(height * np.diff(edges))]
            if held[-1] > 0:
                low, high = np.interp([0.1, 0.9], held / held[-1], edges)
                peak = edges[height.argmax() : height.argmax() + 2].mean()
                told = f"most near {across(peak)}, 80% in {across(low)} to {across(high)}"
                pairs.append((name, told))
    return pairs


def guides(ax, legends, across, up):
    """Tell the lines across a whole panel, but for those of a legend or a title, and those at 0."""
    told, title = [], ax.get_title()
    ways = (
        ("vertical", 0, across, ax.get_xaxis_transform()),
        ("horizontal", 1, up, ax.get_yaxis_transform()),
    )
    for line in ax.lines:
        for how, axis, where, transform in ways:
            at = np.atleast_1d(line.get_data(orig=False)[axis])
            across_all = where and line.get_transform() == transform and np.ptp(at) == 0
            if across_all and at[0] != 0 and not name_of(line, legends):
                told.append((f"{how} line at ", where(at[0])))
    return [("", how + at) for how, at in told if at not in title]
