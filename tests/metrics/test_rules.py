"""The official rules against loops over clips, on random scores with ties."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asdkit import metrics

SECTIONS = {"fan": ["00", "01"], "pump": ["00"]}
KEYS = (("fan", "00"), ("fan", "01"), ("pump", "00"))


def harmonic(values):
    return 0.0 if min(values) == 0 else len(values) / sum(1 / value for value in values)


@settings(deadline=None, derandomize=True, max_examples=20)
@given(seed=st.integers(0, 1000), ties=st.booleans())
def test_the_rule_of_2020(table, part, pairs, partial_area, seed, ties):
    """Arithmetic means over the ids of a type, then over types: a type of three ids weighs as one
    of a single id.
    """
    clips, score = table({"fan": ["00", "02", "04"], "pump": ["00"]}, ["source"], seed, ties)
    result = metrics.official(clips, score, 2020)
    types = []
    for machine, ids in (("fan", ["00", "02", "04"]), ("pump", ["00"])):
        values = []
        for section in ids:
            some = part(clips, score, machine=machine, section=section)
            values.append([pairs(*some), partial_area(*some)])
            row = result[(result["machine"] == machine) & (result["section"] == section)]
            assert row[["auc", "pauc"]].to_numpy()[0] == pytest.approx(values[-1])
        types.append(np.mean(values, axis=0))
    assert result.attrs["official_score"] == pytest.approx(np.mean(types))


def test_a_type_of_three_ids_weighs_as_one_of_a_single_id(table):
    clips, score = table({"fan": ["00", "02", "04"], "pump": ["00"]}, ["source"])
    result = metrics.official(clips, score, 2020)
    assert abs(result[["auc", "pauc"]].to_numpy().mean() - result.attrs["official_score"]) > 1e-3


@settings(deadline=None, derandomize=True, max_examples=20)
@given(seed=st.integers(0, 1000), ties=st.booleans())
def test_the_rule_of_2021(table, part, pairs, partial_area, seed, ties):
    clips, score = table(SECTIONS, seed=seed, ties=ties)
    result = metrics.official(clips, score, 2021)
    values = []
    for machine, section in KEYS:
        row = result[(result["machine"] == machine) & (result["section"] == section)].iloc[0]
        for domain in ("source", "target"):
            some = part(clips, score, machine=machine, section=section, domain=domain)
            values += [pairs(*some), partial_area(*some)]
            assert [row[f"auc_{domain}"], row[f"pauc_{domain}"]] == pytest.approx(values[-2:])
    assert result.attrs["official_score"] == pytest.approx(harmonic(values))


@settings(deadline=None, derandomize=True, max_examples=20)
@given(
    year=st.sampled_from([2022, 2023, 2024, 2025, 2026]),
    seed=st.integers(0, 1000),
    ties=st.booleans(),
)
def test_the_rule_since_2022(table, part, pairs, partial_area, year, seed, ties):
    """Normals of one domain against the anomalies of both."""
    clips, score = table(SECTIONS, seed=seed, ties=ties)
    result = metrics.official(clips, score, year)
    values = []
    for machine, section in KEYS:
        row = result[(result["machine"] == machine) & (result["section"] == section)].iloc[0]
        both = part(clips, score, machine=machine, section=section)
        anomalies = both[1][both[0] == 1]
        for domain in ("source", "target"):
            label, some = part(clips, score, machine=machine, section=section, domain=domain)
            normals = some[label == 0]
            against = np.repeat([0, 1], [len(normals), len(anomalies)])
            values.append(pairs(against, np.concatenate([normals, anomalies])))
            assert row[f"auc_{domain}"] == pytest.approx(values[-1])
        values.append(partial_area(*both))
        assert row["pauc"] == pytest.approx(values[-1])
    assert result.attrs["official_score"] == pytest.approx(harmonic(values))


@pytest.mark.parametrize("year", [2021, 2022])
def test_one_area_of_zero_makes_a_harmonic_mean_of_zero(table, year):
    clips, _ = table({"fan": ["00"], "pump": ["00"]})
    worst = np.where(clips["machine"] == "fan", -1.0, 1.0) * clips["label"].to_numpy()
    result = metrics.official(clips, worst, year)
    assert result["auc_source"].tolist() == [0.0, 1.0] and result.attrs["official_score"] == 0.0


@pytest.mark.parametrize("year", [2020, 2021, 2022])
def test_a_missing_class_names_machine_and_section(table, year):
    clips, score = table(SECTIONS)
    some = ~((clips["machine"] == "fan") & (clips["section"] == "01") & (clips["label"] == 1))
    with pytest.raises(ValueError, match="fan section 01: an AUC needs"):
        metrics.official(clips[some], score[some.to_numpy()], year)


@pytest.mark.parametrize("year", [2021, 2022])
def test_a_missing_domain_names_machine_section_and_domain(table, year):
    clips, score = table(SECTIONS)
    some = ~(
        (clips["machine"] == "fan") & (clips["section"] == "01") & (clips["domain"] == "target")
    )
    with pytest.raises(
        ValueError,
        match="fan section 01: an AUC needs .* domain target, and one of them is missing",
    ):
        metrics.official(clips[some], score[some.to_numpy()], year)


def test_an_unknown_year(table):
    with pytest.raises(ValueError, match="known for 2019: give one of 2020, 2021"):
        metrics.official(*table(SECTIONS), 2019)
