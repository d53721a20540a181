"""A choice on labels against the same by hand, split by split, and in its limits."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from asdkit import metrics

RNG = np.random.default_rng(5)
LABEL = np.repeat([0, 1], [8, 6])
NOISE = RNG.normal(size=(40, 14))


def test_one_score_leaves_nothing_to_choose():
    score = NOISE[0] + LABEL
    choice = metrics.choose(LABEL, [score], splits=4000)
    np.testing.assert_allclose([choice.known, choice.new], choice.each[0])
    assert abs(choice.new - roc_auc_score(LABEL, score)) < 0.01  # halves have no bias


def test_the_best_of_noise_looks_good_where_it_was_chosen_and_nowhere_else():
    label = np.repeat([0, 1], 200)
    choice = metrics.choose(label, RNG.normal(size=(30, 400)), splits=300)
    assert choice.known > 0.55 and abs(choice.new - 0.5) < 0.03


def test_a_choice_never_looks_worse_where_it_was_made():
    for seed in range(20):
        choice = metrics.choose(LABEL, NOISE[:7], splits=3, seed=seed)
        assert choice.known >= max(choice.new, choice.each.max() - 1e-12)


def test_the_halves_share_no_clip_and_leave_none_out():
    """A score that is right on one half alone is chosen there, and wrong on the other."""
    label = np.array([0, 0, 1, 1])
    scores = [[0, 2, 1, 3], [2, 0, 1, 3], [0, 2, 3, 1], [2, 0, 3, 1]]
    wanted = []
    for normal in (0, 1):
        for anomaly in (2, 3):
            halves = [normal, anomaly], [1 - normal, 5 - anomaly]
            auc = np.array(
                [[roc_auc_score(label[h], np.array(s)[h]) for s in scores] for h in halves]
            )
            best = auc[0].argmax()
            wanted.append((auc[0][best], auc[1][best]))
    choice = metrics.choose(label, scores, splits=20_000)
    np.testing.assert_allclose(choice[:2], np.mean(wanted, axis=0), atol=0.02)


def test_what_cannot_be_split_is_refused():
    with pytest.raises(ValueError, match="one clip has the label 1"):
        metrics.choose([0, 0, 1], [[1, 2, 3]])
    with pytest.raises(ValueError, match="score is nan at 3"):
        metrics.choose([0, 0, 1, 1], [[1, 2, 3, np.nan]])


def table_of(counts=(5, 7)):
    """Two types of three ids; the label of each clip, and its type and id."""
    rows = [
        {"machine": machine, "section": section, "domain": "source", "label": label}
        for machine in ("fan", "valve")
        for section in ("00", "01", "02")
        for label, count in enumerate(counts)
        for _ in range(count)
    ]
    return pd.DataFrame(rows)


def area(clips, score, machine, sections):
    own = (clips["machine"] == machine).to_numpy()
    ids = [own & (clips["section"] == section).to_numpy() for section in sections]
    return np.mean([roc_auc_score(clips["label"][rows], score[rows]) for rows in ids])


def test_a_choice_by_machine_type_against_the_same_by_hand():
    """[SCA] Table V: one representation a type; for each id also the best on its two siblings."""
    clips, rng = table_of(), np.random.default_rng(2)
    scores = {name: rng.normal(size=len(clips)) + clips["label"] / 2 for name in "abc"}
    table = metrics.choose_by_machine(clips, {name: one.to_numpy() for name, one in scores.items()})
    ids, others, best = ("00", "01", "02"), [], []
    for machine in ("fan", "valve"):
        means = {name: area(clips, score, machine, ids) for name, score in scores.items()}
        chosen = max(means, key=means.get)
        assert table.loc[machine, "chosen"] == chosen
        np.testing.assert_allclose(table.loc[machine, list("abc")].astype(float), [*means.values()])
        np.testing.assert_allclose(table.loc[machine, "own labels"], means[chosen])
        for one in ids:
            rest = [section for section in ids if section != one]
            known = {name: area(clips, score, machine, rest) for name, score in scores.items()}
            others.append(area(clips, scores[max(known, key=known.get)], machine, [one]))
        best.append(means[chosen])
    np.testing.assert_allclose(table.loc["all", "own labels"], np.mean(best))
    np.testing.assert_allclose(table.loc["all", "other ids"], np.mean(others))
    np.testing.assert_allclose(
        table.loc["all", "a"], metrics.mean_auc(clips, scores["a"].to_numpy())
    )


def test_a_choice_among_noise_is_worth_nothing_on_other_ids():
    clips, rng = table_of((60, 60)), np.random.default_rng(4)
    scores = {name: rng.normal(size=(8, len(clips))) for name in "abcdef"}
    table = metrics.choose_by_machine(clips, scores)
    assert table.loc["all", "own labels"] > 0.53 and abs(table.loc["all", "other ids"] - 0.5) < 0.03
    one = metrics.choose_by_machine(clips, {"a": scores["a"]}).loc["all"]
    assert one["own labels"] == pytest.approx(one["other ids"]) == pytest.approx(one["a"])


def test_what_cannot_be_chosen_by_machine():
    clips = table_of()
    with pytest.raises(ValueError, match="^valve has one id, and no others to choose on: give two"):
        metrics.choose_by_machine(clips[:-24], {"a": np.zeros(48)})
    wrong = {"a": np.zeros((2, 72)), "b": np.zeros((3, 72))}
    with pytest.raises(
        ValueError, match=r"^the numbers of seeds differ \(a 2, b 3\): pairs need equal seeds"
    ):
        metrics.choose_by_machine(clips, wrong)
