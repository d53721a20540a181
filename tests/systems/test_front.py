"""The front of a system: parts in order, rows, tuples, and clips that are read once."""

import numpy as np
import pytest
import torch
from torch import nn

from asdkit import features, sound, systems
from asdkit.features import (
    FramedLogMel,
    LogMel,
    Standardize,
    framed,
    normalize_level,
    temporal_mean,
)
from asdkit.systems import Front, hear, part

MEL = (part(normalize_level), part(LogMel), part(Standardize))


class Both(nn.Module):
    """A wave and its log-mel, as a network of two inputs takes them."""

    def __init__(self):
        super().__init__()
        self.log_mel = LogMel()

    def forward(self, waves):
        return waves, self.log_mel(waves)


class Halves(nn.Module):
    """Two segments of a picture, each a row of its clip."""

    rows = True

    def forward(self, x):
        return torch.stack(
            x.split(x.shape[2] // 2, dim=2)[:2], dim=1
        )  # (N, B, T) -> (N, 2, B, T / 2)


def test_it_is_its_parts_one_after_the_other(train):
    front = Front((*MEL, part(temporal_mean)), 1.0, train["machine"])
    assert front.hears.shape == (1, 128) and front.plain == 2 and not front.rows
    heard = hear(train, front)
    pictures = LogMel()(normalize_level(sound.load(train, seconds=1.0)))
    torch.testing.assert_close(heard.x, pictures)
    x = front.prepare(heard.x, train["machine"], "cpu", fit=True)
    wide = pictures.double().numpy().transpose(1, 0, 2).reshape(128, -1)
    expected = (pictures.double().numpy().mean(axis=2) - wide.mean(axis=1)) / wide.std(axis=1)
    np.testing.assert_allclose(x, expected, atol=1e-4)
    waves = sound.load(train, seconds=1.0)
    torch.testing.assert_close(front(waves, train["machine"]), x)


def test_silence_tells_what_the_encoder_will_hear():
    for parts, shape in (
        ((), (1, 16000)), ((part(LogMel),), (1, 128, 32)),
        ((part(LogMel, mels=64), part(Standardize)), (1, 64, 32)),
        ((part(FramedLogMel),), (1, 28, 640)), ((part(LogMel), part(Halves)), (1, 2, 128, 16)),
    ):  # fmt: skip
        assert Front(parts, 1.0).hears.shape == shape
    wave, picture = Front((part(Both),), 1.0).hears
    assert wave.shape == (1, 16000) and picture.shape == (1, 128, 32)
    assert [
        Front(parts, 1.0).rows
        for parts in ((part(FramedLogMel),), (part(LogMel), part(Halves)), MEL)
    ] == [1, 1, 0]


@pytest.mark.parametrize("settings", [{}, {"neighbors": 3}])
def test_vectors_of_standardized_frames_are_rows_of_a_clip(train, settings):
    parts = (part(LogMel), part(Standardize), part(framed, **settings))
    front = Front(parts, 1.0)
    assert front.rows
    heard = hear(train, front)
    picture = Standardize().fit(heard.x)(heard.x)
    expected = framed(picture, **settings)
    x = front.prepare(heard.x, train["machine"], "cpu", fit=True)
    torch.testing.assert_close(x, expected)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (
            (part(LogMel), part(LogMel)),
            r"part LogMel of the front does not take what LogMel gives, \(1, 128, 32\): ",
        ),
        (
            (part(Standardize),),
            "the part Standardize of the front does not take what the reader of clips gives",
        ),
        (
            (part(LogMel), part(temporal_mean), part(Standardize)),
            "Standardize .* what temporal_mean gives, ",
        ),
        (
            (part(LogMel), part(Halves), part(Standardize)),
            r"^Standardize takes pictures \(N, B, T\): put it before what ",
        ),
        (
            (part(Both), part(Standardize)),
            r"^Standardize takes pictures \(N, B, T\): put it before what makes tuples ",
        ),
        (
            (part(Both), part(temporal_mean)),
            r"temporal_mean .* what Both gives, \(1, 16000\) and \(1, 128, 32\): ",
        ),
        (
            (part(FramedLogMel, neighbors=40),),
            "FramedLogMel .* the reader of clips gives, .* holds no 40 neighbors",
        ),
        (
            (part(LogMel, window=40000),),
            "the part LogMel of the front does not take what the reader of clips gives",
        ),
    ],
)
def test_parts_that_do_not_go_together(parts, words):
    with pytest.raises(ValueError, match=words) as told:
        Front(parts, 1.0)
    assert "\n" not in str(told.value)


