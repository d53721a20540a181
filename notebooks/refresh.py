"""Run the notebooks that changed, top to bottom in a fresh kernel, and store clean outputs beside
their sources.

    python notebooks/refresh.py                    every notebook whose sources or budget changed
    python notebooks/refresh.py 00_start_here      these, changed or not
    python notebooks/refresh.py --all              all of them
    python notebooks/refresh.py --check            run nothing, name those that are out of date
    python notebooks/refresh.py --once 06_angles   store at once, without the run on two threads

What is stored is what a reader sees: text, pictures and sounds, execution counts 1 to n, and in the
metadata the hash of the sources they came from. Widgets keep the picture beside them; their state,
a second copy of a picture, warnings, times and paths go. A second run, on two threads, stores
nothing: a number that the prose takes from a cell and that this run does not print again is
refused, as it would be wrong on another machine.
"""

import argparse
import hashlib
import json
import os
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

FOLDER = Path(__file__).resolve().parent
LIMIT = 500_000
FAULTS = {
    "an absolute path": re.compile(
        r"(?<![\w.:/])(?:/(?:home|root|tmp|work|Users|private|mnt)/|[A-Z]:\\)"
    ),
    "an object's address": re.compile(r" at 0x[0-9a-f]{6,}"),
}
WIDGETS = ("application/vnd.jupyter.widget-view+json", "application/vnd.jupyter.widget-state+json")
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


class Refused(Exception):
    """A notebook that cannot be stored, and why."""


def source_hash(notebook):
    """The hash of all that a notebook says and runs: kind, tags and source of each cell."""
    cells = [
        [cell.cell_type, cell.metadata.get("tags", []), cell.source] for cell in notebook.cells
    ]
    return "sha256:" + hashlib.sha256(json.dumps(cells, ensure_ascii=False).encode()).hexdigest()


def is_current(notebook, budget):
    """Whether the stored outputs belong to the sources beside them."""
    known = notebook.metadata.get("asdkit", {})
    return (known.get("source"), known.get("budget")) == (source_hash(notebook), budget)


def execute(notebook, name, budget, folder, timeout=1800, threads=1):
    """Run every cell in a fresh kernel, from the notebook's folder, on one thread: sums differ with
    their number.
    """
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    environment = os.environ | {
        "ASDKIT_BUDGET": budget,
        "ASDKIT_PROGRESS": "0",
        "OMP_NUM_THREADS": str(threads),
        "NUMBA_NUM_THREADS": str(threads),
        "OMP_WAIT_POLICY": "PASSIVE",  # threads that spin while they wait slow a busy machine down
    }
    client = NotebookClient(
        notebook, timeout=timeout, kernel_name="python3",
        resources={"metadata": {"path": str(folder)}}, store_widget_state=False,
        record_timing=False, coalesce_streams=True,
    )  # fmt: skip
    try:
        client.execute(env=environment)
    except CellExecutionError as error:
        raise Refused(f"{name}: {_last(notebook)} raised {error.ename}: {error.evalue}") from error
    except (CellTimeoutError, DeadKernelError) as error:
        raise Refused(
            f"{name}: {_last(notebook)} did not end: {str(error).splitlines()[0]}"
        ) from error


def clean(notebook, name, budget):
    """Leave what a reader sees and nothing that differs from run to run; refuse what cannot be
    cleaned.
    """
    count = 0
    for number, cell in enumerate(notebook.cells, start=1):
        for key in ("execution", "collapsed", "scrolled", "trusted"):
            cell.metadata.pop(key, None)
        if cell.cell_type != "code":
            continue
        count += 1
        cell.execution_count = count
        if any(output.get("name") == "stderr" for output in cell.outputs):
            print(f"{name}: cell {number} wrote to stderr, which is not stored")
        cell.outputs = [
            output for output in (_output(output, count) for output in cell.outputs) if output
        ]
        for fault, pattern in FAULTS.items():
            if any(pattern.search(text) for output in cell.outputs for text in shown(output)):
                raise Refused(
                    f"{name}: cell {number} shows {fault}: print something that every machine "
                    "shows alike"
                )
    notebook.metadata.pop("widgets", None)
    notebook.metadata["kernelspec"] = KERNEL
    notebook.metadata["language_info"] = {"name": "python"}
    notebook.metadata["asdkit"] = {"source": source_hash(notebook), "budget": budget}


def shown(output):
    """The texts of one output: what a reader sees, without the bytes of pictures and sounds."""
    data = output.get("data", {})
    texts = [output.get("text", "")] + [
        value for kind, value in data.items() if kind.startswith("text/")
    ]
    return [re.sub(r"base64,[\w+/=]+", "", text) for text in texts]


