"""``asdkit check``: what it says of students' notebooks, whatever these do.

A fresh kernel takes seconds, so a class of few notebooks goes through all that can happen.
"""

import inspect
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbformat
import numpy as np
import pytest
import warm
from nbformat.v4 import new_code_cell, new_notebook

from asdkit import checks
from asdkit.__main__ import main
from asdkit.commands import kernel, student

ROOT = Path(__file__).resolve().parents[2]
SETUP = "import numpy as np\nfrom asdkit import checks"
ANGLE = """def angle(x, center):
    length = np.linalg.norm(x, axis=1) * np.linalg.norm(center)
    return np.arccos(np.clip(x @ center / length, -1, 1))
checks.ex_00_1(angle)"""
COSINE = "def probabilities(cosine, scale):\n    return cosine\nchecks.ex_00_2(probabilities)"
COUNT = """def auc(label, score):
    gap = score[label == 1][:, None] - score[label == 0]
    return (gap > 0).mean() + 0.5 * (gap == 0).mean()
checks.ex_00_3(auc)"""
BLANK = COUNT.replace(COUNT.split("\n", 1)[1].rsplit("\n", 1)[0], "    return ...")
LOOP = "def endless(x, center):\n    while True:\n        pass\nchecks.ex_00_1(endless)"
DEAF = "import signal\nimport time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ntime.sleep(60)"
ACCIDENTS = [
    "print('✓ Exercise 00.2: right.')\nprint = len = open = str = exec = input = json = None",
    "np.allclose = np.isclose = lambda *some, **more: np.True_\nnp.seterr(all='raise')",
    "import warnings\nwarnings.simplefilter('error')\nclass Verdict: state = 'right'",
    "checks.ex_00_2 = checks.examine = lambda *some, **more: Verdict()",
    "import asdkit.checks.ex_00 as ex_00, asdkit.checks.verdict as verdict, sys",
    "ex_00.examine = verdict.Verdict = lambda *some, **more: Verdict()",
    "sys.modules['asdkit.checks'] = sys.modules['asdkit.checks.ex_00'] = None",
]
FILES = {"asdkit.py": "1 / 0", "numpy.py": "1 / 0", "json.py": "1 / 0"}


def hand_in(path, *sources):
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=[new_code_cell(source) for source in sources]), path)
    return path


def states(found):
    return [one["state"] for one in found["exercises"].values()]


def messages(found):
    return [one["message"] for one in found["exercises"].values()]


@pytest.fixture
def warm_kernels(monkeypatch):
    """Kernels start as in the tests of lessons: most of a short notebook is its imports."""
    for name, value in warm.variables().items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="module")
def class_of(tmp_path_factory):
    """A folder of a class: its notebooks, and what a call prints and writes."""
    folder = tmp_path_factory.mktemp("class")
    hand_in(folder / "anna" / "00.ipynb", SETUP, *ACCIDENTS, ANGLE + "\nangle = angle([], [])",
            COSINE + "\n'✓ Exercise 00.2: right.'", "checks = 3", COUNT, "%reset -f")  # fmt: skip
    for name, text in FILES.items():
        (folder / "anna" / name).write_text(text)
    hand_in(folder / "ben" / "00.ipynb", "input()", COUNT, "1 / 0", BLANK, "def a(:\nex_00_2(a)",
            "checks.ex_00_1(7)", "exit()", COSINE)  # fmt: skip
    hand_in(folder / "carl" / "01.ipynb", "print('hello')")
    (folder / "dora.ipynb").write_text("no JSON")
    hand_in(folder / ".ipynb_checkpoints" / "00.ipynb", COUNT)
    return folder


@pytest.fixture(scope="module")
def outcome(class_of):
    """Exit code, output and errors of one call on the class, and the table."""
    before = {path: path.read_bytes() for path in class_of.rglob("*") if path.is_file()}
    table = class_of.parent / "class.csv"
    code = "import sys; from asdkit.__main__ import main; sys.exit(main())"
    command = [sys.executable, "-P", "-c", code, "check", str(class_of), "--csv", str(table)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=class_of)
    assert {p: p.read_bytes() for p in class_of.rglob("*") if p.is_file()} == before
    return done, table.read_text(encoding="utf-8").splitlines()


def test_no_accident_changes_a_verdict(outcome, class_of):
    told = next(line for line in outcome[0].stdout.splitlines() if "anna" in line)
    assert told.startswith(f"{class_of / 'anna' / '00.ipynb'}: 2 of 3 right | ✓ 00.1 | ✗ 00.2: ")
    assert " | ✓ 00.3 | cell " in told and "does not depend on scale" in told


