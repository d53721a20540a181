"""The papers' rules against loops over clips, and the table that shows all rules."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asdkit import metrics

SECTIONS = {"fan": ["00", "01"], "pump": ["00"]}
KEYS = (("fan", "00"), ("fan", "01"), ("pump", "00"))


@settings(deadline=None, derandomize=True, max_examples=20)
@given(seed=st.integers(0, 1000), ties=st.booleans())
def test_each_rule_in_loops(table, part, pairs, partial_area, seed, ties):
    clips, score = table(SECTIONS, seed=seed, ties=ties)
    areas = {key: part(clips, score, machine=key[0], section=key[1]) for key in KEYS}
    fan = [pairs(*areas[key]) for key in KEYS[:2]]
    averaged = metrics.averaged(clips, score).set_index("machine")
    assert averaged.loc["fan", "auc"] == pytest.approx(np.mean(fan))
    assert averaged.loc["pump", "pauc"] == pytest.approx(partial_area(*areas["pump", "00"]))
    pooled = metrics.pooled(clips, score).set_index("machine")
    assert pooled.loc["fan"].tolist() == pytest.approx(
        [area(*part(clips, score, machine="fan")) for area in (pairs, partial_area)]
    )
    worst = metrics.mauc(clips, score).set_index("machine")
    assert worst.loc["fan", "mauc"] == pytest.approx(min(fan))
    named = SECTIONS["fan"].index(worst.loc["fan", "section"])
    assert fan[named] == pytest.approx(min(fan))  # either, where they are equal but for rounding
    adaproj = metrics.adaproj_rule(clips, score).set_index("domain")
    for domain in ("source", "target", "both"):
        wanted = {} if domain == "both" else {"domain": domain}
        for name, area in (("auc", pairs), ("pauc", partial_area)):
            values = [area(*part(clips, score, machine=m, section=s, **wanted)) for m, s in KEYS]
            assert adaproj.loc[domain, name] == pytest.approx(
                len(values) / sum(1 / value for value in values)
            )


def test_all_rules_side_by_side(table):
    clips, score = table(SECTIONS)
    side = metrics.side_by_side(clips, score).set_index("rule")
    for year, rule in (
        (2020, "2020: over ids, then types"),
        (2021, "2021"),
        *((year, "since 2022") for year in range(2022, 2027)),
    ):
        official = metrics.official(clips, score, year)
        assert side.loc[f"official {rule}", "score"] == official.attrs["official_score"]
    source = metrics.official(clips, score, 2021)["auc_source"]
    assert side.loc["AdaProj, source", "auc"] == pytest.approx(3 / (1 / source).sum())
    assert side.loc["official since 2022", "pauc"] == pytest.approx(
        side.loc["AdaProj, both", "pauc"]
    )
    averaged, pooled = metrics.averaged(clips, score), metrics.pooled(clips, score)
    assert side.loc["official 2020: over ids, then types", "pauc"] == pytest.approx(
        averaged["pauc"].mean()
    )
    ids = side.loc["Sub-cluster AdaCos: over ids", "auc"]  # two fans and one pump
    assert ids == pytest.approx(averaged["auc"] @ [2 / 3, 1 / 3])
    assert ids == pytest.approx(metrics.mean_auc(clips, score))
    assert ids != pytest.approx(averaged["auc"].mean())
    assert side.loc["Noisy-ArcMix: pooled over ids", "auc"] == pytest.approx(pooled["auc"].mean())
    assert side.loc["Noisy-ArcMix: mAUC", "auc"] == pytest.approx(
        metrics.mauc(clips, score)["mauc"].mean()
    )


def test_the_pairs_of_two_ids_hold_both_readings(table, pairs):
    clips, score = table({"fan": ["00", "01"]})
    shares = metrics.pair_shares(clips, score)
    label, section = clips["label"].to_numpy(), clips["section"].to_numpy()
    for ours in ("00", "01"):
        for theirs in ("00", "01"):
            own = np.where(label == 1, section == ours, section == theirs)
            counted = pairs(label[own], score[own])
            assert shares.loc[f"fan/{ours}", f"fan/{theirs}"] == pytest.approx(counted)
    assert np.diag(shares) == pytest.approx(metrics.official(clips, score, 2020)["auc"])
    counts = [[sum((label == y) & (section == s)) for s in ("00", "01")] for y in (1, 0)]
    weights = np.outer(*counts)  # the pairs of two ids: equal ones where ids are of one size
    pooled = np.average(shares, weights=weights)
    assert pooled == pytest.approx(metrics.pooled(clips, score)["auc"][0])


def test_an_offset_of_an_id_changes_the_pooled_number_only(table):
    clips, score = table(SECTIONS)
    shifted = score + 100.0 * (clips["section"] == "01").to_numpy()
    assert metrics.averaged(clips, shifted).equals(metrics.averaged(clips, score))
    assert metrics.adaproj_rule(clips, shifted).equals(metrics.adaproj_rule(clips, score))
    before, after = (
        metrics.pooled(clips, values).set_index("machine")["auc"] for values in (score, shifted)
    )
    assert after["pump"] == before["pump"] and abs(after["fan"] - before["fan"]) > 0.05


def test_clips_of_one_domain_leave_gaps(table):
    clips, score = table(SECTIONS, ["source"])
    side = metrics.side_by_side(clips, score).set_index("rule")
    gaps = side["auc"].isna()
    assert gaps[gaps].index.tolist() == [
        "official 2021", "official since 2022", "AdaProj, source", "AdaProj, target",
        "AdaProj, both",
    ]  # fmt: skip
    with pytest.raises(
        ValueError, match="fan section 00: the rule needs clips of the source and the target domain"
    ):
        metrics.adaproj_rule(clips, score)


def test_a_missing_class_is_named(table):
    clips, score = table(SECTIONS)
    normal = (clips["label"] == 0) | (clips["machine"] == "pump")
    with pytest.raises(ValueError, match="fan: an AUC needs"):
        metrics.pooled(clips[normal], score[normal])
    for rule in (metrics.mauc, metrics.averaged, metrics.side_by_side):
        with pytest.raises(ValueError, match="fan section 00: an AUC needs"):
            rule(clips[normal], score[normal])
    own = normal | (clips["domain"] == "source")
    with pytest.raises(ValueError, match="fan section 00, domain target: an AUC needs"):
        metrics.adaproj_rule(clips[own], score[own])
