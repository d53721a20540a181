"""The seven steps of lesson 16, followed word for word in a fresh copy of the clone."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
import soundfile

ROOT = Path(__file__).resolve().parents[2]
LESSON = ROOT / "notebooks" / "16_your_own_loss.ipynb"
COPIED = ("asdkit", "data", "tests", "pyproject.toml")
LEFT = shutil.ignore_patterns("cache", "downloads")  # bytecode of a changed file is not taken
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PLACE = re.compile(r"# ([\w/.]+), (?:a new file|(above|below) the line: (.*))\n")
TINY = {
    "--seeds 10": "--seeds 2", "--epochs 60": "--epochs 1", "--data toy --clips 48": "--data small",
}  # fmt: skip
OURS = "focal_cosine encoder=Toy dim=128, Gaussian"


def blocks():
    """The language and the text of each block, step by step."""
    cells = nbformat.read(LESSON, as_version=4).cells
    tags = {tag: cell for cell in cells for tag in cell.metadata.get("tags", [])}
    return [block for n in range(1, 8) for block in BLOCK.findall(tags[f"step-{n}"].source)]


def put(clone, text):
    """Do with a block what its first line says: a new file, or lines beside one that is there."""
    place = PLACE.match(text)
    name, side, line = place.groups()
    path, text = clone / ("" if name.startswith("tests/") else "asdkit") / name, text[place.end() :]
    if side is None:
        assert not path.exists()
        return path.write_text(text, encoding="utf-8")
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    assert lines.count(f"{line}\n") == 1, f"{name} has not one line {line!r}"
    lines.insert(lines.index(f"{line}\n") + (side == "below"), text)
    path.write_text("".join(lines), encoding="utf-8")


def call(clone, *command):
    """Run Python in the clone, with the clone's own asdkit, and return what it says."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    own = {"PYTHONPATH": str(clone), "ASDKIT_PROGRESS": "0", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, *command], cwd=clone, env=kept | own, capture_output=True, text=True,
        timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def machines(folder):
    """Two fans, a few clips each: noise, which is all that a command needs."""
    rng = np.random.default_rng(0)
    for number, name in enumerate(("train/normal",) * 3 + ("test/normal", "test/anomaly") * 2):
        for section in ("00", "02"):
            path = folder / "fan" / f"{name}_id_{section}_{number:08d}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(path, 0.1 * rng.standard_normal(160_000), 16_000)


def passed(text):
    """How many tests passed, where none failed."""
    assert "failed" not in text
    return int(re.search(r"(\d+) passed", text)[1])


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What each command of the steps printed, in their order."""
    clone, outputs = tmp_path_factory.mktemp("fresh") / "clone", []
    clone.mkdir()
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, clone / name, **({"ignore": LEFT} if copy is shutil.copytree else {}))
    machines(clone / "small")
    for language, text in blocks():
        if language == "sh":
            tiny = text
            for full, small in TINY.items():
                tiny = tiny.replace(full, small)
            python, *words = shlex.split(tiny)
            assert python == "python" and (tiny != text) == ("sweep" in words)
            outputs.append(call(clone, *words))
        elif PLACE.match(text):
            put(clone, text)
        else:
            outputs.append(call(clone, "-c", text))
    return outputs


def test_the_command_of_the_lesson_has_what_is_made_smaller_here():
    text = "".join(text for language, text in blocks() if language == "sh")
    assert all(text.count(full) == 1 for full in TINY)


def test_all_tests_of_the_new_loss_pass(said):
    """Those of its own file, the promises of every loss, and the example of its docstring."""
    assert passed(said[0]) >= 25


def test_the_lists_that_know_all_by_name_know_it(said):
    """It finds anomalies and is the same when loaded; each of its settings has an effect."""
    assert passed(said[1]) >= 34


def test_it_has_a_row_beside_the_loss_to_beat_and_a_control(said):
    _, _, sweep, table = said
    assert "data/traces/mine.csv: 8 clips, 5 columns" in sweep
    assert all(name in table for name in (OURS, "arcface encoder=Toy", "mean_gaussian, Gaussian"))
    assert {"auc", "lead", "shows"} <= set(table.split())
