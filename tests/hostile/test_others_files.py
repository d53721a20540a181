"""Other people's files stay: no command writes over what is not its own, through a link, or beside
another call.
"""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from asdkit import embeddings, sound
from asdkit.__main__ import main
from asdkit.commands import folder
from asdkit.commands.run import RESULTS
from asdkit.drafts import MARK, whole
from asdkit.held import LOCK, held

SYSTEM = ("mean_gaussian", "--device", "cpu", "--set", "seconds=1.0")
MINE = b"nobody else's"
KINDS = {
    "file": lambda path: path.write_bytes(MINE),
    "folder": lambda path: (path.mkdir(), (path / "mine").write_bytes(MINE)),
    "link": lambda path: path.symlink_to("elsewhere"),
    "pipe": lambda path: os.mkfifo(path),
}


@pytest.fixture(scope="module")
def finished(data, tmp_path_factory):
    """The folder of a whole run. Leave it as it is."""
    out = tmp_path_factory.mktemp("finished") / "out"
    assert main(["run", SYSTEM[0], "--data", str(data), "--out", str(out), *SYSTEM[1:]]) == 0
    return out


@pytest.fixture
def ends(capsys):
    """Runs a command that must end in exit code 2 and one sentence on stderr that says words."""

    def call(command, *words):
        capsys.readouterr()
        assert main([str(word) for word in command]) == 2
        told = capsys.readouterr().err
        assert len(told.strip().splitlines()) == 1 and told.startswith("asdkit "), told
        assert 30 <= len(told) <= 600 and "Errno" not in told, told
        for word in words:
            assert word in told, told
        return told

    return call


def state(root):
    """All that lies in a folder, with what it holds."""
    told = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_symlink():
            told[name] = str(path.readlink())
        else:
            told[name] = path.read_bytes() if path.is_file() else path.is_fifo()
    return told


def commands(data, out):
    """A command that writes to each place, by the name of the file it would write there."""
    run = ["run", SYSTEM[0], "--data", data, "--out", out, *SYSTEM[1:]]
    sweep = ["sweep", "mean_gaussian seconds=1.0", "--data", data, "--device", "cpu", "--out", out]
    return {
        **{name: run for name in (*RESULTS, "run.json")},
        **{name: sweep for name in ("results.csv", "refused.csv", "small.csv", "cells")},
        "scores.table.csv": [*sweep[:-1], Path(out, "scores.table.csv")],
        "page.html": ["map", data, "--out", Path(out, "page.html")],
        "labels.csv": ["data", "label", data, data, Path(out, "labels.csv")],
    }


@pytest.mark.parametrize(("name", "kind"), [
    (name, kind) for name in commands(Path(), Path()) for kind in KINDS
    if (name, kind) != ("cells", "folder")  # in which other files may lie
])  # fmt: skip
def test_what_lies_at_the_place_of_a_result_stays(data, tmp_path, ends, reads, name, kind):
    """Whatever it is; and it is told before a clip is read."""
    out = tmp_path / "out"
    out.mkdir()
    KINDS[kind](out / name)
    before = state(tmp_path)
    ends(commands(data, out)[name], name, "another" if name == "cells" else "")
    assert state(tmp_path) == before and reads == []


@pytest.mark.parametrize("name", ["scores.csv", "detector.safetensors", "scale.png"])
def test_what_was_put_into_a_finished_run_stays(data, finished, tmp_path, ends, name):
    out = shutil.copytree(finished, tmp_path / "out")
    (out / name).write_bytes(MINE)
    if name == "scale.png":  # which this run has not: it takes it for a picture of its own
        (out / name).unlink()
        (out / "scale.png").symlink_to(out / "scores.csv")
    before = state(out)
    ends(["run", SYSTEM[0], "--data", data, "--out", out, *SYSTEM[1:]], name, "move it away")
    assert state(out) == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["max_gaussian", *SYSTEM[1:]], "another system"),
        ([*SYSTEM, "--seed", "1"], "another seed"),
        ([*SYSTEM, "normalize=true"], "another"),
        ([*SYSTEM, "backend=CosineToMean"], "another"),
        (["arcface", *SYSTEM[1:], "encoder=Toy", "epochs=1"], "another system"),
    ],
)
def test_another_run_does_not_replace_a_finished_one(
    data, finished, tmp_path, ends, reads, words, told
):
    out = shutil.copytree(finished, tmp_path / "out")
    before = state(out)
    ends(["run", words[0], "--data", data, "--out", out, *words[1:]], told, "give another folder")
    assert state(out) == before and reads == []


def test_other_clips_do_not_replace_a_finished_run(data, finished, tmp_path, ends):
    """Of the same names, too."""
    other = shutil.copytree(data, tmp_path / "small")
    path = next(other.glob("fan/train/*.wav"))
    soundfile.write(path, 0.1 * np.random.default_rng(9).normal(size=16000), 16000)
    out = shutil.copytree(finished, tmp_path / "out")
    before = state(out)
    ends(["run", SYSTEM[0], "--data", other, "--out", out, *SYSTEM[1:]], "another data")
    assert state(out) == before


