"""The papers' own rules: the same scores, read as each paper reads them, and all readings side by
side.
"""

import numpy as np
import pandas as pd
import scipy

from .measurable import check_domains, labeled, parts
from .roc import auc, pauc
from .rules import official

DOMAINS = ("source", "target", "both")


def averaged(clips, score):
    """AUC and pAUC of each machine type: the mean over its ids, each id measured for itself.

    Paper: the official rule of 2020, which then averages over types; the rows of types in [SCA]
        Table V. The mean of all in [SCA] Tables II to V is over ids instead: ``mean_auc``.
    Shapes: a table of N clips and ``score`` (N,) -> DataFrame ``machine auc pauc``.
    Raises: ValueError as ``official`` does.
    Example:
        >>> import pandas as pd
        >>> from asdkit import metrics
        >>> one = {"machine": "fan", "domain": "source"}
        >>> clips = pd.DataFrame(one | {"section": ["00"] * 2 + ["02"] * 2})
        >>> metrics.averaged(clips.assign(label=[0, 1, 0, 1]), [1, 2, 11, 12])["auc"].tolist()
        [1.0]
    Notebook: 03_scores_and_metrics
    """
    return official(clips, score, 2020).groupby("machine")[["auc", "pauc"]].mean().reset_index()


def pooled(clips, score):
    """AUC and pAUC of each machine type with all its ids in one pot: every anomaly against every
    normal clip.

    Paper: [NAM], as its author's script computes Table 1.
    Shapes: a table of N clips and ``score`` (N,) -> DataFrame ``machine auc pauc``.
    Raises: ValueError where lengths differ, a label or score is missing, or a machine lacks a
        class.
    Choices: it compares scores of different ids, so ids must share their zero and their unit for it
        to mean anything.
    Example:
        >>> import pandas as pd
        >>> from asdkit import metrics
        >>> one = {"machine": "fan", "domain": "source"}
        >>> clips = pd.DataFrame(one | {"section": ["00"] * 2 + ["02"] * 2})
        >>> metrics.pooled(clips.assign(label=[0, 1, 0, 1]), [1, 2, 11, 12])["auc"].tolist()
        [0.75]
    Notebook: 03_scores_and_metrics
    """
    rows = []
    for machine, part in labeled(clips, score).groupby("machine"):
        rows.append({"machine": machine, **_both_areas(part, machine)})
    return pd.DataFrame(rows)


def pair_shares(clips, score):
    r"""Which share of pairs the anomalies of each machine and section win against the normal clips
    of each.

    $$P_{gh} = \frac{1}{m_g n_h} \sum_{i, j} \psi(a^g_i, b^h_j), \qquad
    \psi(a, b) = [a > b] + \tfrac12 [a = b]$$

    Where all have as many clips, the mean of the diagonal is the averaged AUC, and the mean of all
    is the pooled one.

    Paper: [SCA] Tables II to V average the diagonal; [NAM], as its author's script computes Table
        1, pools.
    Shapes: a table of N clips and ``score`` (N,) -> DataFrame (G, G), a row the anomalies of a
        group such as ``fan/00``, a column the normal clips of one.
    Raises: ValueError as ``pooled`` does.
    Notebook: 03_scores_and_metrics
    """
    clips = labeled(clips, score)
    names = (clips["machine"] + "/" + clips["section"].astype(str)).to_numpy()
    groups, label, score = np.unique(names), clips["label"].to_numpy(), clips["score"].to_numpy()
    shares = pd.DataFrame(np.nan, groups, groups)
    for ours in groups:
        for theirs in groups:
            own = (names == ours) & (label == 1) | (names == theirs) & (label == 0)
            name = f"{ours} against {theirs}"
            shares.loc[ours, theirs] = _named(name, auc, label[own], score[own])
    return shares


def mauc(clips, score):
    """The smallest AUC over the ids of each machine type: how bad a detector is where it is worst.

    Paper: [NAM] 3.1 and Table 3.
    Shapes: a table of N clips and ``score`` (N,) -> DataFrame ``machine section mauc``, with the id
        it comes from.
    Raises: ValueError as ``official`` does.
    Example:
        >>> import pandas as pd
        >>> from asdkit import metrics
        >>> one = {"machine": "fan", "domain": "source"}
        >>> clips = pd.DataFrame(one | {"section": ["00"] * 2 + ["02"] * 2})
        >>> metrics.mauc(clips.assign(label=[0, 1, 0, 1]), [1, 2, 12, 11]).to_numpy().tolist()
        [['fan', '02', 0.0]]
    Notebook: 03_scores_and_metrics
    """
    return _worst(official(clips, score, 2020))


