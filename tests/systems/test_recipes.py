"""The papers' systems: what they find, and that their settings are those which the papers state."""

import numpy as np
import pytest
import torch
from scipy.stats import multivariate_normal

import asdkit
from asdkit import encoders, sound, systems
from asdkit.features import LogMel, normalize_level

LOSSES = {
    "subcluster_adacos": "SubClusterAdaCos", "subcluster_adacos_published": "SubClusterAdaCos",
    "adacos": "AdaCos", "arcface": "ArcFace", "softmax": "Softmax", "l2softmax_lof": "L2Softmax",
    "adaproj": "AdaProj", "compactness": "Compactness",
    "compactness_softmax": "CompactnessSoftmax", "adacos_two_branch": "AdaCos",
    "subcluster_adacos_two_branch": "SubClusterAdaCos", "noisy_arcmix": "NoisyArcMix",
    "arcmix": "ArcMix", "tastgram_arcface": "ArcFace", "stgram_arcface": "ArcFace",
    "stgram_noisy_arcmix": "NoisyArcMix", "mixed_margin": "MixedMargin",
}  # fmt: skip
UNMIXED = {
    "arcface", "softmax", "l2softmax_lof", "tastgram_arcface", "stgram_arcface",
}  # fmt: skip
SIBLINGS = {  # of adaproj and noisy_arcmix: one epoch shows that they fit
    "compactness", "compactness_softmax", "adacos_two_branch", "subcluster_adacos_two_branch",
    "arcmix", "tastgram_arcface", "stgram_arcface", "stgram_noisy_arcmix", "mixed_margin",
}  # fmt: skip
REBUILDING = {
    "autoencoder": "AutoEncoder", "baseline_autoencoder": "AutoEncoder",
    "vae": "VariationalAutoEncoder", "conv_autoencoder": "ConvAutoEncoder", "idnn": "Idnn",
}  # fmt: skip
ROLES = {"bce", "dsad", "ddcsad", "bce_dsad", "bce_ddcsad"}  # which have tests of their own
SUMMARIES = {"mean_gaussian": np.mean, "max_gaussian": np.max}
ENSEMBLES = {"subcluster_adacos_ensemble", "summaries", "combined"}  # of different networks


def test_every_system_is_looked_at():
    several = ROLES | ENSEMBLES
    assert set(systems.names()) == set(LOSSES) | set(REBUILDING) | set(SUMMARIES) | several


@pytest.mark.parametrize("name", LOSSES)
def test_each_recipe_finds_anomalies_and_is_the_same_after_loading(
    name, recipe, train, fresh, tmp_path
):
    several = {"sub_clusters": 2} if "subcluster" in name else {}
    several |= {"subspace_dim": 2} if name == "adaproj" else {}
    several |= {"epochs": 1} if name in SIBLINGS else {"epochs": 4} if name == "adaproj" else {}
    several |= {"epochs": 8, "lr": 0.01} if name == "noisy_arcmix" else {}
    detector = recipe(name, **several).fit(train, device="cpu")
    assert type(detector.network.loss).__name__ == LOSSES[name]
    detector.save(tmp_path / "detector.safetensors")
    again = systems.load(tmp_path / "detector.safetensors", device="cpu")
    x, group = detector.embed(fresh), sound.groups(fresh)
    score, angle = detector.score(fresh), detector.angle(x, group)
    label = fresh["label"].to_numpy(int)
    assert np.array_equal(again.score(fresh), score)
    assert np.array_equal(again.angle(x, group), angle)
    assert again.thresholds == detector.thresholds and again.system == detector.system
    above = score - group.map(detector.thresholds).to_numpy()
    assert name in SIBLINGS or np.median(above[label == 1]) > np.median(above[label == 0])
    assert np.isfinite(angle).all() and (angle >= 0).all()
    assert {"loss", "median_angle"} <= set(detector.run.history)