def test_a_standardization_a_machine_is_numpys(train):
    front = Front((part(LogMel), part(Standardize, by="machine")), 1.0, train["machine"])
    heard = hear(train, front)
    x = front.prepare(heard.x, train["machine"], "cpu", fit=True).numpy()
    assert front.learned[-1].mean.shape == (2, 128, 1)
    for machine in ("fan", "pump"):
        own = np.flatnonzero(train["machine"] == machine)
        wide = heard.x[own].double().numpy().transpose(1, 0, 2).reshape(128, -1)
        expected = (heard.x[own].double().numpy() - wide.mean(axis=1)[:, None]) / wide.std(axis=1)[
            :, None
        ]
        np.testing.assert_allclose(x[own], expected, atol=1e-4)


@pytest.mark.parametrize(
    "parts", [MEL, (part(LogMel), part(Standardize, by="machine")), (part(Both),)]
)
def test_what_was_heard_stays_as_it_is_unless_it_is_given_away(train, parts):
    front = Front(parts, 1.0, train["machine"])
    heard = hear(train, front)
    whole = heard.x if isinstance(heard.x, tuple) else (heard.x,)
    before = [x.clone() for x in whole]
    x = front.prepare(heard.x, train["machine"], "cpu", fit=True)
    assert all(map(torch.equal, whole, before))
    again = front.prepare(heard.x, train["machine"], "cpu", keep=False)
    for one, other in zip(
        x if isinstance(x, tuple) else (x,), again if isinstance(again, tuple) else (again,)
    ):
        torch.testing.assert_close(one, other)


def test_blocks_do_not_matter(train, monkeypatch):
    front = Front(MEL, 1.0, train["machine"])
    heard = hear(train, front)
    x = front.prepare(heard.x, train["machine"], "cpu", fit=True)
    monkeypatch.setattr("asdkit.systems.front.BLOCK", 7)
    torch.testing.assert_close(hear(train, front).x, heard.x)
    torch.testing.assert_close(front.prepare(heard.x, train["machine"], "cpu"), x)
    torch.testing.assert_close(front.prepare(heard.x, train["machine"], "cpu", keep=False), x)


def test_clips_are_read_once_and_measured_on_the_way(train, reads):
    front = Front(MEL, 1.0, train["machine"])
    seen = []

    def measure(waves, known):
        seen.append(sorted(map(len, known)))
        return {
            "peak": waves.abs().amax(dim=1).numpy(),
            "top": known[front.parts[:2]].amax(dim=(1, 2)).numpy(),
        }

    heard = hear(train, front, measure=measure)
    assert len(reads) == len(set(reads)) == 40 and set(map(tuple, seen)) == {(0, 1, 2)}
    np.testing.assert_allclose(
        heard.measures["peak"], sound.load(train, seconds=1.0).abs().amax(dim=1), rtol=1e-6
    )
    np.testing.assert_allclose(heard.measures["top"], heard.x.amax(dim=(1, 2)))


def test_some_of_the_clips_that_were_heard(train, fresh):
    front = Front(MEL, 1.0, train["machine"])
    heard = hear(train, front)
    some = train.iloc[[7, 3, 30]]
    assert torch.equal(heard.of(some), heard.x[[7, 3, 30]]) and heard.of(train) is heard.x
    assert heard.serves(front, some) and heard.serves(Front((*MEL, part(temporal_mean)), 1.0), some)
    assert not heard.serves(front, fresh)
    assert not heard.serves(Front(MEL, 2.0), some) and not heard.serves(
        Front((part(LogMel),), 1.0), some
    )
    both = hear(train, Front((part(Both),), 1.0))
    assert torch.equal(both.of(some)[1], both.x[1][[7, 3, 30]]) and both.of(some)[0].shape == (
        3,
        16000,
    )


def test_no_clips_are_told(train):
    with pytest.raises(ValueError, match="the table holds no clips"):
        hear(train.head(0), Front(MEL, 1.0))


def test_a_detector_makes_the_same_of_clips_one_by_one(fitted, fresh):
    heard = systems.hear(fresh, fitted.network.front)
    alone = torch.cat([fitted.inputs(fresh[row : row + 1], heard) for row in range(4)])
    torch.testing.assert_close(fitted.inputs(fresh, heard)[:4], alone)
    assert features.Standardize in map(type, fitted.network.front.steps)


def test_inputs_are_those_of_a_system_fitted_to_the_training_clips(train, fresh):
    inputs, inputs_test = systems.inputs(systems.MEAN_AND_MAX, train, fresh, seconds=1.0)
    assert inputs.shape == (len(train), 128, 2) and inputs_test.shape == (len(fresh), 128, 2)
    waves = sound.load(train, seconds=1.0)
    x = features.mean_and_max(features.LogMel()(features.normalize_level(waves)))
    assert torch.equal(x[..., 0], features.LogMel()(features.normalize_level(waves)).mean(dim=2))
    mean, deviation = x.mean(dim=(0, 2)), x.transpose(0, 1).flatten(1).std(dim=1, correction=0)
    expected = (x - mean[:, None]) / deviation[:, None]
    torch.testing.assert_close(inputs, expected, rtol=1e-3, atol=1e-3)
