"""How good a detector is: AUC, pAUC, the organizers' rules, and intervals that say how far to trust them."""

import numpy as np
import pandas as pd
from scipy.stats import hmean
from sklearn.metrics import roc_auc_score


def auc(label, score):
    r"""Area under the ROC curve: how often an anomaly outscores a normal clip, $P(s_a > s_n) + \frac12 P(s_a = s_n)$.

    Paper: [SCA] IV-A.
    Shapes: ``label`` (N,) of 0 normal and 1 anomaly, ``score`` (N,) -> float in [0, 1].
    Raises: ValueError for one class only, NaN scores, or lengths that differ.
    Notebook: 00_start_here
    """
    return float(roc_auc_score(*_checked(label, score)))


def pauc(label, score, p=0.1):
    r"""Area under the ROC curve up to the false-alarm rate p, scaled so that chance is 0.5 and 1 the best.

    Paper: [SCA] IV-A; McClish's scaling, as the organizers take it.
    Shapes: ``label`` (N,) of 0 normal and 1 anomaly, ``score`` (N,) -> float in [0, 1].
    Raises: ValueError for one class only, NaN scores, or lengths that differ.
    Notebook: 03_scores_and_metrics
    """
    return float(roc_auc_score(*_checked(label, score), max_fpr=p))


