"""Students' notebooks judged several at a time, each by an ``asdkit check`` of its own."""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from subprocess import DEVNULL, PIPE, Popen
from threading import Event

from ..checks import Verdict
from ..plain import say
from .verdicts import Report

COMMAND = [sys.executable, "-P", "-m", "asdkit", "check", "--json"]
QUIET = {"ASDKIT_PROGRESS": "0", "PYTHONIOENCODING": "utf-8"}


def reports(paths, options, jobs):
    """Judge notebooks, and give their reports in the order of the notebooks.

    Shapes: paths, the options of each ``asdkit check``, a number of processes -> Reports, as
        ``verdicts.judge`` gives them.
    Choices: checks change the chance and the warnings of their process, so each has one. When the
        generator is closed, all processes end, and each ends its kernel; the terminal's Ctrl-C
        reaches this one alone, which tells them. A process that dies is a note in its report.
    """
    running, stopped = [], Event()

    def judge(path):
        child = Popen(
            [*COMMAND, *options, "--", str(path)], env=os.environ | QUIET, stdin=DEVNULL,
            stdout=PIPE, stderr=PIPE, encoding="utf-8", start_new_session=True,
        )  # fmt: skip
        running.append(child)
        if stopped.is_set():
            child.terminate()
        return child, *child.communicate()

    pool = ThreadPoolExecutor(jobs)
    try:
        for path, (child, out, told) in zip(paths, pool.map(judge, paths)):
            for line in told.splitlines():
                say(line, file=sys.stderr)
            yield _report(path, out, child.returncode)
    finally:
        stopped.set()
        for child in running:
            child.terminate()
        pool.shutdown(cancel_futures=True)


def _report(path, out, code):
    """The report that a process has printed."""
    if not out:
        note = f"{path} was not judged, as its process ended ({code}): give fewer --jobs"
        say(f"asdkit check: {note}", file=sys.stderr)
        return Report(str(path), {}, note, False, 0.0)
    (facts,) = json.loads(out)
    verdicts = {name: Verdict(name, **one) for name, one in facts["exercises"].items()}
    return Report(str(path), verdicts, facts["note"], code == 0, facts["seconds"])
