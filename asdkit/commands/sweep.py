"""``asdkit sweep SYSTEM ... --seeds N --out FILE``: train systems over seeds, and keep their test
scores.
"""

import shlex
import time
from pathlib import Path, PurePath
from typing import NamedTuple

from .. import __version__, runtime
from .run import LARGEST_SEED, choices_of, recipe_of

OWN = ("all", ({},))  # of a system that is one network


class Job(NamedTuple):
    """One network to train: its system with its name in the file, its seed, and the columns that
    it fills, by backend.
    """

    name: str
    system: object
    seed: int
    columns: dict


def add(parsers):
    """Declare the command."""
    words = "train systems over seeds, and keep the test scores of each"
    parser = parsers.add_parser("sweep", help=words, description=__doc__)
    parser.add_argument(
        "systems", nargs="+", metavar="SYSTEM",
        help="such as adacos, or with choices in quotes, 'arcface margin=0.7'",
    )  # fmt: skip
    words = (
        "a folder, or a built-in set: toy (default), borrowed, large, machines, shift, swapped, "
    )
    words += "varied"
    parser.add_argument("--data", default="toy", help=words)
    words = "training clips an id of a built-in set instead of its recipe's; the test clips stay"
    parser.add_argument("--clips", type=int, help=words)
    parser.add_argument("--seeds", type=int, default=5, help="networks a system (default 5)")
    parser.add_argument("--epochs", type=int, default=30, help="of training (default 30)")
    words = "beside each system's own: names of asdkit.backends, or 'angle' to the nearest center"
    parser.add_argument(
        "--backends", nargs="*", action="extend", default=[], metavar="NAME", help=words
    )
    parser.add_argument("--out", required=True, help="CSV file; a sweep cut off goes on from there")
    parser.add_argument("--device", help="cpu, cuda or mps (default: the best there is)")
    parser.set_defaults(main=main)


def main(args):
    """Train what the file has no scores of yet, one network after the other, seed by seed.

    Raises: ValueError or OSError with one sentence for what is wrong with the command, the data, or
        a file that another command made.
    Choices: clips are heard once for all systems whose fronts begin alike. All systems are trained
        from one seed before the next seed, so a file that is cut off compares like with like.
    """
    from .. import controls, systems, traces

    device = runtime.device(args.device)
    jobs = _jobs(args)
    train, test = _tables(args)
    controls.check_groups(train, test)
    for job in jobs:
        systems.check_training(train, job.system.task)
    notes = [_command(args), _conditions(args, train)]
    table = _known(args, jobs, test, notes)
    missing = [job for job in jobs if not set(job.columns) <= set(table.columns)]
    heard = []
    for number, job in enumerate(missing):
        start = time.perf_counter()
        ears = _heard(heard, job.system, train, test, device)
        table = table.assign(**_scores(job, train, test, ears, device))
        names = [name for one in jobs for name in one.columns if name in table.columns]
        traces.write(args.out, table[[*traces.FACTS, *names]], notes)
        seconds = time.perf_counter() - start
        print(f"{number + 1} of {len(missing)}: {job.name}, seed {job.seed}: {seconds:.0f} s")
    print(f"{args.out}: {len(table)} clips, {len(table.columns) - len(traces.FACTS)} columns")
    return 0


def _jobs(args):
    """The networks in the order in which they are trained; what trains nothing comes once."""
    if not 1 <= args.seeds <= LARGEST_SEED:
        raise ValueError(f"--seeds is {args.seeds}: give a whole number, 1 or more")
    if len(set(args.systems)) < len(args.systems):
        raise ValueError("a system stands twice in the command: give each once")
    found = [(" ".join(told.split()), _system(told, args)) for told in args.systems]
    return [
        Job(name, system, seed, _columns(name, system, seed, args.backends))
        for seed in range(args.seeds)
        for name, system in found
        if seed == 0 or system.loss is not None
    ]


def _system(told, args):
    from .. import systems

    name, *words = told.split() or [""]
    choices = choices_of(words, name)
    if systems.get(name, **choices).loss is not None:
        choices = {"epochs": args.epochs} | choices
    return systems.get(name, **choices)


def _columns(name, system, seed, backends):
    """The backends of a network, its own first, by the name of the column."""
    if system.loss is None:
        return {f"{name}|{system.backend.name}": system.backend.name}
    others = [backend for backend in backends if backend != system.backend.name]
    if others and (system.each, system.trials) != OWN:
        raise ValueError(f"{name} is several networks: leave --backends out")
    for backend in others:
        if backend != "angle":
            system.but(backend=backend)  # which refuses what does not fit
        elif system.task not in ("types", "sections", "attributes"):
            raise ValueError(f"{name} has no classes, and no angle to them: leave out 'angle'")
    return {f"{name}|{backend}|{seed}": backend for backend in [system.backend.name, *others]}


