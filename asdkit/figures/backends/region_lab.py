"""Exact decision regions: a backend scores a grid of all embeddings of two or three numbers."""

import numpy as np

from ... import given
from ...metrics import auc, threshold
from ..style import GRAY, LOOKS, Picture, plain

# columns, and the height of a row in inches
PANELS = {"circle": (3, 3.0), "sphere": (2, 2.5), "plane": (3, 3.0)}
LINES = (0.2, 0.4, 0.6, 0.8)  # the quantiles of the score over the grid at which its gray lines run
SHAPES = {"circle": 2, "sphere": 3, "plane": 2}


def region_state(backend, train, normal, anomaly, rate=0.1, group=None, others=(), space=None):
    r"""Score a grid of all embeddings by a fitted backend, and count what a threshold accepts.

    The threshold lets about a share ``rate`` of the normal clips alarm; accepted is what scores
    below it. On the sphere the grid is weighted by area, $\cos(\text{latitude})$.

    Shapes: train (N, D), normal (M, D) not among them, anomaly (K, D), others (L, D), D = 2 or 3 ->
        dict of ``space x y score threshold accepted auc false_alarms hits points``: grid axes in
        degrees, on the plane in units of the embedding; ``score`` (X,) on the circle, else (Y, X);
        ``points``, the coordinates and scores of each set.
    Raises: ValueError for a space that does not exist or does not fit D, and as the backend does.
    Choices: without ``space`` two numbers lie on the circle, or on the plane where the backend
        leaves lengths as they are; three lie on the sphere. ``group`` is the one whose model is
        shown, ``others`` are drawn only. The plane is a quarter wider than the points.
    Example:
        >>> backend = backends.CosineToMean().fit([[1.0, 0.1], [1.0, -0.1]])
        >>> state = figures.region_state(backend, [[1.0, 0.1]], [[1.0, 1.0]], [[-1.0, 0.0]])
        >>> state["hits"], round(state["accepted"], 2)  # all angles within 45 degrees of the mean
        (1, 0.25)
    Notebook: 12_backends
    """
    sets = {"train": train, "normal": normal, "anomaly": anomaly}
    sets |= {"others": others} if len(others) else {}
    sets = {name: _embeddings(rows, name) for name, rows in sets.items()}
    dims = {rows.shape[1] for rows in sets.values()}
    space = _space(space, dims, getattr(backend, "normalize", True))

    def score(x):
        return backend.score(x, None if group is None else [group] * len(x))

    scores = {name: score(rows) for name, rows in sets.items() if name != "others"}
    x, y, grid = _grid(space, sets)
    field = score(grid.reshape(-1, grid.shape[-1])).reshape(grid.shape[:-1])
    points = {name: (*_coordinates(space, rows), scores.get(name)) for name, rows in sets.items()}
    limit = threshold(scores["normal"], rate)
    accepted = np.average(field < limit, weights=_area(space, x, y))
    state = {"space": space, "x": x, "y": y, "score": field, "points": points}
    state |= {"threshold": limit, "accepted": float(accepted)}
    return state | _judged(scores["normal"], scores["anomaly"], limit)