@pytest.mark.parametrize(("name", "encoder"), REBUILDING.items())
def test_a_network_that_rebuilds_scores_by_its_squared_residual(
    name, encoder, recipe, train, fresh, tmp_path
):
    """[L2S] 2: a model a machine type; a clip's score is the mean over its vectors, or segments."""
    detector = recipe(name).fit(train, device="cpu")
    assert [network.groups for network in detector.networks] == [
        ["fan/00", "fan/02"],
        ["pump/00", "pump/04"],
    ]
    score, group, label = detector.score(fresh), sound.groups(fresh), fresh["label"].to_numpy(int)
    for network, machine in zip(detector.networks, ("fan", "pump")):
        assert type(network.encoder).__name__ == encoder and network.owners == []
        own = fresh["machine"].to_numpy() == machine
        inputs = network.front.prepare(
            systems.hear(fresh[own], network.front).x, fresh["machine"][own], "cpu"
        )
        with torch.no_grad():
            residual = network.encoder(inputs.flatten(0, 1)).double().square().mean(dim=1)
        expected = residual.reshape(own.sum(), -1).mean(dim=1)
        np.testing.assert_allclose(score[own], expected, rtol=1e-4)
        losses = network.run.history["loss"]
        assert losses.iloc[-1] < 0.5 * losses.iloc[0]
    above = score - group.map(detector.thresholds).to_numpy()
    assert np.median(above[label == 1]) > np.median(above[label == 0])
    detector.save(tmp_path / "detector.safetensors")
    again = systems.load(tmp_path / "detector.safetensors", device="cpu")
    assert np.array_equal(again.score(fresh), score) and again.system == detector.system
    assert again.thresholds == detector.thresholds
    one = train[sound.groups(train) == "pump/00"]
    assert list(recipe(name, epochs=1).fit(one, device="cpu").thresholds) == ["pump/00"]


def test_the_networks_that_rebuild_are_those_of_the_report():
    """[L2S] 2: five frames of 128 bands, Adam, 100 epochs; the others differ in the network."""
    for name in REBUILDING:
        system = systems.get(name)
        assert (system.task, system.each, system.epochs, system.shares) == (
            "nothing", "machine", 100, True,
        )  # fmt: skip
        assert (system.loss.name, system.backend.name) == ("SquaredError", "OwnLoss")
        rate = settings(system.optimizer)
        assert (rate["part"], rate["lr"], rate["decay"]) == ("adam", 1e-3, 0.0)
        assert system.mixing is None and system.schedule is None and system.trials == ({},)
    for name in ("autoencoder", "baseline_autoencoder", "vae", "idnn"):
        (front,) = systems.get(name).front
        framed = settings(front)
        assert framed["part"] == "FramedLogMel" and systems.get(name).batch_size == 512
        stated = {"neighbors": 5, "sr": 16000, "window": 1024, "hop": 512, "mels": 128}
        assert {setting: framed[setting] for setting in stated} == stated
    counts = {"autoencoder": 2703280, "baseline_autoencoder": 267928, "vae": 2705312,
              "idnn": 2047408, "conv_autoencoder": 56049}  # fmt: skip
    for name, count in counts.items():
        network = systems.Network(systems.get(name), [], ["fan/00"])
        assert sum(weight.numel() for weight in network.parameters()) == count
    heard = systems.Network(systems.get("conv_autoencoder"), [], ["fan/00"]).front.hears
    assert heard.shape == (1, 10, 128, 32)


def test_frames_that_are_no_span_are_told_before_any_file_is_read(train, reads):
    with pytest.raises(ValueError, match="^vectors of 512 numbers are no 5 frames: set span to th"):
        systems.get("idnn", neighbors=4).fit(train, device="cpu")
    with pytest.raises(ValueError, match="front does not take what .* holds no segment of 32: tak"):
        systems.get("conv_autoencoder", seconds=0.9).fit(train, device="cpu")
    assert not reads


