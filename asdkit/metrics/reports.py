"""One table of a detector: AUC and pAUC a machine, section and domain, each with its interval."""

import numpy as np
import pandas as pd

from .. import given
from .intervals import interval
from .measurable import labeled, parts
from .roc import auc, pauc


def report(clips, score, intervals=True, seed=0):
    """AUC and pAUC of each machine, section and domain, with 95 % intervals over clips.

    Paper: [SCA] IV-A measures AUC and pAUC, p = 0.1, of each id; the intervals are ``interval``'s
        bootstrap.
    Shapes: a table of N clips and ``score`` (N,) -> DataFrame ``machine section domain normal
        anomaly auc auc_low auc_high pauc pauc_low pauc_high``; domain ``both`` takes all clips of a
        section.
    Raises: ValueError where lengths differ, or a label or score is missing.
    Choices: within a domain, its normals stand against its own anomalies (``official`` does
        otherwise). A row with one class only keeps its counts and has gaps for numbers.
    Example:
        >>> import pandas as pd
        >>> from asdkit import metrics
        >>> one = {"machine": "fan", "section": "00", "domain": "source"}
        >>> clips = pd.DataFrame(one | {"label": [0, 0, 1, 1]})
        >>> metrics.report(clips, [0.1, 0.4, 0.35, 0.8], intervals=False)["auc"].tolist()
        [0.75]
    Notebook: 00_start_here, 03_scores_and_metrics
    """
    clips, seed = labeled(clips, score), given.count(seed, "seed", 0)
    given.switch(intervals, "intervals")
    return pd.DataFrame(
        [{**names, **_measure(some, intervals, seed)} for names, some in parts(clips)]
    )


def _measure(part, intervals, seed):
    label, score = part["label"].to_numpy(), part["score"].to_numpy()
    row = {"normal": int((label == 0).sum()), "anomaly": int((label == 1).sum())}
    known = row["normal"] > 0 and row["anomaly"] > 0
    for metric, p in ((auc, 1.0), (pauc, 0.1)):
        name = metric.__name__
        row[name] = metric(label, score) if known else np.nan
        if intervals:
            limits = interval(label, score, p, seed=seed) if known else (np.nan, np.nan)
            row[f"{name}_low"], row[f"{name}_high"] = limits
    return row
