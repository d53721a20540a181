"""The 19 needs of the five papers, each end to end, on the kit's parts or on toy parts."""

import copy

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.stats import multivariate_normal
from sklearn.cluster import KMeans
from sklearn.metrics import roc_auc_score
from sklearn.metrics.pairwise import cosine_distances
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import LocalOutlierFactor
from torch import nn
from torch.nn import functional as F

from asdkit import budget, encoders, features, losses, sound, systems
from asdkit.features import LogMel
from asdkit.losses import ANOMALY, NORMAL, OUTLIER
from asdkit.mixup import Mix
from asdkit.systems import Network, part
from asdkit.train import shuffled

OWNERS = ["fan/00", "fan/02", "pump/00", "pump/04"]


class Both(nn.Module):
    """A wave and its log-mel, as TASTgramNet takes them."""

    def __init__(self):
        super().__init__()
        self.log_mel = LogMel()

    def forward(self, waves):
        return waves, self.log_mel(waves)


class Halves(nn.Module):
    """Two segments of a picture, each a row of its clip."""

    rows = True

    def forward(self, x):
        return torch.stack(x.split(x.shape[2] // 2, dim=2)[:2], dim=1)


class Waves(nn.Module):
    """An encoder of raw waves: the loudness behind a few learned filters."""

    def __init__(self, dim=8):
        super().__init__()
        self.filters, self.embed = nn.Conv1d(1, 16, 64, stride=16), nn.Linear(16, dim)

    def forward(self, waves):
        return self.embed(self.filters(waves[:, None]).square().mean(dim=2).add(1e-3).log())


class Two(nn.Module):
    """An encoder of a wave and a picture together, which notes what it was shown in training."""

    def __init__(self, dim=8):
        super().__init__()
        self.waves, self.picture, self.seen = Waves(dim), encoders.Toy(dim, 128), []

    def forward(self, batch):
        wave, picture = batch
        if self.training:
            self.seen.append((wave, picture))
        return self.waves(wave) + self.picture(picture)


class Rebuild(nn.Module):
    """An auto-encoder of vectors whose output is what it could not rebuild."""

    def __init__(self, bands=640, width=8):
        super().__init__()
        self.norm, self.down, self.up = (
            nn.BatchNorm1d(bands),
            nn.Linear(bands, width),
            nn.Linear(width, bands),
        )

    def forward(self, x):
        x = self.norm(x)
        return x - self.up(torch.relu(self.down(x)))


class Squares(nn.Module):
    """Squared error of a residual; no class, no center."""

    def each(self, x, y):
        return x.square().mean(dim=1)

    def forward(self, x, y):
        return self.each(x, y).mean()


class Vectors(nn.Module):
    """A dense encoder of vectors (N, bands)."""

    def __init__(self, dim=8, bands=640):
        super().__init__()
        self.layer = nn.Linear(bands, dim)

    def forward(self, x):
        return self.layer(x / 50)


class Roles(nn.Module):
    """One logit, and two centers that are set once an epoch; it notes whom it was told of."""

    def __init__(self, dim):
        super().__init__()
        self.head = nn.Linear(dim, 1)
        self.register_buffer("centers", torch.zeros(2, dim))
        self.told, self.batches = [], []

    def update_centers(self, x, y):
        self.told.append((x.clone(), y.clone()))
        self.centers.copy_(torch.stack([x[y == role].mean(dim=0) for role in (NORMAL, OUTLIER)]))

    def each(self, x, y):
        own, near = (y == NORMAL).to(x.dtype), torch.cdist(x, self.centers).square()
        bce = F.binary_cross_entropy_with_logits(self.head(x)[:, 0], own, reduction="none")
        return bce + own * near[:, 0] + (1 - own) * near[:, 1]

    def forward(self, x, y):
        if self.training:
            self.batches.append(y.tolist())
        return self.each(x, y).mean()


class Noting(losses.ArcFace):
    """An ArcFace that notes the labels it was given."""

    def __init__(self, dim, classes, scale=30.0, margin=0.5):
        super().__init__(dim, classes, scale, margin)
        self.labels_seen = []

    def each(self, x, y):
        if self.training:
            self.labels_seen.append(y)
        return super().each(x, y)


@pytest.fixture
def at_home(monkeypatch):
    """The toy parts as if they stood in the kit, so that a file that names them can be read."""
    for package, makes in (
        (features, (Both, Halves)), (encoders, (Waves, Two, Rebuild, Vectors)),
        (losses, (Squares, Roles)),
    ):  # fmt: skip
        for make in makes:
            monkeypatch.setattr(package, make.__name__, make, raising=False)
            monkeypatch.setattr(make, "__module__", f"{package.__name__}.toy")


def same_after_loading(detector, fresh, path):
    detector.save(path / "detector.safetensors")
    again = systems.load(path / "detector.safetensors", device="cpu")
    assert np.array_equal(again.score(fresh), detector.score(fresh))
    assert again.thresholds == detector.thresholds and again.system == detector.system


def auc(detector, fresh):
    """The mean over the groups."""
    score, label, group = detector.score(fresh), fresh["label"].to_numpy(int), sound.groups(fresh)
    own = [(group == name).to_numpy() for name in group.unique()]
    return np.mean([roc_auc_score(label[rows], score[rows]) for rows in own])


def test_a_file_with_a_part_of_ones_own_is_refused_in_one_sentence(train, small, tmp_path):
    """It names a class that the kit does not have, and nothing in a file is imported or run."""
    detector = small(front="normalize_level", encoder=part(Waves), epochs=1).fit(
        train, device="cpu"
    )
    detector.save(tmp_path / "detector.safetensors")
    words = (
        r"detector.safetensors holds a recipe that this asdkit .* cannot follow: no encoder is "
        r"called '.*test_systems_needs\.Waves': choose one of AutoEncoder, .*, Variational"
    )
    with pytest.raises(ValueError, match=words) as told:
        systems.load(tmp_path / "detector.safetensors")
    assert "\n" not in str(told.value)


def test_need_raw_waves_as_input(at_home, train, fresh, small, tmp_path):
    """[AP]: the waves themselves are the input, and are mixed."""
    detector = small(front="normalize_level", encoder="Waves", epochs=30, lr=0.01).fit(
        train, device="cpu"
    )
    assert detector.inputs(fresh[:2]).shape == (2, 16000)
    assert auc(detector, fresh) > 0.8
    same_after_loading(detector, fresh, tmp_path)


def test_need_tuple_batches_mixed_alike(at_home, train, fresh, recipe, tmp_path):
    """[NAM]: encoder and mixing take (wave, log-mel), mixed with one partner and lambda."""
    system = recipe(
        "arcface", front=part(Both), encoder="Two", mixing="mix", how="beta", pairing="permute"
    )
    detector = system.but(epochs=3).fit(train, device="cpu")
    waves = sound.load(train, seconds=1.0)
    wave, picture = detector.network.encoder.seen[0]
    weights = torch.linalg.lstsq(
        waves.T, wave.T
    ).solution.T  # (n, N): of which clips a wave is made
    weights = torch.where(weights.abs() < 1e-4, 0.0, weights)
    assert ((weights > 0).sum(dim=1) <= 2).all() and ((weights > 0).sum(dim=1) == 2).any()
    torch.testing.assert_close(weights.sum(dim=1), torch.ones(len(wave)), rtol=0, atol=1e-4)
    mixed = torch.tensordot(weights, LogMel()(waves), dims=1)
    torch.testing.assert_close(picture, mixed, rtol=0, atol=0.05)
    same_after_loading(detector, fresh, tmp_path)


def test_need_one_lambda_a_batch_with_a_random_partner(train, fresh, recipe, tmp_path):
    """[NAM] eq. 2: one lambda from Beta(.5, .5) a batch, j a random permutation."""
    system = recipe(
        "arcface", loss=part(Noting), mixing="mix", how="beta", pairing="permute", epochs=20
    )
    labels = system.fit(train, device="cpu").network.loss.labels_seen
    assert len(labels) == 40 and all(isinstance(label, Mix) for label in labels)
    assert all(len(set(label.lam.tolist())) == 1 for label in labels)
    shares = [label.lam[0].item() for label in labels]
    assert len(set(shares)) == 40 and min(shares) < 0.1 and max(shares) > 0.9
    assert not any(torch.equal(label.other, label.y.flip(0)) for label in labels)
    assert all(sorted(label.other.tolist()) == sorted(label.y.tolist()) for label in labels)
    reverse = system.but(pairing="reverse", how="uniform").fit(train, device="cpu").network.loss
    assert all(torch.equal(label.other, label.y.flip(0)) for label in reverse.labels_seen)
    assert all(len(set(label.lam.tolist())) == len(label.lam) for label in reverse.labels_seen)
    whole = recipe("arcface", mixing="mix", how="beta", pairing="permute", epochs=2)
    same_after_loading(whole.fit(train, device="cpu"), fresh, tmp_path)


def by_hand(first, train, system, make, schedule=None):
    """A plain torch training from the weights of a detector, on the batches of the kit."""
    encoder, loss = copy.deepcopy((first.network.encoder, first.network.loss))
    inputs, y = (
        first.inputs(train),
        torch.tensor([OWNERS.index(name) for name in sound.groups(train)]),
    )
    optimizer = make(encoder, loss)
    rates = schedule and schedule(optimizer)
    encoder.train(), loss.train()
    for epoch in range(system.epochs):
        chance = torch.Generator().manual_seed(epoch)
        for rows in shuffled(y, system.batch_size, chance):
            optimizer.zero_grad()
            loss(encoder(inputs[rows]), y[rows]).backward()
            optimizer.step()
            if rates:
                rates.step()
    return encoder, loss


def assert_trained_alike(detector, encoder, loss):
    for ours, theirs in ((detector.network.encoder, encoder), (detector.network.loss, loss)):
        for name, weight in theirs.named_parameters():
            torch.testing.assert_close(
                dict(ours.named_parameters())[name], weight, rtol=1e-3, atol=1e-5
            )


def test_need_adamw_with_cosine(train, fresh, recipe, tmp_path):
    """[NAM] 3.2 against torch's own AdamW and CosineAnnealingLR, 12 steps from one start."""
    first = recipe("arcface", epochs=1).fit(train, device="cpu")
    system = recipe(
        "arcface", optimizer="adamw", lr=3e-3, decay=0.1, schedule="cosine", last=0.2, epochs=6
    )
    detector = system.fit(train, device="cpu", start=first)

    def schedule(optimizer):
        return torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=12, eta_min=0.2 * 3e-3)

    def adamw(encoder, loss):
        weights = [*encoder.parameters(), *loss.parameters()]
        return torch.optim.AdamW(weights, lr=3e-3, weight_decay=0.1, foreach=False)

    assert_trained_alike(detector, *by_hand(first, train, system, adamw, schedule))
    constant = by_hand(first, train, system, adamw)[1].centers
    assert (constant - detector.network.loss.centers).abs().max() > 1e-4
    same_after_loading(detector, fresh, tmp_path)


def test_need_two_rates(train, fresh, recipe, tmp_path):
    """[DDC] IV: one rate for the network, another for its last layer, against torch's groups."""
    first = recipe("arcface", epochs=1).fit(train, device="cpu")
    system = recipe("arcface", optimizer="adam_two_rates", body=1e-4, head=5e-3, epochs=4)
    detector = system.fit(train, device="cpu", start=first)

    def two(encoder, loss):
        groups = [
            {"params": encoder.parameters(), "lr": 1e-4},
            {"params": loss.parameters(), "lr": 5e-3},
        ]
        return torch.optim.Adam(groups, foreach=False)

    assert_trained_alike(detector, *by_hand(first, train, system, two))
    same_after_loading(detector, fresh, tmp_path)


def test_need_halving(train, fresh, recipe, tmp_path):
    """[DDC] IV: halved three times in all, here every 4 of 16 steps, against torch's StepLR."""
    first = recipe("arcface", epochs=1).fit(train, device="cpu")
    system = recipe("arcface", schedule="halved", times=3, lr=4e-3, decay=0.0, epochs=8)
    detector = system.fit(train, device="cpu", start=first)

    def adam(encoder, loss):
        return torch.optim.Adam([*encoder.parameters(), *loss.parameters()], lr=4e-3, foreach=False)

    def schedule(optimizer):
        return torch.optim.lr_scheduler.StepLR(optimizer, step_size=4, gamma=0.5)

    assert_trained_alike(detector, *by_hand(first, train, system, adam, schedule))
    same_after_loading(detector, fresh, tmp_path)


def test_need_each_paper_s_own_epochs(train, monkeypatch):
    """A budget takes its share of the paper's epochs; epochs that are chosen are trained whole."""
    small = {"encoder": "Toy", "seconds": 1.0}
    papers = {"subcluster_adacos": 400, "arcface": 400, "l2softmax_lof": 100}
    for name, epochs in papers.items():
        system = systems.get(name, **small)
        assert system.epochs_of(budget("paper")) == epochs
        assert system.fit(train, "smoke", device="cpu").run.epoch == epochs * 12 // 400
        assert system.but(epochs=2).fit(train, "smoke", device="cpu").run.epoch == 2
        assert system.but(epochs=5).epochs_of(budget("paper")) == 5
    monkeypatch.setenv("ASDKIT_BUDGET", "smoke")
    assert systems.get("l2softmax_lof", **small).fit(train, device="cpu").run.epoch == 3


def test_need_score_at_the_claimed_id(train, fresh, recipe, tmp_path):
    """[NAM]: -ln softmax of the ArcFace logits at the given id, with the margin, in numpy."""
    detector = recipe("arcface", backend="OwnLoss", scale=5.0, margin=0.7).fit(train, device="cpu")
    x = detector.embed(fresh).double().numpy()
    w = detector.network.loss.centers.detach().double().numpy()
    cos = (x / np.linalg.norm(x, axis=1)[:, None]) @ (w / np.linalg.norm(w, axis=1)[:, None]).T
    own = np.array([OWNERS.index(name) for name in sound.groups(fresh)])
    rows = np.arange(len(own))
    logits = 5.0 * cos
    claimed = cos[rows, own]
    widened = np.where(
        claimed > np.cos(np.pi - 0.7), np.cos(np.arccos(claimed) + 0.7), claimed - 0.7 * np.sin(0.7)
    )
    logits[rows, own] = 5.0 * widened
    expected = -(logits[rows, own] - np.log(np.exp(logits).sum(axis=1)))
    np.testing.assert_allclose(detector.score(fresh), expected, rtol=1e-4, atol=1e-5)
    without = 5.0 * cos - np.log(np.exp(5.0 * cos).sum(axis=1))[:, None]
    assert np.abs(detector.score(fresh) + without[rows, own]).min() > 1e-3  # the margin counts
    assert auc(detector, fresh) > 0.6
    same_after_loading(detector, fresh, tmp_path)


def unit(x):
    x = np.asarray(x, dtype=np.float64)
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def rows_of(clips, group):
    return np.flatnonzero(sound.groups(clips) == group)


def test_need_domain_to_the_backend(train, fresh, small, tmp_path):
    """[AP] 3.2: means of the source clips of a group, and each of its target clips."""
    domain = np.where(train["path"].str.contains("_0000000[89]"), "target", "source")
    both = train.assign(domain=domain)
    detector = small(backend="CosineToClusters", clusters=3, epochs=3).fit(both, device="cpu")
    known, asked = unit(detector.embed(both)), unit(detector.embed(fresh))
    for group in OWNERS:
        own, new = rows_of(both, group), rows_of(fresh, group)
        source, target = known[own][domain[own] == "source"], known[own][domain[own] == "target"]
        assert len(target) == 2
        means = KMeans(3, n_init=1, random_state=0).fit(source).cluster_centers_
        expected = cosine_distances(asked[new], np.concatenate([means, target])).min(axis=1)
        np.testing.assert_allclose(detector.score(fresh)[new], expected, rtol=1e-4, atol=1e-6)
    at_home = detector.score(both)[domain == "target"]
    np.testing.assert_allclose(at_home, 0.0, atol=1e-6)  # a target clip is its own reference
    assert (detector.score(both)[domain == "source"] > 1e-6).mean() > 0.5
    same_after_loading(detector, fresh, tmp_path)


def gaussian(known, new, covariance, ridge):
    spread = np.cov(known.T, bias=True)
    if covariance == "diagonal":
        spread = np.diag(np.diag(spread))
    if covariance == "spherical":
        spread = np.eye(len(spread)) * np.trace(spread) / len(spread)
    return -multivariate_normal(known.mean(axis=0), spread + ridge * np.eye(len(spread))).logpdf(
        new
    )


def modes(known, new):
    fitted = GaussianMixture(3, covariance_type="diag", reg_covar=0.05, random_state=0).fit(known)
    one = [
        multivariate_normal(m, np.diag(c)).logpdf(new)
        for m, c in zip(fitted.means_, fitted.covariances_)
    ]
    return -np.max(one, axis=0)


SETTINGS = {
    "covariance": (
        {"backend": "Gaussian", "covariance": "diagonal"},
        lambda x, new: gaussian(x, new, "diagonal", 1e-3),
    ),
    "regularization": (
        {"backend": "Gaussian", "regularization": 0.3, "covariance": "spherical"},
        lambda x, new: gaussian(x, new, "spherical", 0.3),
    ),
    "k": (
        {"backend": "CosineTopK", "k": 3},
        lambda x, new: np.sort(cosine_distances(new, x), axis=1)[:, :3].mean(axis=1),
    ),
    "neighbors": (
        {"backend": "LocalOutlierFactor", "neighbors": 4},
        lambda x, new: -LocalOutlierFactor(n_neighbors=4, novelty=True).fit(x).score_samples(new),
    ),
    "clusters": (
        {"backend": "CosineToClusters", "clusters": 2},
        lambda x, new: cosine_distances(
            new, KMeans(2, n_init=1, random_state=0).fit(x).cluster_centers_
        ).min(axis=1),
    ),
    "components": (
        {
            "backend": "GaussianMixture", "components": 3, "covariance": "diagonal",
            "regularization": 0.05,
        },
        modes,
    ),
}  # fmt: skip


@pytest.mark.parametrize("setting", SETTINGS)
def test_need_backend_settings(setting, train, fresh, small, tmp_path):
    choices, reference = SETTINGS[setting]
    detector = small(epochs=2, **choices).fit(train, device="cpu")
    known, asked, score = (
        unit(detector.embed(train)),
        unit(detector.embed(fresh)),
        detector.score(fresh),
    )
    for group in OWNERS:
        own, new = rows_of(train, group), rows_of(fresh, group)
        np.testing.assert_allclose(
            score[new], reference(known[own], asked[new]), rtol=1e-3, atol=1e-5
        )
    same_after_loading(detector, fresh, tmp_path)


@pytest.mark.parametrize(("each", "count"), [("machine", 2), ("group", 4)])
def test_need_one_model_a_type_and_one_an_id(at_home, each, count, train, fresh, recipe, tmp_path):
    """[L2S] has a model a machine type, [DDC] one an id: each knows its own clips alone."""
    system = recipe("arcface").but(
        task="nothing", each=each, front=("normalize_level", "FramedLogMel"), encoder="Rebuild",
        loss="Squares", backend="OwnLoss", epochs=2,
    )  # fmt: skip
    detector = system.fit(train, device="cpu")
    assert len(detector.networks) == count and sorted(detector.thresholds) == OWNERS
    assert sorted(group for network in detector.networks for group in network.groups) == OWNERS
    for network in detector.networks:
        own = train[sound.groups(train).isin(network.groups)]
        asked = fresh[sound.groups(fresh).isin(network.groups)]
        alone = system.fit(own, device="cpu")
        assert len(alone.networks) == 1
        np.testing.assert_allclose(detector.score(asked), alone.score(asked), rtol=1e-6)
    same_after_loading(detector, fresh, tmp_path)
    plain = systems.get("mean_gaussian", each=each, seconds=1.0).fit(train, device="cpu")
    means = {network.front.learned[-1].mean.mean().item() for network in plain.networks}
    assert len(means) == count  # each front is standardized on its own clips
    same_after_loading(plain, fresh, tmp_path)


@pytest.mark.parametrize(
    ("front", "encoder", "rows"),
    [
        (("normalize_level", "FramedLogMel"), "Vectors", 28),
        (("normalize_level", "LogMel", "Halves"), "Toy", 2),
    ],
)  # fmt: skip
def test_need_frames_and_segments_as_rows_of_a_clip(
    at_home, front, encoder, rows, train, fresh, recipe, tmp_path
):
    """Training takes rows, the backend judges rows, a clip's score is the mean over its rows."""
    system = recipe("arcface", front=front, encoder=encoder, backend="CosineToMean", epochs=10)
    detector = system.but(lr=0.01).fit(train, device="cpu", snapshots=(10,))
    assert detector.embed(fresh).shape == (32, rows, 8)
    assert detector.run.snapshots[10].x.shape == (40 * rows, 8)
    assert len(detector.run.history) == 10 * -(-40 * rows // 20)
    likeliest = detector.network.loss.logits(detector.embed(train).flatten(0, 1)).argmax(dim=1)
    own = np.repeat([OWNERS.index(name) for name in sound.groups(train)], rows)
    assert (likeliest.numpy() == own).mean() > 0.9  # a row has the class of its clip
    known, asked = detector.embed(train).double().numpy(), detector.embed(fresh).double().numpy()
    for group in OWNERS:
        own, new = rows_of(train, group), rows_of(fresh, group)
        mean = unit(known[own].reshape(-1, 8)).mean(axis=0, keepdims=True)
        distances = cosine_distances(asked[new].reshape(-1, 8), mean).reshape(len(new), rows)
        np.testing.assert_allclose(
            detector.score(fresh)[new], distances.mean(axis=1), rtol=1e-4, atol=1e-7
        )
    clip = detector.inputs(fresh[:1])[0]
    with torch.no_grad():
        one_by_one = torch.cat([detector.network.encoder(row[None]) for row in clip])
    torch.testing.assert_close(detector.embed(fresh[:1])[0], one_by_one, rtol=1e-4, atol=1e-5)
    same_after_loading(detector, fresh, tmp_path)


def test_need_reconstruction_as_score(at_home, train, fresh, recipe, tmp_path):
    """[L2S] 2: the mean squared error over all vectors of a clip, in numpy; nothing is asked."""
    system = recipe("arcface").but(
        task="nothing", each="machine", front=("normalize_level", "FramedLogMel"),
        encoder="Rebuild",
        loss="Squares", backend="OwnLoss", batch_size=200, epochs=20, lr=0.01,
    )  # fmt: skip
    detector = system.fit(train, device="cpu")
    assert auc(detector, fresh) > 0.9
    fan = detector.networks[0]
    state = {name: value.double().numpy() for name, value in fan.encoder.state_dict().items()}
    asked = fresh[fresh["machine"] == "fan"]
    vectors = features.FramedLogMel()(features.normalize_level(sound.load(asked, seconds=1.0)))
    x = (vectors.double().numpy() - state["norm.running_mean"]) / np.sqrt(
        state["norm.running_var"] + 1e-5
    )
    x = x * state["norm.weight"] + state["norm.bias"]
    hidden = np.maximum(x @ state["down.weight"].T + state["down.bias"], 0)
    rest = x - hidden @ state["up.weight"].T - state["up.bias"]
    np.testing.assert_allclose(detector.score(asked), (rest**2).mean(axis=(1, 2)), rtol=1e-3)
    assert {network.run.history["loss"].iloc[-1] < network.run.history["loss"].iloc[0]
            for network in detector.networks} == {True}  # fmt: skip
    same_after_loading(detector, fresh, tmp_path)


def ddcsad(recipe, **choices):
    """A network an id, of own clips against all others, after [DDC]."""
    binary = recipe("arcface").but(
        task="roles", each="group", loss="Roles", batches="balanced", backend="OwnLoss"
    )
    return binary.but(**{"normal": 3, "outlier": 4, "steps": 5} | choices)


def test_need_balanced_batches_of_roles(at_home, train, fresh, recipe, tmp_path):
    """[DDC] IV: so many own clips and so many of others in every batch, whatever their share."""
    system = ddcsad(recipe, normal=3, outlier=4, steps=5, epochs=30, lr=0.01)
    detector = system.fit(train, device="cpu")
    assert len(detector.networks) == 4
    for network in detector.networks:
        assert len(network.loss.batches) == 30 * 5 and len(network.run.history) == 30 * 5
        assert all(sorted(roles) == [OUTLIER] * 4 + [NORMAL] * 3 for roles in network.loss.batches)
        assert sorted(network.loss.told[0][1].tolist()) == [OUTLIER] * 30 + [NORMAL] * 10
    others = train.assign(section="99", machine="valve")
    with pytest.raises(ValueError, match="not trained on 'valve/99'"):
        detector.score(others)
    scores = detector.score(fresh)
    for (
        group
    ) in OWNERS:  # a clip that claims to be of another group is stranger than one of its own
        machine, section = group.split("/")
        liars = fresh[(sound.groups(fresh) != group) & (fresh["label"] == 0)]
        normal = scores[rows_of(fresh, group)][
            fresh["label"].to_numpy()[rows_of(fresh, group)] == 0
        ]
        assert np.median(
            detector.score(liars.assign(machine=machine, section=section))
        ) > np.median(normal)
    with pytest.raises(
        ValueError, match="which say themselves how many clips they have: choose normal, outlier"
    ):
        system.but(batch_size=7)
    with pytest.raises(ValueError, match="takes 1 of the role anomaly, and 0 clips have it"):
        system.but(anomaly=1).fit(train, device="cpu")
    same_after_loading(detector, fresh, tmp_path)


def test_need_centroids_each_epoch(at_home, train, fresh, recipe, tmp_path):
    """[DDC] III: means over all training clips, with random weights first, then each epoch."""
    system = ddcsad(recipe, epochs=3)
    detector = system.fit(train, device="cpu", seed=4)
    shorter = system.but(epochs=2).fit(train, device="cpu", seed=4)
    for place, (network, before) in enumerate(zip(detector.networks, shorter.networks)):
        told = network.loss.told
        assert len(told) == 3 and all(x.shape == (40, 8) for x, _ in told)
        inputs = network.front.prepare(
            systems.hear(train, network.front).x, train["machine"], "cpu"
        )
        with torch.random.fork_rng():
            torch.manual_seed(4)
            untrained = Network(system, [], [OWNERS[place]], train["machine"])
        torch.testing.assert_close(told[0][0], untrained.embed(inputs), rtol=1e-4, atol=1e-5)
        x, own = before.embed(inputs), (sound.groups(train) == OWNERS[place]).to_numpy()
        means = np.stack([x.double().numpy()[rows].mean(axis=0) for rows in (own, ~own)])
        np.testing.assert_allclose(network.loss.centers, means, rtol=1e-3, atol=1e-4)
    same_after_loading(detector, fresh, tmp_path)


def test_need_standardization_a_machine(train, fresh, small, tmp_path):
    """[DDC] IV: mean 0 and deviation 1 over the clips of each machine, not over all of them."""
    detector = small(by="machine", epochs=2).fit(train, device="cpu")
    x = detector.inputs(train).double().numpy()
    for machine in ("fan", "pump"):
        own = x[np.flatnonzero(train["machine"] == machine)].transpose(1, 0, 2).reshape(128, -1)
        np.testing.assert_allclose(own.mean(axis=1), 0.0, atol=1e-4)
        np.testing.assert_allclose(own.std(axis=1), 1.0, atol=1e-4)
    plain = small(epochs=2).fit(train, device="cpu")
    fan = plain.inputs(train).double().numpy()[np.flatnonzero(train["machine"] == "fan")]
    assert np.abs(fan.mean(axis=(0, 2))).max() > 0.3
    assert not np.allclose(plain.score(fresh), detector.score(fresh))
    same_after_loading(detector, fresh, tmp_path)


TRIALS = {
    "over S": [{}, {"sub_clusters": 1}, {"sub_clusters": 4}],  # and 2
    "over seeds": [{}, {}, {}],
}


@pytest.mark.parametrize("kind", TRIALS)
def test_need_ensembles_over_sub_clusters_and_over_trials(kind, train, fresh, small, tmp_path):
    """[SCA] IV-G and [AP] 4.3: the score is the mean of single systems, trial n from seed s + n."""
    trials, seed = TRIALS[kind], 5
    system = small(epochs=2, trials=tuple(trials))
    detector = system.fit(train, device="cpu", seed=seed)
    assert len(detector.networks) == 3
    single = [
        small(epochs=2, **trial).fit(train, device="cpu", seed=seed + number).score(fresh)
        for number, trial in enumerate(trials)
    ]
    np.testing.assert_allclose(detector.score(fresh), np.mean(single, axis=0), rtol=1e-6)
    assert not np.allclose(single[0], single[1]) and not np.allclose(single[1], single[2])
    assert not np.allclose(detector.score(fresh), single[0])
    score, group = detector.score(fresh), sound.groups(fresh)
    assert detector.decide(score, group).shape == (32,)
    same_after_loading(detector, fresh, tmp_path)


def test_need_few_true_anomalies_in_training(at_home, train, fresh, recipe, tmp_path):
    """[DDC]: k real anomalies of the machine itself; those of others are no clips of this model."""
    broken = fresh[(fresh["label"] == 1) & sound.groups(fresh).isin(["fan/00", "pump/04"])]
    few = broken.groupby("machine").head(2).assign(split="train")
    table = pd.concat([train, few], ignore_index=True)
    system = ddcsad(recipe, normal=3, outlier=3, anomaly=1, epochs=2)
    with pytest.raises(
        ValueError, match="takes 1 of the role anomaly, and 0 clips have it: set anomaly"
    ):
        system.fit(table, device="cpu")  # fan/02 has none
    own = table[sound.groups(table).isin(["fan/00", "pump/04"])]
    detector = system.fit(own, device="cpu")
    for network in detector.networks:
        (x, y), *_ = network.loss.told
        assert sorted(y.tolist()) == [ANOMALY] * 2 + [OUTLIER] * 10 + [NORMAL] * 10 and len(x) == 22
        assert all(
            sorted(roles) == [ANOMALY] + [OUTLIER] * 3 + [NORMAL] * 3
            for roles in network.loss.batches
        )
    assert sorted(detector.thresholds) == ["fan/00", "pump/04"]
    normal = own[own["label"] == 0]
    for group in detector.thresholds:  # one alarm among ten normal clips, and no anomaly counted
        scores = detector.score(normal[sound.groups(normal) == group])
        assert detector.thresholds[group] == pytest.approx(scores.max())
    with pytest.raises(ValueError, match="is an anomaly among the training clips"):
        recipe("arcface").fit(own, device="cpu")
    same_after_loading(detector, fresh[sound.groups(fresh).isin(["fan/00", "pump/04"])], tmp_path)


def test_need_start_from_another_run(at_home, train, fresh, recipe, tmp_path):
    """[DDC]: with true anomalies, training goes on from the model that was trained without."""
    first = ddcsad(recipe, epochs=3).fit(train, device="cpu")
    again = ddcsad(recipe, epochs=1, lr=1e-9).fit(train, device="cpu", start=first, seed=9)
    for one, other in zip(first.networks, again.networks):
        for name, weight in one.encoder.state_dict().items():
            torch.testing.assert_close(other.encoder.state_dict()[name], weight, rtol=0, atol=1e-6)
    further = ddcsad(recipe, epochs=1).fit(train, device="cpu", start=first)
    fresh_start = ddcsad(recipe, epochs=1).fit(train, device="cpu")
    assert not np.allclose(further.score(fresh), fresh_start.score(fresh))
    first.save(tmp_path / "first.safetensors")
    loaded = systems.load(tmp_path / "first.safetensors", device="cpu")
    from_file = ddcsad(recipe, epochs=1).fit(train, device="cpu", start=loaded)
    assert np.array_equal(from_file.score(fresh), further.score(fresh))
    same_after_loading(further, fresh, tmp_path)
