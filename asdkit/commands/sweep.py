"""``asdkit sweep SYSTEM ... --data SET ... --seeds N --out FOLDER``: train systems over seeds and
data sets, and keep what they reach.

FOLDER holds results.csv, AUC and pAUC of each id; a table of scores a data set; refused.csv, what
cannot be; and cells/, of which each is one system, seed and data set. The same command goes on
where it was cut, and with more systems, seeds or data it adds theirs. An --out that ends in .csv is
the table of scores of the only data set, and nothing else.
"""

import time
import uuid
from pathlib import Path

from .. import __version__, runtime
from ..plain import say
from . import data_sets, jobs
from .places import check_file, check_folder, check_outside
from .run import choices_of

OWN = ("all", ({},))  # of a system that is one network
SEEDS = 10_000  # at most


def add(parsers):
    """Declare the command."""
    words = "train systems over seeds and data sets, and keep what they reach"
    parser = parsers.add_parser("sweep", help=words, description=__doc__)
    parser.add_argument(
        "systems", nargs="+", metavar="SYSTEM",
        help="such as adacos, or with choices in quotes, 'arcface margin=0.7'",
    )  # fmt: skip
    words = f"folders, or built-in sets (default toy): {data_sets.names()}"
    parser.add_argument("--data", nargs="+", default=["toy"], metavar="SET", help=words)
    data_sets.add_pattern(parser)
    words = "training clips an id of a built-in set instead of its recipe's; the test clips stay"
    parser.add_argument("--clips", type=int, help=words)
    parser.add_argument("--seeds", type=int, default=5, help="networks a system (default 5)")
    parser.add_argument("--epochs", type=int, default=30, help="of training (default 30)")
    words = "beside each system's own: names of asdkit.backends, or 'angle' to the nearest center"
    parser.add_argument(
        "--backends", nargs="*", action="extend", default=[], metavar="NAME", help=words
    )
    words = "a folder, or FILE.csv; a sweep cut off goes on from there"
    parser.add_argument("--out", required=True, help=words)
    parser.add_argument("--device", help="cpu, cuda or mps (default: the best there is)")
    jobs.add(parser, "hears the clips for itself")
    words = "train on the workers of a Dask scheduler, as tcp://host:8786; --data and --out lie on "
    words += "a disk that all machines share under one path"
    parser.add_argument("--scheduler", metavar="ADDRESS", help=words)
    parser.set_defaults(main=main)


def main(args):
    """Run the cells that are not finished, data set by data set, seed by seed.

    Raises: ValueError or OSError with one sentence for what is wrong with the command, the data,
        what another command left in its place, or the first cell that could not be finished.
    Choices: all systems are trained from one seed before the next seed, so a sweep that is cut off
        compares like with like. A network has OMP_NUM_THREADS threads, or one, in every process:
        its numbers do not depend on --jobs.
    """
    from ..held import LOCK, held
    from .sweep_notes import notes
    from .sweep_tables import Tables, cells_of

    _check(args)
    named = _systems(args)
    cells, clips, refused = _cells(args, named)
    with held(cells_of(args.out) / LOCK, args.out, "sweep"):
        tables = Tables(args.out, cells, clips, notes(args, clips), refused)
        with tables.own():
            faults = _work(args, tables, tables.begin())
        if not faults:
            tables.end()
    tables.tell()
    if faults:
        cell, sentence = faults[0]
        raise ValueError(
            f"{len(faults)} of {len(cells)} cells are not finished, and the same command goes on "
            f"with them; the first is {_told_cell(cell)}: {sentence}"
        )
    return 0


def _work(args, tables, left):
    """Run what is left; the cells that could not be finished, each with its sentence."""
    from ..systems import workers

    setting = {
        "cells": str(tables.cells.absolute()), "device": args.device, "version": __version__,
        "threads": int(runtime.lesson_environment()["OMP_NUM_THREADS"]), "sweep": uuid.uuid4().hex,
    }  # fmt: skip
    if args.scheduler and left:
        size = workers.weight(left, setting)
        say(f"{len(left)} cells: {size} bytes each to a worker, of names, settings and paths")
    faults, start = [], time.perf_counter()
    found = workers.results(left, setting, args.jobs, args.scheduler)
    for number, (cell, result) in enumerate(found, start=1):
        place = f"{number} of {len(left)}: {_told_cell(cell)}: "
        rest = (time.perf_counter() - start) / number * (len(left) - number)
        sentence = result.get("fault") or result.get("refused")
        if sentence is None:
            tables.add(cell)
            say(f"{place}{result['seconds']:.0f} s{_left(rest)}")
        elif "fault" in result or tables.single:
            faults.append((cell, sentence))
            say(f"{place}not finished: {sentence}")
        elif tables.refuse(cell, sentence):
            say(f"{place}refused: {sentence}")
    return faults


