"""Two microphones: levels and AUC against their definitions, and the picture of them."""

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn.metrics import roc_auc_score

from asdkit import figures

RNG = np.random.default_rng(0)
MACHINE = np.repeat(["fan", "pump"], 60)
SPLIT = np.tile(np.repeat(["train", "test"], [20, 40]), 2)
LABEL = np.where(SPLIT == "test", np.tile([0, 1], 60), 0)
CLIPS = pd.DataFrame({"machine": MACHINE, "split": SPLIT, "label": LABEL})
NOISE = torch.from_numpy(RNG.gamma(0.5, size=(120, 1)) * np.ones((120, 6)))  # moves all bands alike
FAULT = torch.from_numpy((LABEL[:, None] * (MACHINE == "pump")[:, None]) * np.eye(6)[2])
MADE = torch.from_numpy(RNG.uniform(0.9, 1.1, size=(120, 6))) + FAULT
NEAR, FAR = MADE + NOISE, 2 * NOISE


def test_levels_and_areas_are_what_they_are_called():
    state = figures.far_state(CLIPS, NEAR, FAR, 0.25)
    left, known = NEAR - 0.25 * FAR, (MACHINE == "pump") & (SPLIT == "train")
    for part, power in zip(state["levels"]["pump"], (NEAR, 0.25 * FAR, left)):
        np.testing.assert_allclose(part, 10 * np.log10(power[known].numpy()).mean(axis=0))
    x, test = 10 * np.log10(left.numpy()), (MACHINE == "pump") & (SPLIT == "test")
    distance = ((x - x[known].mean(axis=0)) ** 2 / (x[known].var(axis=0) + 1e-3)).sum(axis=1)
    assert state["auc"]["pump"] == pytest.approx(
        roc_auc_score(LABEL[test], distance[test]), abs=0.01
    )
    area = roc_auc_score(LABEL[test], state["score"]["pump"])
    assert state["auc"]["pump"] == pytest.approx(area, abs=1e-9)
    assert state["scatter"]["pump"] == pytest.approx(
        np.median(x[known].std(axis=0, ddof=1)), rel=0.1
    )
    assert state["test"] == {"fan": 40, "pump": 40} and state["train"]["fan"] == 20


def test_the_right_share_of_what_both_hear_uncovers_the_fault():
    found = [figures.far_state(CLIPS, NEAR, FAR, share)["auc"] for share in (0.0, 0.5)]
    assert found[1]["pump"] == 1.0 > found[0]["pump"]
    assert abs(found[1]["fan"] - 0.5) < 0.2  # nothing is broken there


def test_the_picture_tells_each_machine_and_its_areas():
    curve = [figures.far_state(CLIPS, NEAR, FAR, share) for share in (0.0, 0.5, 1.0)]
    figure = figures.far_figure(curve[1], curve)
    assert [ax.get_title() for ax in figure.axes] == ["fan (n = 20)", "pump (n = 20)", "test clips"]
    lines = {line.get_label(): line for line in figure.axes[2].lines}
    for name in ("fan", "pump"):
        drawn = lines[f"{name}, n = 40"]
        assert list(drawn.get_ydata()) == [one["auc"][name] for one in curve]
    assert len(figures.far_figure(curve[0]).axes[0].lines) == 2  # nothing is taken


def test_what_cannot_be_compared():
    with pytest.raises(ValueError, match="the powers are of 119 clips, and the table has 120"):
        figures.far_state(CLIPS, NEAR[1:], FAR[1:], 0.5)
    with pytest.raises(ValueError, match="share is -1"):
        figures.far_state(CLIPS, NEAR, FAR, -1)
