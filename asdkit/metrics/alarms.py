"""From a score to an alarm: a threshold from training scores, and what it catches on test clips."""

import numpy as np
import pandas as pd
import scipy

from .. import given
from .measurable import labeled, parts


def threshold(score, rate=0.1, method="percentile"):
    r"""The score from which on a clip is called anomalous, so that a share ``rate`` of normal clips
    alarms.

    ``percentile`` takes the smallest training score that at most a share ``rate`` of the N - 1
    others exceed; ``gamma`` fits a gamma distribution with shape, location and scale, and takes its
    quantile, $F^{-1}(1 - \mathrm{rate})$.

    Paper: none of the five sets a threshold; the gamma fit is that of the DCASE baselines since
        2021, with rate 0.1.
    Shapes: ``score`` (N,) of normal training clips -> float.
    Raises: ValueError for scores that are missing, NaN or all equal (gamma), a rate outside (0, 1),
        or an unknown method.
    Choices: the scores must come from clips the detector was not fitted to, or it alarms more often
        than promised. The percentile is one of the training scores, ``numpy.quantile`` with
        ``method="higher"``; an alarm is a score at or above it. A gamma density of shape below 1 is
        infinite at its left edge; where the fit has moved that edge to the smallest score, its
        quantile may lie there too, and nearly every clip alarms.
    Example:
        >>> from asdkit import metrics
        >>> metrics.threshold([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0], rate=0.2)
        0.9
    Notebook: 03_scores_and_metrics
    """
    score, rate = _scores(score), given.share(rate, "rate")
    if given.choice(method, "method", ("percentile", "gamma")) == "percentile":
        return float(np.quantile(score, 1.0 - rate, method="higher"))
    return float(scipy.stats.gamma.ppf(1.0 - rate, *gamma_fit(score)))


def left_out_rate(score, rate=0.1):
    """The share of normal clips that alarm where the others set the threshold.

    Shapes: ``score`` (N,) of normal training clips, held out -> float.
    Raises: ValueError as ``threshold`` does, and for one score, which has no others.
    Choices: of N clips none can show a rate below 1 / N, as the loudest lies above all others.
    Example:
        >>> from asdkit import metrics
        >>> metrics.left_out_rate([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0], rate=0.01)
        0.1
    """
    score, rate = np.sort(_scores(score)), given.share(rate, "rate")
    if len(score) < 2:
        raise ValueError("score is of one clip, which has no others: give 2 scores or more")
    place = np.arange(len(score))
    limit = int(np.quantile(place[:-1], 1.0 - rate, method="higher"))
    return float(np.mean(score >= score[limit + (place <= limit)]))


def gamma_fit(score):
    """Shape, location and scale of the gamma distribution that is likeliest to have drawn the
    scores.

    Shapes: ``score`` (N,) -> three floats, as ``scipy.stats.gamma`` takes them.
    Raises: ValueError for scores that are missing, NaN or all equal, or where the fit does not end.
    Example:
        >>> shape, location, scale = metrics.gamma_fit([0.5, 0.8, 1.0, 1.1, 1.3, 1.4, 1.9, 2.6])
        >>> location < 0.5 and scale > 0
        True
    Notebook: 03_scores_and_metrics
    """
    score = _scores(score)
    if np.ptp(score) == 0.0:
        raise ValueError(
            f"all {len(score)} training scores are equal: a gamma distribution needs some that "
            "differ"
        )
    try:
        found = tuple(float(value) for value in scipy.stats.gamma.fit(score))
    except scipy.stats.FitError as error:
        raise ValueError(
            f"no gamma distribution fits these scores ({error}): take method='percentile'"
        ) from error
    if not np.isfinite(found).all():
        raise ValueError("no gamma distribution fits these scores: take method='percentile'")
    return found


def decisions(clips, score, threshold):
    r"""What a threshold does in each machine, section and domain: false alarms, hits, precision,
    recall and F1.

    $$\text{precision} = \frac{\text{hits}}{\text{alarms}}, \qquad
    \text{recall} = \frac{\text{hits}}{\text{anomalies}},
    \qquad F_1 = \frac{2\,\text{hits}}{\text{alarms} + \text{anomalies}}$$

    Shapes: a table of N clips, ``score`` (N,), ``threshold`` a number, or a dict or Series of
        machine and section, such as ``valve/00`` -> DataFrame ``machine section domain threshold
        normal anomaly false_alarms hits precision recall f1``; domain ``both`` takes all clips of a
        section.
    Raises: ValueError where lengths differ, a label or score is missing, or a machine and section
        has no finite threshold.
    Choices: an alarm is a score at or above the threshold. A share of nothing is a gap: precision
        without an alarm, recall without an anomaly.
    Example:
        >>> import pandas as pd
        >>> from asdkit import metrics
        >>> one = {"machine": "fan", "section": "00", "domain": "source"}
        >>> clips = pd.DataFrame(one | {"label": [0, 0, 1, 1]})
        >>> decided = metrics.decisions(clips, [1, 3, 2, 4], {"fan/00": 2})
        >>> decided[["false_alarms", "hits", "f1"]].iloc[0].tolist()
        [1.0, 2.0, 0.8]
    Notebook: 03_scores_and_metrics
    """
    rows = []
    for names, part in parts(labeled(clips, score)):
        limit = _limit(threshold, f"{names['machine']}/{names['section']}")
        counts = _counts(part["label"].to_numpy(), part["score"].to_numpy() >= limit)
        rows.append({**names, "threshold": limit, **counts})
    return pd.DataFrame(rows)


def _limit(threshold, group):
    if isinstance(threshold, dict | pd.Series):
        if group not in threshold:
            raise ValueError(
                f"there is no threshold for {group}: there are some for "
                f"{', '.join(map(str, threshold.keys()))}"
            )
        threshold = threshold[group]
    limit = given.array(threshold, f"the threshold of {group}")
    if limit.ndim:
        raise ValueError(
            "a threshold is a number, or a dict or Series of machine and section, such as "
            f"'valve/00', and that of {group} has the shape {limit.shape}: give one number"
        )
    return float(limit)


def _scores(score):
    score = given.column(score, "score")
    if not len(score):
        raise ValueError("score is empty: give the scores (N,) of one training clip or more")
    return score


def _counts(label, alarm):
    false_alarms, hits, anomalies = (
        int(alarm[label == 0].sum()),
        int(alarm[label == 1].sum()),
        int(label.sum()),
    )
    alarms = false_alarms + hits
    return {
        "normal": len(label) - anomalies,
        "anomaly": anomalies,
        "false_alarms": false_alarms,
        "hits": hits,
        "precision": hits / alarms if alarms else np.nan,
        "recall": hits / anomalies if anomalies else np.nan,
        "f1": 2 * hits / (alarms + anomalies) if alarms + anomalies else np.nan,
    }
