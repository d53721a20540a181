"""A clip that is rebuilt and scored, against loops in float64; its limits, and its picture."""

import numpy as np
import pytest
import torch

from asdkit import encoders, figures
from asdkit.features import Standardize

RNG = np.random.default_rng(0)
X = RNG.normal(-40.0, 8.0, (6, 20))
NORMAL = [1.0, 3.0, 5.0, 7.0]


def network(bottleneck=3, neighbors=5, kind=encoders.AutoEncoder):
    torch.manual_seed(0)
    encoder = kind(bands=6 * neighbors, widths=(16,), bottleneck=bottleneck)
    for _ in range(5):  # batch norm has seen something
        encoder(torch.randn(64, 6 * neighbors) * 8 - 40)
    return encoder


def by_hand(encoder, x, mean, deviation, neighbors=5):
    """Score and picture by loops: the network alone is the kit's."""
    z = (x - mean) / deviation
    held, costs = [[] for _ in range(x.shape[1])], []
    double = encoder.double().eval()
    for t in range(x.shape[1] - neighbors + 1):
        vector = np.concatenate([z[:, t + k] for k in range(neighbors)])
        rebuilt = double.rebuild(torch.from_numpy(vector)[None])[0].detach().numpy()
        costs.append(np.mean((vector - rebuilt) ** 2))
        for k in range(neighbors):
            held[t + k].append(rebuilt[k * len(x) : (k + 1) * len(x)])
    picture = np.stack([np.mean(pieces, axis=0) for pieces in held], axis=1)
    encoder.float()
    return np.mean(costs), picture * deviation + mean


@pytest.mark.parametrize("neighbors", [1, 5])
def test_it_is_the_formula(neighbors):
    encoder = network(neighbors=neighbors)
    state = figures.reconstruction_state(encoder, X, NORMAL, neighbors=neighbors)
    score, rebuilt = by_hand(encoder, X, 0.0, 1.0, neighbors)
    assert state["score"] == pytest.approx(score, rel=1e-4)
    np.testing.assert_allclose(state["rebuilt"], rebuilt, atol=1e-3)
    np.testing.assert_allclose(state["log_mel"], X, atol=1e-5)
    np.testing.assert_allclose(state["error"], state["log_mel"] - state["rebuilt"])
    assert state["unit"] == "dB²" and state["below"] == 4
    for total, lasting, error in zip(state["by_band"], state["lasting"], state["error"]):
        assert lasting == pytest.approx(sum(error) ** 2 / 400)
        assert total - lasting == pytest.approx(np.var(error))


def test_behind_a_standardization_the_picture_is_in_db():
    training = torch.randn(9, 6, 20) * 8 - 40
    standardize, encoder = Standardize(6).fit(training), network()
    state = figures.reconstruction_state(encoder, X, NORMAL, standardize)
    mean, deviation = standardize.mean.double().numpy(), standardize.deviation.double().numpy()
    score, rebuilt = by_hand(encoder, X, mean, deviation)
    assert state["score"] == pytest.approx(score, rel=1e-4)
    np.testing.assert_allclose(state["rebuilt"], rebuilt, atol=1e-3)
    assert state["unit"] == "variances of a band" and state["rebuilt"].mean() < -30


def test_a_network_in_training_stays_there_and_learns_nothing():
    encoder = network().train()
    before = {name: value.clone() for name, value in encoder.state_dict().items()}
    first = figures.reconstruction_state(encoder, X, NORMAL)
    again = figures.reconstruction_state(encoder.eval(), X, NORMAL)
    assert first["score"] == again["score"]
    assert all(torch.equal(before[name], value) for name, value in encoder.state_dict().items())


def test_a_network_that_rebuilds_all_or_nothing():
    class Rest(torch.nn.Module):
        def __init__(self, share):
            super().__init__()
            self.share = share

        def forward(self, rows):
            return self.share * rows

    whole = figures.reconstruction_state(Rest(0.0), X, NORMAL)
    assert whole["score"] == 0.0 and whole["below"] == 0
    np.testing.assert_allclose(whole["rebuilt"], X, atol=1e-5)
    nothing = figures.reconstruction_state(Rest(1.0), X, NORMAL)
    np.testing.assert_allclose(nothing["rebuilt"], 0.0, atol=1e-5)
    vectors = np.stack([X[:, t : t + 5] for t in range(16)])
    assert nothing["score"] == pytest.approx(np.mean(vectors**2), rel=1e-5)