@pytest.mark.parametrize(("name", "summary"), SUMMARIES.items())
def test_a_system_without_training(name, summary, train, fresh, tmp_path):
    """Table V: one Gaussian a group on standardized bands, by scipy; one class is enough."""
    detector = systems.get(name, seconds=1.0).fit(train, device="cpu")
    assert detector.network.loss is None and detector.run is None
    score, group = detector.score(fresh), sound.groups(fresh).to_numpy()
    known, asked = [
        LogMel()(normalize_level(sound.load(clips, seconds=1.0))).double().numpy()
        for clips in (train, fresh)
    ]
    wide = known.transpose(1, 0, 2).reshape(128, -1)
    middle, spread = wide.mean(axis=1)[:, None], wide.std(axis=1)[:, None]
    known, asked = [summary((x - middle) / spread, axis=2) for x in (known, asked)]
    rows = sound.groups(train).to_numpy() == "pump/00"
    covariance = np.cov(known[rows].T, bias=True) + 1e-3 * np.eye(128)
    expected = -multivariate_normal(known[rows].mean(axis=0), covariance).logpdf(
        asked[group == "pump/00"]
    )
    np.testing.assert_allclose(score[group == "pump/00"], expected, rtol=1e-3)
    detector.save(tmp_path / "detector.safetensors")
    again = systems.load(tmp_path / "detector.safetensors", device="cpu")
    assert np.array_equal(again.score(fresh), score) and again.thresholds == detector.thresholds
    with pytest.raises(ValueError, match=f"{name} has no classes, so there are no centers"):
        detector.angle(detector.embed(fresh), group)
    alone = systems.get(name, seconds=1.0).fit(train[rows], device="cpu")
    assert list(alone.thresholds) == ["pump/00"]


def settings(chosen, **given):
    """What a part comes to: its own settings over the defaults of its class."""
    from asdkit.systems.part import parameters

    defaults = {name: known.default for name, known in parameters(chosen.make).items()}
    return {"part": chosen.name, **defaults, **dict(chosen.settings), **given}


def test_the_system_that_made_the_published_numbers():
    """[SCA] Table IV: 92.57 and 94.69 with S = 32, by the author's code, the level untouched."""
    system = systems.get("subcluster_adacos_published")
    assert system.task == "sections"  # 41 classes of DCASE 2020: machine type x id
    loss = settings(system.loss)
    assert (loss["part"], loss["sub_clusters"], loss["variant"], loss["trainable"]) == (
        "SubClusterAdaCos", 32, "code", True,
    )  # fmt: skip
    assert [part.name for part in system.front] == ["LogMel", "Standardize"]
    mel = settings(system.front[0])
    stated = {
        "sr": 16000, "window": 1024, "hop": 512, "mels": 128, "frames": 313, "padding": "reflect",
        "floor": 1e-10, "added": 0.0, "htk": False, "norm": "slaney", "seconds": None,
    }  # fmt: skip
    assert {name: mel[name] for name in stated} == stated and system.seconds == 10.0
    assert settings(system.front[1])["by"] == "all"
    assert (system.encoder.name, settings(system.encoder)["dim"]) == ("ResNet", 128)
    mixing = settings(system.mixing)
    assert (mixing["how"], mixing["pairing"]) == (
        "uniform",
        "reverse",
    )  # one lambda a clip, the reversed batch
    rate = settings(system.optimizer)
    assert (rate["part"], rate["lr"], rate["decay"]) == ("adam", 1e-3, 1e-5)
    assert (system.batches.name, system.batch_size, system.epochs, system.schedule) == (
        "shuffled",
        64,
        400,
        None,
    )
    backend = settings(system.backend)
    assert (backend["part"], backend["components"]) == (
        "GaussianMixture",
        None,
    )  # started at the centers
    assert (backend["covariance"], backend["regularization"], backend["normalize"]) == (
        "full",
        1e-3,
        True,
    )
    assert (
        system.each == "all"
        and system.trials == ({},)
        and system.shares
        and system.precision == "float32"
    )


def test_it_has_the_parameters_that_the_paper_counts(train):
    """[SCA]: 766,944 + 5,248 S trainable parameters for 41 classes."""
    for sub_clusters, count in ((1, 772_192), (32, 934_880), (64, 1_102_816)):
        system = systems.get("subcluster_adacos_published", sub_clusters=sub_clusters)
        owners = [f"machine/{number:02d}" for number in range(41)]
        network = systems.Network(system, owners, owners)
        assert sum(weight.numel() for weight in network.parameters()) == count
        assert network.front.hears.shape == (1, 128, 313)


