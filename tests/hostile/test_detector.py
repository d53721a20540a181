"""A fitted detector, and ``asdkit score``, given what is no finite number of a known machine: it
decides nothing, and says why.
"""

from functools import partial

import numpy as np
import pandas as pd
import pytest
import torch

from asdkit import sound, systems
from asdkit.__main__ import main

CHOICES = {"encoder": "Toy", "dim": 4, "seconds": 1.0, "epochs": 1}


@pytest.fixture(scope="module")
def clips(tmp_path_factory, recipe):
    return sound.index(sound.synthesize(tmp_path_factory.mktemp("small") / "data", recipe(2, 1)))


@pytest.fixture(scope="module")
def test(clips):
    return clips[clips["split"] == "test"]


@pytest.fixture(scope="module")
def fitted(clips):
    """Detectors that judge embeddings, and probabilities. Leave them as they are."""
    system = systems.get("subcluster_adacos", **CHOICES)
    normal = clips[clips["split"] == "train"]
    return {
        backend: system.but(backend=backend).fit(normal, device="cpu")
        for backend in ("GaussianMixture", "Probability")
    }


@pytest.fixture(params=["GaussianMixture", "Probability"])
def detector(request, fitted):
    return fitted[request.param]


def hole(values, value):
    values = values.astype(object if value is None else float)
    values.flat[2] = value
    return values


NO_SCORES = {
    "NaN": lambda s: hole(s, np.nan),
    "infinity": lambda s: hole(s, np.inf),
    "minus infinity": lambda s: hole(s, -np.inf),
    "None among numbers": lambda s: hole(s, None),
    "masked": lambda s: np.ma.masked_array(s, mask=np.arange(len(s)) == 2),
    "text": lambda s: s.astype(str),
    "complex": lambda s: s + 0j,
    "a column": lambda s: s[:, None],
    "one too few": lambda s: s[:-1],
    "none": lambda s: s[:0],
    "one number": lambda s: s[0],
    "None": lambda s: None,
    "a word": lambda s: "high",
}


@pytest.mark.parametrize("kind", NO_SCORES)
def test_nothing_is_decided_of_a_score_that_is_no_finite_number(detector, test, kind, refused):
    score, group = np.arange(len(test), dtype=float), sound.groups(test)
    told = refused(lambda: detector.decide(NO_SCORES[kind](score), group))
    assert "score" in told or "group" in told
    refused(lambda: detector.decide(NO_SCORES[kind](score), group.tolist()))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, None, "high", [1.0]])
def test_nothing_is_decided_by_a_threshold_that_is_no_finite_number(
    detector, test, value, refused, monkeypatch
):
    group = sound.groups(test)
    monkeypatch.setattr(detector, "thresholds", detector.thresholds | {group.iloc[0]: value})
    refused(lambda: detector.decide(np.zeros(len(test)), group), "threshold")


NO_GROUPS = {
    "one too few": lambda g: g.tolist()[:-1],
    "one too many": lambda g: [*g, "fan/00"],
    "one text": lambda g: "fan/00",
    "NaN": lambda g: [*g[:-1], np.nan],
    "None among names": lambda g: [*g[:-1], None],
    "None": lambda g: None,
    "numbers": lambda g: list(range(len(g))),
    "a column": lambda g: g.to_numpy()[:, None],
    "unknown": lambda g: ["fan/99"] * len(g),
    "a machine alone": lambda g: ["fan"] * len(g),
}


@pytest.mark.parametrize("kind", NO_GROUPS)
def test_a_group_is_one_known_machine_and_section_a_clip(detector, test, kind, refused):
    group = sound.groups(test)
    wrong, x = NO_GROUPS[kind](group), torch.ones(len(test), 4)
    for take in (detector.score_embeddings, detector.angle):
        refused(partial(take, x, wrong))
    refused(lambda: detector.decide(np.zeros(len(test)), wrong))


def test_an_unknown_group_is_told_with_those_that_are_known(detector, refused):
    words = "'fan/99'", "it knows fan/00, valve/00"
    refused(lambda: detector.decide([0.0], ["fan/99"]), *words)
    refused(lambda: detector.angle(torch.ones(1, 4), ["fan/99"]), *words)


def test_scores_in_another_order_than_their_groups_are_not_matched_by_position(
    detector, test, refused
):
    group = sound.groups(test)
    score = pd.Series(np.arange(len(test), dtype=float), test.index)
    refused(lambda: detector.decide(score[::-1], group), "order")
    table = pd.DataFrame(np.ones((len(test), 4)), test.index)
    refused(lambda: detector.score_embeddings(table[::-1], group), "order")
    refused(lambda: detector.angle(table[::-1], group), "order")
    np.testing.assert_array_equal(
        detector.decide(score, group), detector.decide(score.tolist(), group.tolist())
    )


NO_EMBEDDINGS = {
    "NaN": lambda x: torch.where(torch.arange(4) == 2, torch.nan, x),
    "infinity": lambda x: x * torch.inf,
    "without a batch": lambda x: x[0],
    "of another size": lambda x: x[:, :3],
    "of four axes": lambda x: x[None, :, None],
    "none": lambda x: x[:0],
    "text": lambda x: x.numpy().astype(str),
    "complex": lambda x: x + 0j,
    "None": lambda x: None,
    "on no device": lambda x: x.to("meta"),
    "sparse": lambda x: x.to_sparse(),
}


