"""Embeddings in a file: what is written is read, of other programs too, and what is none is
refused.
"""

import hashlib
import io
import zipfile

import numpy as np
import pandas as pd
import pytest
import torch

from asdkit import embeddings

X = np.random.default_rng(0).normal(size=(6, 3)).astype(np.float32)
CLIPS = pd.DataFrame(
    {
        "path": [f"fan/test/clip {row}.wav" for row in range(6)],
        "machine": "fan", "section": "00", "domain": ["source", None] * 3, "split": "test",
        "label": pd.array([0, 1, None] * 2, dtype="Int64"), "attributes": "speed_1",
    },
    index=range(3, 9),
)  # fmt: skip


def saved(path, **arrays):
    np.savez(path, **arrays)
    return path


def test_what_is_written_is_read(tmp_path):
    score, path = np.linspace(-1, 1, 6), tmp_path / "new" / "own.npz"
    embeddings.write(path, torch.from_numpy(X), CLIPS, score=score)
    known = embeddings.read(path)
    np.testing.assert_array_equal(known["x"], X)
    np.testing.assert_array_equal(known["score"], score)
    assert known["name"].tolist() == [f"fan/test/clip {row}.wav" for row in range(6)]
    assert known["label"].tolist() == [0, 1, -1] * 2 and known["group"][0] == "fan/00"
    assert known["domain"].tolist() == ["source", ""] * 3 and "angle" not in known
    assert all(path.endswith("clip 0.wav") and path[0] != "f" for path in known["path"][:1])
    assert [name.name for name in path.parent.iterdir()] == ["own.npz"]


def test_of_several_rows_a_clip_the_mean_is_written(tmp_path):
    rows = np.stack([X, 3 * X], axis=1)
    embeddings.write(tmp_path / "own.npz", rows, CLIPS)
    np.testing.assert_allclose(embeddings.read(tmp_path / "own.npz")["x"], 2 * X, rtol=1e-6)


def test_the_only_array_of_another_program_is_taken(tmp_path):
    path = saved(tmp_path / "other.npz", arr_0=X, count=6, notes=np.array(["a"] * 4))
    assert list(embeddings.read(path)) == ["x"]
    path = saved(tmp_path / "named.npz", x=X.astype("f2"), y=X, name=np.array(list("abcdef"), "S"))
    known = embeddings.read(path)
    assert known["name"].tolist() == list("abcdef") and known["x"].shape == X.shape


BAD = {
    "none": ({"y": X[:, 0]}, "has no array x, .* there is none"),
    "two": ({"a": X, "b": X}, "there are a and b: save it with"),
    "objects": ({"x": X, "name": np.array(["a", 1], dtype=object)}, "name holds Python objects"),
    "length": ({"x": X, "label": [0, 1]}, r"label is \(2,\) beside x of \(6, 3\)"),
    "flat": ({"x": X[0]}, r"x is \(3,\) of float32: embeddings are \(N, D\)"),
    "words": ({"x": X, "name": np.arange(6)}, "name holds int64, not words"),
    "numbers": ({"x": X, "label": np.array(list("abcdef"))}, "label holds <U1, not numbers"),
    "map": ({"x": X, "xy": X}, r"xy is \(6, 3\) .* must be \(6, 2\)"),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_does_not_belong_together_is_refused(tmp_path, kind):
    arrays, told = BAD[kind]
    with pytest.raises(ValueError, match=told):
        embeddings.read(saved(tmp_path / "bad.npz", **arrays))


def test_what_is_no_file_of_arrays_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="is missing: give the path of an .npz"):
        embeddings.read(tmp_path / "x.npz")
    with pytest.raises(FileNotFoundError, match="is a folder"):
        embeddings.read(tmp_path)
    path, memory = tmp_path / "x.npz", io.BytesIO()
    np.save(memory, X)
    whole = saved(tmp_path / "whole.npz", x=X).read_bytes()
    for data, told in [
        (b"", "is no .npz file"), (memory.getvalue(), "is no .npz file"),
        (whole[:-30], "is no .npz file"), (whole.replace(b"\x93NUMPY", b"\x93NUMBY"), "damaged"),
    ]:  # fmt: skip
        path.write_bytes(data)
        with pytest.raises(ValueError, match=told):
            embeddings.read(path)


def test_its_end_is_a_digest_of_all_of_it_and_numpy_reads_it(tmp_path):
    path = tmp_path / "own.npz"
    embeddings.write(path, X, CLIPS)
    data = path.read_bytes()
    assert data[-64:].decode() == hashlib.sha256(data[:-64] + b"0" * 64).hexdigest()
    np.testing.assert_array_equal(np.load(path)["x"], X)
    embeddings.write(tmp_path / "again.npz", X, CLIPS)
    assert (tmp_path / "again.npz").read_bytes() == data


def test_a_store_that_was_changed_is_refused_though_its_sums_are_right(tmp_path):
    path = tmp_path / "own.npz"
    embeddings.write(path, X, CLIPS)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("note.txt", "more")
    with pytest.raises(ValueError, match="is damaged or cut short: write it again"):
        embeddings.read(path)