def _tables(args):
    """The training clips and the test clips, of which a larger built-in set has no more."""
    from .. import sound
    from ..sound.synthetic.recipe import plan, read

    recipe = recipe_of(args.data)
    if recipe is None:
        if args.clips is not None:
            raise ValueError("--clips is of the built-in sets: leave it out, or give --data toy")
        clips = sound.index(args.data)
    else:
        known = plan(read(recipe))
        clips = sound.toy(_size(known) if args.clips is None else args.clips, args.data)
    train, test = clips[clips["split"] == "train"], clips[clips["split"] == "test"]
    if recipe is not None:
        wanted = {clip.path for clip in known}
        test = test[test["path"].map(_as_planned).isin(wanted)]
    if not len(test) or test["label"].isna().any():
        raise ValueError(f"{args.data} holds no test clips with labels: give a folder that does")
    return train, test


def _size(known):
    """How many training clips a plan has of each id."""
    own = [clip for clip in known if (clip.machine, clip.section) == known[0][:2]]
    return sum(clip.split == "train" for clip in own)


def _as_planned(path):
    return "/".join(PurePath(path).parts[-3:])


def _heard(heard, system, train, test, device):
    """The training and the test clips as the front of a system hears them, once for all that hear
    alike.
    """
    from .. import systems

    front = systems.new_front(system, train)
    for pair in heard:
        if pair[0].serves(front, train):
            return pair
    heard.append([systems.hear(clips, front, device) for clips in (train, test)])
    return heard[-1]


def _scores(job, train, test, heard, device):
    """The test scores of one network by each of its backends, by column."""
    from .. import sound
    from ..systems import find

    detector = job.system.fit(train, seed=job.seed, device=device, heard=heard[0])
    (own, _), *others = job.columns.items()
    scores = {own: detector.score(test, heard[1])}
    if not others:
        return scores
    network, group, group_test = detector.network, sound.groups(train), sound.groups(test)
    x, x_test = [detector.embed(clips, ears) for clips, ears in zip((train, test), heard)]
    for column, backend in others:
        if backend == "angle":
            scores[column] = network.angle(x_test, group_test)
            continue
        network.backend = find("backend", backend).build()
        network.fit_backend(x, group, train["domain"])
        scores[column] = network.judge(x_test, group_test)
    return scores


def _known(args, jobs, test, notes):
    """What the file holds already, or the test clips alone; it is refused where another command
    made it.
    """
    from .. import traces

    facts = test[["machine", "section", "domain", "label"]].reset_index(drop=True)
    facts["domain"] = facts["domain"].fillna("")
    facts = facts.assign(clip=[PurePath(path).name for path in test["path"]])
    if not Path(args.out).exists():
        return facts
    table, before = traces.read(args.out)
    if before[1:] != notes[1:] or not _same(table[list(traces.FACTS)], facts):
        raise ValueError(
            f"{args.out} holds scores of {' '.join(before[1:])}, and this would be {notes[1]}: "
            "give another --out"
        )
    planned = {name for job in jobs for name in job.columns}
    strange = [name for name in table.columns[len(traces.FACTS) :] if name not in planned]
    if strange:
        raise ValueError(
            f"{args.out} holds {strange[0]}, which this command does not make: name all of its "
            "systems, backends and seeds, or give another --out"
        )
    return table


def _same(one, other):
    return one.astype(str).to_numpy().tolist() == other.astype(str).to_numpy().tolist()


def _conditions(args, train):
    clips = f"{len(train)} training clips"
    return f"asdkit {__version__}, {_told(args.data)} data, {clips}, {args.epochs} epochs"


def _command(args):
    """The command that makes the file again, without a path of this machine."""
    words = ["asdkit", "sweep", *args.systems, "--seeds", args.seeds, "--epochs", args.epochs]
    words += ["--backends", *args.backends] if args.backends else []
    words += ["--data", _told(args.data)]
    words += [] if args.clips is None else ["--clips", args.clips]
    return shlex.join(map(str, [*words, "--out", _told(args.out)]))


def _told(path):
    path = Path(path)
    if not path.is_absolute():
        return path.as_posix()
    inside = path.is_relative_to(runtime.home())
    return path.relative_to(runtime.home()).as_posix() if inside else path.name
