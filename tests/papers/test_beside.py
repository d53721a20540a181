"""Own results beside published rows: the right row, its rule, intervals, and what differs."""

import itertools

import numpy as np
import pandas as pd
import pytest
import scipy

from asdkit import papers, systems
from asdkit.papers.beside import POOLED, RESULTS
from asdkit.papers.published import stored

BUILT = "subcluster_adacos_published"


def results(*lines, seeds=3, ids=(("fan", "00"), ("fan", "02"), ("toycar", "01"))):
    rng = np.random.default_rng(0)
    rows = [
        (told, backend, "toy", seed, epochs, 48, *one, *rng.uniform(0.5, 1.0, 2), 1.0)
        for told, backend, epochs in lines
        for seed, one in itertools.product(range(seeds), ids)
    ]
    return pd.DataFrame(rows, columns=list(RESULTS))


@pytest.fixture(scope="module")
def adacos():
    return results((BUILT, "GaussianMixture", 30))


def test_each_system_stands_beside_its_row():
    known = stored("rows")
    known = known[known["system"] != ""]
    lines = {(told, systems.told(told).backend.name, 3) for told in known["system"]}
    table = papers.compare(results(*sorted(lines), seeds=1))
    beside = set(zip(table["table"], table["row"], table["system"]))
    planned = set(zip(known["table"], known["row"], known["system"]))
    without = {line for line in planned if line[0] == "DDC I"}  # alphas are no areas
    assert planned - without <= beside
    assert set(table[table["differs"] == "no table prints it"]["system"]) == {
        told for _, _, told in without
    }


def test_own_means_follow_the_rule_of_the_table(adacos):
    table = papers.compare(adacos)
    line = table[table["table"].eq("SCA V") & table["metric"].eq("auc")].set_index("machine")
    line = line[line["published_data"] == "2020 development"]
    assert line["published"].to_dict() == {"fan": 87.61, "ToyCar": 96.37, "all": 92.57}
    seeds = adacos["auc"].to_numpy().reshape(3, 3)  # by seed and id
    for machine, columns in (("all", [0, 1, 2]), ("fan", [0, 1]), ("ToyCar", [2])):
        means = 100 * seeds[:, columns].mean(axis=1)
        low, high = scipy.stats.t.interval(0.95, 2, means.mean(), scipy.stats.sem(means))
        np.testing.assert_allclose(
            line.loc[machine, ["own", "low", "high"]].astype(float), [means.mean(), low, high]
        )
    assert set(line["seeds"]) == {3}


def test_each_rule_is_that_of_its_paper():
    lines = ("adaproj trials=[{}]", "CosineToClusters", 10), ("noisy_arcmix", "OwnLoss", 300)
    table = papers.compare(results(*lines, seeds=1))
    own = table[table["machine"] == "all"].set_index(["table", "metric"])["own"]
    first, second = (
        group["auc"].to_numpy()
        for _, group in results(*lines, seeds=1).groupby("system", sort=False)
    )
    assert np.allclose(own["AP 1", "auc"], 300 / (1 / first).sum())
    fans, car = second[:2], second[2]
    assert np.allclose(own["NAM 1", "auc"], 50 * (fans.mean() + car))
    assert np.allclose(own["NAM 3", "mauc"], 50 * (fans.min() + car))


def test_published_trials_have_an_interval():
    table = papers.compare(results(("adaproj", "CosineToClusters", 10)))
    line = table[table["published_data"].eq("2022 development") & table["metric"].eq("auc")]
    low, high = scipy.stats.t.interval(0.95, 9, 80.6, 0.8 / np.sqrt(10))
    found = line[["published_low", "published", "published_high"]].to_numpy()[0]
    np.testing.assert_allclose(found, [low, 80.6, high])
    assert "each an ensemble of 10 networks" in line["differs"].item()
    single = papers.compare(results(("adaproj trials=[{}]", "CosineToClusters", 10), seeds=10))
    assert single["differs"].unique()[0] == (
        "data toy, not DCASE 2022 development; 48 training clips an id, not about 1000; "
        "levels of clips normalized, which the paper does not do"
    )


def test_differences_are_named():
    table = papers.compare(results((f"{BUILT} sub_clusters=4 encoder=Toy", "Gaussian", 30)))
    assert table["row"].unique().tolist() == ["S = 4, Gaussian"]
    assert table["differs"][0] == (
        "data toy, not DCASE 2020 development; 48 training clips an id, not about 1000; "
        "30 epochs, not 400; 3 seeds, not 1; encoder (Toy), not (ResNet, dim=128)"
    )
    table = papers.compare(results(("noisy_arcmix batch_size=16", "OwnLoss", 300)))
    assert table[table["table"] == "NAM 1"]["differs"].str.contains(POOLED).all()
    assert not table[table["table"] == "NAM 3"]["differs"].str.contains(POOLED).any()


@pytest.mark.parametrize(
    ("told", "backend"),
    [
        (f"{BUILT} sub_clusters=3", "GaussianMixture"), (BUILT, "angle"), ("mine", "Gaussian"),
        ("adaproj subspace_dim=16", "CosineToClusters"), ("adacos loss=ArcFace", "Gaussian"),
    ],
)  # fmt: skip
def test_what_no_table_prints_has_no_number_beside_it(told, backend):
    table = papers.compare(results((told, backend, 30)))
    assert table["metric"].tolist() == ["auc", "pauc"]
    assert table["published"].isna().all()
    assert set(table["differs"]) == {"no table prints it"}


def test_one_seed_and_no_training_have_no_interval():
    table = papers.compare(results(("mean_gaussian", "Gaussian", np.nan), seeds=1))
    assert table["row"].unique().tolist() == ["mean"]
    assert table[["low", "high"]].isna().all().all()
    assert table["own"].notna().all()
    assert "epochs" not in table["differs"][0]


@pytest.mark.parametrize("absent", [["clips"], ["backend", "pauc"]])
def test_a_table_without_a_column_is_refused(adacos, absent):
    with pytest.raises(ValueError, match=f"has no column {', '.join(absent)}: give"):
        papers.compare(adacos.drop(columns=absent))


def test_a_broken_table_is_refused(adacos):
    with pytest.raises(ValueError, match="on fan 00 stands twice"):
        papers.compare(pd.concat([adacos, adacos.head(1)]))
    with pytest.raises(ValueError, match=f"{BUILT} lacks ids in one of its seeds"):
        papers.compare(adacos.iloc[:-1])
    for area in (np.nan, 92.57):
        with pytest.raises(ValueError, match="on fan 00 has an area that is no share"):
            papers.compare(adacos.assign(auc=[area, *adacos["auc"][1:]]))
