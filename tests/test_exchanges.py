"""Exchanged parts of clips against transforms by hand, linear scores, and what sentences say."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from asdkit import exchanges
from asdkit.exchanges import Explanation, exchange, explain

RATE, LENGTH = 16000, 24001  # an odd length, of 1.5 s


@pytest.fixture(scope="module")
def waves():
    chance = torch.Generator().manual_seed(0)
    return torch.randn(3, LENGTH, generator=chance, dtype=torch.float64)


def masks(count=LENGTH):
    return torch.zeros(1, 513, 1 + count // 256, dtype=torch.float64)


@pytest.mark.parametrize("length", [1025, 16000, LENGTH])
def test_nothing_exchanged_changes_nothing_and_all_exchanged_gives_the_neighbor(waves, length):
    wave, other = waves[0, :length], waves[1, :length]
    assert torch.equal(exchange(wave, other, masks(length))[0], wave)
    made = exchange(wave, other, masks(length) + 1)[0]
    torch.testing.assert_close(made, other, rtol=0, atol=1e-12)
    single = exchange(wave.float(), other.float(), masks(length).float() + 1)[0]
    torch.testing.assert_close(single, other.float(), rtol=0, atol=1e-5)


def test_patches_bands_and_spans_each_select_every_cell_once():
    edges, times = exchanges._edges(LENGTH, 8, 0.5, RATE)
    made = exchanges._masks(LENGTH, edges, times, RATE)
    patches, bands, spans = made[:24].reshape(8, 3, 513, -1), made[24:32], made[32:]
    for some in (patches.flatten(0, 1), bands, spans):
        assert (some.sum(dim=0) == 1).all()
    assert torch.equal(patches.any(dim=1), bands) and torch.equal(patches.any(dim=0), spans)
    above = 15 + 27 * np.log(edges.clip(1000) / 1000) / np.log(6.4)  # Slaney's mel
    mel = np.where(edges < 1000, edges * 3 / 200, above)
    np.testing.assert_allclose(mel, np.linspace(0, mel[-1], 9), atol=1e-9)
    assert edges[-1] == pytest.approx(8000)
    np.testing.assert_allclose(np.diff(times), LENGTH / RATE / 3)


def test_worths_of_a_linear_score_sum_to_what_the_clip_has_over_its_neighbors(waves):
    wave, neighbors, weights = waves[0], waves[1:], torch.linspace(-1, 1, LENGTH).double()
    why = explain(lambda x: (x @ weights).numpy(), wave, neighbors, bands=4)
    assert why.rest == pytest.approx(float((neighbors @ weights).mean()))
    for worth in (why.worth, why.score - why.remaining_bands, why.score - why.remaining_spans):
        assert worth.sum() == pytest.approx(why.score - why.rest, rel=1e-9)
    np.testing.assert_allclose(why.worth.sum(axis=1), why.score - why.remaining_bands)
    one, two = (explain(lambda x: (x @ weights).numpy(), wave, n[None], bands=4) for n in neighbors)
    np.testing.assert_allclose(why.remaining, (one.remaining + two.remaining) / 2)


def test_excess_is_that_of_frames_by_hand(waves):
    wave, neighbors = waves[0] * 2, waves[1:]
    why = explain(lambda x: x.sum(dim=1).numpy(), wave, neighbors)
    window = np.hanning(1025)[:-1]

    def power(x):
        x = np.pad(x.numpy(), 512, mode="reflect")
        return np.array([
            np.abs(np.fft.rfft(window * x[at : at + 1024])) ** 2
            for at in range(0, LENGTH + 1, 256)
        ])  # fmt: skip

    hertz, seconds = np.arange(513) * RATE / 1024, np.arange(94) * 256 / RATE
    band = (hertz >= why.bands[2]) & (hertz < why.bands[3])
    span = (seconds >= why.times[1]) & (seconds < why.times[2])
    own, usual = power(wave), np.mean([power(one) for one in neighbors], axis=0)
    for name, rows, columns in (
        (why.excess[2, 1], span, band), (why.excess_bands[2], span | True, band),
        (why.excess_spans[1], span, band | True),
    ):  # fmt: skip
        ratio = own[np.ix_(rows, columns)].sum() / usual[np.ix_(rows, columns)].sum()
        assert name == pytest.approx(10 * np.log10(ratio), abs=1e-9)


def test_a_planted_tone_is_found_in_its_band_and_time(waves):
    tone = torch.sin(2 * torch.pi * 3000 / RATE * torch.arange(LENGTH).double())
    tone[:8000] = tone[16000:] = 0.0
    why = explain(lambda x: x.square().sum(dim=1).numpy(), waves[0] + 3 * tone, waves[:1])
    part = why.strongest
    assert part == why.patch and part.low < 3000 < part.high and why.stands_out
    assert (part.begin, part.end) == pytest.approx((0.5, 1.0), abs=1e-3)
    assert part.worth > 0.9 * (why.score - why.rest)
    share = (part.high - part.low) / 8000  # of the noise's power of 1; the tone's is 9 / 2
    assert part.excess == pytest.approx(10 * np.log10(1 + 4.5 / share), abs=0.3)


def made(patch=0.0, band=0.0, span=0.0, excess=9.0, **told):
    remaining = np.zeros((2, 2))
    remaining[1, 0] = -patch
    loud = np.full((2, 2), excess)
    return replace(Explanation(
        0.0, -10.0, remaining, np.array([0.0, -band]), np.array([-span, 0.0]),
        loud, loud[0], loud[0], np.array([0.0, 3000.0, 8000.0]), np.array([0.0, 0.5, 1.0]),
    ), **told)  # fmt: skip


SAID = {
    "a patch": (made(4, 6, 2), "From 0.0 to 0.5 s, 3.0 to 8.0 kHz, 9 dB above its nearest"),
    "a band": (made(2, 6, 2), "All along, 3.0 to 8.0 kHz, 9 dB above its nearest"),
    "a span": (made(2, 3, 7, -4.0), "From 0.0 to 0.5 s, at all frequencies, 4 dB below its"),
    "as loud": (made(5, 6, excess=0.4), "as loud as its nearest normal: worth 50% of what"),
    "spread": (made(2, 2, 2), "Nothing stands out: the strongest part is worth 20% of"),
    "quiet": (made(5, threshold=1.5), "Nothing stands out: its score 0 is below the threshold 1.5"),
    "no lead": (made(5, rest=2.0), "Nothing stands out: its score 0 is not above 2 of its"),
}


@pytest.mark.parametrize("name", SAID)
def test_the_sentence_tells_the_part_or_that_nothing_stands_out(name):
    why, words = SAID[name]
    assert words in why.sentence()
    assert why.stands_out != why.sentence().startswith("Nothing stands out")


@pytest.mark.parametrize("wave, neighbors", [
    (torch.zeros(2, 4000), torch.zeros(1, 4000)), (torch.zeros(900), torch.zeros(1, 900)),
    (torch.zeros(4000), torch.zeros(1, 3000)), (torch.zeros(4000), torch.zeros(0, 4000)),
    (torch.full((4000,), torch.nan), torch.zeros(1, 4000)),
])  # fmt: skip
def test_what_is_no_clip_is_refused(wave, neighbors):
    with pytest.raises(ValueError, match="a wave is|holds no clip|is nan at 0"):
        explain(lambda x: x.sum(dim=1).numpy(), wave, neighbors)