def regions(states):
    r"""Draw the embeddings that each backend accepts, with the clips, a panel a backend.

    The accepted region is shaded; the black line around it is the threshold.

    Shapes: a dict of a backend's name -> the dict of ``region_state``, all of one space.
    Raises: ValueError for no state, or states of several spaces.
    Choices: on the circle the score is the height, the axis ends at the highest clip, and training
        clips stand at the bottom; the sphere is drawn by Mollweide, true in area; gray lines are
        levels of the score.
    Example:
        >>> backend = backends.CosineToMean().fit([[1.0, 0.1], [1.0, -0.1]])
        >>> state = figures.region_state(backend, [[1.0, 0.1]], [[1.0, 1.0]], [[-1.0, 0.0]])
        >>> figures.regions({"cosine to mean": state}).axes[0].get_title()
        'cosine to mean, AUC 1.00\nn = 1 normal, 1 anomalies\nfalse alarms 1, hits 1, accepts 25%'
    Notebook: 12_backends
    """
    spaces = sorted({state["space"] for state in states.values()})
    if len(spaces) != 1:
        raise ValueError(
            f"there are states of {', '.join(spaces) or 'no space'}: "
            "draw one or more, all of one space"
        )
    columns, height = PANELS[spaces[0]]
    columns = min(columns, len(states))
    rows = -(-len(states) // columns)
    figure = Picture(height=0.6 + rows * (4.4 if columns == 1 else height))
    for number, (name, state) in enumerate(states.items(), start=1):
        ax = figure.add_subplot(
            rows, columns, number, projection="mollweide" if spaces == ["sphere"] else None
        )
        {"circle": _circle, "sphere": _surface, "plane": _surface}[state["space"]](ax, state)
        _name(ax, name, state)
    handles, names = ax.get_legend_handles_labels()
    figure.legend(
        handles, names, loc="outside lower center", ncols=len(names), fontsize=9, frameon=False
    )
    return figure


def readout(state):
    """Say in one line what a threshold does on a space."""
    counts = f"AUC {state['auc']:.2f}, false alarms {state['false_alarms']}, hits {state['hits']}"
    return f"{counts}, accepts {state['accepted']:.0%} of the {state['space']}"


def _embeddings(rows, name):
    rows = given.array(rows, name)
    if rows.ndim != 2 or not len(rows):
        raise ValueError(
            f"{name} has the shape {rows.shape}: pass embeddings (N, "
            "2) or (N, 3) of at least one clip"
        )
    return rows


def _space(space, dims, normalize):
    if space is None:
        spaces = {2: "circle", 3: "sphere"} if normalize else {2: "plane"}
        space = spaces.get(*dims) if len(dims) == 1 else None
    if dims != {SHAPES.get(space)} or (space != "plane" and not normalize):
        numbers = " and ".join(map(str, sorted(dims)))
        raise ValueError(
            f"embeddings of {numbers} numbers have no region on "
            f"{space or 'a circle, sphere or plane'}:"
            " circle and plane take two, the sphere three, "
            "and a backend with normalize=False the plane only"
        )
    return space


def _grid(space, sets):
    """Return axes in drawing units, and the embedding of each grid point: (X, 2) or (Y, X, D)."""
    if space == "plane":
        rows = np.concatenate(list(sets.values()))
        low, high = rows.min(axis=0), rows.max(axis=0)
        middle, half = (low + high) / 2, max((high - low).max(), 1e-9) * 0.625
        x, y = (np.linspace(center - half, center + half, 121) for center in middle)
        return x, y, np.stack(np.meshgrid(x, y), axis=-1)
    if space == "circle":
        x = np.linspace(-180.0, 180.0, 1441)
        return x, None, np.stack([np.cos(np.radians(x)), np.sin(np.radians(x))], axis=-1)
    x, y = np.linspace(-180.0, 180.0, 145), np.linspace(-90.0, 90.0, 73)
    longitude, latitude = np.meshgrid(np.radians(x), np.radians(y))
    flat = np.cos(latitude)
    across, along = flat * np.cos(longitude), flat * np.sin(longitude)
    return x, y, np.stack([across, along, np.sin(latitude)], axis=-1)


def _judged(normal, anomaly, limit):
    label = np.repeat([0, 1], [len(normal), len(anomaly)])
    alarms = {"false_alarms": int((normal >= limit).sum()), "hits": int((anomaly >= limit).sum())}
    return {"auc": auc(label, np.concatenate([normal, anomaly]))} | alarms


def _area(space, x, y):
    """Return the share that each grid point stands for; the first and last angle are one point."""
    if space == "plane":
        return np.ones((len(y), len(x)))
    around = np.where(np.abs(x) == 180.0, 0.5, 1.0)
    return around if space == "circle" else np.cos(np.radians(y))[:, None] * around


def _coordinates(space, rows):
    if space == "plane":
        return rows[:, 0], rows[:, 1]
    angle = np.degrees(np.arctan2(rows[:, 1], rows[:, 0]))
    if space == "circle":
        return angle, None
    return angle, np.degrees(np.arctan2(rows[:, 2], np.hypot(rows[:, 0], rows[:, 1])))


def _circle(ax, state):
    angle, score, limit = state["x"], state["score"], state["threshold"]
    points = [scores for _, _, scores in state["points"].values() if scores is not None]
    low, high = min(score.min(), limit), max(limit, *(scores.max() for scores in points))
    ax.set_ylim(low - 0.12 * ((high - low) or 1.0), high + 0.08 * ((high - low) or 1.0))
    reach = ax.get_xaxis_transform()
    accepts = score < limit
    ax.fill_between(
        angle, 0, 1, where=accepts, transform=reach, color=LOOKS["normal"].color, alpha=0.18,
        linewidth=0,
    )  # fmt: skip
    ax.plot(angle, score, color=GRAY, linewidth=1.2)
    ax.axhline(limit, color="black", linewidth=1.6)
    for name, (at, _, scores) in state["points"].items():
        on_floor = name in ("train", "others")
        _points(
            ax, name, at, np.full(len(at), 0.03) if on_floor else scores,
            reach if on_floor else ax.transData,
        )  # fmt: skip
    ax.set(
        xlim=(-180, 180), xticks=range(-180, 181, 90), xlabel="angle in degrees",
        ylabel="anomaly score",
    )  # fmt: skip
    plain(ax)


def _surface(ax, state):
    sphere = state["space"] == "sphere"
    to_axis = np.radians if sphere else np.asarray
    grid = to_axis(state["x"]), to_axis(state["y"])
    score, limit = state["score"], state["threshold"]
    levels = np.unique(np.quantile(score, LINES))
    ax.contour(*grid, score, levels=levels, colors=GRAY, linewidths=0.5, linestyles="solid")
    if score.min() < limit:
        inside = [score.min() - 1.0, limit]
        ax.contourf(*grid, score, levels=inside, colors=[LOOKS["normal"].color], alpha=0.18)
        ax.contour(
            *grid, score, levels=[limit], colors="black", linewidths=1.6, linestyles="solid",
            zorder=4,
        )  # fmt: skip
    for name, (x, y, _) in state["points"].items():
        _points(ax, name, to_axis(x), to_axis(y), ax.transData)
    if sphere:
        ax.set_longitude_grid(60)
        ax.set_latitude_grid(30)
        ax.grid(color=GRAY, alpha=0.2, linewidth=0.5)
        ax.set(xlabel="longitude, a line every 60 degrees", ylabel="latitude in degrees")
        ax.tick_params(labelsize=7)
        ax.tick_params(axis="x", labelbottom=False)  # along the equator they would hide clips
    else:
        ax.set(xlabel="first coordinate", ylabel="second coordinate", aspect="equal")
        plain(ax)


def _points(ax, name, x, y, transform):
    looks = {
        "train": ("normal", "none", 4), "normal": ("normal", None, 4),
        "anomaly": ("anomaly", None, 5),
    }  # fmt: skip
    said = {"train": "training", "others": "other groups"}.get(name, name)
    kind, face, size = looks.get(name, (None, None, 4))
    color, marker = (GRAY, "x") if kind is None else LOOKS[kind][:2]
    ax.plot(
        x, y, linestyle="none", marker=marker, color=color, markersize=size, alpha=0.7,
        transform=transform,
        markerfacecolor=face or color, label=f"{said}, n = {len(x)}", zorder=3,
    )  # fmt: skip


def _name(ax, name, state):
    normals, anomalies = (len(state["points"][which][0]) for which in ("normal", "anomaly"))
    ax.set_title(
        f"{name}, AUC {state['auc']:.2f}\nn = {normals} normal, {anomalies} anomalies\n"
        f"false alarms {state['false_alarms']}, hits {state['hits']}, "
        f"accepts {state['accepted']:.0%}",
        fontsize=8,
    )
