"""Rows that are cut when they are taken: the same as all of them at once, and the same training."""

import pytest
import torch

from asdkit import encoders, features, losses, train
from asdkit.train.rows import first_rows, rows_of, some

CLIPS = torch.randn(21, 8, 30, generator=torch.Generator().manual_seed(0))
SEGMENTS, FRAMED = features.Segments(12, 4), features.FramedLogMel(3)
KINDS = {
    "segments": (SEGMENTS(CLIPS), train.Rows(CLIPS, SEGMENTS.cut, 4)),
    "vectors": (features.framed(CLIPS, 3), train.Rows(CLIPS, FRAMED.cut, 28)),
    "vectors of five": (features.framed(CLIPS), train.Rows(CLIPS, features.framed.cut, 26)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_they_are_the_rows_that_are_made_at_once(kind):
    whole, rows = KINDS[kind]
    flat = whole.flatten(0, 1)
    assert len(rows) == len(flat) and rows_of(rows) == rows_of(whole) == whole.shape[1]
    assert torch.equal(rows.all(), whole) and first_rows(rows) is rows
    order = torch.randperm(len(flat))[:50]
    assert torch.equal(rows[order], flat[order]) and rows[order].is_contiguous()
    for part in (slice(3, 40), slice(70, 500), slice(None)):
        assert torch.equal(rows[part], flat[part])
    keep = torch.arange(21) % 3 == 0
    for clips in (keep, slice(2, 9)):
        assert torch.equal(some(rows, clips).all(), some(whole, clips))
    assert rows.device == rows.to("cpu").device == CLIPS.device


def test_of_a_clip_its_log_mel_is_kept():
    waves = torch.randn(2, 16000)
    front = features.FramedLogMel(5, mels=16)
    kept = front.whole(waves)
    assert kept.shape == (2, 16, 32) and torch.equal(kept, front.log_mel(waves))
    assert torch.equal(train.Rows(kept, front.cut, 28).all(), front(waves))


@pytest.mark.parametrize("kind", KINDS)
def test_training_on_them_gives_the_same_bits(kind):
    whole, rows = KINDS[kind]
    y = (torch.arange(21) % 2).repeat_interleave(whole.shape[1])
    runs = []
    for inputs in (whole.flatten(0, 1), rows):
        torch.manual_seed(0)
        if kind == "segments":
            parts, chosen = (encoders.Toy(3, bands=8), losses.DDCSAD(3)), train.balanced
            sizes = {}
        else:
            bands, chosen, sizes = inputs[:1].shape[1], train.shuffled, {"batch_size": 32}
            parts = encoders.AutoEncoder(bands, widths=(16,), bottleneck=2), losses.SquaredError()
        runs.append(
            train.fit(
                *parts, inputs, y, epochs=2, batches=chosen, device="cpu", snapshots=(1,), **sizes
            )  # fmt: skip
        )
    one, other = runs
    assert one.history.equals(other.history) and torch.equal(*(run.snapshots[1].x for run in runs))
    for name, value in one.encoder.state_dict().items():
        assert torch.equal(value, other.encoder.state_dict()[name]), name
    assert torch.equal(one.embed(whole.flatten(0, 1)), other.embed(rows))
    told = [run.settings["data"] for run in runs]
    assert told[0] != told[1]  # what identifies a run is what it keeps


def test_other_clips_are_another_run(tmp_path):
    _, rows = KINDS["segments"]
    y = (torch.arange(21) % 2).repeat_interleave(4)
    for inputs, words in ((rows, None), (some(rows, torch.arange(20, -1, -1)), "differs in data")):
        parts = encoders.Toy(3, bands=8), losses.BinaryCrossEntropy(3)
        fit = lambda inputs=inputs, parts=parts: train.fit(  # noqa: E731
            *parts, inputs, y, epochs=1, batches=train.balanced, folder=tmp_path
        )
        if words is None:
            fit()
            continue
        with pytest.raises(ValueError, match=f"run.safetensors is a run that {words}"):
            fit()