def _worst(ids):
    worst = ids.loc[ids.groupby("machine")["auc"].idxmin(), ["machine", "section", "auc"]]
    return worst.rename(columns={"auc": "mauc"}).reset_index(drop=True)


def adaproj_rule(clips, score):
    """AUC and pAUC within the source domain, within the target domain and regardless of domain.

    Each is the harmonic mean over all machines and sections.

    Paper: [AP] 3.1 and Table 1.
    Shapes: a table of N clips and ``score`` (N,) -> DataFrame ``domain auc pauc`` with the rows
        source, target, both.
    Raises: ValueError where lengths differ, a label or score is missing, or a section lacks a
        domain or a class in it.
    Choices: within a domain, its normals stand against its own anomalies; the official rule since
        2022 takes the anomalies of both domains.
    Example:
        >>> import pandas as pd
        >>> from asdkit import metrics
        >>> one = {"machine": "fan", "section": "00"}
        >>> clips = pd.DataFrame(one | {"domain": ["source"] * 2 + ["target"] * 2})
        >>> metrics.adaproj_rule(clips.assign(label=[0, 1, 0, 1]), [1, 2, 11, 12])["auc"].tolist()
        [1.0, 1.0, 0.75]
    Notebook: 03_scores_and_metrics, 10_adaproj
    """
    clips = labeled(clips, score)
    check_domains(clips)
    for (machine, section), own in clips.groupby(["machine", "section"]):
        if not {"source", "target"} <= set(own["domain"]):
            raise ValueError(
                f"{machine} section {section}: the rule needs clips of the source and the target "
                "domain"
            )
    where = "{machine} section {section}, domain {domain}"
    rows = [names | _both_areas(part, where.format(**names)) for names, part in parts(clips)]
    table = pd.DataFrame(rows).groupby("domain")[["auc", "pauc"]].agg(scipy.stats.hmean)
    return table.loc[list(DOMAINS)].reset_index()


def side_by_side(clips, score):
    """One set of scores by every rule: those of the years and those of the papers, a row a rule.

    Paper: DCASE task 2 of 2020, of 2021, and since 2022; [SCA] Tables II to V; [AP] Table 1; [NAM]
        Tables 1 and 3.
    Shapes: a table of N clips and ``score`` (N,) -> DataFrame ``rule auc pauc score``; ``score`` is
        the one number, where a rule has one.
    Raises: ValueError as ``official`` does.
    Choices: where the clips do not have both domains, or one has none, the rules that take domains
        apart are gaps.
    Example:
        >>> import pandas as pd
        >>> from asdkit import metrics
        >>> one = {"machine": "fan", "section": "00", "domain": "source"}
        >>> clips = pd.DataFrame(one | {"label": [0, 1]})
        >>> metrics.side_by_side(clips, [1, 2])["auc"].tolist()[0]
        1.0
    Notebook: 03_scores_and_metrics
    """
    ids = official(clips, score, 2020)
    rows = {"official 2020: over ids, then types": _official_row(ids, 2020)}
    two = set(labeled(clips, score)["domain"]) == {"source", "target"}
    for year, name in ((2021, "official 2021"), (2022, "official since 2022")):
        rows[name] = _official_row(official(clips, score, year), year) if two else (np.nan,) * 3
    rows["Sub-cluster AdaCos: over ids"] = (*ids[["auc", "pauc"]].mean(), np.nan)
    papers = pd.DataFrame(np.nan, DOMAINS, ["auc", "pauc"])
    if two:
        papers = adaproj_rule(clips, score).set_index("domain")
    for domain in DOMAINS:
        rows[f"AdaProj, {domain}"] = (*papers.loc[domain, ["auc", "pauc"]], np.nan)
    rows["Noisy-ArcMix: pooled over ids"] = (*pooled(clips, score)[["auc", "pauc"]].mean(), np.nan)
    rows["Noisy-ArcMix: mAUC"] = (_worst(ids)["mauc"].mean(), np.nan, np.nan)
    table = [(name, *map(float, row)) for name, row in rows.items()]
    return pd.DataFrame(table, columns=["rule", "auc", "pauc", "score"])


def _official_row(table, year):
    if year == 2020:
        own = table.groupby("machine")[["auc", "pauc"]].mean().mean()
        return own["auc"], own["pauc"], table.attrs["official_score"]
    kinds = [[column for column in table if column.startswith(kind)] for kind in ("auc", "pauc")]
    means = [scipy.stats.hmean(table[columns].to_numpy().ravel()) for columns in kinds]
    return *means, table.attrs["official_score"]


def _both_areas(part, name):
    own = part["label"], part["score"]
    return {"auc": _named(name, auc, *own), "pauc": _named(name, pauc, *own)}


def _named(name, area, *own):
    try:
        return area(*own)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error
