"""Files of every kind: what is repaired with a warning, and what is refused."""

import warnings

import numpy as np
import pandas as pd
import pytest
import soundfile
import torch

from asdkit import sound


def table(*paths):
    return pd.DataFrame({"path": [str(path) for path in paths]})


def write(path, wave, sr=16000, subtype="PCM_16"):
    soundfile.write(path, wave, sr, subtype=subtype)
    return path


@pytest.fixture
def noise():
    return np.random.default_rng(0).uniform(-0.5, 0.5, 32000)


def quietly(*arguments, **choices):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return sound.load(*arguments, **choices)


def test_a_plain_file_is_read_sample_by_sample(tmp_path):
    steps = np.random.default_rng(0).integers(-32768, 32768, 32000).astype(np.int16)
    waves = quietly(table(write(tmp_path / "a.wav", steps)), seconds=2.0)
    assert waves.dtype == torch.float32 and waves.shape == (1, 32000)
    assert np.array_equal(waves[0].numpy(), steps.astype(np.float32) / 32768)


@pytest.mark.parametrize(
    "subtype, step", [("PCM_16", 2**-15), ("PCM_24", 2**-23), ("FLOAT", 2**-23)]
)
def test_other_sample_formats(tmp_path, noise, subtype, step):
    waves = quietly(table(write(tmp_path / "a.wav", noise, subtype=subtype)), seconds=2.0)
    np.testing.assert_allclose(waves[0].numpy(), noise, atol=1.5 * step)


def test_a_longer_clip_keeps_its_end_and_a_shorter_one_is_repeated(tmp_path, noise):
    clips = table(write(tmp_path / "a.wav", noise, subtype="FLOAT"))
    assert np.array_equal(quietly(clips, seconds=0.5)[0], noise[-8000:].astype(np.float32))
    with pytest.warns(UserWarning, match=r"1 of 1 clips were repeated to fill 5 s, first .*a\.wav"):
        waves = sound.load(clips, seconds=5.0)
    assert np.array_equal(
        waves[0], np.concatenate([noise, noise, noise])[:80000].astype(np.float32)
    )


def test_another_rate_is_resampled(tmp_path):
    time = np.arange(88200) / 44100
    clips = table(write(tmp_path / "a.wav", 0.5 * np.sin(2 * np.pi * 1000 * time), 44100, "FLOAT"))
    with pytest.warns(
        UserWarning, match=r"1 of 1 clips were resampled to 16000 Hz, first .*a\.wav"
    ):
        waves = sound.load(clips, seconds=2.0)
    expected = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(32000) / 16000)
    np.testing.assert_allclose(waves[0, 500:-500], expected[500:-500], atol=2e-3)
    assert waves.shape == (1, 32000)


@pytest.mark.parametrize("channels", [2, 8])
def test_of_several_channels_the_first_is_taken(tmp_path, noise, channels):
    many = np.stack([noise, *[noise[::-1] * k / channels for k in range(1, channels)]], axis=1)
    clips = table(write(tmp_path / "a.wav", many, subtype="FLOAT"))
    with pytest.warns(
        UserWarning, match=r"several channels, of which the first is taken, first .*a\.wav"
    ):
        waves = sound.load(clips, seconds=2.0)
    assert np.array_equal(waves[0], noise.astype(np.float32))


def test_each_repair_is_told_once(tmp_path, noise):
    paths = [write(tmp_path / f"{k}.wav", noise, 8000) for k in range(3)] + [
        write(tmp_path / "3.wav", noise)
    ]
    with pytest.warns(UserWarning) as told:
        sound.load(table(*paths), seconds=2.0)
    assert len(told) == 1 and "3 of 4 clips were resampled" in str(told[0].message)
    assert "0.wav" in str(told[0].message)


def test_blocks_are_parts_of_the_batch(tmp_path, noise):
    clips = table(*[write(tmp_path / f"{k}.wav", noise * k / 8) for k in range(7)])
    parts = list(sound.blocks(clips, seconds=2.0, block=3))
    assert [len(part) for part in parts] == [3, 3, 1]
    assert torch.equal(torch.cat(parts), sound.load(clips, seconds=2.0))


def test_a_slice_of_a_table_is_a_table(tmp_path, noise):
    clips = table(*[write(tmp_path / f"{k}.wav", noise * k / 8) for k in range(4)])
    some = clips[clips.index % 2 == 1]
    assert torch.equal(sound.load(some, seconds=2.0), sound.load(clips, seconds=2.0)[1::2])


def cut(path, keep):
    whole = path.read_bytes()
    path.write_bytes(whole[: keep if keep >= 0 else len(whole) + keep])
    return path


