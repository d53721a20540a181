"""The verdict on each exercise of a student's notebook.

A check runs in this process, in which no line of the student's runs, and the student's function in
a kernel, which is asked for its values. So nothing that a notebook prints, overrides or shadows
changes a verdict by accident. It is no defense against a student who sets out to cheat: the code
has the rights of who runs it, and the answers of a function that looks up the reference are right.
"""

import re
import warnings
from time import monotonic
from typing import NamedTuple

from .. import checks, runtime
from ..checks import Verdict
from .kernel import Ended, Late, kernel
from .student import read

KNOWN = [name.removeprefix("ex_") for name in checks.__all__ if name.startswith("ex_")]
MENTION = re.compile(r"\bex_(\d\d_\d)\b")
RANKS = ("not attempted", "wrong", "right")


class Report(NamedTuple):
    """What is known of a notebook: a verdict for each exercise of its lessons, and a note on what
    else happened; ``whole`` where it was run to its end.
    """

    notebook: str
    verdicts: dict
    note: str
    whole: bool
    seconds: float


def judge(path, budget, cell_limit, limit, label=""):
    """Run a notebook and judge its exercises.

    Shapes: seconds of a cell or a check, and seconds in all -> Report.
    Raises: ValueError for a file that is no notebook, and for one without an exercise of the
        course.
    Choices: all exercises of a lesson count, whether or not the notebook still has them. Of several
        calls of a check the best counts. A cell tagged ``solution`` is run and not judged, as it is
        the lesson's own.
    """
    start, verdicts, problems, end = monotonic(), {}, [], ""
    cells = _cells(path)
    exercises = _exercises(path, cells)
    try:
        with kernel(budget, cell_limit, limit) as running:
            for number, cell in runtime.progress(cells, label or path.name, unit="cell"):
                problems += filter(None, [_run(running, number, cell, verdicts)])
    except Ended as ended:
        end = str(ended)
    rest = "not reached" if end else "not attempted"
    return Report(
        str(path), {name: verdicts.get(name, Verdict(name, rest)) for name in exercises},
        _note(problems, end), not end, monotonic() - start,
    )  # fmt: skip


def _cells(path):
    """The code cells, each with the number that it has among all."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of cells without a name
        notebook = read(path)
    return [
        (number, cell) for number, cell in enumerate(notebook.cells, 1) if cell.cell_type == "code"
    ]


def _exercises(path, cells):
    named = {name for _, cell in cells for name in MENTION.findall(cell.source)} & {*KNOWN}
    if not named:
        raise ValueError(
            f"{path} calls no check of this course, such as checks.ex_05_1: give a lesson with its "
            "exercises"
        )
    lessons = {name[:2] for name in named}
    return [_dotted(name) for name in KNOWN if name[:2] in lessons]


def _run(running, number, cell, verdicts):
    """Run a cell and note its verdicts; what is wrong with it.

    An exercise whose check was not reached is wrong for what stopped its cell.
    """
    problem = running.run(number, cell)
    heard = running.attempts()
    if "solution" in cell.metadata.get("tags", []):
        return problem
    for name in KNOWN:
        if name in heard:
            _note_better(verdicts, _verdict(running, name, heard[name]))
        elif problem and name in MENTION.findall(cell.source):
            _note_better(verdicts, Verdict(_dotted(name), "wrong", problem))
    return problem


def _verdict(running, name, facts):
    exercise = _dotted(name)
    try:
        learner = running.learner(name, facts) if facts["callable"] else None
        return getattr(checks, f"ex_{name}")(learner)
    except Late:
        told = f"your function took longer than {running.cell_limit:g} s."
    except Exception as error:  # one answer that no check foresaw must not stop a class
        told = f"the check stopped with {type(error).__name__}: {error}"
    return Verdict(exercise, "wrong", told)


def _note_better(verdicts, new):
    old = verdicts.get(new.exercise, new)
    verdicts[new.exercise] = max(old, new, key=lambda verdict: RANKS.index(verdict.state))


def _note(problems, end):
    more = len(problems) - 1
    rest = f"{more} more cell{'s' * (more > 1)} failed" if more > 0 else ""
    return "; ".join(filter(None, [*problems[:1], rest, end]))


def _dotted(name):
    return name.replace("_", ".")
