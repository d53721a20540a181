"""The organizers' rules: from scores to the one number a challenge of 2020 to 2026 ranks by."""

from numbers import Real

import pandas as pd
import scipy

from .measurable import check_domains, labeled
from .roc import auc, pauc


def official(clips, score, year):
    r"""The organizers' rule of a year; ``.attrs["official_score"]`` is their one number.

    $$\Omega_{2020} = \tfrac12 \operatorname{mean}_{\text{types}} \operatorname{mean}_{\text{ids}}
    (\mathrm{AUC} + \mathrm{pAUC}), \qquad
    \Omega_{2021\dots} = \operatorname{hmean}\{\mathrm{AUC}, \mathrm{pAUC}\}$$

    Paper: DCASE task 2. 2020: AUC and pAUC an id, arithmetic means over ids, then over types. 2021:
        AUC and pAUC of each section and domain, harmonic mean of all. 2022 on: AUC of each domain's
        normals against the anomalies of both domains, pAUC over both domains, harmonic mean of all.
    Shapes: a table of N clips and ``score`` (N,) -> DataFrame, a row an id or section.
    Raises: ValueError for an unknown year, or a missing label, score or class of a section.
    Choices: the organizers name two numbers for 2020, AUC and pAUC; ours is their mean. There types
        count alike, with however many ids; in [SCA] and ``mean_auc`` ids do.
    Example:
        >>> import pandas as pd
        >>> from asdkit import metrics
        >>> one = {"machine": "fan", "section": "00", "domain": "source"}
        >>> clips = pd.DataFrame(one | {"label": [0, 0, 1, 1]})
        >>> metrics.official(clips, [0.1, 0.2, 0.3, 0.4], 2020).attrs["official_score"]
        1.0
    Notebook: 03_scores_and_metrics
    """
    rules = {2020: _rule_2020, 2021: _rule_2021, **dict.fromkeys(range(2022, 2027), _rule_2022)}
    if not isinstance(year, Real) or year not in rules:
        raise ValueError(
            f"no official rule is known for {year!r}: give one of {str([*rules])[1:-1]}"
        )
    clips = labeled(clips, score)
    rows = []
    for (machine, section), part in clips.groupby(["machine", "section"]):
        try:
            rows.append({"machine": machine, "section": section, **rules[year](part)})
        except ValueError as error:
            raise ValueError(f"{machine} section {section}: {error}") from error
    table = pd.DataFrame(rows)
    table.attrs["official_score"] = float(_number(table, year))
    return table


def _number(table, year):
    if year == 2020:
        return table.groupby("machine")[["auc", "pauc"]].mean().to_numpy().mean()
    return scipy.stats.hmean(table.drop(columns=["machine", "section"]).to_numpy().ravel())


def _rule_2020(part):
    return {"auc": auc(part["label"], part["score"]), "pauc": pauc(part["label"], part["score"])}


def _rule_2021(part):
    row = {}
    for domain in ("source", "target"):
        own = _some(part, part["domain"] == domain, f"in the domain {domain}")
        row |= {f"{name}_{domain}": value for name, value in _rule_2020(own).items()}
    return row


def _rule_2022(part):
    row = {}
    for domain in ("source", "target"):
        own = (part["label"] == 1) | (part["domain"] == domain)
        some = _some(part, own, f"with the normal clips of the domain {domain}")
        row[f"auc_{domain}"] = auc(some["label"], some["score"])
    return {**row, "pauc": pauc(part["label"], part["score"])}


def _some(part, own, where):
    check_domains(part)
    if part.loc[own, "label"].nunique() < 2:
        raise ValueError(
            f"an AUC needs normal (0) and anomalous (1) clips {where}, and one of them is missing"
        )
    return part[own]
