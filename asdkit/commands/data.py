"""``asdkit data synth | download | check | label``: make a data set, fetch an official one, check
one, label one.
"""

from pathlib import Path

from .. import runtime
from ..plain import say
from . import data_sets
from .places import check_file, check_folder

YEARS = "2020 to 2026"


def add(parsers):
    """Declare the command and its four parts."""
    parser = parsers.add_parser(
        "data", help="make, fetch, check or label a data set", description=__doc__
    )
    parts = parser.add_subparsers(
        dest="part_of_data", required=True, metavar="synth | download | check | label"
    )
    for add_part in (_add_synth, _add_download, _add_check, _add_label):
        add_part(parts)


def _add_synth(parts):
    words = "make a data set of synthetic machines, in the layout of DCASE 2022"
    synth = _part(parts, "synth", synthesize, words)
    words = f"a built-in one ({data_sets.names()}), or your own, a TOML file"
    synth.add_argument("recipe", help=words)
    synth.add_argument("out", help="a new folder")
    words = "training clips an id (default: the recipe's); tests in proportion"
    synth.add_argument("--clips", type=int, help=words)


def _add_download(parts):
    words = "fetch the official archives of a year from Zenodo and unpack them"
    fetch = _part(parts, "download", download, words)
    fetch.add_argument("year", type=int, help=YEARS)
    fetch.add_argument("out", help="folder that gets dcase<year>/dev_data or dcase<year>/eval_data")
    words = "only these, such as fan valve (default: all)"
    fetch.add_argument("--machines", nargs="+", metavar="NAME", help=words)
    words = (
        "development set (default), the evaluation machines' training clips, or their hidden "
        "test clips"
    )
    fetch.add_argument("--part", choices=("dev", "train", "eval"), default="dev", help=words)
    fetch.add_argument("--site", help="another address with Zenodo's records")


def _add_check(parts):
    words = "read every file of a folder: count the clips, and say what is wrong"
    name = _part(parts, "check", check, words)
    name.add_argument("folder", help="folder with <machine>/train and <machine>/test")
    data_sets.add_pattern(name)


def _add_label(parts):
    words = "join the organizers' published ground truth to an evaluation set"
    name = _part(parts, "label", label, words)
    name.add_argument("folder", help="folder with <machine>/test, whose names hide the labels")
    words = "the evaluator's folder with ground_truth_data, or an eval_data_list.csv"
    name.add_argument("truth", help=words)
    name.add_argument("out", help="the table to write, a CSV file: a row a clip")
    data_sets.add_pattern(name)


def synthesize(args):
    """Write a synthetic data set.

    Raises: ValueError or OSError with one sentence for a recipe that cannot be made and a folder
        that is not empty.
    """
    from .. import sound

    check_folder(args.out, "the folder")
    out = sound.synthesize(args.out, _recipe(args.recipe), args.clips)
    _tell(out, sound.index(out))
    return 0


def download(args):
    """Fetch official archives; the same call goes on where an earlier one stopped.

    Raises: ValueError or OSError with one sentence for what is not known, not there, not safe or
        does not fit.
    """
    from .. import sound

    check_folder(args.out, "the folder")
    more = {"site": args.site} if args.site else {}
    folder = sound.download(args.year, args.out, args.machines, args.part, **more)
    _tell(folder, sound.index(folder))
    say(
        "the record and license of each archive, as stated there, stand in "
        f"{folder / 'archives.json'}"
    )
    return 0


def check(args):
    """Print what a folder holds and what is wrong with it; exit code 2 where there are faults.

    Raises: FileNotFoundError for a folder that is missing or holds no clips.
    """
    from .folder_check import check as examine

    return 2 if examine(args.folder, args.pattern) else 0


def label(args):
    """Write the table of an evaluation set with its labels.

    Raises: ValueError or OSError with one sentence for a truth that does not fit the clips.
    """
    from .. import sound
    from ..drafts import whole

    check_file(args.out, "the table", _is_of_clips)
    clips = sound.label(sound.index(args.folder, args.pattern), args.truth)
    with whole(args.out) as draft:
        clips.to_csv(draft, index=False, lineterminator="\n")
    test = clips[clips["split"] == "test"]
    say(
        f"{args.out}: {len(test)} test clips of {test['machine'].nunique()} machines, "
        f"{test['label'].sum()} anomalies"
    )
    return 0


def _is_of_clips(path):
    """Whether a file is such a table."""
    with path.open("rb") as lines:
        return lines.readline(1000).startswith(b"path,machine,section,domain,split,label,")


def _part(parts, name, act, help):
    parser = parts.add_parser(name, help=help, description=f"{help[0].upper()}{help[1:]}.")
    parser.set_defaults(main=act)
    return parser


def _recipe(name):
    known = runtime.home() / "data" / f"{name}.toml"
    return known if known.is_file() and not Path(name).exists() else name


def _tell(folder, clips):
    machines = ", ".join(f"{machine} {len(rows)}" for machine, rows in clips.groupby("machine"))
    say(f"{folder}: {len(clips)} clips ({machines})")