NUMBER = re.compile(r"(?<![\w.])[-−]?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?")
UNPRINTED = r"\(\d\.\d\)|\*\*Time\.\*\*[^\n]*"  # a section of a paper, minutes of the reader
FORMULAS = re.compile(rf"\$\$.*?\$\$|\$[^$]+\$|`[^`]*`|\]\([^)]*\)|{UNPRINTED}", re.DOTALL)


def numbers(text):
    """The numbers in a text, as they are written."""
    return [found.replace("−", "-").rstrip(",") for found in NUMBER.findall(text)]


def unsteady(notebook, again):
    """The numbers of the prose that the cells of one run print and those of another do not.

    A number of the prose is printed where a cell shows it, or one that rounds to it, as a share or
    in percent.
    """
    prose = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    told = dict.fromkeys(numbers(" ".join(FORMULAS.sub(" ", text) for text in prose)))
    first, second = map(_printed, (notebook, again))
    return [number for number in told if _is_in(number, first) and not _is_in(number, second)]


def _printed(notebook):
    texts = [
        text
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        for text in shown(output)
    ]
    return {float(number.replace(",", "")) for text in texts for number in numbers(text)}


def _is_in(number, printed):
    value, decimals = float(number.replace(",", "")), len(number.partition(".")[2])
    if not decimals:
        return value in printed
    return any(value in (round(one, decimals), round(100 * one, decimals)) for one in printed)


def store(notebook, path):
    """Write a notebook in one step, so that no half of it is ever seen."""
    text = nbformat.writes(notebook).rstrip("\n") + "\n"
    size = len(text.encode())
    if size > LIMIT:
        raise Refused(
            f"{path.name} would take {size // 1000} kB, over {LIMIT // 1000}: show fewer "
            "pictures and sounds"
        )
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8", newline="\n")
    part.replace(path)


def refresh(path, budget, once=False):
    """Run one notebook, clean it and store it; then run it on two threads and compare the numbers
    of its prose.
    """
    notebook = nbformat.read(path, as_version=4)
    execute(notebook, path.name, budget, path.parent)
    clean(notebook, path.name, budget)
    store(notebook, path)
    if once:
        return
    again = nbformat.read(path, as_version=4)
    execute(again, path.name, budget, path.parent, threads=2)
    if found := unsteady(notebook, again):
        raise Refused(
            f"{path.name}: on two threads no cell prints {', '.join(found)}, which the prose says: "
            "say a range that holds, or let the cell say it"
        )
    notebook.metadata["asdkit"]["threads"] = [1, 2]
    store(notebook, path)


def main(arguments=None):
    """The command line: 0 where all is well, 1 where a notebook was refused or, with --check, is
    out of date.
    """
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "names", nargs="*", help="notebooks, such as 00_start_here; else those that changed"
    )
    parser.add_argument("--all", action="store_true", help="all notebooks, changed or not")
    parser.add_argument(
        "--check", action="store_true", help="run nothing, name the notebooks that are out of date"
    )
    parser.add_argument("--once", action="store_true", help="leave out the run on two threads")
    parser.add_argument("--budget", default="course", help="the budget of the stored outputs")
    parser.add_argument("--folder", type=Path, default=FOLDER, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    paths = sorted(options.folder.glob("*.ipynb"))
    if options.names:
        paths = [options.folder / f"{Path(name).stem}.ipynb" for name in options.names]
        missing = [path.name for path in paths if not path.is_file()]
        if missing:
            parser.error(f"there is no {', '.join(missing)} in {options.folder.name}/")
    if options.check or not (options.all or options.names):
        paths = [
            path
            for path in paths
            if not is_current(nbformat.read(path, as_version=4), options.budget)
        ]
    if options.check:
        for path in paths:
            print(f"{path.name} is out of date: run 'make notebooks'")
        return int(bool(paths))
    refused = 0
    for path in paths:
        print(f"{path.name} ...", flush=True)
        try:
            refresh(path, options.budget, options.once)
        except Refused as error:
            print(error, file=sys.stderr)
            refused += 1
    return int(refused > 0)


def _last(notebook):
    """The cell that ran last, as a reader counts and sees it."""
    number = max(
        (place for place, cell in enumerate(notebook.cells, 1) if cell.get("execution_count")),
        default=1,
    )
    source = notebook.cells[number - 1].source.strip()
    return f"cell {number} ('{source.splitlines()[0] if source else ''}')"


def _output(output, count):
    if output.get("name") == "stderr":
        return None
    if "data" in output:
        again = ("text/html",) if "image/png" in output["data"] else ()  # the picture in a page
        for kind in (*WIDGETS, *again):
            output["data"].pop(kind, None)
        if not output["data"]:
            return None
    if output.output_type == "execute_result":
        output["execution_count"] = count
    return output


if __name__ == "__main__":
    sys.exit(main())
