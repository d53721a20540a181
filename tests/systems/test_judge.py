"""Scores over seeds: those of the backend, fitted by hand to the embeddings of each run."""

import numpy as np
import pandas as pd
import torch

from asdkit import backends, encoders, losses, systems
from asdkit.train import embed, repeat


def clips(count):
    rows = [("fan", "00"), ("fan", "02"), ("pump", "00")] * count
    return pd.DataFrame(rows, columns=["machine", "section"])


def test_each_run_is_scored_by_a_backend_of_its_own():
    train, test = clips(6), clips(3)
    inputs, inputs_test = torch.randn(18, 8, 5), torch.randn(9, 8, 5)
    y, owners = torch.tensor([0, 1, 2] * 6), ["fan/00", "fan/02", "pump/00"]
    runs = repeat(
        lambda: encoders.Toy(4, bands=8), lambda: losses.SubClusterAdaCos(4, 3, 2), inputs, y,
        seeds=2, epochs=1,
    )  # fmt: skip
    data = (train, inputs, test, inputs_test)
    scores = systems.judge(runs, backends.CosineToMean(), *data)
    assert scores.shape == (2, 9)
    x, x_test = (embed(runs[1].encoder, some).numpy() for some in (inputs, inputs_test))
    group, group_test = np.array(owners * 6), np.array(owners * 3)
    by_hand = backends.CosineToMean().fit(x, group).score(x_test, group_test)
    np.testing.assert_array_equal(scores[1], by_hand)
    modes = systems.judge(runs, backends.GaussianMixture(), *data, owners)
    centers = runs[0].loss.centers.detach().numpy()
    means = {name: centers[number] for number, name in enumerate(owners)}
    x, x_test = (embed(runs[0].encoder, some).numpy() for some in (inputs, inputs_test))
    by_hand = backends.GaussianMixture(means_init=means).fit(x, group).score(x_test, group_test)
    np.testing.assert_allclose(modes[0], by_hand)
