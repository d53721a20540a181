"""``asdkit run SYSTEM --data DIR --out DIR``: train, score, tables, figures, and the saved
detector.
"""

import hashlib

from .. import runtime
from ..plain import say
from . import data_sets, rates
from .cost import Clock
from .places import check_folder, check_outside
from .results import (
    check_networks,
    forget,
    write_embeddings,
    write_figures,
    write_tables,
    write_thresholds,
)

LARGEST_SEED = 2**32 - 1
NOTE = "run.json"  # of whose the results are
RESULTS = (
    "detector.safetensors", "embeddings.npz", "scores.csv", "report.csv", "scale.png", "angles.png",
    "cost.json", "thresholds.csv", "thresholds.png",
)  # fmt: skip


def add(parsers):
    """Declare the command."""
    parser = parsers.add_parser("run", help="train and measure a system", description=__doc__)
    parser.add_argument("system", help="such as subcluster_adacos")
    words = "folder with <machine>/train and <machine>/test, or a built-in set: "
    words += data_sets.names()
    parser.add_argument("--data", required=True, help=words)
    data_sets.add_pattern(parser)
    parser.add_argument(
        "--out", required=True, help="folder for the results; a run cut off goes on from there"
    )
    parser.add_argument(
        "--budget", choices=runtime.BUDGETS, help="smoke, course (default) or paper"
    )
    parser.add_argument("--epochs", type=int, help="training epochs instead of the budget's")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", help="cpu, cuda or mps (default: the best there is)")
    rates.add(parser)
    words = "write embeddings.npz too, of training and test clips, for 'asdkit map'"
    parser.add_argument("--embeddings", action="store_true", help=words)
    parser.add_argument(
        "--set", nargs="*", action="extend", default=[], metavar="NAME=VALUE",
        help="other choices of the system",
    )  # fmt: skip
    parser.set_defaults(main=main)


def main(args):
    """Train on the folder's normal clips and measure on its test clips, beside five controls.

    Raises: ValueError or OSError with one sentence for what is wrong with the data, or with what
        is in --out already.
    Choices: each clip is read once, before the training, so a bad test clip is known before hours
        of it; what the system and the controls need of a clip is kept, its waves are not.
        ``asdkit.embeddings.write`` says what ``--embeddings`` leaves. Files in --out that are not
        of this system, seed and training clips stay as they are.
    """
    from .. import systems
    from ..held import LOCK, held
    from ..owned import check

    out, budget, device = _checked(args)
    system = systems.get(args.system, **_overrides(args))
    check(out / NOTE, out, RESULTS, **_identity(system, args.seed))
    tables = _tables(args, budget)
    _check_tables(*tables, system, args.embeddings)
    with held(out / LOCK, f"--out {out}"):
        _run(args, out, system, tables, budget, device)
    say(f"{out}: {', '.join(sorted(path.name for path in out.iterdir()))}")
    return 0


def _run(args, out, system, tables, budget, device):
    """Read, train, measure and write."""
    from .. import controls, systems
    from ..owned import owned
    from ..systems.detector import FALSE_ALARMS

    (train, test), clock, rivals, scores = tables, Clock(), {}, None
    known, new = _heard(systems.new_front(system, train), train, test, device)
    clock.lap("read")
    if new is not None:
        systems.recordings.check_copies(known, new)
        rivals = controls.scores(train, test, measures=(known.measures, new.measures))
        clock.lap("controls")
    known.spare = not args.embeddings  # no more than the features are ever in memory
    identity = _identity(system, args.seed) | {"data": _digest(known)}
    with owned(out / NOTE, out, RESULTS, **identity):
        detector = system.fit(
            train, budget, folder=out, seed=args.seed, device=device, heard=known
        )  # fmt: skip
        clock.lap("train")
        rate = rates.asked(args) or FALSE_ALARMS
        detector.set_rate(rate)
        detector.save(out / "detector.safetensors")
        forget(out, "embeddings.npz")
        if args.embeddings:
            write_embeddings(out / "embeddings.npz", detector, [(train, known), (test, new)])
        if new is not None:
            x, scores = _judged(detector, test, new)
            clock.lap("score")
            source = systems.Source(args.data, args.data, pattern=args.pattern)
            names = [source.clip(path) for path in test["path"]]
            write_tables(out, test, names, {"detector": scores, **rivals})
            write_figures(out, detector, test, x)
        else:
            say(f"{args.data} holds no test clips: the detector is trained, and not measured")
            forget(out, "scores.csv", "report.csv", "scale.png", "angles.png")
        write_thresholds(out, detector, rate, test, scores)
        clock.write(out / "cost.json", clips=len(train) + len(test), device=str(detector.device))