def test_after_errors_it_goes_on_and_after_exit_it_tells_what_is_known(outcome):
    told = next(line for line in outcome[0].stdout.splitlines() if "ben" in line)
    assert "00.ipynb: 1 of 3 right | ✗ 00.1: hand over the function itself" in told
    assert "✗ 00.2: cell 5 ('def a(:') stopped with SyntaxError: invalid syntax (line 1)" in told
    assert "| ✓ 00.3 |" in told  # the best of two
    assert "cell 1 ('input()') stopped with StdinNotImplementedError" in told
    assert told.endswith("cell 7 ('exit()') ended Python: what comes after it was not run")


def test_a_class_is_a_table_on_the_screen_and_in_a_file(outcome, class_of):
    done, table = outcome
    assert done.returncode == 2
    carl, dora = done.stderr.splitlines()
    assert "carl" in carl and "calls no check of this course" in carl
    assert "dora.ipynb is no notebook" in dora
    head, anna, ben, counts = map(str.split, done.stdout.splitlines()[-4:])
    assert head == ["00.1", "00.2", "00.3", "right"]
    assert anna[1:] == [*"✓✗✓", "2", "of", "3"] and ben[1:] == [*"✗✗✓", "1", "of", "3"]
    assert anna[0] != ben[0] and counts[-3:] == ["1", "0", "2"]
    assert table[0] == "notebook,right,of,00.1,00.2,00.3,note" and len(table) == 5
    assert re.match(rf"{class_of / 'anna' / '00.ipynb'},2,3,right,\"?wrong: your ", table[1])
    assert table[4].startswith(f"{class_of / 'dora.ipynb'},0,0,,,,")


@pytest.mark.usefixtures("warm_kernels")
def test_a_loop_is_stopped_and_a_deaf_one_ends_the_notebook(tmp_path, capfd, monkeypatch):
    monkeypatch.setattr(kernel, "GRACE", 3)
    path = hand_in(tmp_path / "loop.ipynb", LOOP, COUNT, BLANK, DEAF, COSINE)
    assert main(["check", str(path), "--json", "--cell-limit", "2"]) == 2
    told = capfd.readouterr()
    (found,) = json.loads(told.out)
    assert states(found) == ["wrong", "not reached", "right"] and told.err == ""
    assert messages(found)[0] == "your function took longer than 2 s."
    assert "cell 1 ('def endless(x, center):') stopped with NameError" in found["note"]
    assert "cell 4 ('import signal') took longer than 2 s and could not be stopped" in found["note"]


@pytest.mark.usefixtures("warm_kernels")
def test_a_notebook_has_a_limit_too(tmp_path, capfd):
    path = hand_in(tmp_path / "long.ipynb", *["import time\ntime.sleep(60)"] * 2, COUNT)
    assert main(["check", str(path), "--limit", "1"]) == 2
    told = capfd.readouterr().out
    assert "0 of 3 right | ? 00.1 | ? 00.2 | ? 00.3" in told
    assert told.endswith("cell 1 ('import time') was stopped: 1 s in all were over\n")


LESSON = ROOT / "notebooks" / "15_train_on_gpu.ipynb"
ANSWERS = {"15_1": "{}", "15_2": "shared", "15_3": "lambda bits: 2 * {}(bits)"}


def shared(N, seed, epoch):
    np.random.seed(1000 * seed + epoch)
    return np.random.permutation(N)


def solved(cells):
    """The student copy of a lesson, of which only the first cell and the exercises are left."""
    check = re.compile(r"checks\.ex_(\d\d_\d)\((\w+)\)")
    solutions = [cell.source for cell in cells if "solution" in cell.metadata.get("tags", [])]
    solutions = {found[1]: (found[2], text) for text in solutions if (found := check.search(text))}
    notebook = student.without_solutions(new_notebook(cells=cells))
    first, *code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    blanks = [cell for cell in code if check.search(cell.source)]
    for cell in blanks:
        exercise = check.search(cell.source)[1]
        name, text = solutions[exercise]
        if exercise in ANSWERS:
            given = ANSWERS[exercise].format(name)
            answer = text.split("verdict = ")[0]
            cell.source = f"{answer}\n{inspect.getsource(shared)}\n\nchecks.ex_{exercise}({given})"
    return new_notebook(cells=[first, *blanks])


