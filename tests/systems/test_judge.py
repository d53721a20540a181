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


def test_a_backend_that_tells_domains_is_told_them():
    """With one mean a group, a target clip stands for itself, so its own copy scores 0."""
    train, test = clips(6).assign(domain="source"), clips(1)
    train.loc[:2, "domain"] = "target"
    inputs = torch.randn(18, 8, 5)
    parts = lambda: encoders.Toy(4, bands=8), lambda: losses.AdaCos(4, 3)
    runs = repeat(*parts, inputs, torch.tensor([0, 1, 2] * 6), seeds=1, epochs=1)
    data = (train, inputs, test, inputs[:3])
    np.testing.assert_allclose(
        systems.judge(runs, backends.CosineToClusters(1), *data), 0.0, atol=1e-6
    )
    plain = (train.assign(domain="source"), *data[1:])
    assert (systems.judge(runs, backends.CosineToClusters(1), *plain) > 1e-4).all()


def test_a_backend_may_judge_the_loss_or_its_probabilities():
    train, test = clips(6), clips(3)
    inputs, inputs_test = torch.randn(18, 8, 5), torch.randn(9, 8, 5)
    y, owners = torch.tensor([0, 1, 2] * 6), ["fan/00", "fan/02", "pump/00"]
    parts = lambda: encoders.Toy(4, bands=8), lambda: losses.ArcFace(4, 3, margin=0.3)
    runs = repeat(*parts, inputs, y, seeds=2, epochs=1)
    data = (train, inputs, test, inputs_test, owners)
    for run, own, p in zip(
        runs, systems.judge(runs, backends.OwnLoss(), *data),
        systems.judge(runs, backends.Probability(), *data),
    ):  # fmt: skip
        cos = losses.cosine(run.embed(inputs_test).double(), run.loss.centers.detach().double())
        s, rows = run.loss.scale.double(), torch.arange(9)
        mine = torch.cos(cos[rows, y[:9]].arccos() + 0.3)
        plain = torch.log_softmax(s * cos, dim=1)[rows, y[:9]]
        cos[rows, y[:9]] = mine
        margin = torch.log_softmax(s * cos, dim=1)[rows, y[:9]]
        np.testing.assert_allclose(own, -margin, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(p, -plain, rtol=1e-4, atol=1e-5)
