"""The README and the pages on data: their Python runs, a picture is what its lines draw, and their
claims of systems.
"""

import re
import shlex
import subprocess
from pathlib import Path

import nbformat
import numpy as np
import pytest
import soundfile
from PIL import Image

from asdkit import runtime, sound, systems
from asdkit.__main__ import main
from asdkit.sound.pattern import Pattern

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKE = (ROOT / "Makefile").read_text(encoding="utf-8")
PAGES = {
    name: (ROOT / name).read_text(encoding="utf-8")
    for name in ("README.md", "data/own_recordings.md", "data/README.md")
}
TEXT = "\n".join(PAGES.values())
PICTURES = [
    (alt, f"data/{path}" if name.startswith("data/") else path)
    for name, text in PAGES.items()
    for alt, path in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text)
]
COMMANDS = [
    line.partition(" #")[0].removeprefix("$ ").strip()
    for block in re.findall(r"^```console\n(.*?)^```$", README, flags=re.DOTALL | re.MULTILINE)
    for line in block.splitlines()
    if line.startswith("$ ")
]
SMALL = """
seed = 3
seconds = 1.0
ids = 1
level = [-44.0, -38.0]
strength = [0.8, 1.0]
train = {source = 5, target = 1}
test = {source = 2, target = 2}
[domains]
source = {states = [{speed = 100, load = 60}], mic = 1, noise = 1}
target = {states = [{speed = 100, load = 60}], mic = 2, noise = 2}
[machines]
fan = {faults = ["clogging"], snr = [0.0, 3.0]}
valve = {faults = ["sluggish"], snr = [0.0, 3.0]}
"""
BLOCKS = re.findall(r"^```python\n(.*?)^```$", TEXT, flags=re.DOTALL | re.MULTILINE)
DRAWN = [path for _, path in PICTURES if any(f'"{path}"' in block for block in BLOCKS)]
FREE = {name for name in systems.names() if systems.get(name).task == "nothing"}
ROLES = {name for name in systems.names() if systems.get(name).task == "roles"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder in which all Python of the README ran, from top to bottom, on noise, and training
    for an epoch.
    """
    folder, rng = tmp_path_factory.mktemp("readme"), np.random.default_rng(0)
    for name in ("press A", "press B", "normal press A", "normal press B"):
        (folder / "recordings" / name).mkdir(parents=True)
        for take in range(5):
            wave = 0.1 * rng.standard_normal(160_000)
            soundfile.write(folder / "recordings" / name / f"Monday take {take}.wav", wave, 16_000)
    (folder / "data" / "pictures").mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("ASDKIT_BUDGET", "smoke")
        patch.setitem(runtime.BUDGETS, "smoke", runtime.budget("smoke")._replace(epochs=1))
        exec("\n".join(BLOCKS), {})  # they are ours, and build on one another
    return folder


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with what the words of the commands stand for."""
    place = tmp_path_factory.mktemp("commands")
    (place / "small.toml").write_text(SMALL, encoding="utf-8")
    clips = sound.index(sound.synthesize(place / "FOLDER", place / "small.toml"))
    fans = clips[(clips["machine"] == "fan") & (clips["split"] == "test")]
    (place / "TRUTH").mkdir()
    lines = [f"{Path(path).name},{label}\n" for path, label in zip(fans["path"], fans["label"])]
    truth = place / "TRUTH" / "ground_truth_fan_section_00_test.csv"
    truth.write_text("".join(lines), encoding="utf-8")
    (place / "CLASS").mkdir()
    answer = "def distance(x):\n    return ...\nchecks.ex_00_1(distance)"
    handed_in = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(answer)])
    nbformat.write(handed_in, place / "CLASS" / "anna.ipynb")
    return place


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_runs(command, place, monkeypatch):
    """A download goes as far as its first request; a clone is this one."""
    monkeypatch.chdir(place)
    name, *words = shlex.split(command.removesuffix(" && cd asdkit"))
    if name == "git":
        assert words[0] == "clone"
    elif name == "source":  # what make made
        assert words == [".venv/bin/activate"] and "BIN := .venv/bin" in MAKE
    elif name == "make":
        assert not subprocess.run(["make", "-n", *words], cwd=ROOT, capture_output=True).returncode
    else:
        assert name == "asdkit"
        if "synth" in words:
            words = ["small.toml" if word == "machines" else word for word in words]
            words[-1] = "made"
        asked = []
        monkeypatch.setattr(
            sound, "download", lambda *args, **how: asked.append(args) or place / "FOLDER"
        )
        assert main(words) == 0
        assert ("download" in words) == bool(asked)


