"""``asdkit score DETECTOR FILE...``: the score of single recordings, the threshold, and normal or
anomalous.
"""

import unicodedata
import zipfile
from pathlib import Path

from ..plain import say
from . import rates
from .places import check_file
from .results import check_networks, draw, write_embeddings


def add(parsers):
    """Declare the command."""
    parser = parsers.add_parser("score", help="score single recordings", description=__doc__)
    parser.add_argument("detector", help="a file that 'asdkit run' saved")
    parser.add_argument("files", nargs="+", metavar="FILE", help="recordings")
    parser.add_argument(
        "--group", help="machine and section, such as valve/00, where names and folders do not tell"
    )
    parser.add_argument("--device", help="cpu, cuda or mps (default: the best there is)")
    rates.add(parser)
    words = "draw the scores of normal clips and the thresholds there"
    parser.add_argument("--histogram", metavar="FILE.png", help=words)
    words = "write the embeddings of the recordings there too, for 'asdkit map'"
    parser.add_argument("--embeddings", metavar="FILE.npz", help=words)
    parser.set_defaults(main=main)


def main(args):
    """Print a line a recording.

    Raises: ValueError or OSError with one sentence for what is wrong with a file.
    Choices: ``asdkit.embeddings.write`` says what ``--embeddings`` holds.
    """
    import pandas as pd

    from .. import figures, sound, systems

    rate = _checked(args)
    detector = systems.load(args.detector, args.device)
    if rate is not None:
        detector.set_rate(rate)
    if args.histogram:
        detector.check_normal()
    if args.embeddings:
        check_networks(len(detector.networks), detector.system.name)
    clips = pd.DataFrame(
        [clip(path, args.group, sorted(detector.thresholds)) for path in args.files]
    )
    group = sound.groups(clips)
    if args.embeddings:
        scores = write_embeddings(args.embeddings, detector, [(clips, None)])
    else:
        scores = detector.score(clips)
    for path, name, score, anomalous in zip(
        args.files, group, scores, detector.decide(scores, group)
    ):
        verdict = "anomalous" if anomalous else "normal"
        say(
            f"{verdict:9}  score {score:9.3f}  threshold {detector.thresholds[name]:9.3f}  {name}  "
            f"{path}"
        )
    if args.histogram:
        picture = figures.threshold_histograms(detector.normal, detector.thresholds, rate)
        draw(args.histogram, picture)
    return 0


def _checked(args):
    """The rate that is asked for, and what can be refused before the detector is read."""
    outputs = ("embeddings", ".npz", _has_our_arrays), ("histogram", ".png", _is_picture)
    for name, ending, mine in outputs:
        path = getattr(args, name)
        if path is not None and Path(path).suffix != ending:
            raise ValueError(f"--{name} is {path!r}: give a file that ends in {ending}")
        if path:
            check_file(path, f"--{name}", mine)
    return rates.asked(args)


def clip(path, group, known):
    """The row of a table that a recording has, by its group or by what its path tells.

    Raises: ValueError for a file that is missing, and a group that the detector does not know.
    Choices: the machine is the folder directly above ``train`` or ``test``, or else the folder of
        the file, where that is one that the detector knows. A detector of one group takes what
        tells of no other.
    """
    if not Path(path).is_file():
        what = "is a folder" if Path(path).is_dir() else "is missing"
        raise ValueError(f"{path} {what}: give the path of a recording")
    told = f"give --group one of {', '.join(known)}"
    if group is not None and group not in known:
        raise ValueError(f"the detector was not trained on {group!r}: {told}")
    group = group or _told(Path(path), known)
    if group not in known:
        raise ValueError(f"{path} is of {group}, which the detector was not trained on: {told}")
    machine, section = group.rsplit("/", 1)
    return {"path": path, "machine": machine, "section": section}


def _is_picture(path):
    with path.open("rb") as file:
        return file.read(8) == b"\x89PNG\r\n\x1a\n"


def _has_our_arrays(path):
    """Whether a file is one of ``embeddings.write``."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as file:
        return {"x.npy", "name.npy", "path.npy", "group.npy"} <= set(file.namelist())


def _told(path, known):
    """The group that the folder of a clip and its name tell."""
    from ..sound.names import FOLDERS, SECTION

    home, named = path.absolute().parent, SECTION.match(path.name)
    of_layout = home.name in FOLDERS
    machine = unicodedata.normalize("NFC", (home.parent if of_layout else home).name)
    group = f"{machine}/{named['section']}" if named else None
    if group in known or (group and of_layout):
        return group
    if len(known) == 1 and (not named or known[0].endswith(f"/{named['section']}")):
        return known[0]  # nothing tells of another
    raise ValueError(
        f"{path} does not tell its machine and section: give --group one of {', '.join(known)}"
    )