@pytest.mark.usefixtures("warm_kernels")
def test_a_lesson_solved_in_part(tmp_path, capfd):
    """Also an answer that draws from the chance of all, which its check must notice from afar."""
    path = tmp_path / "mine.ipynb"
    nbformat.write(solved(student.read(LESSON).cells), path)
    assert main(["check", str(path), "--json"]) == 0
    (found,) = json.loads(capfd.readouterr().out)
    assert [*found["exercises"]] == ["15.1", "15.2", "15.3", "15.4"] and found["note"] == ""
    assert states(found) == ["right", "wrong", "wrong", "not attempted"]
    assert (found["right"], found["of"]) == (1, 4)
    assert messages(found)[1] == checks.ex_15_2(shared).message
    assert messages(found)[2].startswith("every value is 2 times the right one: ")


def test_an_interrupt_ends_the_kernel(tmp_path, capfd, monkeypatch):
    run, ended = kernel.Kernel.run, []
    monkeypatch.setattr(kernel.Kernel, "run", lambda own, *cell: (
        ended.append(own._client.km.provisioner.process), signal.raise_signal(signal.SIGINT),
        run(own, *cell)))  # fmt: skip
    path = hand_in(tmp_path / "one.ipynb", COUNT)
    assert main(["check", str(path)]) == 130
    assert capfd.readouterr().err == "asdkit check: stopped\n"
    assert ended[0].wait(10) is not None


def test_several_at_a_time_are_told_in_their_order(tmp_path, capfd):
    """The first needs longest, another ends the process that judges it, a third is none."""
    home, table = tmp_path / "class", tmp_path / "class.csv"
    hand_in(home / "a.ipynb", SETUP, "import time\ntime.sleep(3)", COUNT)
    hand_in(home / "b.ipynb", "import os\nos.kill(os.getppid(), 9)", COUNT)
    (home / "c.ipynb").write_text("no JSON")
    hand_in(home / "d.ipynb", SETUP, BLANK, COSINE)
    assert main(["check", str(home), "--jobs", "4", "--csv", str(table)]) == 2
    out, told = capfd.readouterr()
    lines = [line.removeprefix(f"{home}/") for line in out.splitlines()]
    assert lines[0] == "a.ipynb: 1 of 3 right | · 00.1 | · 00.2 | ✓ 00.3"
    assert lines[1].startswith("d.ipynb: 0 of 3 right | · 00.1 | ✗ 00.2: your ")
    assert lines[-3].split() == ["a.ipynb", *"··✓", "1", "of", "3"] and len(lines) == 7
    dead, none = told.splitlines()
    assert "b.ipynb was not judged, as its process ended (-9): give fewer --jobs" in dead
    assert "c.ipynb is no notebook" in none
    rows = [row.split(",")[0] for row in table.read_text().splitlines()]
    assert rows == ["notebook", *(f"{home}/{name}.ipynb" for name in "abcd")]


def test_an_interrupt_ends_the_kernels_of_all(tmp_path, capfd, monkeypatch):
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    notes = [tmp_path / f"{number}.pid" for number in range(2)]
    for note in notes:
        wait = f"import os, time\nopen({str(note)!r}, 'w').write(f'{{os.getpid()}}.')"
        hand_in(tmp_path / "class" / f"{note.stem}.ipynb", f"{wait}\ntime.sleep(300)", COUNT)
    hand_in(tmp_path / "class" / "2.ipynb", COUNT)

    def interrupt():
        while not all(note.exists() and note.read_text().endswith(".") for note in notes):
            time.sleep(0.1)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    assert main(["check", str(tmp_path / "class"), "--jobs", "2"]) == 130
    assert capfd.readouterr() == ("", "asdkit check: stopped\n")
    assert list((tmp_path / "temporary").iterdir()) == []
    for note in notes:
        with pytest.raises(ProcessLookupError):
            os.kill(int(note.read_text()[:-1]), 0)


@pytest.mark.parametrize(
    "words, told",
    [
        (["{}/gone.ipynb"], "gone.ipynb is not there: give a notebook"),
        (["{}"], "holds no notebook: give a notebook"),
        (["{}", "--jobs", "0"], "--jobs is 0: give a whole number from 1 to "),
        (["{}", "--limit", "0"], "--limit is 0: give at least 1 second"),
        (["{}/mine.csv", "--csv", "{}/mine.csv"], "mine.csv is there already, and not of this"),
        (["{}/mine.csv"], "mine.csv is no notebook"),
    ],
)
def test_what_cannot_be(tmp_path, refused, words, told):
    (tmp_path / "mine.csv").write_text("a,b\n")
    assert told in refused(main(["check", *(word.format(tmp_path) for word in words)]))