def test_a_variational_one_is_shown_and_its_divergence_scored():
    encoder = network(kind=encoders.VariationalAutoEncoder)
    state = figures.reconstruction_state(encoder, X, NORMAL)
    rows = torch.from_numpy(np.stack([X[:, t : t + 5].T.ravel() for t in range(16)])).float()
    encoder.eval()
    with torch.no_grad():
        score = encoder(rows).double().square().mean().item()
        rebuilt = encoder.rebuild(rows)
    assert state["score"] == pytest.approx(score, rel=1e-4)
    np.testing.assert_allclose(state["rebuilt"][:, 0], rebuilt[0, :6], atol=1e-3)


@pytest.mark.parametrize(
    ("score", "below"), [(0.5, 0), (1.0, 0), (4.0, 2), (7.0, 3), (8.0, 4)]
)  # fmt: skip
def test_the_rank_counts_lower_scores(score, below):
    class Constant(torch.nn.Module):
        def forward(self, rows):
            return torch.full_like(rows, score**0.5, dtype=torch.float64)

    state = figures.reconstruction_state(Constant(), X, np.array(NORMAL) * (1 + 1e-9))
    assert state["below"] == below


@pytest.mark.parametrize(
    ("encoder", "x", "normal", "words"),
    [
        (network(), X[None], NORMAL, r"a spectrogram is \(mel, time\)"),
        (network(), X * np.nan, NORMAL, "is nan at"),
        (network(), X[:, :4], NORMAL, "a clip of 4 frames holds no 5 neighbors"),
        (network(), X, [], "normal holds no values"),
        (network(), X[:5], NORMAL, "AutoEncoder was made for vectors"),
        (encoders.Idnn(30, widths=(16,)), X, NORMAL, "gives 6 numbers a vector, no residual"),
    ],
)
def test_what_it_refuses(encoder, x, normal, words):
    with pytest.raises(ValueError, match=words):
        figures.reconstruction_state(encoder, x, normal)


def mel(kilohertz):
    """Slaney's scale: even below 1 kHz, logarithmic above."""
    return 15 * kilohertz if kilohertz < 1 else 15 + 27 * np.log(kilohertz) / np.log(6.4)


def test_frequencies_stand_where_the_bands_have_them():
    state = figures.reconstruction_state(network(), X, NORMAL)
    ax = figures.reconstruction_figure(state, sr=8000).axes[0]
    names = [float(tick.get_text()) for tick in ax.get_yticklabels()]
    told = [7 * mel(name) / mel(4.0) - 1 for name in names]  # 6 bands lie between 7 gaps
    assert names == [0.5, 1.0, 2.0]
    np.testing.assert_allclose(ax.get_yticks(), told, atol=0.2)


def test_the_picture_shows_the_state():
    state = figures.reconstruction_state(network(), X, NORMAL)
    figure = figures.reconstruction_figure(state, title="a fan, bottleneck 3")
    *pictures, bands, scores = figure.axes[:3] + [ax for ax in figure.axes if ax.lines]
    for ax, name in zip(pictures, ("log_mel", "rebuilt", "error")):
        np.testing.assert_array_equal(ax.images[0].get_array(), state[name])
        assert ax.get_xlabel() == "time in s" and ax.get_title()
    assert pictures[0].get_ylabel() == "frequency in kHz"
    assert pictures[0].images[0].get_clim() == pictures[1].images[0].get_clim()
    np.testing.assert_array_equal(bands.lines[0].get_xydata().T, [state["by_band"], range(6)])
    edge = bands.collections[0].get_paths()[0].vertices[:, 0]
    assert set(state["lasting"]) <= set(edge) and bands.get_xlabel() == "mean square in dB²"
    np.testing.assert_array_equal(scores.lines[0].get_xdata(), NORMAL)
    assert scores.lines[1].get_xdata()[0] == state["score"]
    assert scores.get_xlabel() == "score: mean squared error in dB²"
    assert "normal clips (n = 4)" in scores.get_title()
    assert "a fan, bottleneck 3 (n = 1): score" in figure.alt
    assert "above that of 4 of 4 normal clips" in figure.alt and len(figure.png()) < 100_000