def _identity(system, seed):
    """What makes a run another one, but for its clips: epochs may grow."""
    told = system.to_json()
    left = ("name", "paper", "epochs", "shares")
    return {
        "system": system.name, "seed": seed,
        **{name: value for name, value in told.items() if name not in left},
    }  # fmt: skip


def _digest(heard):
    """The recordings of a table, as they were heard."""
    return hashlib.sha256("".join(heard.measures["digest"]).encode()).hexdigest()[:20]


def _judged(detector, test, heard):
    """Embeddings of the test clips, where one network makes them and a picture shows them, and
    their scores.
    """
    heard.spare = len(detector.networks) == 1
    if not heard.spare or not detector.network.owners:
        return None, detector.score(test, heard)
    from .. import sound

    x = detector.embed(test, heard)
    return x, detector.score_embeddings(x, sound.groups(test))


def _heard(front, train, test, device):
    """What one reading of the training and of the test clips leaves."""
    from .. import controls, systems

    return [
        systems.hear(part, front, device, controls.measure) if len(part) else None
        for part in (train, test)
    ]


def _check_tables(train, test, system, embeddings):
    """What can be refused of the clips by their names alone."""
    from .. import controls, sound, systems

    controls.check_groups(train, test)
    systems.check_training(train, system.task)
    if embeddings:
        names = {"machine": train["machine"], "group": sound.groups(train)}.get(system.each)
        check_networks(len(system.trials) * (1 if names is None else names.nunique()), system.name)


def _tables(args, budget):
    """The training clips and the test clips of the folder, which may have none of the latter."""
    from .. import sound

    known = data_sets.recipe_of(args.data)
    clips = sound.toy(budget, args.data) if known else sound.index(args.data, args.pattern)
    train, test = clips[clips["split"] == "train"], clips[clips["split"] == "test"]
    if not len(train):
        raise ValueError(
            f"{args.data} holds no training clips: put normal clips into <machine>/train"
        )
    unheard = sorted(set(sound.groups(train)) - set(sound.groups(test)))
    if len(test) and unheard:
        say(f"{', '.join(unheard)}: no test clips, so nothing is measured of what is trained")
    return train, test


def _checked(args):
    """What can be refused before any clip is read."""
    if not args.data:
        raise ValueError("--data is empty: give a folder")
    if not 0 <= args.seed <= LARGEST_SEED:
        raise ValueError(f"--seed is {args.seed}: give a whole number from 0 to {LARGEST_SEED}")
    rates.asked(args)
    out = check_folder(args.out)
    if data_sets.recipe_of(args.data, args.pattern) is None:
        check_outside(out, args.data)
    return out, runtime.budget(args.budget), runtime.device(args.device)


def _overrides(args):
    choices = {} if args.epochs is None else {"epochs": args.epochs}
    return choices | choices_of(args.set, "--set")


def choices_of(words, told):
    """The choices of a system that NAME=VALUE words make; ``told`` is where they stand.

    Raises: ValueError for a word that is none.
    """
    from .. import systems  # which loads torch

    return systems.choices_of(words, told)
