"""What can be measured: one finite score and one label of 0 or 1 a clip; everything else is refused
in a sentence.
"""

import numpy as np

from .. import given, tables

COLUMNS = ["machine", "section", "domain", "label"]


def checked(label, score):
    """Labels and scores as arrays on which an area can be taken.

    Shapes: ``label`` (N,), ``score`` (N,) -> (N,) int, (N,) float64.
    Raises: ValueError for one class only, a missing or other label, NaN scores, lengths that
        differ, or two Series in different orders.
    Choices: a label may be True or False too.
    Notebook: 03_scores_and_metrics
    """
    told = given.column(label, "label")
    score = given.column(score, "score", like=label)
    other = np.flatnonzero((told != 0.0) & (told != 1.0))
    if len(other):
        raise ValueError(
            f"label is {told[other[0]]:g} at {other[0]}: give normal (0) and anomalous (1) "
            "clips only"
        )
    if told.min(initial=1.0) == told.max(initial=0.0) or not len(told):
        there = ("normal" if not told.any() else "anomalous") if len(told) else "no"
        raise ValueError(
            f"an AUC needs normal (0) and anomalous (1) clips, and there are {there} ones only: "
            "add the others, or leave these out"
        )
    return told.astype(int), score


def all_checked(label, scores):
    """Labels and the scores of several systems on the same clips.

    Shapes: ``label`` (N,), ``scores`` (K, N) -> (N,) int, (K, N) float64.
    Raises: ValueError for no system, and as ``checked`` does.
    """
    if not np.iterable(scores) or not len(rows := list(scores)):
        raise ValueError("scores holds no system: give (K, N), a row of scores for each")
    pairs = [checked(label, score) for score in rows]
    return pairs[0][0], np.stack([score for _, score in pairs])


def of_seeds(clips, score, name="score"):
    """Scores of clips, from one seed or from several.

    Shapes: a table of N clips, ``score`` (N,) or (R, N) -> array of the same shape in float64.
    Raises: ValueError for another shape, a Series in another order than the table, and what is no
        finite number.
    """
    given.in_order(score, name, like=clips)
    found = given.array(score, name)
    if found.ndim not in (1, 2) or found.shape[-1] != len(clips) or not found.size:
        raise ValueError(
            f"{name} has the shape {found.shape}: give ({len(clips)},), one for each clip, or "
            f"(R, {len(clips)}) of R seeds"
        )
    return found


def same_seeds(clips, scores):
    """The scores as arrays (R, N), of equal R but where there is no seed, and R is 1.

    Shapes: a table of N clips, a dict of a name -> (R, N) or (N,) -> dict of a name -> (R, N).
    Raises: ValueError for what is no dict of scores, where numbers of seeds differ, and as
        ``tables.checked`` does.
    """
    if not isinstance(scores, dict) or not scores:
        raise ValueError("scores is no dict of systems: give a name and its scores for each")
    clips = tables.checked(clips, *COLUMNS, also=["path"])
    scores = {
        name: np.atleast_2d(of_seeds(clips, score, f"the score of {name}"))
        for name, score in scores.items()
    }
    counts = {len(score) for score in scores.values()} - {1}
    if len(counts) > 1:
        found = ", ".join(f"{name} {len(score)}" for name, score in scores.items())
        raise ValueError(f"the numbers of seeds differ ({found}): pairs need equal seeds")
    return scores


def labeled(clips, score):
    """The table of clips with their scores as a column.

    Shapes: a table of N clips, ``score`` (N,) -> the table with a column ``score``.
    Raises: ValueError where lengths differ, a clip has no label or score, scores are a Series of
        another order, and as ``tables.checked`` does.
    Notebook: 03_scores_and_metrics
    """
    clips = tables.checked(clips, *COLUMNS, also=["path"])
    score = given.column(score, "score", like=clips)
    missing = np.flatnonzero(clips["label"].isna())
    if len(missing):
        first = missing[0]
        name = clips["path"].iloc[first] if "path" in clips else f"clip {first}"
        raise ValueError(f"{name} has no label: measure labeled clips only")
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
    if not 0.0 < given.number(p, "p", such_as=0.1) <= 1.0:
        raise ValueError(f"p is a false alarm rate above 0 and up to 1, not {p}: give 0.1 or 1")
