"""What a map of embeddings is worth: maps that know less, what neighbors share, and epochs."""

import numpy as np
import pandas as pd
from scipy.spatial import ConvexHull
from scipy.spatial.distance import cdist, pdist
from scipy.stats import spearmanr

from . import given, neighborhoods, projection
from .maps import check_maps
from .neighborhoods import agreement, trustworthiness

METRICS = ("euclidean", "cosine")
DRAWS = 200  # shuffles of what clips share


def table(maps, x=None, k=10):
    """The numbers of some maps side by side.

    Shapes: ``maps``, a name -> Map, or places (N, 2) of the embeddings ``x`` (N, D) -> a table of
        ``agreement chance trustworthiness``, a row each.
    Raises: ValueError for no map, and as ``agreement`` and ``trustworthiness`` do.
    Notebook: 14_embedding_explorer
    """
    if not isinstance(maps, dict) or not maps:
        raise ValueError(f"maps is {given.told(maps)}: give a dict of a name and its Map or places")
    rows = {name: getattr(made, "overall", made) for name, made in maps.items()}
    for name, made in rows.items():
        if not isinstance(made, dict):
            numbers = (f(x, made, k).mean() for f in (agreement, trustworthiness))
            rows[name] = dict(zip(("agreement", "trustworthiness"), numbers))
            rows[name]["chance"] = k / (len(made) - 1)
    return pd.DataFrame(rows, ["agreement", "chance", "trustworthiness"]).T


def shuffled(xy, group, seed=0):
    """A map on which clips have exchanged places within their group, and so knows the group alone.

    Shapes: ``xy`` (N, 2), ``group`` (N,) -> (N, 2).
    Raises: ValueError for another length, a group that is missing, and places that are not finite.
    Notebook: 14_embedding_explorer
    """
    xy = given.rows(xy, "xy")
    return _shuffled(xy, _parts(group, len(xy)), _chance(seed))


def clumping(xy):
    r"""The mean distance to the nearest point, over that of as many points thrown at random.

    $$\bar d \Big/ \tfrac12 \sqrt{F / N}$$

    on the area F of the convex hull: about 1 at random, less for clumps, more for an even grid.

    Paper: Clark and Evans (1954).
    Shapes: (N, 2) -> a number.
    Raises: ValueError for places that are not finite, fewer than three, or all on one line.
    Example:
        >>> from asdkit import map_controls
        >>> square = np.stack(np.meshgrid(range(5), range(5)), axis=2).reshape(25, 2)
        >>> map_controls.clumping(square)
        2.5
    Notebook: 14_embedding_explorer
    """
    xy = given.rows(xy, "xy")
    if xy.shape[1] != 2 or len(xy) < 3 or np.linalg.matrix_rank(xy - xy[0]) < 2:
        raise ValueError(
            f"xy has the shape {xy.shape}, or lies on one line: give three places (N, 2) or more "
            "with an area between them"
        )
    nearest = np.sort(cdist(xy, xy), axis=1)[:, 1]
    return float(nearest.mean() / (0.5 * np.sqrt(ConvexHull(xy).volume / len(xy))))


def gaps(places, group, metric="euclidean"):
    """The distance between the means of each pair of groups, on a map or in D dimensions.

    Shapes: ``places`` (N, d), ``group`` (N,) of G names -> (G (G - 1) / 2,).
    Raises: ValueError for another length, a group that is missing, one group only, another metric
        than "euclidean" and "cosine", and places that are not finite.
    Notebook: 14_embedding_explorer
    """
    places = given.rows(places, "places")
    parts = _parts(group, len(places))
    if len(parts) < 2:
        raise ValueError("all clips are of one group, which has no gap: give two groups or more")
    means = np.stack([places[rows].mean(axis=0) for rows in parts])
    return pdist(means, given.choice(metric, "metric", METRICS))


def gap_ranks(x, maps, group):
    """Rank correlations of the angles between groups in D dimensions and their gaps on some maps.

    Shapes: ``x`` (N, D), ``maps``, a name -> Map of N points, ``group`` (N,) -> a square table.
    Raises: ValueError for maps of other clips, and as ``gaps`` and ``directions`` do.
    Notebook: 14_embedding_explorer
    """
    x = neighborhoods.directions(x)
    _check_places(maps, x)
    columns = {"angle": gaps(x, group, "cosine")}
    columns |= {name: gaps(made.xy, group) for name, made in maps.items()}
    return pd.DataFrame(columns).corr("spearman")


def gap_range(x, maps, group):
    """The smallest and the largest gap between groups, in D dimensions and on some maps.

    Shapes: ``x`` (N, D), ``maps``, a name -> Map of N points, ``group`` (N,) -> a table with a row
        "angle in degrees" and one a map, in units of its size as ``projection.steps`` has them.
    Raises: ValueError as ``gap_ranks`` does.
    Notebook: 14_embedding_explorer
    """
    x = neighborhoods.directions(x)
    _check_places(maps, x)
    cosine = 1.0 - gaps(x, group, "cosine")
    rows = {"angle in degrees": np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))}
    for name, made in maps.items():
        rows[name] = gaps(made.xy, group) / neighborhoods.size(made.xy)
    return pd.DataFrame({name: [own.min(), own.max()] for name, own in rows.items()},
                        ["smallest", "largest"]).T  # fmt: skip