BAD = {
    "nan": (
        lambda p: write(p, np.full(32000, np.nan), subtype="FLOAT"),
        "holds NaN or infinite samples: export",
    ),
    "infinite": (
        lambda p: write(p, np.full(32000, np.inf), subtype="FLOAT"),
        "holds NaN or infinite samples",
    ),
    "0.1 s": (lambda p: write(p, np.zeros(1600)), "lasts 0.1 s: record at least 0.25 s"),
    "no samples": (lambda p: write(p, np.zeros(0)), "lasts 0 s: record at least 0.25 s"),
    "no bytes": (lambda p: p.touch(), "no readable sound file: copy it again"),
    "text": (lambda p: p.write_text("this is no sound"), "no readable sound file"),
    "other header": (
        lambda p: p.write_bytes(b"RIFF\x10\x00\x00\x00AVI " + bytes(99)),
        "no readable sound file",
    ),
    "half": (
        lambda p: cut(write(p, np.zeros(64000)), 70000),
        "cut short, its header promises more: copy it again",
    ),
    "header only": (lambda p: cut(write(p, np.zeros(64000)), 30), "cut short"),
    "last sample": (lambda p: cut(write(p, np.zeros(64000)), -2), "cut short"),
    "missing": (lambda p: None, "is missing: index the folder again"),
    "folder": (lambda p: p.mkdir(), "is a folder: give the path of a recording"),
}


def test_a_channel_is_chosen_by_its_number(tmp_path, noise, recwarn):
    both = np.stack([noise, 0.5 * noise[::-1]], axis=1)
    clips = table(write(tmp_path / "a.wav", both), write(tmp_path / "b.wav", -both))
    waves = sound.load(clips, seconds=2.0, channel="all")
    assert waves.shape == (2, 2, 32000) and not recwarn
    for number in (0, 1):
        np.testing.assert_allclose(waves[0, number], both[:, number], atol=2**-15)
        one = sound.load(clips, seconds=2.0, channel=number)
        assert torch.equal(one, waves[:, number]) and not recwarn
    assert [len(some) for some in sound.blocks(clips, 2.0, block=1, channel="all")] == [1, 1]
    with pytest.warns(UserWarning, match="2 of 2 clips have several channels, of which the first"):
        assert torch.equal(sound.load(clips, seconds=2.0), waves[:, 0])
    long = sound.load(clips, seconds=3.0, sr=8000, channel="all")
    alone = sound.load(clips, seconds=3.0, sr=8000, channel=1)
    assert long.shape == (2, 2, 24000) and torch.equal(long[:, 1], alone)


def test_a_channel_that_is_not_there(tmp_path, noise):
    mono = write(tmp_path / "mono.wav", noise)
    stereo = write(tmp_path / "stereo.wav", np.stack([noise, noise], axis=1))
    told = "mono.wav has one channel, and channel 1 was asked for, counted from 0: give"
    with pytest.raises(ValueError, match=told):
        sound.load(table(stereo, mono), seconds=2.0, channel=1)
    for one, other in ((mono, stereo), (stereo, mono)):
        told = rf"{other.name} has .+, and .*{one.name} has .+: read recordings of one kind"
        with pytest.raises(ValueError, match=told):
            list(sound.blocks(table(one, other), seconds=2.0, block=1, channel="all"))
    for wrong in (-1, 0.5, "far", True):
        with pytest.raises(ValueError, match="channel is "):
            sound.load(table(mono), seconds=2.0, channel=wrong)


@pytest.mark.parametrize("kind", BAD)
def test_what_cannot_be_read_is_named(tmp_path, noise, kind):
    make, words = BAD[kind]
    good, bad = write(tmp_path / "good.wav", noise), tmp_path / "bad.wav"
    make(bad)
    with pytest.raises(ValueError, match=words) as error:
        sound.load(table(good, bad), seconds=2.0)
    assert str(bad) in str(error.value) and "good" not in str(error.value)


@pytest.mark.parametrize("size", [2**32 - 1, 2**31 - 1])
def test_a_stream_with_an_open_header_is_read(tmp_path, noise, size):
    """Recorders that write to a pipe leave the largest number as the size."""
    path = write(tmp_path / "a.wav", noise)
    whole = bytearray(path.read_bytes())
    whole[4:8] = whole[40:44] = size.to_bytes(4, "little")
    path.write_bytes(whole)
    np.testing.assert_allclose(sound.load(table(path), seconds=2.0)[0], noise, atol=2**-15)


def test_other_kinds_of_sound_file(tmp_path, noise):
    path = tmp_path / "a.flac"
    soundfile.write(path, noise, 16000)
    np.testing.assert_allclose(sound.load(table(path), seconds=2.0)[0], noise, atol=2**-15)


def test_an_empty_table():
    with pytest.raises(ValueError, match="the table holds no clips: check"):
        sound.load(table())