FACTS = {  # task, epochs, what the loss is given, backend
    "subcluster_adacos": (
        "sections", 400, {"sub_clusters": 16, "variant": "paper"}, "GaussianMixture"
    ),
    "subcluster_adacos_published": (
        "sections", 400, {"sub_clusters": 32, "variant": "code"}, "GaussianMixture"
    ),
    "adacos": ("sections", 400, {"trainable": True}, "Gaussian"),
    "arcface": ("sections", 400, {"margin": 0.7, "scale": 30.0, "sub_centers": 1}, "Gaussian"),
    "softmax": ("sections", 400, {}, "Probability"),
    "l2softmax_lof": ("types", 100, {"alpha": 16.0}, "LocalOutlierFactor"),
}  # fmt: skip


@pytest.mark.parametrize("name", FACTS)
def test_tasks_epochs_and_margins_are_the_papers(name):
    """[SCA] IV-A and IV-B; [NAM] 3: s = 30, m = 0.7 rad; [L2S] 3: types, and 100 epochs."""
    system = systems.get(name)
    task, epochs, told, backend = FACTS[name]
    loss = settings(system.loss)
    assert (system.task, system.epochs, system.backend.name) == (task, epochs, backend)
    assert {setting: loss[setting] for setting in told} == told
    assert system.shares and system.batch_size == 64


def test_the_other_facts_of_the_papers():
    mel = settings(systems.get("l2softmax_lof").front[1])
    assert (mel["part"], mel["mels"], mel["window"], mel["hop"]) == ("LogMel", 64, 1024, 512)
    network = settings(systems.get("l2softmax_lof").encoder)
    assert (network["part"], network["dim"], network["size"]) == ("MobileNetV2", 1280, 224)
    assert settings(systems.get("l2softmax_lof").backend)["neighbors"] == 20
    mixed = [name for name in systems.names() if systems.get(name).mixing is not None]
    free = {"summaries", *REBUILDING, *SUMMARIES}
    assert set(systems.names()) - set(mixed) == UNMIXED | ROLES | free
    for name, part in (("mean_gaussian", "temporal_mean"), ("max_gaussian", "temporal_max")):
        system = systems.get(name)
        assert system.front[-1].name == part and not settings(system.backend)["normalize"]
        assert (system.task, system.encoder, system.loss) == ("nothing", None, None)


def test_each_recipe_names_a_paper_that_the_kit_is_built_on():
    for name in systems.names():
        assert systems.get(name).paper.startswith(("[SCA]", "[AP]", "[DDC]", "[NAM]", "[L2S]"))
        assert systems.get(name).name == name
    assert "Table" in systems.get("subcluster_adacos_published").paper


def test_a_recipe_hands_its_numbers_to_those_who_know_them(train, recipe):
    loss = recipe("arcface", scale=12.5, margin=0.2, epochs=1).fit(train, device="cpu").network.loss
    assert (loss.scale.item(), loss.margin) == (12.5, 0.2)
    loss = recipe("l2softmax_lof", alpha=4.0, epochs=1).fit(train, device="cpu").network.loss
    assert loss.scale == 4.0
    network = systems.get("l2softmax_lof", size=32).encoder.build()
    assert sum(parameter.numel() for parameter in network.parameters()) == 2223872
    assert network.size == 32


def test_the_paper_s_network_fits_in_a_system(train, fresh, recipe):
    system = recipe("l2softmax_lof", encoder="MobileNetV2", dim=16, size=32, epochs=1)
    assert system.fit(train, device="cpu").embed(fresh[:3]).shape == (3, 16)


def test_clips_too_short_for_an_encoder_are_refused_by_name(train):
    """157 frames of 512 samples begin within 4.992 s at 16 kHz, and the encoder takes them."""
    owners = ["fan/00", "pump/00", "valve/00"]
    for seconds in (0.1, 1, 4.9, 4.991):
        words = f"^ResNet does not fit the front, with seconds={seconds:g}: ResNet takes log-mels"
        with pytest.raises(ValueError, match=words):
            systems.Network(systems.get("subcluster_adacos", seconds=seconds), owners, owners)
    for seconds, encoder in ((4.992, "ResNet"), (5, "ResNet"), (0.1, "Toy")):
        system = systems.get("subcluster_adacos", seconds=seconds, encoder=encoder, dim=4)
        network = systems.Network(system, owners, owners)
        bands = 128
        encoder = (
            getattr(encoders, system.encoder.name)(4)
            if encoder == "ResNet"
            else encoders.Toy(4, bands)
        )
        waves = torch.randn(2, round(16000 * seconds))
        assert encoder(LogMel()(waves)).shape == (2, 4) and network.encoder is not encoder