def test_the_commands_of_the_doors_are_there():
    assert {"make lab", "make test"} <= set(COMMANDS) and len(COMMANDS) >= 7


def test_the_minutes_of_a_lesson_are_its_own():
    row = r"^\| \[(\d\d)\].*\| (\d+), (\d+), (\d+) \|$"
    rows = re.findall(row, README, re.MULTILINE)
    assert len(rows) == 17
    for number, *minutes in rows:
        (lesson,) = (ROOT / "notebooks").glob(f"{number}_*.ipynb")
        told = "Reading {} minutes, running {}, exercises {}".format(*minutes)
        assert told in lesson.read_text(encoding="utf-8"), f"lesson {number}: {told}"


def test_it_is_short():
    assert len(README.splitlines()) <= 150


def test_its_python_runs(folder):
    press = systems.load(folder / "press.safetensors", "cpu")
    assert set(press.thresholds) == {"press/A", "press/B"}
    assert set(systems.load(folder / "toy.safetensors", "cpu").thresholds) > {"fan/00"}


@pytest.mark.parametrize("path", DRAWN)
def test_a_picture_is_what_its_lines_draw(folder, path):
    """On another version of the fonts a letter may move; a spectrogram does not."""
    drawn = np.asarray(Image.open(folder / path).convert("L"), dtype=float)
    kept = np.asarray(Image.open(ROOT / path).convert("L"), dtype=float)
    assert drawn.shape == kept.shape and np.abs(drawn - kept).mean() < 4


@pytest.mark.parametrize("alt, path", PICTURES)
def test_a_picture_has_words_and_loads_fast(alt, path):
    assert len(alt) > 40 and (ROOT / path).stat().st_size <= 150_000


def test_there_are_pictures():
    assert "data/pictures/fault.png" in DRAWN and len(PICTURES) > len(DRAWN)
    assert README.index("![") < README.index("## The course")


def test_what_one_machine_alone_can_use():
    """What the README says of one setting, two settings, two machines, and two types."""
    toy = sound.toy("smoke")
    train = toy[toy["split"] == "train"]
    fan = train[(train["machine"] == "fan") & (train["section"] == "00")]
    alone = fan.assign(attributes="", domain="source")
    pair = train[train["machine"] == "fan"].assign(attributes="", domain="source")

    def takes(clips, **choices):
        for name in systems.names():
            system = systems.get(name)
            try:
                fixed = system.task == "roles"  # of which their losses are made
                task = system.task if fixed else choices.get("task", system.task)
                systems.check_training(clips, task)
                yield name
            except ValueError as error:
                assert "all training clips are of one class" in str(error)

    every = set(systems.names())
    assert set(takes(alone)) == FREE
    assert set(takes(fan, task="attributes")) == every - ROLES
    assert set(takes(pair)) == every - {"l2softmax_lof"}
    assert set(takes(train)) == every


def test_a_refusal_reads_as_quoted():
    with pytest.raises(ValueError, match="adacos has no choice 'margin'"):
        systems.get("adacos", margin=0.5)


def test_a_pattern_reads_the_file_beside_it():
    rows = re.findall(r"^\| `([^`{]+)` \| `'(.+\{.+)'` \|$", TEXT, re.MULTILINE)
    told = [Pattern(pattern).read(path) for path, pattern in rows]
    assert [one["machine"] for one in told] == ["press", "motor", "press"]
    assert [one.get("section") for one in told] == [None, "a", "7"]


def test_the_other_kit_of_this_name_is_told_once():
    assert TEXT.count("(https://github.com/TakuyaFujimura/dcase-asd-toolkit)") == 1


def test_the_command_of_the_tests_is_the_makefile_s():
    assert "pytest tests notebooks" in README and "pytest tests notebooks" in MAKE
    assert 'pip install -c constraints.txt -e ".[test]"' in README