def _left(seconds):
    told = f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
    return f", about {told} left" if seconds >= 1 else ""


def _told_cell(cell):
    return f"{cell.name}, seed {cell.seed}, {cell.source.name}"


def _check(args):
    """What can be refused of the command alone."""
    if not 1 <= args.seeds <= SEEDS:
        least = "1 or more" if args.seeds < 1 else f"{SEEDS} at most"
        raise ValueError(f"--seeds is {args.seeds}: give a whole number, {least}")
    jobs.check(args.jobs)
    if args.scheduler and args.jobs > 1:
        raise ValueError("a scheduler's workers are its jobs: leave --jobs or --scheduler out")
    if not args.scheduler:
        runtime.device(args.device)  # of a worker it is asked there
    if len(set(args.systems)) < len(args.systems):
        raise ValueError("a system stands twice in the command: give each once")
    if args.out.endswith(".csv") and len(args.data) > 1:
        raise ValueError(f"{args.out} is for one data set: give a folder, which holds several")
    if args.out.endswith(".csv"):
        check_file(args.out, "--out", lambda _: True)  # its tables know whose it is
    else:
        check_folder(args.out)


def _systems(args):
    """The systems by their names in the tables, each with its backends, its own first."""
    named = {}
    for told in args.systems:
        system = _system(told, args)
        named[" ".join(told.split())] = system, _backends(told, system, args.backends)
    return named


def _system(told, args):
    from .. import systems

    name, *words = told.split() or [""]
    choices = choices_of(words, name)
    if systems.get(name, **choices).loss is not None:
        choices = {"epochs": args.epochs} | choices
    return systems.get(name, **choices)


def _backends(name, system, backends):
    own = system.backend.name
    if system.loss is None:
        return (own,)
    others = [backend for backend in backends if backend != own]
    if others and (system.each, system.trials) != OWN:
        raise ValueError(f"{name} is several networks: leave --backends out")
    for backend in others:
        if backend != "angle":
            system.but(backend=backend)  # which refuses what does not fit
        elif system.task not in ("types", "sections", "attributes"):
            raise ValueError(f"{name} has no classes, and no angle to them: leave out 'angle'")
    return (own, *others)


def _cells(args, named):
    """The cells in the order in which they are run, the clips by data set, and what is refused.

    Shapes: the clips are a dict of a Source -> training and test clips.
    Choices: what trains nothing comes once. Where one data set has one table alone, the first pair
        that cannot be refuses the command.
    """
    from .. import controls, systems
    from ..systems.sources import digest, tables

    cells, clips, refused = [], {}, {}
    for data in args.data:
        source = _source(data, args)
        if source.name in [other.name for other in clips]:
            raise ValueError(f"two data sets are called {source.name}: rename the folder of one")
        train, test = clips[source] = tables(source)
        controls.check_groups(train, test)
        for name, (system, _) in named.items():
            try:
                systems.check_training(train, system.task)
            except ValueError as error:
                if args.out.endswith(".csv"):
                    raise
                refused[name, source.name] = str(error)
                say(f"{name}, {source.name}: refused: {error}")
        table = digest(train, test)
        cells += [
            systems.Cell(name, system, seed, source, backends, table)
            for seed in range(args.seeds)
            for name, (system, backends) in named.items()
            if (name, source.name) not in refused and (seed == 0 or system.loss is not None)
        ]
    return cells, clips, refused


def _source(data, args):
    from .. import systems
    from .sweep_tables import NAMES

    if data_sets.recipe_of(data, args.pattern) is not None:
        return systems.Source(data, clips=args.clips)
    if args.clips is not None:
        raise ValueError("--clips is of the built-in sets: leave it out, or give --data toy")
    folder = Path(data).resolve()
    check_outside(args.out, folder)
    if folder.name in NAMES:
        raise ValueError(f"a data set is called {folder.name}, as a table is: rename its folder")
    return systems.Source(folder.name, folder=str(folder), pattern=args.pattern)
