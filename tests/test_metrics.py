"""AUC by counting pairs, pAUC by its own trapezoids, official rules by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from asdkit import metrics


def pairs(label, score):
    anomaly, normal = score[label == 1][:, None], score[label == 0][None, :]
    return float(np.mean((anomaly > normal) + 0.5 * (anomaly == normal)))


def partial_area(label, score, p):
    """The area under the polygon of the ROC curve up to p, scaled as McClish did."""
    points = [(0.0, 0.0)]
    for threshold in sorted(set(score), reverse=True):
        points.append((np.mean(score[label == 0] >= threshold), np.mean(score[label == 1] >= threshold)))
    area = 0.0
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if x0 >= p:
            break
        end = min(x1, p)
        height = y1 if x1 == x0 else y0 + (y1 - y0) * (end - x0) / (x1 - x0)
        area += (end - x0) * (y0 + height) / 2
    return 0.5 * (1 + (area - p * p / 2) / (p - p * p / 2))


def draws(data):
    normal, anomaly = data.draw(st.integers(1, 25)), data.draw(st.integers(1, 25))
    label = np.array([0] * normal + [1] * anomaly)
    score = np.array(data.draw(st.lists(st.integers(-5, 5), min_size=len(label), max_size=len(label))), dtype=float)
    return label, score


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.data())
def test_areas_with_many_ties(data):
    label, score = draws(data)
    p = data.draw(st.sampled_from([0.05, 0.1, 0.37, 0.9]))
    assert metrics.auc(label, score) == pytest.approx(pairs(label, score), abs=1e-12)
    assert metrics.pauc(label, score, p) == pytest.approx(partial_area(label, score, p), abs=1e-12)
    assert metrics.auc(label, -score) == pytest.approx(1 - metrics.auc(label, score), abs=1e-12)
    assert metrics.auc(label, np.exp(score)) == metrics.auc(label, score)


@settings(deadline=None, derandomize=True, max_examples=30)
@given(st.data())
def test_areas_of_counted_clips_are_those_of_repeated_clips(data):
    label, score = draws(data)
    rng = np.random.default_rng(data.draw(st.integers(0, 1000)))
    counts = rng.integers(0, 4, size=(5, len(label)))
    counts[:, [0, -1]] += 1
    p = data.draw(st.sampled_from([0.05, 0.1, 0.37, 1.0]))
    for area, count in zip(metrics.areas(label, score, counts, p), counts):
        repeated = np.repeat(label, count), np.repeat(score, count)
        assert area == pytest.approx(partial_area(*repeated, p), abs=1e-12)


def test_by_hand():
    assert metrics.auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) == 0.75
    assert metrics.auc([0, 1, 1], [1.0, 1.0, 2.0]) == 0.75
    assert metrics.pauc([0, 1], [0.0, 1.0]) == 1.0 and metrics.auc([0, 1], [1.0, 0.0]) == 0.0
    assert metrics.pauc([0, 1], [1.0, 1.0]) == 0.5
    assert isinstance(metrics.auc([0, 1], [0.0, 1.0]), float)


def test_what_has_no_area():
    for metric in (metrics.auc, metrics.pauc, metrics.interval):
        for label in ([0, 0], [1, 1], [0, 2], [0, -1]):
            with pytest.raises(ValueError, match=r"normal \(0\) and anomalous \(1\) clips"):
                metric(label, [0.1, 0.2])
        with pytest.raises(ValueError, match="score 1 is NaN or infinite"):
            metric([0, 1], [0.1, np.nan])
        with pytest.raises(ValueError, match="one of each a clip"):
            metric([0, 1, 1], [0.1, 0.2])


def test_an_interval_covers_the_truth_as_often_as_it_says():
    """Scores of 30 normal and 30 anomalous clips, one deviation apart, drawn again and again."""
    rng, truth = np.random.default_rng(0), norm.cdf(1 / np.sqrt(2))
    label = np.repeat([0, 1], 30)
    inside = {0.95: 0, 0.6: 0}
    for seed in range(150):
        score = rng.normal(size=60) + label
        for level in inside:
            low, high = metrics.interval(label, score, level=level, samples=100, seed=seed)
            inside[level] += low <= truth <= high
    assert 0.87 <= inside[0.95] / 150 <= 0.99
    assert 0.45 <= inside[0.6] / 150 <= 0.75


def test_both_kinds_are_in_every_draw_of_an_interval():
    assert metrics.interval([0, 0, 0, 1], [0.1, 0.2, 0.3, 0.9]) == (1.0, 1.0)
    low, high = metrics.interval([0, 0, 0, 1], [0.1, 0.2, 0.9, 0.5])
    assert 0.0 <= low < high <= 1.0


def test_an_interval_is_repeatable_and_narrows_with_more_clips():
    rng = np.random.default_rng(0)
    widths = []
    for count in (10, 160):
        label = np.repeat([0, 1], count)
        score = rng.normal(size=2 * count) + label
        low, high = metrics.interval(label, score, samples=200)
        assert (low, high) == metrics.interval(label, score, samples=200)
        widths.append(high - low)
    assert 2 < widths[0] / widths[1] < 8


def table(machines, sections, domains, seed=0):
    rng = np.random.default_rng(seed)
    rows = [
        {"path": f"{m}_{s}_{d}_{k}", "machine": m, "section": s, "domain": d, "label": k % 2}
        for m in machines for s in sections[m] for d in domains for k in range(rng.integers(8, 14))
    ]  # fmt: skip
    clips = pd.DataFrame(rows).sample(frac=1, random_state=0)
    return clips, rng.normal(size=len(clips)) + 0.8 * clips["label"].to_numpy()


def part(clips, score, **wanted):
    keep = np.ones(len(clips), dtype=bool)
    for column, value in wanted.items():
        keep &= (clips[column] == value).to_numpy()
    return clips["label"].to_numpy()[keep], score[keep]


def test_the_rule_of_2020():
    """Arithmetic means over the ids of a type, then over types: a type of three ids weighs as one of a single id."""
    clips, score = table(["fan", "pump"], {"fan": ["00", "02", "04"], "pump": ["00"]}, ["source"])
    result = metrics.official(clips, score, 2020)
    types = []
    for machine in ("fan", "pump"):
        values = []
        for section in clips.loc[clips["machine"] == machine, "section"].unique():
            some = part(clips, score, machine=machine, section=section)
            values.append([pairs(*some), partial_area(*some, 0.1)])
            row = result[(result["machine"] == machine) & (result["section"] == section)]
            assert row[["auc", "pauc"]].to_numpy()[0] == pytest.approx(values[-1])
        types.append(np.mean(values, axis=0))
    assert result.attrs["official_score"] == pytest.approx(np.mean(types))
    pooled = result[["auc", "pauc"]].to_numpy().mean()
    assert abs(pooled - result.attrs["official_score"]) > 1e-3


def test_the_rule_of_2021():
    clips, score = table(["fan", "pump"], {"fan": ["00", "01"], "pump": ["00"]}, ["source", "target"])
    result = metrics.official(clips, score, 2021)
    values = []
    for machine, section in (("fan", "00"), ("fan", "01"), ("pump", "00")):
        row = result[(result["machine"] == machine) & (result["section"] == section)].iloc[0]
        for domain in ("source", "target"):
            some = part(clips, score, machine=machine, section=section, domain=domain)
            values += [pairs(*some), partial_area(*some, 0.1)]
            assert [row[f"auc_{domain}"], row[f"pauc_{domain}"]] == pytest.approx(values[-2:])
    assert result.attrs["official_score"] == pytest.approx(len(values) / sum(1 / value for value in values))


@pytest.mark.parametrize("year", [2022, 2023, 2024, 2025])
def test_the_rule_since_2022(year):
    """Normals of one domain against the anomalies of both."""
    clips, score = table(["fan", "pump"], {"fan": ["00", "01"], "pump": ["00"]}, ["source", "target"])
    result = metrics.official(clips, score, year)
    values = []
    for machine, section in (("fan", "00"), ("fan", "01"), ("pump", "00")):
        row = result[(result["machine"] == machine) & (result["section"] == section)].iloc[0]
        both = part(clips, score, machine=machine, section=section)
        anomalies = both[1][both[0] == 1]
        for domain in ("source", "target"):
            label, some = part(clips, score, machine=machine, section=section, domain=domain)
            normals = some[label == 0]
            against = np.repeat([0, 1], [len(normals), len(anomalies)])
            values.append(pairs(against, np.concatenate([normals, anomalies])))
            assert row[f"auc_{domain}"] == pytest.approx(values[-1])
        values.append(partial_area(*both, 0.1))
        assert row["pauc"] == pytest.approx(values[-1])
    assert result.attrs["official_score"] == pytest.approx(len(values) / sum(1 / value for value in values))


@pytest.mark.parametrize("year", [2020, 2021, 2022])
def test_a_missing_class_names_machine_and_section(year):
    clips, score = table(["fan", "pump"], {"fan": ["00", "01"], "pump": ["00"]}, ["source", "target"])
    some = ~((clips["machine"] == "fan") & (clips["section"] == "01") & (clips["label"] == 1))
    with pytest.raises(ValueError, match="fan section 01: an AUC needs"):
        metrics.official(clips[some], score[some.to_numpy()], year)


@pytest.mark.parametrize("year", [2021, 2022])
def test_a_missing_domain_names_machine_and_section(year):
    clips, score = table(["fan", "pump"], {"fan": ["00", "01"], "pump": ["00"]}, ["source", "target"])
    some = ~((clips["machine"] == "fan") & (clips["section"] == "01") & (clips["domain"] == "target"))
    with pytest.raises(ValueError, match="fan section 01: an AUC needs"):
        metrics.official(clips[some], score[some.to_numpy()], year)


def test_what_cannot_be_measured():
    clips, score = table(["fan"], {"fan": ["00"]}, ["source", "target"])
    with pytest.raises(ValueError, match="known for 2019: give one of 2020, 2021"):
        metrics.official(clips, score, 2019)
    unlabeled = clips.assign(label=clips["label"].astype("Int64").where(clips.index != clips.index[3]))
    for rule in (lambda *pair: metrics.official(*pair, 2022), metrics.report):
        with pytest.raises(ValueError, match=f"{len(clips)} clips and 3 scores"):
            rule(clips, score[:3])
        with pytest.raises(ValueError, match=f"{clips['path'].iloc[3]} has no label"):
            rule(unlabeled, score)


def test_a_report_has_a_row_for_each_domain_and_gaps_where_a_class_is_missing():
    clips, score = table(["fan", "pump"], {"fan": ["00"], "pump": ["00"]}, ["source", "target"])
    gone = ((clips["machine"] == "pump") & (clips["domain"] == "target") & (clips["label"] == 1)).to_numpy()
    clips, score = clips[~gone], score[~gone]
    report = metrics.report(clips, score, seed=1)
    named = list(zip(report["machine"], report["domain"]))
    assert named == [(machine, domain) for machine in ("fan", "pump") for domain in ("source", "target", "both")]
    for row in report.itertuples():
        wanted = {"machine": row.machine} | ({} if row.domain == "both" else {"domain": row.domain})
        label, some = part(clips, score, **wanted)
        assert (row.normal, row.anomaly) == ((label == 0).sum(), (label == 1).sum())
        if row.anomaly:
            assert (row.auc, row.pauc) == pytest.approx((pairs(label, some), partial_area(label, some, 0.1)))
            assert row.auc_low <= row.auc <= row.auc_high and row.pauc_low <= row.pauc_high
        else:
            gaps = [row.auc, row.auc_low, row.auc_high, row.pauc, row.pauc_low, row.pauc_high]
            assert row.machine == "pump" and row.domain == "target" and np.isnan(gaps).all()
    assert list(metrics.report(clips, score, intervals=False).columns[-2:]) == ["auc", "pauc"]


def test_a_report_of_one_domain_has_one_row():
    clips, score = table(["fan"], {"fan": ["00", "02"]}, ["source"])
    assert metrics.report(clips, score, intervals=False)["domain"].tolist() == ["source", "source"]
