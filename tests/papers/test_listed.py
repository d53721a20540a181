"""Own and published means as one list: each once, marked, by one rule where there is one."""

import numpy as np
import pandas as pd
import pytest

from asdkit import papers
from asdkit.traces import RESULTS

LINES = [
    ("adacos epochs=7 lr=0.01", "Gaussian", 7), ("adacos epochs=7 lr=0.01", "PLDA", 7),
    ("noisy_arcmix", "OwnLoss", 3), ("arcface margin=0.7", "NearestNeighbor", 3),
    ("level only", "control", np.nan),
]  # fmt: skip
IDS = [("fan", "00"), ("fan", "02"), ("pump", "00")]


@pytest.fixture(scope="module")
def beside():
    rng = np.random.default_rng(0)
    rows = [
        (told, backend, "toy", seed, epochs, 48, *one, *rng.uniform(0.5, 1.0, 2), 1.0)
        for told, backend, epochs in LINES for seed in range(3) for one in IDS
    ]  # fmt: skip
    return papers.compare(pd.DataFrame(rows, columns=list(RESULTS)))


def test_each_own_mean_stands_once_with_its_network(beside):
    own = papers.listed(beside).query("source == 'own'")
    assert own["system"].tolist() == [
        "adacos", "adacos", "noisy_arcmix", "arcface", "level only"
    ]  # fmt: skip
    assert own["network"].tolist() == ["ResNet", "ResNet", "TASTgram", "ResNet", "none"]
    assert own["seeds"].tolist() == [3] * 5 and set(own["data"]) == {"toy"}
    mean = beside.query("backend == 'PLDA' and metric == 'auc' and machine == 'all'")["own"].iloc[0]
    assert own["auc"].iloc[1] == pytest.approx(mean) and own["low"].iloc[1] < own["auc"].iloc[1]


def test_each_published_mean_stands_once_and_says_where(beside):
    theirs = papers.listed(beside).query("source == 'published'")
    assert not theirs.duplicated(["table", "data"]).any()
    printed = papers.table("SCA II").query("row == 'Gaussian (full covariance)'")
    row = theirs[theirs["table"] == "SCA II: Gaussian (full covariance)"]
    wanted = printed[printed["metric"].eq("auc") & printed["machine"].eq("all")]
    assert sorted(row["auc"]) == sorted(wanted["value"])
    assert set(row["data"]) == {"DCASE 2020 development", "DCASE 2020 evaluation"}
    assert {"NAM 1: TASTgram-MFN(NAMix)", "NAM 2: TASTgram-MFN(NAMix)"} <= set(theirs["table"])


def test_the_other_area_is_listed_too(beside):
    auc, pauc = papers.listed(beside), papers.listed(beside, "pauc")
    assert len(auc) >= len(pauc) > 5 and set(pauc["auc"]) != set(auc["auc"])
