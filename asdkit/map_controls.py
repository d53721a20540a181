"""What a map of embeddings is worth: maps that know less, what neighbors share, and epochs."""

import numpy as np
import pandas as pd
from scipy.spatial import ConvexHull
from scipy.spatial.distance import cdist, pdist
from scipy.stats import spearmanr

from . import neighborhoods, projection
from .neighborhoods import agreement, trustworthiness

DRAWS = 200  # shuffles of what clips share


def table(maps, x=None, k=10):
    """The numbers of some maps side by side.

    Shapes: ``maps``, a name -> Map, or places (N, 2) of the embeddings ``x`` (N, D) -> a table of
        ``agreement chance trustworthiness``, a row each.
    Notebook: 14_embedding_explorer
    """
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
    Notebook: 14_embedding_explorer
    """
    return _shuffled(xy, _parts(group), np.random.default_rng(seed))


def clumping(xy):
    r"""The mean distance to the nearest point, over that of as many points thrown at random.

    $$\bar d \Big/ \tfrac12 \sqrt{F / N}$$

    on the area F of the convex hull: about 1 at random, less for clumps, more for an even grid.

    Paper: Clark and Evans (1954).
    Shapes: (N, 2) -> a number.
    Example:
        >>> from asdkit import map_controls
        >>> square = np.stack(np.meshgrid(range(5), range(5)), axis=2).reshape(25, 2)
        >>> map_controls.clumping(square)
        2.5
    Notebook: 14_embedding_explorer
    """
    nearest = np.sort(cdist(xy, xy), axis=1)[:, 1]
    return float(nearest.mean() / (0.5 * np.sqrt(ConvexHull(xy).volume / len(xy))))


def gaps(places, group, metric="euclidean"):
    """The distance between the means of each pair of groups, on a map or in D dimensions.

    Shapes: ``places`` (N, d), ``group`` (N,) of G names -> (G (G - 1) / 2,).
    Notebook: 14_embedding_explorer
    """
    return pdist(pd.DataFrame(np.asarray(places)).groupby(np.asarray(group)).mean(), metric)


def gap_ranks(x, maps, group):
    """Rank correlations of the angles between groups in D dimensions and their gaps on some maps.

    Shapes: ``x`` (N, D), ``maps``, a name -> Map of N points, ``group`` (N,) -> a square table.
    Notebook: 14_embedding_explorer
    """
    columns = {"angle": gaps(neighborhoods.directions(x), group, "cosine")}
    columns |= {name: gaps(made.xy, group) for name, made in maps.items()}
    return pd.DataFrame(columns).corr("spearman")


def gap_range(x, maps, group):
    """The smallest and the largest gap between groups, in D dimensions and on some maps.

    Shapes: ``x`` (N, D), ``maps``, a name -> Map of N points, ``group`` (N,) -> a table with a row
        "angle in degrees" and one a map, in units of its size as ``projection.steps`` has them.
    Notebook: 14_embedding_explorer
    """
    cosine = 1.0 - gaps(neighborhoods.directions(x), group, "cosine")
    rows = {"angle in degrees": np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))}
    for name, made in maps.items():
        rows[name] = gaps(made.xy, group) / neighborhoods.size(made.xy)
    return pd.DataFrame({name: [own.min(), own.max()] for name, own in rows.items()},
                        ["smallest", "largest"]).T  # fmt: skip


def to_nearest(places, known, metric="euclidean"):
    """The distance of each clip to the nearest other one of those that are known.

    Shapes: ``places`` (N, d), ``known`` row numbers -> (N,).
    Choices: a clip is never its own nearest, so that known clips have a distance too.
    Example:
        >>> from asdkit import map_controls
        >>> map_controls.to_nearest([[0.0, 0.0], [3.0, 4.0], [3.0, 5.0]], [0, 1])
        array([5., 5., 1.])
    Notebook: 14_embedding_explorer
    """
    places, known = np.asarray(places, dtype=float), np.asarray(known)
    away = cdist(places, places[known], metric)
    away[known, np.arange(len(known))] = np.inf
    return away.min(axis=1)


def alike(xy, facts, k=10, within=None, seed=0):
    """How often the k nearest on a map share a property of a clip, beside chance.

    Shapes: ``xy`` (N, 2), ``facts`` a table of N rows, ``within`` (N,) -> a table with a row a
        property: ``on the map``, the share of pairs; ``chance``, its mean over shuffles of the
        clips; ``at most``, the largest of these.
    Choices: with ``within`` neighbors and shuffles are of one of its groups each.
    Notebook: 14_embedding_explorer
    """
    xy, rng = neighborhoods.placed(xy, len(facts)), np.random.default_rng(seed)
    parts = _parts(np.zeros(len(xy)) if within is None else within)
    near = np.empty((len(xy), k), dtype=int)
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
    Raises: ValueError for fewer than two epochs.
    Notebook: 14_embedding_explorer
    """
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


def _parts(group):
    """Return the rows of each group."""
    group = np.asarray(group)
    return [np.flatnonzero(group == name) for name in np.unique(group)]


def _shuffled(values, parts, rng):
    """Return values that have exchanged places within each part."""
    values = np.array(values)
    for rows in parts:
        values[rows] = values[rng.permutation(rows)]
    return values