@pytest.mark.parametrize("kind", NO_EMBEDDINGS)
def test_what_is_no_embedding_of_the_network_is_not_judged(detector, test, kind, refused):
    group, wrong = sound.groups(test).tolist(), NO_EMBEDDINGS[kind](torch.ones(len(test), 4))
    refused(lambda: detector.score_embeddings(wrong, group))
    refused(lambda: detector.angle(wrong, group))


@pytest.mark.parametrize(
    "form", [torch.Tensor.numpy, torch.Tensor.tolist, torch.Tensor.double, pd.DataFrame,
             lambda x: x.clone().requires_grad_(), lambda x: x.numpy()[:, ::-1].copy()[:, ::-1]],
)  # fmt: skip
def test_another_form_of_the_same_embeddings_gives_the_same(detector, test, form):
    x, group = detector.embed(test), sound.groups(test).tolist()
    for take in (detector.score_embeddings, detector.angle):
        np.testing.assert_allclose(take(form(x), group), take(x, group), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16])
def test_embeddings_in_half_precision_are_taken_as_they_are_rounded(detector, test, kind):
    x, group = detector.embed(test).to(kind), sound.groups(test).tolist()
    for take in (detector.score_embeddings, detector.angle):
        np.testing.assert_allclose(take(x, group), take(x.float(), group), rtol=1e-5, atol=1e-5)


def test_an_angle_does_not_depend_on_a_length_that_float32_cannot_square(detector, test):
    x, group = detector.embed(test).double(), sound.groups(test).tolist()
    for power in (20, 30, 200):
        found = detector.angle(x * 10.0**power, group)
        np.testing.assert_allclose(found, detector.angle(x, group), atol=1e-3)


@pytest.mark.parametrize("kind", ["NaN", "one too few", "None"])
def test_thresholds_are_set_by_finite_scores_of_the_own_clips(detector, clips, kind, refused):
    group = sound.groups(clips).to_numpy()
    wrong = NO_SCORES[kind](np.arange(len(clips), dtype=float))
    own = np.ones(len(clips), bool)
    before = dict(detector.thresholds)
    refused(lambda: detector.set_thresholds(group, [(detector.network, own, wrong)]), "score")
    assert detector.thresholds == before


@pytest.fixture
def broken(fitted, monkeypatch):
    """A detector with a weight of NaN, as it could be after a training that has broken."""
    detector = fitted["GaussianMixture"]
    state = {name: value.clone() for name, value in detector.network.state_dict().items()}
    weight = next(detector.network.encoder.parameters())
    weight.data[0] = torch.nan
    yield detector
    detector.network.load_state_dict(state)


def test_the_recording_without_a_finite_embedding_is_named(broken, test, refused):
    words = test["path"].iloc[0], "no finite embedding", "train again"
    refused(lambda: broken.score(test), *words)
    refused(lambda: broken.embed(test), *words)


def test_a_model_of_nan_scores_nothing(fitted, test, refused, monkeypatch):
    detector = fitted["GaussianMixture"]
    backend = detector.network.backend
    models = {
        name: model | {"means": model["means"] * np.nan} for name, model in backend.models_.items()
    }
    monkeypatch.setattr(backend, "models_", models)
    refused(lambda: detector.score(test), "the score of clip 0 is nan")


def test_the_command_calls_no_recording_normal_whose_score_is_nan(
    broken, test, monkeypatch, capsys, tmp_path
):
    monkeypatch.setattr(systems, "load", lambda path, device: broken)
    store = tmp_path / "x.npz"
    path = test["path"].iloc[0]
    for more in ([], ["--embeddings", str(store)]):
        assert main(["score", "detector.safetensors", path, "--group", "fan/00", *more]) == 2
        told = capsys.readouterr()
        assert told.out == "" and told.err.count("\n") == 1
        assert told.err.startswith(f"asdkit score: {path} has no finite embedding")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_the_command_decides_by_no_threshold_of_nan(fitted, test, value, monkeypatch, capsys):
    detector = fitted["GaussianMixture"]
    monkeypatch.setattr(detector, "thresholds", dict.fromkeys(detector.thresholds, value))
    monkeypatch.setattr(systems, "load", lambda path, device: detector)
    path = test["path"].iloc[0]
    assert main(["score", "detector.safetensors", path, "--group", "fan/00"]) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.startswith(f"asdkit score: threshold is {value}")


BAD = {
    "text": "x", "a fraction": 2.5, "negative": -1, "True": True, "None": None, "NaN": np.nan,
    "a list": [3], "complex": 1j, "a number as text": "3",
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(set(BAD) - {"None"}))
@pytest.mark.parametrize("setting", ["seed", "heard", "start", "budget", "device"])
def test_what_a_fit_is_told_is_refused_before_any_file_is_read(
    clips, setting, kind, refused, monkeypatch
):
    monkeypatch.setattr(sound, "blocks", lambda *told: pytest.fail("a file is read"))
    system = systems.get("subcluster_adacos", **CHOICES)
    normal = clips[clips["split"] == "train"]
    refused(lambda: system.fit(normal, **{setting: BAD[kind]}))


@pytest.mark.parametrize("kind", sorted(set(BAD) - {"None"}))
def test_a_detector_takes_what_was_heard_or_nothing(detector, test, kind, refused):
    for take in (detector.score, detector.embed, detector.inputs):
        refused(partial(take, test, BAD[kind]), "heard is", "systems.hear")