def test_the_same_run_goes_on_and_other_files_stay(data, finished, tmp_path):
    out = shutil.copytree(finished, tmp_path / "out")
    (out / "notes.txt").write_bytes(MINE)
    assert main(["run", SYSTEM[0], "--data", str(data), "--out", str(out), *SYSTEM[1:]]) == 0
    assert (out / "notes.txt").read_bytes() == MINE
    assert (out / "scores.csv").read_bytes() == (finished / "scores.csv").read_bytes()


DRAFTS = ("run.json", "detector.safetensors", "scores.csv", LOCK, f"{LOCK}.json")


@pytest.mark.parametrize("name", DRAFTS)
@pytest.mark.parametrize("form", [".{}.part", "{}.part", "{}.tmp", ".{}", "{}~"])
def test_a_link_where_a_draft_might_be_is_not_written_through(tmp_path, name, form):
    """Whatever a draft was called once."""
    (tmp_path / "precious").write_bytes(MINE)
    out = tmp_path / "out"
    out.mkdir()
    (out / form.format(name)).symlink_to(tmp_path / "precious")
    with held(out / LOCK, "out"), whole(out / name.lstrip(".")) as draft:
        draft.write_text("results")
    assert (tmp_path / "precious").read_bytes() == MINE
    assert (out / form.format(name)).is_symlink()


@pytest.mark.parametrize("name", [LOCK, f"{LOCK}.json"])
def test_a_link_at_the_place_of_the_lock(data, tmp_path, name, capsys):
    (tmp_path / "precious").write_bytes(MINE)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).symlink_to(tmp_path / "precious")
    out = str(tmp_path / "out")
    code = main(["run", SYSTEM[0], "--data", str(data), "--out", out, *SYSTEM[1:]])
    assert code == (2 if name == LOCK else 0) and "Traceback" not in capsys.readouterr().err
    assert (tmp_path / "precious").read_bytes() == MINE


def test_drafts_of_the_killed_are_cleaned_and_names_like_theirs_stay(data, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / f"{MARK}{'a' * 16}").write_bytes(b"half")
    (out / f"{MARK}notes").write_bytes(MINE)
    assert main(["run", SYSTEM[0], "--data", str(data), "--out", str(out), *SYSTEM[1:]]) == 0
    assert [path.name for path in out.glob(".*")] == [f"{MARK}notes"]


@pytest.mark.parametrize("command", ["run", "sweep", "sweep file"])
def test_a_second_call_into_one_folder_is_told_who_has_it(data, tmp_path, ends, command):
    out = tmp_path / ("out.csv" if command == "sweep file" else "out")
    lock = {"run": out / LOCK, "sweep": out / "cells" / LOCK,
            "sweep file": Path(f"{out}.cells") / LOCK}[command]  # fmt: skip
    words = commands(data, out)["run.json" if command == "run" else "results.csv"]
    with held(lock, "out", command.split()[0]):
        before = state(tmp_path)
        ends(words, f"held by another {command.split()[0]} (process {os.getpid()} on ", "since")
        assert state(tmp_path) == before
    assert main(list(map(str, words))) == 0


def test_a_lock_that_a_dead_process_left_is_taken_over(data, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / LOCK).touch()
    known = {"pid": 2**22 - 1, "host": "elsewhere", "since": "2020-01-01"}
    (out / f"{LOCK}.json").write_text(json.dumps(known))
    assert main(["run", SYSTEM[0], "--data", str(data), "--out", str(out), *SYSTEM[1:]]) == 0
    assert list(out.glob(".*")) == []


@pytest.mark.parametrize("holder", ["", "[]", "{}", "no JSON", '{"pid": null}', "\x00\xff"])
def test_a_holder_that_cannot_be_read_is_not_named(data, tmp_path, ends, holder):
    out = tmp_path / "out"
    with held(out / LOCK, "out"):
        (out / f"{LOCK}.json").write_bytes(holder.encode("latin-1"))
        ends(commands(data, out)["run.json"], "held by another run: wait for it")


def places(home, data):
    """Places that no command could write to, and what is told of them."""
    (home / "file").write_bytes(MINE)
    (home / "nowhere").symlink_to(home / "no" / "folder")
    (home / "loop").symlink_to(home / "loop")
    return {
        "a file": (home / "file", "is a file"),
        "below a file": (home / "file" / "out", "is a file"),
        "a link that leads nowhere": (home / "nowhere", "is a link that leads nowhere"),
        "below a link that leads nowhere": (home / "nowhere" / "out", "a link that leads nowhere"),
        "a link to itself": (home / "loop", "a link that leads nowhere"),
        "a long name": (home / ("x" * 256), "has a name of 256 characters: give a shorter one"),
        "a long name above": (home / ("x" * 256) / "out", "has a name of 256 characters"),
        "a long path": (Path(home, *["x" * 200] * 21), "give a shorter one"),
        "the data": (data, "lies in --data"),
        "within the data": (data / "fan" / "out", "lies in --data"),
        "nothing": ("", "is empty: give a folder"),
        "a device": (Path("/dev/null"), "is no folder"),
    }