def to_nearest(places, known, metric="euclidean"):
    """The distance of each clip to the nearest other one of those that are known.

    Shapes: ``places`` (N, d), ``known`` row numbers, or (N,) of bool -> (N,).
    Raises: ValueError for fewer than two known clips, a row that is not there, another metric than
        "euclidean" and "cosine", and places that are not finite.
    Choices: a clip is never its own nearest, so that known clips have a distance too.
    Example:
        >>> from asdkit import map_controls
        >>> map_controls.to_nearest([[0.0, 0.0], [3.0, 4.0], [3.0, 5.0]], [0, 1])
        array([5., 5., 1.])
    Notebook: 14_embedding_explorer
    """
    places = given.rows(places, "places")
    known = neighborhoods.chosen(known, len(places), "known")
    if len(known) < 2:
        raise ValueError("known is one clip, which is never its own nearest: give two or more")
    if given.choice(metric, "metric", METRICS) == "cosine":
        places = neighborhoods.directions(places)
    away = cdist(places, places[known], metric)
    away[known, np.arange(len(known))] = np.inf
    return away.min(axis=1)


def alike(xy, facts, k=10, within=None, seed=0):
    """How often the k nearest on a map share a property of a clip, beside chance.

    Shapes: ``xy`` (N, 2), ``facts`` a table of N rows, ``within`` (N,) -> a table with a row a
        property: ``on the map``, the share of pairs; ``chance``, its mean over shuffles of the
        clips; ``at most``, the largest of these.
    Raises: ValueError for facts that are no table, k neighbors in a group of fewer, and as
        ``shuffled`` does.
    Choices: with ``within`` neighbors and shuffles are of one of its groups each.
    Notebook: 14_embedding_explorer
    """
    if not isinstance(facts, pd.DataFrame) or facts.empty:
        raise ValueError(f"facts is {given.told(facts)}: give a table, a column each property")
    xy, rng, k = neighborhoods.placed(xy, len(facts)), _chance(seed), given.count(k, "k")
    parts = _parts(np.zeros(len(xy)) if within is None else within, len(xy))
    near = np.empty((len(xy), min(k, len(xy))), dtype=int)
    for rows in parts:
        near[rows] = rows[neighborhoods.nearest_on_map(xy[rows], k)]
    found = {}
    for name, values in facts.items():
        values = values.to_numpy()
        by_chance = [_same(_shuffled(values, parts, rng), near) for _ in range(DRAWS)]
        found[name] = {
            "on the map": _same(values, near), "chance": np.mean(by_chance),
            "at most": max(by_chance),
        }  # fmt: skip
    return pd.DataFrame(found).T


def training(maps):
    """What maps of epochs show of a training, and what changed in D dimensions meanwhile.

    Shapes: ``maps``, an epoch -> Map -> dict of means over epochs: ``agreement``; ``step``, as
        ``projection.steps``; ``changed``, as ``projection.changed``; ``rank``, the rank correlation
        of both over the clips.
    Raises: ValueError for fewer than two epochs, and maps of other clips.
    Notebook: 14_embedding_explorer
    """
    check_maps(maps)
    made = list(maps.values())
    if len(made) < 2:
        raise ValueError("one epoch shows no training: give maps of two or more")
    pairs = list(zip(made, made[1:]))
    step = [projection.steps(*pair) for pair in pairs]
    changed = [projection.changed(*pair) for pair in pairs]
    numbers = {
        "agreement": [own.overall["agreement"] for own in made], "step": step, "changed": changed,
        "rank": [spearmanr(one, other).statistic for one, other in zip(step, changed)],
    }  # fmt: skip
    return {name: float(np.mean(values)) for name, values in numbers.items()}


def _same(values, near):
    return float((values[near] == values[:, None]).mean())


def _check_places(maps, x):
    """Refuse maps of other clips than embeddings are of."""
    check_maps(maps)
    for name, made in maps.items():
        if len(made) != len(x):
            raise ValueError(
                f"the map {name} has {len(made)} points, and there are {len(x)} embeddings: give "
                "maps of the same clips"
            )


def _chance(seed):
    return np.random.default_rng(given.count(seed, "seed", 0))


def _parts(group, count):
    """Return the rows of each group."""
    told = np.array(group, dtype=object)
    if told.shape != (count,) or pd.isna(told).any():
        raise ValueError(
            f"group has the shape {told.shape}, or some are missing: give {count}, one for each "
            "clip"
        )
    group = np.asarray(group)
    return [np.flatnonzero(group == name) for name in np.unique(group)]


def _shuffled(values, parts, rng):
    """Return values that have exchanged places within each part."""
    values = np.array(values)
    for rows in parts:
        values[rows] = values[rng.permutation(rows)]
    return values
