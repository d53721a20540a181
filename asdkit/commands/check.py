"""``asdkit check NOTEBOOK...``: which exercises of a student's notebook are right, which are wrong
and why, and which were not attempted; of a folder, a table of the class. No accident of a student's
code changes a verdict; who sets out to cheat can.
"""

import json
import os
from contextlib import closing
from pathlib import Path

from .. import runtime
from ..plain import say, say_table
from . import jobs
from .places import check_file
from .results import write

SIGNS = {"right": "✓", "wrong": "✗", "not attempted": "·", "not reached": "?"}
COLUMNS = ("notebook", "right", "of", "note")


def add(parsers):
    """Declare the command."""
    parser = parsers.add_parser("check", help="students' notebooks: which exercises are right",
                                description=__doc__)  # fmt: skip
    parser.add_argument("notebook", nargs="+", help="notebooks, or folders of them")
    parser.add_argument("--json", action="store_true", help="print JSON, with all messages")
    parser.add_argument("--csv", metavar="FILE", help="write a table there, a row a notebook")
    parser.add_argument(
        "--budget", choices=[*runtime.BUDGETS], help="default ASDKIT_BUDGET, or else smoke"
    )
    parser.add_argument("--cell-limit", type=float, default=60, metavar="SECONDS",
                        help="of a cell, and of a check (default 60)")  # fmt: skip
    parser.add_argument("--limit", type=float, default=900, metavar="SECONDS",
                        help="of a notebook in all (default 900)")  # fmt: skip
    jobs.add(parser, "runs one notebook")
    parser.set_defaults(main=main)


def main(args):
    """Print a line a notebook, and for several a table; exit code 2 where one could not be run to
    its end.

    Raises: FileNotFoundError for a notebook that is not there, and a folder without any; ValueError
        for a limit that is no time, and a place that another file has.
    Choices: code of the notebooks runs with the rights of who calls this, as if it were opened and
        run. The table of ``--csv`` is written after each notebook, so that an interrupt leaves the
        rows so far.
    """
    for name in ("cell_limit", "limit"):
        seconds = getattr(args, name)
        if not 1 <= seconds < float("inf"):
            raise ValueError(f"--{name.replace('_', '-')} is {seconds:g}: give at least 1 second")
    jobs.check(args.jobs)
    if args.csv is not None:
        check_file(args.csv, "--csv", _is_ours)
    paths, reports = _notebooks(args.notebook), []
    with closing(_reports(paths, args)) as judged:
        for report in judged:
            reports.append(report)
            if not args.json and report.verdicts:
                say(line(report))
            if args.csv is not None:
                write(Path(args.csv), table(reports).to_csv(index=False, lineterminator="\n"))
    if args.json:
        say(json.dumps([_facts(report) for report in reports]))
    elif len(reports) > 1:
        _say_tables(reports)
    return 0 if all(report.whole for report in reports) else 2


def line(report):
    """A report on one line: how many are right, and each exercise, with what is wrong."""
    told = [
        f"{SIGNS[one.state]} {name}" + f": {one.message}" * (one.state == "wrong")
        for name, one in report.verdicts.items()
    ]
    counts = f"{_right(report)} of {len(told)} right"
    return " | ".join([f"{report.notebook}: {counts}", *told, *filter(None, [report.note])])


def table(reports):
    """The reports as a table, a row a notebook and a column an exercise."""
    import pandas as pd

    rows = [
        {"notebook": report.notebook, "right": _right(report), "of": len(report.verdicts)}
        | {
            name: f"wrong: {one.message}" if one.state == "wrong" else one.state
            for name, one in report.verdicts.items()
        }
        | {"note": report.note}
        for report in reports
    ]
    names = sorted({name for report in reports for name in report.verdicts})
    return pd.DataFrame(rows, columns=[*COLUMNS[:3], *names, COLUMNS[3]])


def _notebooks(places):
    """The notebooks of these names and folders, each once."""
    found = []
    for place in map(Path, places):
        inside = [place] if place.is_file() else sorted(place.rglob("*.ipynb"))
        inside = [path for path in inside if path == place or _is_handed_in(path, place)]
        if not inside:
            told = "holds no notebook" if place.is_dir() else "is not there"
            raise FileNotFoundError(f"{place} {told}: give a notebook, or a folder of some")
        found += inside
    return list({path.resolve(): path for path in found}.values())


def _is_handed_in(path, folder):
    """Whether a path in a folder is a student's notebook, and no copy that JupyterLab hides."""
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return path.is_file() and not hidden


def _reports(paths, args):
    """The report on each notebook as soon as it is there, in the order of the notebooks."""
    budget = runtime.budget(args.budget or os.environ.get("ASDKIT_BUDGET") or "smoke").name
    how = budget, args.cell_limit, args.limit
    if min(args.jobs, len(paths)) == 1:
        for place, path in enumerate(paths, 1):
            yield _judged(path, (*how, f"{place}/{len(paths)} {path.name}"))
        return
    from . import check_jobs

    options = zip(("--budget", "--cell-limit", "--limit"), map(str, how))
    words = [word for pair in options for word in pair]
    with closing(check_jobs.reports(paths, words, args.jobs)) as judged:
        bar = runtime.progress(judged, "check", total=len(paths), unit="notebook")
        for report in bar:
            bar.clear()  # for the line that is printed now
            yield report


def _judged(path, how):
    """The report on a notebook; of one that cannot be judged, why, which is told at once."""
    import sys

    from . import verdicts
    from .errors import told

    try:
        return verdicts.judge(path, *how)
    except (ValueError, OSError) as error:
        why = told(error)
    except RuntimeError as error:  # of nbclient, where a kernel does not start
        why = f"{path} was not run ({error}): end other programs, and try again"
    say(f"asdkit check: {why}", file=sys.stderr)
    return verdicts.Report(str(path), {}, why, False, 0.0)


def _say_tables(reports):
    """A table for each set of exercises; its last row counts who is right."""
    import pandas as pd

    for names in dict.fromkeys(tuple(report.verdicts) for report in reports if report.verdicts):
        own = [report for report in reports if tuple(report.verdicts) == names]
        rows = {
            report.notebook: [SIGNS[one.state] for one in report.verdicts.values()]
            + [f"{_right(report)} of {len(names)}"]
            for report in own
        }
        counts = [sum(report.verdicts[name].state == "right" for report in own) for name in names]
        rows[f"right, of {len(own)}"] = [*counts, ""]
        say()
        say_table(pd.DataFrame.from_dict(rows, orient="index", columns=[*names, "right"]))


def _right(report):
    return sum(one.state == "right" for one in report.verdicts.values())


def _facts(report):
    exercises = {
        name: {"state": one.state, "message": one.message}
        for name, one in report.verdicts.items()
    }  # fmt: skip
    return {
        "notebook": report.notebook, "right": _right(report), "of": len(exercises),
        "exercises": exercises, "note": report.note, "seconds": round(report.seconds, 1),
    }  # fmt: skip


def _is_ours(path):
    """Whether a file is such a table."""
    with path.open("rb") as lines:
        return lines.readline(1000).startswith(b"notebook,right,of,")