AMONG = ("the data", "within the data")
PLACES = (
    "a file", "below a file", "a link that leads nowhere", "below a link that leads nowhere",
    "a link to itself", "a long name", "a long name above", "a long path", *AMONG, "nothing",
    "a device",
)  # fmt: skip


@pytest.mark.parametrize(("command", "place"), [
    (command, place)
    for command in ("run", "sweep", "data synth", "data download", "map")
    for place in PLACES
    if command in ("run", "sweep") or place not in AMONG  # files may lie beside recordings
])  # fmt: skip
def test_a_place_that_cannot_be_is_told_before_any_work(
    data, tmp_path, ends, reads, monkeypatch, command, place
):
    """No clip is read, made or fetched."""
    monkeypatch.setattr(sound, "synthesize", lambda *_: pytest.fail("it went to work"))
    monkeypatch.setattr(sound, "download", lambda *_, **__: pytest.fail("it went to work"))
    monkeypatch.setattr(folder, "embed", lambda *_: pytest.fail("it went to work"))
    out, told = places(tmp_path, data)[place]
    if command == "map":
        out = Path(out or "no name") / "page.html"
        told = "give a file that ends" if place == "nothing" else told
    words = {
        "run": commands(data, out)["run.json"], "sweep": commands(data, out)["results.csv"],
        "data synth": ["data", "synth", "toy", out], "map": ["map", data, "--out", out],
        "data download": ["data", "download", 2023, out],
    }[command]  # fmt: skip
    if (command, place) == ("map", "nothing"):
        words[-1] = "page"
    before = state(tmp_path)
    ends(words, told)
    assert state(tmp_path) == before and reads == []


@pytest.mark.parametrize("command", ["run", "sweep", "data synth", "data download", "map"])
def test_a_folder_that_is_read_only(data, tmp_path, ends, monkeypatch, command):
    """The tests may run as one who may write anywhere."""
    access = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: Path(path) != tmp_path and access(path, mode)
    )
    out = tmp_path / "out"
    words = {
        "run": commands(data, out)["run.json"], "sweep": commands(data, out)["results.csv"],
        "data synth": ["data", "synth", "toy", out], "map": ["map", data, "--out", f"{out}.html"],
        "data download": ["data", "download", 2023, out],
    }[command]  # fmt: skip
    ends(words, "is read-only: give another folder")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", KINDS)
def test_embeddings_of_a_score_replace_their_own_kind_alone(
    data, finished, tmp_path, ends, reads, kind
):
    path = tmp_path / "own.npz"
    clip = next(data.glob("fan/test/*.wav"))
    words = ["score", finished / "detector.safetensors", clip, "--group", "fan/00", "--embeddings"]
    KINDS[kind](path)
    before = state(tmp_path)
    ends([*words, path], "own.npz is there already", "move it away")
    assert state(tmp_path) == before and reads == []


def test_files_of_their_own_kind_are_replaced(data, finished, tmp_path):
    clip = next(data.glob("fan/test/*.wav"))
    words = ["score", finished / "detector.safetensors", clip, "--group", "fan/00"]
    page = ["map", data, "--out", tmp_path / "page.html", "--pca"]
    for command in [[*words, "--embeddings", tmp_path / "own.npz"], page] * 2:
        assert main([str(word) for word in command]) == 0
    assert len(embeddings.read(tmp_path / "own.npz")["x"]) == 1
    np.savez(tmp_path / "own.npz", x=np.zeros((4, 2)))  # of another program
    assert main([str(word) for word in [*words, "--embeddings", tmp_path / "own.npz"]]) == 2


@pytest.mark.parametrize("name", ["results", "refused"])
def test_a_data_set_that_is_called_as_a_table_is(data, tmp_path, ends, name):
    other = shutil.copytree(data, tmp_path / name)
    ends(
        ["sweep", "mean_gaussian", "--data", other, "--out", tmp_path / "out"],
        f"a data set is called {name}, as a table is: rename its folder",
    )


def test_what_lies_in_the_folder_of_the_cells_of_a_file_stays(data, tmp_path):
    out = tmp_path / "scores.csv"
    Path(f"{out}.cells").mkdir()
    (Path(f"{out}.cells") / "notes.txt").write_bytes(MINE)
    assert main(list(map(str, commands(data, out)["results.csv"]))) == 0
    cells = "scores.csv.cells"
    assert state(tmp_path).keys() == {"scores.csv", cells, f"{cells}/notes.txt"}


def test_the_results_of_a_sweep_are_told_from_those_of_another(data, tmp_path, ends):
    """A table that was put into its folder stays, and so does one that was changed."""
    out = tmp_path / "out"
    words = commands(data, out)["results.csv"]
    assert main(list(map(str, words))) == 0
    (out / "results.csv").write_bytes(MINE)
    before = state(out)
    ends(words, "results.csv is not as this command left it: move it away")
    assert state(out) == before
    (out / "results.csv").unlink()
    assert main(list(map(str, words))) == 0 and (out / "results.csv").read_bytes() != MINE
