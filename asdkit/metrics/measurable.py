"""What can be measured: one finite score and one label of 0 or 1 a clip; everything else is refused
in a sentence.
"""

import numpy as np
import pandas as pd

from .. import tables

COLUMNS = ["machine", "section", "domain", "label"]


def checked(label, score):
    """Labels and scores as arrays on which an area can be taken.

    Shapes: ``label`` (N,), ``score`` (N,) -> (N,) int, (N,) float64.
    Raises: ValueError for one class only, a missing or other label, NaN scores, or lengths that
        differ.
    Notebook: 03_scores_and_metrics
    """
    label, score = np.asarray(label), np.asarray(score, dtype=float)
    if label.shape != score.shape or label.ndim != 1:
        raise ValueError(f"{label.shape} labels and {score.shape} scores: give one of each a clip")
    if (missing := pd.isna(label)).any():
        raise ValueError(
            f"label {np.flatnonzero(missing)[0]} is missing: measure labeled clips only"
        )
    if not np.isfinite(score).all():
        raise ValueError(
            f"score {np.flatnonzero(~np.isfinite(score))[0]} is NaN or infinite: leave out its clip"
        )
    if set(np.unique(label)) != {0, 1}:
        raise ValueError("an AUC needs normal (0) and anomalous (1) clips, and no other label")
    return label.astype(int), score


def labeled(clips, score):
    """The table of clips with their scores as a column.

    Shapes: a table of N clips, ``score`` (N,) -> the table with a column ``score``.
    Raises: ValueError where lengths differ, a clip has no label or score, scores are a Series of
        another order, and as ``tables.checked`` does.
    Notebook: 03_scores_and_metrics
    """
    clips = tables.checked(clips, *COLUMNS, also=["path"])
    score = np.asarray(tables.in_order(score, clips), dtype=float)
    if score.ndim != 1 or len(clips) != len(score):
        raise ValueError(f"{len(clips)} clips and {len(score)} scores: give one for each")
    for fault, broken in (
        ("label", clips["label"].isna().to_numpy()),
        ("score", ~np.isfinite(score)),
    ):
        if broken.any():
            first = np.flatnonzero(broken)[0]
            name = clips["path"].iloc[first] if "path" in clips else f"clip {first}"
            what = "has no label: measure labeled clips only"
            raise ValueError(
                f"{name} "
                f"{what if fault == 'label' else f'has the score {score[first]}: leave it out'}"
            )
    return clips.assign(score=score, label=clips["label"].to_numpy(dtype=int))


def parts(clips):
    """The clips of each machine and section by domain, and then all of them as the domain ``both``.

    Shapes: a table of clips -> pairs of a dict ``machine section domain`` and a slice of the table.
    Choices: where a section has one domain only, that domain stands for all of its clips; a clip
        whose domain is not known counts in ``both`` alone.
    Notebook: 03_scores_and_metrics
    """
    for (machine, section), own in clips.groupby(["machine", "section"]):
        domains = list(own.groupby("domain"))
        alone = len(domains) == 1 and own["domain"].notna().all()
        for domain, some in domains if alone else [*domains, ("both", own)]:
            yield {"machine": machine, "section": section, "domain": domain}, some


def check_domains(clips):
    """Refuse clips without a domain for a rule that takes domains apart.

    Shapes: a table of N clips.
    Raises: ValueError that names the first such clip.
    """
    lost = np.flatnonzero(clips["domain"].isna())
    if len(lost):
        name = clips["path"].iloc[lost[0]] if "path" in clips else f"clip {lost[0]}"
        raise ValueError(
            f"{name} has no domain, and this rule takes source and target apart ({len(lost)} such "
            "clips in all): give it one with sound.label, or take the rule of 2020"
        )


def alarm_rate(p):
    """Refuse a false alarm rate up to which no pAUC can be taken.

    Shapes: a number.
    Raises: ValueError where p is not above 0 and at most 1.
    Notebook: 03_scores_and_metrics
    """
    if not 0.0 < p <= 1.0:
        raise ValueError(f"p is a false alarm rate above 0 and up to 1, not {p}")


def share(value, name):
    """Refuse what is no share.

    Shapes: a number and the name of the argument it came as.
    Raises: ValueError where the number does not lie between 0 and 1.
    Notebook: 03_scores_and_metrics
    """
    if not 0.0 < value < 1.0:
        raise ValueError(f"{name} is a share between 0 and 1, not {value}")