def test_the_ensemble_over_sub_clusters_sums_the_log_probabilities(recipe, train, fresh):
    """[SCA] IV-G and Fig. 2: all seven S, each with the mixture of its own modes, by scipy."""
    system = systems.get("subcluster_adacos_ensemble")
    sizes = [settings(system.trial(number).loss)["sub_clusters"] for number in range(7)]
    assert sorted(sizes) == [1, 2, 4, 8, 16, 32, 64] and system.fusion == "mean"
    base = systems.get("subcluster_adacos_published")
    assert system.trial(0).but(name=base.name, paper=base.paper, shares=True) == base
    trials = ({}, {"sub_clusters": 1})
    small = recipe("subcluster_adacos_ensemble", trials=trials, sub_clusters=2, epochs=2)
    detector = small.fit(train, device="cpu")
    group, total = sound.groups(fresh).to_numpy(), np.zeros(len(fresh))
    for network, most in zip(detector.networks, (2, 1)):
        inputs = network.front.prepare(
            systems.hear(fresh, network.front).x, fresh["machine"], "cpu"
        )
        x = network.embed(inputs).double().numpy()
        x = x / np.linalg.norm(x, axis=1, keepdims=True)
        for row, name in enumerate(group):
            kept = network.backend.models_[name]
            assert 1 <= len(kept["means"]) <= most
            total[row] += max(
                multivariate_normal(mean, np.linalg.inv(root @ root.T)).logpdf(x[row])
                for mean, root in zip(kept["means"], kept["whitening"])
            )
    np.testing.assert_allclose(-2.0 * detector.score(fresh), total, rtol=1e-5)


def test_the_combined_representations_are_those_of_table_v():
    """[SCA] IV-F: the learned one, and one Gaussian each on mean and maximum; no label is asked."""
    system, learned = systems.get("combined"), systems.get("subcluster_adacos")
    assert system.trial(0).but(name=learned.name, paper=learned.paper, shares=True) == learned
    for number, name in ((1, "mean_gaussian"), (2, "max_gaussian")):
        alone = systems.get(name)
        assert system.trial(number).but(name=name, paper=alone.paper) == alone
        again = systems.get("summaries").trial(number - 1)
        assert again.but(name=name, paper=alone.paper) == alone
    assert system.fusion == systems.get("summaries").fusion == "weighted"


TWO_BRANCH = {  # [AP] Table 1: what each of the five losses is given
    "adaproj": {"part": "AdaProj", "subspace_dim": 32, "trainable": False, "variant": "paper"},
    "compactness": {"part": "Compactness", "trainable": False},
    "compactness_softmax": {"part": "CompactnessSoftmax", "trainable": False},
    "adacos_two_branch": {"part": "AdaCos", "trainable": False},
    "subcluster_adacos_two_branch": {
        "part": "SubClusterAdaCos", "sub_clusters": 32, "trainable": False,
    },
}  # fmt: skip


@pytest.mark.parametrize("name", TWO_BRANCH)
def test_the_systems_of_adaproj_are_the_paper_s(name):
    """[AP] 3 and 4: waves of 10 s mixed, D = 512, fixed centers, Adam 1e-3, batches of 64, 10
    epochs, 32 means and the target clips, ten trials.
    """
    system = systems.get(name)
    loss, rate = settings(system.loss), settings(system.optimizer)
    assert {key: loss[key] for key in TWO_BRANCH[name]} == TWO_BRANCH[name]
    encoder, mixing = settings(system.encoder), settings(system.mixing)
    assert (encoder["part"], encoder["dim"], encoder["branch"]) == ("TwoBranch", 512, "both")
    assert encoder["remove_mean"] and (mixing["how"], mixing["pairing"]) == ("uniform", "reverse")
    assert (system.task, system.each, system.seconds) == ("attributes", "all", 10.0)
    assert (rate["part"], rate["lr"], rate["decay"]) == ("adam", 1e-3, 1e-5)
    assert (system.epochs, system.batch_size, system.schedule) == (10, 64, None)
    backend = settings(system.backend)
    assert (backend["part"], backend["clusters"]) == ("CosineToClusters", 32)
    assert system.trials == ({},) * 10 and system.fusion == "mean"