def interval(label, score, p=1.0, level=0.95, samples=1000, seed=0):
    """Confidence interval of the AUC, or of the pAUC up to p, by bootstrap of normal and of anomalous clips.

    Shapes: ``label`` (N,), ``score`` (N,) -> (low, high).
    Raises: ValueError as ``auc`` does.
    Choices: percentiles of 1,000 draws; few clips give an interval that is somewhat too short.
    Notebook: 00_start_here
    """
    label, score = _checked(label, score)
    rng = np.random.default_rng(seed)
    counts = np.empty((samples, len(label)))
    for kind in (0, 1):
        size = int((label == kind).sum())
        counts[:, label == kind] = rng.multinomial(size, np.full(size, 1.0 / size), size=samples)
    low, high = np.quantile(areas(label, score, counts, p), [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return float(low), float(high)


def areas(label, score, counts, p=1.0):
    r"""AUC, or pAUC up to p, of B samples at once, in which clip i occurs ``counts[b, i]`` times.

    $$\tfrac12 \left(1 + \frac{A(p) - p^2/2}{p - p^2/2}\right), \qquad A(p) = \int_0^p \mathrm{TPR}\; d\,\mathrm{FPR}$$

    Shapes: ``label`` (N,), ``score`` (N,), ``counts`` (B, N) -> (B,).
    Choices: ours instead of scikit-learn's for bootstrap samples only, where a call each takes a millisecond.
    Notebook: 03_scores_and_metrics
    """
    thresholds, place = np.unique(-score, return_inverse=True)
    at = np.zeros((len(label), len(thresholds)))
    at[np.arange(len(label)), place] = 1.0
    rates = []
    for kind in (0, 1):
        some = counts * (label == kind)
        rate = (some @ at).cumsum(axis=1) / some.sum(axis=1, keepdims=True)
        rates.append(np.pad(rate, ((0, 0), (1, 0))))  # (B, thresholds + 1)
    false_alarms, hits = rates
    step = np.diff(false_alarms)
    width = np.diff(false_alarms.clip(max=p))
    share = np.divide(width, step, out=np.zeros_like(step), where=step > 0)  # of a step that lies below p
    area = (width * (hits[:, :-1] + 0.5 * share * np.diff(hits))).sum(axis=1)
    return 0.5 * (1.0 + (area - p**2 / 2.0) / (p - p**2 / 2.0))


def report(clips, score, intervals=True, seed=0):
    """AUC and pAUC of each machine, section and domain, with 95 % intervals.

    Shapes: a table of N clips and ``score`` (N,) -> DataFrame ``machine section domain normal anomaly auc auc_low
        auc_high pauc pauc_low pauc_high``; domain ``both`` takes all clips of a section.
    Raises: ValueError where lengths differ or a label is missing.
    Choices: within a domain, its normals stand against its own anomalies (``official`` does otherwise). A row with one
        class only keeps its counts and has gaps for numbers.
    Notebook: 00_start_here
    """
    clips = _labeled(clips, score)
    rows = []
    for (machine, section), part in clips.groupby(["machine", "section"]):
        domains = list(part.groupby("domain")) if part["domain"].nunique() > 1 else []
        for domain, some in [*domains, ("both" if domains else part["domain"].iloc[0], part)]:
            rows.append({"machine": machine, "section": section, "domain": domain, **_measure(some, intervals, seed)})
    return pd.DataFrame(rows)


def official(clips, score, year):
    """The organizers' rule of a year, a row an id or section; ``.attrs["official_score"]`` is their one number.

    Paper: DCASE task 2. 2020: AUC and pAUC an id, arithmetic means over ids, then over types. 2021: AUC and pAUC of
        each section and domain, harmonic mean of all. 2022 on: AUC of each domain's normals against the anomalies of
        both domains, pAUC over both domains, harmonic mean of all.
    Shapes: a table of N clips and ``score`` (N,) -> DataFrame with ``machine section`` and the year's metrics.
    Raises: ValueError for an unknown year, a missing label, or a section where a class is missing.
    Notebook: 03_scores_and_metrics
    """
    rules = {2020: _rule_2020, 2021: _rule_2021, **dict.fromkeys(range(2022, 2026), _rule_2022)}
    if year not in rules:
        raise ValueError(f"no official rule is known for {year}: give one of {', '.join(map(str, rules))}")
    clips = _labeled(clips, score)
    rows = []
    for (machine, section), part in clips.groupby(["machine", "section"]):
        try:
            rows.append({"machine": machine, "section": section, **rules[year](part)})
        except ValueError as error:
            raise ValueError(f"{machine} section {section}: {error}") from error
    table = pd.DataFrame(rows)
    metrics = table.drop(columns=["machine", "section"])
    if year == 2020:
        table.attrs["official_score"] = float(table.groupby("machine")[["auc", "pauc"]].mean().to_numpy().mean())
    else:
        table.attrs["official_score"] = float(hmean(metrics.to_numpy().ravel()))
    return table


def _rule_2020(part):
    return {"auc": auc(part["label"], part["score"]), "pauc": pauc(part["label"], part["score"])}


def _rule_2021(part):
    row = {}
    for domain in ("source", "target"):
        some = part[part["domain"] == domain]
        row |= {f"{name}_{domain}": value for name, value in _rule_2020(some).items()}
    return row


def _rule_2022(part):
    row = {}
    for domain in ("source", "target"):
        some = part[(part["label"] == 1) | (part["domain"] == domain)]
        row[f"auc_{domain}"] = auc(some["label"], some["score"])
    return {**row, "pauc": pauc(part["label"], part["score"])}


def _measure(part, intervals, seed):
    label, score = part["label"].to_numpy(int), part["score"].to_numpy(float)
    row = {"normal": int((label == 0).sum()), "anomaly": int((label == 1).sum())}
    known = row["normal"] > 0 and row["anomaly"] > 0
    for metric, p in ((auc, 1.0), (pauc, 0.1)):
        name = metric.__name__
        row[name] = metric(label, score) if known else np.nan
        if intervals:
            limits = interval(label, score, p, seed=seed) if known else (np.nan, np.nan)
            row[f"{name}_low"], row[f"{name}_high"] = limits
    return row


def _labeled(clips, score):
    score = np.asarray(score, dtype=float)
    if len(clips) != len(score):
        raise ValueError(f"{len(clips)} clips and {len(score)} scores: give one for each")
    if clips["label"].isna().any():
        raise ValueError(f"{clips.loc[clips['label'].isna(), 'path'].iloc[0]} has no label: measure labeled clips only")
    return clips.assign(score=score)


def _checked(label, score):
    label, score = np.asarray(label, dtype=int), np.asarray(score, dtype=float)
    if label.shape != score.shape or label.ndim != 1:
        raise ValueError(f"{label.shape} labels and {score.shape} scores: give one of each a clip")
    if not np.isfinite(score).all():
        raise ValueError(f"score {np.flatnonzero(~np.isfinite(score))[0]} is NaN or infinite")
    if set(np.unique(label)) != {0, 1}:
        raise ValueError("an AUC needs normal (0) and anomalous (1) clips, and no other label")
    return label, score
