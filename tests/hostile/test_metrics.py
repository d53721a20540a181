"""Every measure, given labels, scores and settings that are none: it refuses in a sentence."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
import torch
from every import every

from asdkit import metrics

N = 16
RNG = np.random.default_rng(0)
SCORE, LABEL = RNG.normal(size=N), np.array([0, 0, 1, 1] * 4)
CLIPS = pd.DataFrame(
    {
        "path": [f"clip_{number}.wav" for number in range(N)],
        "machine": ["fan"] * 8 + ["pump"] * 8, "section": (["00"] * 4 + ["02"] * 4) * 2,
        "domain": ["source", "target"] * 8, "label": LABEL,
    },
    index=range(100, 100 + N),
)  # fmt: skip
OWN = pd.Series(LABEL, CLIPS.index)
FEW = {"samples": 4}

OF_ARRAYS = {
    "auc": metrics.auc,
    "pauc": metrics.pauc,
    "interval": partial(metrics.interval, samples=4),
    "interval by delong": partial(metrics.interval, method="delong"),
    "interval by hanley": partial(metrics.interval, method="hanley"),
    "placements": metrics.placements,
    "compare": lambda label, score: metrics.compare(label, score, SCORE),
    "compare with": lambda label, score: metrics.compare(label, SCORE, score),
    "covariance": lambda label, score: metrics.covariance(label, [SCORE, score]),
    "choose": lambda label, score: metrics.choose(label, [SCORE, score], splits=3),
    "areas": lambda label, score: metrics.areas(label, score, np.ones((2, N))),
}
OF_TABLES = {
    "official 2020": lambda clips, score: metrics.official(clips, score, 2020),
    "official 2021": lambda clips, score: metrics.official(clips, score, 2021),
    "official 2023": lambda clips, score: metrics.official(clips, score, 2023),
    "mean_auc": metrics.mean_auc,
    "mean_auc of seeds": lambda clips, score: metrics.mean_auc(clips, [SCORE, score]),
    "mean_area": partial(metrics.mean_area, **FEW),
    "mean_area against": lambda clips, score: metrics.mean_area(
        clips, SCORE, against=[] if score is None else score, **FEW
    ),
    "averaged": metrics.averaged,
    "pooled": metrics.pooled,
    "mauc": metrics.mauc,
    "pair_shares": metrics.pair_shares,
    "adaproj_rule": metrics.adaproj_rule,
    "side_by_side": metrics.side_by_side,
    "report": partial(metrics.report, intervals=False),
    "decisions": lambda clips, score: metrics.decisions(clips, score, 0.0),
    "paired": lambda clips, score: metrics.paired(clips, {"a": SCORE, "b": score}, "a", **FEW),
    "verdicts": lambda clips, score: metrics.verdicts(
        clips, {"a": SCORE, "b": score}, [("a", "b")], **FEW
    ),
    "rank_draws": lambda clips, score: metrics.rank_draws(clips, {"a": SCORE, "b": score}, **FEW),
    "choose_by_machine": lambda clips, score: metrics.choose_by_machine(
        clips, {"a": SCORE, "b": score}
    ),
}
OF_SCORES = {
    "threshold": metrics.threshold,
    "threshold by gamma": partial(metrics.threshold, method="gamma"),
    "gamma_fit": metrics.gamma_fit,
    "clustered_mean": lambda score: metrics.clustered_mean(score, CLIPS["machine"], **FEW),
}
ALL = (
    {name: partial(measure, LABEL) for name, measure in OF_ARRAYS.items()}
    | {name: partial(measure, CLIPS) for name, measure in OF_TABLES.items()}
    | OF_SCORES
)
THIRD = np.arange(N) == 3
NO_SCORES = {
    "NaN": np.where(THIRD, np.nan, SCORE),
    "infinity": np.where(THIRD, -np.inf, SCORE),
    "None among numbers": [None, *SCORE[1:]],
    "pandas.NA": pd.Series(SCORE, CLIPS.index, dtype="Float64").where(~THIRD),
    "masked": np.ma.masked_array(SCORE, mask=THIRD),
    "a column": SCORE[:, None],
    "text": SCORE.astype(str),
    "complex": SCORE + 0j,
    "none": [],
    "None": None,
    "one number": 0.5,
    "one text": "0.5",
    "a dict": {"a": 1.0},
    "beyond all": [10**400] * N,
}


@every("kind", NO_SCORES)
@pytest.mark.parametrize("name", ALL)
def test_a_score_is_one_finite_number_a_clip(name, kind, refused):
    refused(lambda: ALL[name](NO_SCORES[kind]))


@every("name", [*OF_ARRAYS, *OF_TABLES])
def test_there_are_as_many_scores_as_clips(name, refused):
    for wrong in (SCORE[:-1], [*SCORE, 0.0]):
        told = refused(partial(ALL[name], wrong))
        assert f"({len(wrong)},)" in told or "rows of different lengths" in told


@pytest.mark.parametrize("name", OF_TABLES)
def test_scores_in_another_order_than_their_clips_are_not_matched_by_position(name, refused):
    for index in (CLIPS.index[::-1], range(N)):
        refused(partial(OF_TABLES[name], CLIPS, pd.Series(SCORE, index)), "order", "to_numpy()")


@pytest.mark.parametrize("name", OF_ARRAYS)
def test_scores_in_another_order_than_their_labels_are_not_matched_by_position(name, refused):
    measure = OF_ARRAYS[name]
    refused(lambda: measure(OWN, pd.Series(SCORE, CLIPS.index[::-1])), "order")
    measure(OWN, pd.Series(SCORE, CLIPS.index))


@pytest.mark.parametrize("name", OF_TABLES)
def test_the_recording_of_a_score_that_is_none_is_named(name, refused):
    told = refused(lambda: OF_TABLES[name](CLIPS, NO_SCORES["NaN"]))
    assert "nan at clip_3.wav" in told or "is nan at 3" in told or "nan at (1, 3)" in told


FORMS = {
    "with a gradient": torch.tensor(SCORE, requires_grad=True),
    "a list": SCORE.tolist(),
    "objects": SCORE.astype(object),
    "a Series": pd.Series(SCORE, CLIPS.index),
    "nullable": pd.Series(SCORE, CLIPS.index, dtype="Float64"),
    "masked nowhere": np.ma.masked_array(SCORE),
}


QUICK = ("mean_auc", "mean_auc of seeds", "decisions", "paired", "choose_by_machine")


@every("kind", FORMS)
@pytest.mark.parametrize("name", [*OF_ARRAYS, *QUICK])
def test_another_form_of_the_same_scores_gives_the_same(name, kind):
    expected, found = ALL[name](SCORE), ALL[name](FORMS[kind])
    if isinstance(expected, pd.DataFrame):
        pd.testing.assert_frame_equal(found, expected)
    else:
        assert str(found) == str(expected)


NO_LABELS = {
    "one class": 0 * LABEL,
    "two": 2 * LABEL,
    "negative": -LABEL,
    "halves": 0.5 * LABEL,
    "NaN": np.where(THIRD, np.nan, LABEL),
    "pandas.NA": pd.Series(LABEL, dtype="Int64").where(~THIRD),
    "masked": np.ma.masked_array(LABEL, mask=THIRD),
    "text": LABEL.astype(str),
    "words": ["normal", "normal", "anomaly", "anomaly"] * 4,
    "complex": LABEL + 0j,
    "one-hot": np.eye(2)[LABEL],
    "one too few": LABEL[:-1],
    "none": [],
    "None": None,
    "one number": 1,
}


@every("kind", NO_LABELS)
@pytest.mark.parametrize("name", OF_ARRAYS)
def test_a_label_is_0_or_1_for_each_clip_and_both_are_there(name, kind, refused):
    refused(lambda: OF_ARRAYS[name](NO_LABELS[kind], SCORE))


@every("form", [LABEL == 1, LABEL.tolist(), torch.tensor(1.0 * LABEL), OWN])
@pytest.mark.parametrize("name", OF_ARRAYS)
def test_a_label_may_be_a_truth_value_and_have_any_form(name, form):
    assert str(OF_ARRAYS[name](form, SCORE)) == str(OF_ARRAYS[name](LABEL, SCORE))


def settings():
    label, table = partial(metrics.interval, LABEL, SCORE), partial(metrics.mean_area, CLIPS, SCORE)
    two = {"a": SCORE, "b": -SCORE}
    clusters = partial(metrics.clustered_mean, SCORE, CLIPS["machine"])
    ranks = partial(metrics.rank_draws, CLIPS, two)
    counts = {
        "samples": (label, table, clusters, ranks, partial(metrics.paired, CLIPS, two, "a"),
                    partial(metrics.verdicts, CLIPS, two, [("a", "b")])),
        "splits": (partial(metrics.choose, LABEL, [SCORE, -SCORE]),), "trials": (ranks,),
    }  # fmt: skip
    shares = {
        "level": (label, table, clusters, partial(metrics.compare, LABEL, SCORE, -SCORE),
                  partial(metrics.paired, CLIPS, two, "a"),
                  partial(metrics.verdicts, CLIPS, two, [("a", "b")])),
        "rate": (partial(metrics.threshold, SCORE),),
    }  # fmt: skip
    seeds = (label, table, clusters, ranks, partial(metrics.choose, LABEL, [SCORE, -SCORE]),
             partial(metrics.report, CLIPS, SCORE))  # fmt: skip
    rates = (label, table, partial(metrics.pauc, LABEL, SCORE),
             partial(metrics.areas, LABEL, SCORE, np.ones((1, N))))  # fmt: skip
    return counts, shares, seeds, rates


COUNTS, SHARES, SEEDS, RATES = settings()
BAD = {
    "text": "x", "a fraction": 2.5, "negative": -1, "zero": 0, "True": True, "None": None,
    "NaN": np.nan, "infinity": np.inf, "a list": [0.1], "an array": np.array([0.1, 0.2]),
    "complex": 1j, "beyond all": 10**400, "1.5": 1.5, "a dict": {},
}  # fmt: skip


@every("kind", BAD)
@pytest.mark.parametrize("name", COUNTS)
def test_a_number_of_draws_is_a_whole_number(name, kind, refused):
    for take in COUNTS[name]:
        refused(partial(take, **{name: BAD[kind]}), f"{name} is", "give a whole number, 1 or more")


@every("kind", BAD)
@pytest.mark.parametrize("name", SHARES)
def test_a_level_is_a_share(name, kind, refused):
    for take in SHARES[name]:
        refused(partial(take, **{name: BAD[kind]}), f"{name} is a share between 0 and 1")


@pytest.mark.parametrize("kind", sorted(set(BAD) - {"zero"}))
def test_a_seed_is_a_whole_number(kind, refused):
    for take in SEEDS:
        refused(partial(take, seed=BAD[kind]), "seed is", "give a whole number, 0 or more")


@pytest.mark.parametrize("kind", BAD)
def test_a_false_alarm_rate_lies_above_0_and_up_to_1(kind, refused):
    for take in RATES:
        refused(partial(take, p=BAD[kind]), "p is")


@pytest.mark.parametrize("kind", BAD)
def test_a_method_is_one_that_is_known(kind, refused):
    refused(lambda: metrics.interval(LABEL, SCORE, method=BAD[kind]), "bootstrap, delong, hanley")
    refused(lambda: metrics.threshold(SCORE, method=BAD[kind]), "percentile, gamma")
    if kind != "True":
        refused(lambda: metrics.report(CLIPS, SCORE, intervals=BAD[kind]), "intervals is")


@pytest.mark.parametrize("year", [1999, 2019, 2027, "2020", 2020.5, [2020], {}, None, np.nan, True])
def test_a_year_has_a_rule(year, refused):
    refused(lambda: metrics.official(CLIPS, SCORE, year), "no official rule", "2020, 2021")


def test_a_year_may_be_any_kind_of_whole_number():
    expected = metrics.official(CLIPS, SCORE, 2020).attrs["official_score"]
    for year in (2020.0, np.int64(2020)):
        assert metrics.official(CLIPS, SCORE, year).attrs["official_score"] == expected


NO_COUNTS = {
    "other clips": np.ones((1, N - 1)), "nothing drawn": np.zeros((1, N)), "text": "x",
    "negative": -np.ones((1, N)), "one sample without a batch": np.ones(N),
    "NaN": np.full((1, N), np.nan), "normal clips only": (LABEL == 0)[None], "None": None,
}  # fmt: skip


@pytest.mark.parametrize("kind", NO_COUNTS)
def test_a_sample_holds_clips_of_both_classes(kind, refused):
    refused(lambda: metrics.areas(LABEL, SCORE, NO_COUNTS[kind]), "counts")


NO_CLUSTERS = {
    "None": ["a", None] * 8, "NaN": ["a", np.nan] * 8, "one only": ["a"] * N,
    "one too few": ["a", "b", "b"] * 5, "a column": np.array(["a", "b"] * 8)[:, None],
    "one text": "a", "another order": pd.Series(["a", "b"] * 8, range(N)[::-1]),
}  # fmt: skip


@pytest.mark.parametrize("kind", NO_CLUSTERS)
def test_a_cluster_is_known_of_each_number(kind, refused):
    refused(lambda: metrics.clustered_mean(pd.Series(SCORE), NO_CLUSTERS[kind], samples=4))


LIMITS = dict.fromkeys(["fan/00", "fan/02", "pump/00", "pump/02"], 0.1)
NO_LIMITS = {
    "NaN": LIMITS | {"fan/02": np.nan}, "infinite": LIMITS | {"fan/02": np.inf}, "of all": np.nan,
    "None": LIMITS | {"fan/02": None}, "text": LIMITS | {"fan/02": "0.5"}, "a word": "0.5",
    "a list": LIMITS | {"fan/02": [1.0]}, "twice": pd.concat([pd.Series(LIMITS)] * 2),
    "lacking": {"fan/00": 1.0}, "one a clip": SCORE, "a table": pd.DataFrame(LIMITS, index=[0]),
}  # fmt: skip


@pytest.mark.parametrize("kind", NO_LIMITS)
def test_nothing_is_decided_by_a_threshold_that_is_no_number(kind, refused):
    refused(lambda: metrics.decisions(CLIPS, SCORE, NO_LIMITS[kind]), "threshold")


ONE_CLASS = CLIPS.assign(label=[0] * 4 + [0, 0, 1, 1] * 3)  # all clips of fan/00 are normal
MEANS = ("official 2020", "mean_auc", "mean_area", "averaged", "mauc", "side_by_side", "paired",
         "rank_draws", "choose_by_machine")  # fmt: skip


@pytest.mark.parametrize("name", MEANS)
def test_a_mean_over_ids_names_the_id_that_has_one_class(name, refused):
    refused(lambda: OF_TABLES[name](ONE_CLASS, SCORE), "fan section 00", "normal ones only")


NO_SYSTEMS = {
    "a list": [SCORE], "None": None, "text": "a", "empty": {}, "a number": 3,
    "other clips": {"a": SCORE, "b": SCORE[:3]}, "no seed": {"a": SCORE, "b": np.zeros((0, N))},
    "a cube": {"a": SCORE, "b": np.zeros((2, 2, N))}, "seeds as columns": {"a": SCORE,
                                                                         "b": np.zeros((N, 2))},
    "other seeds": {"a": np.zeros((2, N)), "b": np.zeros((3, N))},
}  # fmt: skip


@pytest.mark.parametrize("kind", NO_SYSTEMS)
def test_systems_are_compared_on_the_same_clips_and_seeds(kind, refused):
    scores = NO_SYSTEMS[kind]
    refused(lambda: metrics.paired(CLIPS, scores, "a", samples=3))
    refused(lambda: metrics.rank_draws(CLIPS, scores, samples=3))
    refused(lambda: metrics.choose_by_machine(CLIPS, scores))
    if kind != "empty":  # pairs without scores are left out, as documented
        refused(lambda: metrics.verdicts(CLIPS, scores, [("a", "b")], samples=3))


@pytest.mark.parametrize("against", ["c", None, 3, ["a"], np.nan])
def test_a_system_is_compared_with_one_that_is_there(against, refused):
    refused(lambda: metrics.paired(CLIPS, {"a": SCORE, "b": SCORE}, against), "against", "'a', 'b'")


@pytest.mark.parametrize("pairs", ["ab", None, 3, [("a",)], [("a", "b", "c")], ["ab"]])
def test_verdicts_are_of_pairs(pairs, refused):
    refused(lambda: metrics.verdicts(CLIPS, {"a": SCORE, "b": SCORE}, pairs), "pairs")


@pytest.mark.parametrize("scores", ["x", None, 3, [], {}, [SCORE, SCORE[:3]], np.zeros((2, 2, N))])
def test_several_scores_are_rows_of_the_same_clips(scores, refused):
    refused(lambda: metrics.covariance(LABEL, scores))
    refused(lambda: metrics.choose(LABEL, scores, splits=3))


@pytest.mark.parametrize("score", [[1.0], [1.0, 1.0], SCORE * 1e300])
def test_a_gamma_distribution_fits_or_is_refused(score, refused):
    refused(lambda: metrics.threshold(score, method="gamma"))
