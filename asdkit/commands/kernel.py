"""A kernel in which a student's notebook runs, cell by cell, within limits of time."""

import inspect
import json
import logging
import os
import re
import tempfile
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL
from time import monotonic

import numpy as np
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat.v4 import new_code_cell

from .. import runtime
from . import wire

STARTING = 60  # seconds for the first imports
GRACE = 10  # seconds that an interrupted cell has to end
LONGEST = 200  # characters of the words of an error
PLACE = re.compile(r"\(\d+\.py, ")  # IPython's name of a cell, of which an error tells the line too
QUIET = logging.Logger("a student's kernel", logging.CRITICAL + 1)
BESIDE = "__import__('asdkit.commands.attempts', fromlist=['tell'])"


class Late(BaseException):
    """A function that took too long; no check may take it for an error of that function."""


class Ended(BaseException):
    """A notebook that cannot go on, and why; no check may go on either."""


class _Client(NotebookClient):
    """Keeps nothing of what cells show: no output is too large."""

    def output(self, outs, msg, display_id, cell_index):
        return None


@contextmanager
def kernel(budget, cell_limit, limit):
    """A kernel for one notebook, which ends with the block.

    Shapes: the name of a budget, seconds of a cell or a check, and seconds in all -> Kernel.
    Choices: it works in an empty folder of its own, and its temporary files lie there too: nothing
        is written beside the student's notebook, and no file beside it, such as a ``numpy.py``, is
        imported. It does not read the settings of IPython of who checks.
    """
    with tempfile.TemporaryDirectory(prefix="asdkit-", ignore_cleanup_errors=True) as folder:
        places = {name: Path(folder) / name for name in ("own", "work", "temporary", "settings")}
        for place in places.values():
            place.mkdir()
        temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(places["temporary"]))
        environment = os.environ | runtime.lesson_environment() | temporary
        environment |= {"ASDKIT_BUDGET": budget, "ASDKIT_PROGRESS": "0"}
        environment |= {"IPYTHONDIR": str(places["settings"]), "OMP_WAIT_POLICY": "PASSIVE"}
        client = _client()
        how = {"cwd": str(places["work"]), "env": environment}
        with client.setup_kernel(**how, stdout=DEVNULL, stderr=DEVNULL):
            yield Kernel(client, places["own"], cell_limit, limit)


class Kernel:
    """Runs cells, and asks functions that they handed to checks."""

    def __init__(self, client, folder, cell_limit, limit):
        self._client, self._folder = client, folder
        self.cell_limit, self.limit = cell_limit, limit
        self._end, self._reply = float("inf"), {}
        client.on_cell_executed = self._heard
        client.timeout_func = lambda cell: self._seconds
        self._beside(f"start({str(folder)!r})", STARTING)
        self._end = monotonic() + limit

    def run(self, number, cell):
        """Run one cell; what is wrong with it, or an empty text.

        Raises: Ended where the notebook cannot go on after it.
        """
        first = next(iter(cell.source.strip().splitlines()), "")
        name = f"cell {number} ({first[:40]!r})"
        reply = self._execute(cell, self.cell_limit, name)
        if reply.get("late"):
            return f"{name} was stopped, as it took longer than {self.cell_limit:g} s"
        if any(payload.get("source") == "ask_exit" for payload in reply.get("payload", [])):
            raise Ended(f"{name} ended Python: what comes after it was not run")
        if reply.get("status") == "error":
            words = PLACE.sub("(", f"{reply['ename']}: {reply['evalue'][:LONGEST]}".strip(": "))
            return f"{name} stopped with {' '.join(words.split())}"
        return ""

    def attempts(self):
        """What the last cell handed to checks: the number of an exercise -> facts of a function."""
        (self._folder / "attempts").unlink(missing_ok=True)
        self._beside("tell()", self.cell_limit)
        return self._read("attempts")

    def learner(self, exercise, facts):
        """A function that calls one of the student's, in the kernel, until its time is over."""
        left = self.cell_limit

        def from_afar(*inputs):
            nonlocal left
            start = monotonic()
            try:
                return self._ask(exercise, inputs, left)
            finally:
                left -= monotonic() - start

        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        from_afar.__name__ = facts["name"]
        named = [inspect.Parameter(name, kind) for name in facts["inputs"]]
        from_afar.__signature__ = inspect.Signature(named)
        return from_afar

    def _ask(self, exercise, inputs, seconds):
        question = {"exercise": exercise, "inputs": [wire.packed(one) for one in inputs]}
        (self._folder / "question").write_text(json.dumps(question), encoding="utf-8")
        (self._folder / "answer").unlink(missing_ok=True)
        if self._beside("answer()", seconds).get("late"):
            raise Late
        told = self._read("answer")
        if told["drew"]:  # here too, as a check may look whether somebody did
            np.random.random()
        if "kinds" in told["found"]:
            raise _error(**told["found"])
        return wire.unpacked(told["found"]["value"])

    def _beside(self, call, seconds):
        cell = new_code_cell(f"{BESIDE}.{call}")
        return self._execute(cell, seconds, "a call of a check")

    def _read(self, name):
        try:
            return json.loads((self._folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise Ended("the kernel no longer answers: it was changed by a cell") from error

    def _execute(self, cell, seconds, name):
        """The kernel's reply to a cell, which is stopped where it takes longer."""
        over = f"{self.limit:g} s in all were over"
        if self._end <= monotonic():
            raise Ended(f"stopped before {name}: {over}")
        try:
            reply = self._answered(cell, max(0.1, min(seconds, self._end - monotonic())))
            is_late = reply.get("late")
            if is_late and self._answered(new_code_cell("pass"), GRACE).get("late"):
                raise Ended(f"{name} took longer than {seconds:g} s and could not be stopped")
        except DeadKernelError as error:
            raise Ended(f"{name} ended Python: what comes after it was not run") from error
        if is_late and self._end <= monotonic():
            raise Ended(f"{name} was stopped: {over}")
        return reply

    def _answered(self, cell, seconds):
        self._reply, self._seconds = {}, seconds
        self._client.execute_cell(cell, 0, store_history=False)
        return self._reply

    def _heard(self, cell, cell_index, execute_reply):
        self._reply = execute_reply["content"]


def _client():
    """A client of a notebook of one cell, in whose place each cell comes."""
    from nbformat.v4 import new_notebook

    late = {"ename": "Late", "evalue": "", "traceback": [], "late": True}
    return _Client(
        new_notebook(cells=[new_code_cell()]), kernel_name="python3", allow_errors=True,
        interrupt_on_timeout=True, error_on_timeout=late, store_widget_state=False,
        record_timing=False, shutdown_kernel="immediate", iopub_timeout=1, log=QUIET,
    )  # fmt: skip


def _error(kinds, words):
    """An error with the words of one in the kernel, of the kind by which checks tell errors."""
    base = next((kind for kind in (AttributeError, TypeError) if kind.__name__ in kinds), Exception)
    return type(kinds[0], (base,), {"__str__": lambda self: words})()
