"""The rank of each system in a comparison, over seeds and over clips that are drawn again."""

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from .. import given
from .means import mean_draws
from .measurable import same_seeds


def rank_draws(clips, scores, trials=1, samples=1000, seed=0):
    r"""Rank systems by mean AUC in each of many draws of seeds and clips: 1 is best.

    A draw takes ``trials`` seeds of those that there are, with replacement, and the clips of each
    id again, both equal for all systems. What is ranked is the mean over these seeds: with one
    trial the table of who trains once, with R trials that of who trains R times.

    Paper: the five rank by a table of means, without a spread of the ranks.
    Shapes: a table of N clips; ``scores`` of K names -> (R, N) of R seeds, or (N,) without a seed
        -> DataFrame (samples, K) of ranks, a column a name.
    Raises: ValueError for fewer than two names or one trial, different numbers of seeds, and as
        ``mean_auc`` does.
    Choices: equal areas share the mean of their ranks.
    Example:
        >>> import pandas as pd
        >>> clips = pd.DataFrame({"machine": "fan", "section": "00", "domain": "source",
        ...                       "label": [0, 1]})
        >>> metrics.rank_draws(clips, {"a": [0.0, 1.0], "b": [1.0, 0.0]}, samples=3).mean().tolist()
        [1.0, 2.0]
    Notebook: 13_compare_losses
    """
    scores = same_seeds(clips, scores)
    if len(scores) < 2:
        raise ValueError("one system alone has no rank: give two or more")
    trials, samples = given.count(trials, "trials"), given.count(samples, "samples")
    rng = np.random.default_rng(given.count(seed, "seed", 0))
    count = max(map(len, scores.values()))
    drawn = np.stack(
        [
            np.broadcast_to(mean_draws(clips, score, samples)[:, 1:], (count, samples))
            for score in scores.values()
        ]
    )  # (K, R, samples)
    taken = rng.integers(count, size=(trials, samples))
    means = drawn[:, taken, np.arange(samples)].mean(axis=1)  # (K, samples)
    return pd.DataFrame(rankdata(-means, axis=0).T, columns=list(scores))
