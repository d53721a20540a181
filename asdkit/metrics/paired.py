"""Paired comparisons: the same clips and seeds on both sides, so that what they share drops out."""

import numpy as np
import pandas as pd
import scipy

from .. import given
from .means import mean_draws
from .measurable import same_seeds

COLUMNS = ["lead", "low", "high", "shows", "told"]  # of the table of verdicts


def paired(clips, scores, against, level=0.95, samples=1000):
    r"""How far each system leads one of them in mean AUC, and how small a lead the data could show.

    Over R seeds the differences $d_r$ of equal seeds have the interval $\bar d \pm t\,s_d/\sqrt R$.
    Over clips it holds percentiles of $\bar d$ where the clips of each id are drawn again. A lead
    is shown if both lie on one side of 0; ``shows`` is half the wider of the two: a smaller lead
    could not have been shown.

    Paper: none of the five compares in pairs.
    Shapes: a table of N clips; ``scores`` of a name -> (R, N) of R seeds, or (N,) without a seed;
        ``against`` one of the names -> DataFrame, a row a name: ``auc``, ``lead``, ``seeds_low
        seeds_high``, ``clips_low clips_high``, ``ahead`` ("9 of 10" seeds), ``shows``.
    Raises: ValueError for a name that is not there, different numbers of seeds, and as
        ``mean_auc`` does.
    Choices: what has no seed is compared with every seed of the other; with fewer than two seeds,
        or where neither side has any, the interval over seeds is a gap.
    Notebook: 06_angles_and_margins, 07_adacos, 08_subcluster_adacos, 12_backends, 13_compare_losses
    """
    level, samples = given.share(level, "level"), given.count(samples, "samples")
    scores = same_seeds(clips, scores)
    if not isinstance(against, str) or against not in scores:
        raise ValueError(f"against is {against!r}: give one of {', '.join(map(repr, scores))}")
    drawn = {name: mean_draws(clips, score, samples) for name, score in scores.items()}
    rows = {}
    for name in scores:
        row = {"auc": float(drawn[name][:, 0].mean()), "lead": 0.0}
        rows[name] = row if name == against else row | _lead(drawn[name], drawn[against], level)
    return pd.DataFrame.from_dict(rows, orient="index")


def verdicts(clips, scores, pairs, level=0.95, samples=1000):
    """Say of pairs whether the first is ahead, over other seeds and over other clips.

    Paper: none of the five compares in pairs.
    Shapes: a table of N clips; ``scores`` of a name -> (R, N); ``pairs`` of names, of which those
        without scores are left out -> DataFrame, a row a pair: ``lead``, ``low high``, the outer
        ends of the two intervals of ``paired``, ``shows`` as there, and ``told``, such as "+1.3
        shown".
    Raises: ValueError as ``paired`` does.
    Choices: "shown" where all four ends lie above 0, "reverse shown" where all lie below.
    Notebook: 13_compare_losses
    """
    rows = {}
    if not isinstance(scores, dict):
        raise ValueError("scores is no dict of systems: give a name and its scores for each")
    for ahead, behind in _pairs(pairs):
        if ahead not in scores or behind not in scores:
            continue
        two = {"behind": scores[behind], "ahead": scores[ahead]}
        row = paired(clips, two, "behind", level, samples).loc["ahead"]
        low = np.nanmin(row[["seeds_low", "clips_low"]].to_numpy(float))
        high = np.nanmax(row[["seeds_high", "clips_high"]].to_numpy(float))
        says = "shown" if low > 0 else "reverse shown" if high < 0 else "not shown"
        told = f"{100 * row['lead']:+.1f} {says}"
        rows[ahead, behind] = dict(zip(COLUMNS, (row["lead"], low, high, row["shows"], told)))
    return pd.DataFrame.from_dict(rows, orient="index", columns=COLUMNS)


def _pairs(pairs):
    found = list(pairs) if isinstance(pairs, list | tuple | zip) else [pairs]
    for pair in found:
        if not isinstance(pair, list | tuple) or len(pair) != 2 or isinstance(pairs, str):
            raise ValueError("pairs is no list of pairs: give the names of two systems in each")
    return found


def _lead(ours, theirs, level):
    """The row of one comparison, from (R, 1 + samples) mean areas, the first of all clips."""
    difference = ours - theirs  # (R, 1 + samples)
    by_seed, by_draw = difference[:, 0], difference.mean(axis=0)[1:]
    mean, reach = float(by_seed.mean()), np.nan
    if len(by_seed) > 1:
        t = scipy.stats.t.ppf((1.0 + level) / 2.0, len(by_seed) - 1)
        reach = float(t * by_seed.std(ddof=1) / np.sqrt(len(by_seed)))
    low, high = map(float, np.quantile(by_draw, [(1.0 - level) / 2.0, (1.0 + level) / 2.0]))
    return {
        "lead": mean, "seeds_low": mean - reach, "seeds_high": mean + reach,
        "clips_low": low, "clips_high": high,
        "ahead": f"{(by_seed > 0).sum()} of {len(by_seed)}",
        "shows": float(np.nanmax([reach, (high - low) / 2.0])),
    }  # fmt: skip