MARGINS = {  # [NAM] Tables 1 and 2: loss, encoder, whether clips are mixed
    "noisy_arcmix": ("NoisyArcMix", "TASTgram", True), "arcmix": ("ArcMix", "TASTgram", True),
    "tastgram_arcface": ("ArcFace", "TASTgram", False),
    "stgram_arcface": ("ArcFace", "STgram", False),
    "stgram_noisy_arcmix": ("NoisyArcMix", "STgram", True),
    "mixed_margin": ("MixedMargin", "TASTgram", True),  # ours, on the network and training of [NAM]
}  # fmt: skip
BASE_MEL = {"stgram_arcface": {"window": 1024, "htk": True, "norm": None}}


@pytest.mark.parametrize("name", MARGINS)
def test_the_systems_of_noisy_arcmix_are_the_paper_s(name):
    """[NAM] 3: s = 30, m = 0.7, Beta(.5, .5), one lambda a batch, AdamW 1e-4 with decay .01, cosine
    to a tenth over 300 epochs of batches of 64, a twentieth held out; raw dB of 128 bands.
    """
    system, (kind, network, mixed) = systems.get(name), MARGINS[name]
    loss, encoder = settings(system.loss), settings(system.encoder)
    assert (loss["part"], loss["scale"], loss["margin"]) == (kind, 30.0, 0.7)
    assert (encoder["part"], encoder["dim"]) == (network, 128)
    assert (system.mixing is not None) == mixed
    if mixed:
        mixing = settings(system.mixing)
        assert (mixing["how"], mixing["pairing"]) == ("beta", "permute")
    rate = settings(system.optimizer)
    assert (rate["part"], rate["lr"], rate["decay"]) == ("adamw", 1e-4, 0.01)
    assert (system.schedule.name, settings(system.schedule)["last"]) == ("cosine", 0.1)
    assert (system.epochs, system.batch_size, system.held_out) == (300, 64, 0.05)
    assert (system.task, system.backend.name, system.trials) == ("sections", "OwnLoss", ({},))
    (front,) = system.front  # and no part that levels or standardizes
    stated = {"part": "WaveAndLogMel", "window": 2048, "hop": 512, "mels": 128, "frames": 313,
              "padding": "constant", "floor": 0.0, "added": 2.0**-52, "htk": False,
              "norm": "slaney", "seconds": 10.0} | BASE_MEL.get(name, {})  # fmt: skip
    assert {key: settings(front)[key] for key in stated} == stated


SIZES = {  # parameters with 41 classes: [NAM] without its unused layer; [AP] at D = 256 and 10 s
    "noisy_arcmix": ({}, 1_161_855 - 5_289), "stgram_noisy_arcmix": ({}, 1_161_279 - 5_289),
    "adaproj": ({"dim": 256}, 2_540_978), "compactness": ({"dim": 256}, 2_540_978),
}  # fmt: skip


@pytest.mark.parametrize("name", SIZES)
def test_the_networks_have_the_parameters_that_the_papers_count(name):
    """Centers that are fixed are no parameters."""
    choices, count = SIZES[name]
    owners = [f"machine/{number:02d}" for number in range(41)]
    network = systems.Network(systems.get(name, **choices), owners, owners)
    trained = [weight.numel() for weight in network.parameters() if weight.requires_grad]
    assert sum(trained) == count


@pytest.mark.parametrize(("size", "share"), [("paper", 1.0), ("course", 0.15), ("smoke", 0.03)])
def test_a_budget_takes_its_share_of_the_epochs_and_nothing_else(size, share):
    """60 and 12 of 400 epochs, rounded up; parts, batches and rates stay those of the paper."""
    stated = dict.fromkeys(systems.names(), 400) | dict.fromkeys(TWO_BRANCH, 10)
    stated |= dict.fromkeys(MARGINS, 300) | dict.fromkeys([*REBUILDING, "l2softmax_lof"], 100)
    stated |= dict.fromkeys(ROLES, 20)
    for name in systems.names():
        system = systems.get(name)
        if system.loss is not None:
            expected = int(np.ceil(share * stated[name] - 1e-9))
            assert system.epochs_of(asdkit.budget(size)) == expected
