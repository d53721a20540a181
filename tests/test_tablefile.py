"""Tables with notes: what is written is read, in any line ends, and nothing that was changed."""

import hashlib

import pandas as pd
import pytest

from asdkit.tablefile import read_table, write_table

TABLE = pd.DataFrame({"clip": ["a,b.wav", "ä.wav"], "score": [0.12345, -2e-9]})
NOTES = ["python own.py", "of two clips, # and more"]


def test_what_is_written_is_read(tmp_path):
    path = tmp_path / "new" / "t.csv"
    write_table(path, TABLE, NOTES)
    table, notes = read_table(path)
    assert notes == NOTES and [entry.name for entry in path.parent.iterdir()] == ["t.csv"]
    pd.testing.assert_frame_equal(table, TABLE)
    pd.testing.assert_frame_equal(pd.read_csv(path, skiprows=3), TABLE)
    write_table(path, TABLE, NOTES, float_format="%.1g")
    assert read_table(path, dtype=str)[0]["score"].tolist() == ["0.1", "-2e-09"]


def test_after_its_notes_stands_the_sum_of_all_of_it(tmp_path):
    write_table(tmp_path / "t.csv", TABLE, NOTES)
    lines = (tmp_path / "t.csv").read_text().split("\n")
    assert lines[:2] == [f"# {note}" for note in NOTES]
    blank = "\n".join([*lines[:2], "# digest " + "0" * 64, *lines[3:]])
    assert lines[2] == f"# digest {hashlib.sha256(blank.encode()).hexdigest()}"


def test_a_note_that_looks_like_a_digest_is_a_note(tmp_path):
    notes = ["digest " + "0" * 64, "digest of what?"]
    write_table(tmp_path / "t.csv", TABLE, notes)
    assert read_table(tmp_path / "t.csv")[1] == notes


def test_line_ends_are_no_change_and_all_else_is(tmp_path):
    path = tmp_path / "t.csv"
    write_table(path, TABLE, NOTES)
    data = path.read_bytes()
    path.write_bytes(data.replace(b"\n", b"\r\n"))
    assert read_table(path)[1] == NOTES
    words = "is damaged, or was changed after asdkit wrote it: make it again by the command in its"
    for changed in (data.replace(b"python", b"perl"), data + b"\n", data.replace(b"0.1", b".1")):
        path.write_bytes(changed)
        with pytest.raises(ValueError, match=words):
            read_table(path)
    path.write_bytes(b"\n".join(line for line in data.split(b"\n") if b"digest" not in line))
    with pytest.raises(ValueError, match="is no table of scores with a digest, as asdkit writes"):
        read_table(path)


def test_a_failing_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "t.csv"
    write_table(path, TABLE, NOTES)
    before = path.read_bytes()
    with pytest.raises(OSError, match="cannot be written"):
        write_table(path / "below", TABLE, NOTES)
    assert path.read_bytes() == before
