"""``asdkit map FOLDER|FILE.npz --out FILE.html``: recordings or embeddings as a map, on a page to
see, hear and pass on.
"""

from pathlib import Path

from ..plain import say
from . import data_sets
from .places import check_file

ENOUGH = 30  # clips for UMAP with its 15 neighbors
MARK = b'<meta name="generator" content="asdkit">'  # of a page of ours, which may be replaced


def add(parsers):
    """Declare the command."""
    words = "a page with a map of recordings, to see, select and hear"
    parser = parsers.add_parser("map", help=words, description=__doc__)
    words = "a folder of recordings, of any layout and length, or an .npz file of embeddings"
    parser.add_argument("source", metavar="FOLDER|FILE.npz", help=words)
    data_sets.add_pattern(parser)
    parser.add_argument("--out", required=True, metavar="FILE.html", help="the page")
    words = "embed the recordings by its network (default: mean and maximum of the log-mel)"
    parser.add_argument("--detector", metavar="FILE", help=words)
    words = "machine and section for --detector, where names and folders do not tell"
    parser.add_argument("--group", help=words)
    parser.add_argument("--device", help="cpu, cuda or mps, for --detector")
    parser.add_argument("--pca", action="store_true", help="a map by PCA instead of UMAP")
    parser.add_argument("--neighbors", type=int, help="of UMAP (default 15)")
    parser.add_argument("--min-dist", type=float, help="of UMAP, 0 to 1 (default 0.1)")
    parser.add_argument("--seed", type=int, help="of UMAP (default 0)")
    parser.add_argument("--seconds", type=float, default=3.0, help="of sound a clip (default 3)")
    parser.add_argument("--title", help="of the page")
    words = "of the page at most (default 20); what does not fit is told"
    parser.add_argument("--megabytes", type=float, default=20.0, help=words)
    parser.set_defaults(main=main)


def main(args):
    """Embed, map and write.

    Raises: ValueError or OSError with one sentence for what is wrong with the command or the data.
    Choices: UMAP of more than 30 clips, PCA of fewer; a file that brings a map ``xy`` keeps it,
        unless another one is asked for.
    """
    _check(args)
    from .. import views

    source = Path(args.source)
    if source.is_dir():
        from . import folder

        how = args.detector, args.group, args.device, args.pattern
        clips, x, numbers, about = folder.embed(source, *how)
        explore = views.MapExplorer.from_arrays
        given = {"embeddings": x, "clips": clips, "map": _map(args, x), **numbers}
    else:
        from .. import embeddings

        known = embeddings.read(source)
        x, about = known["x"], f"Embeddings: {source.name}, {known['x'].shape[1]} numbers a clip."
        explore, given = views.MapExplorer.from_npz, {"path": source}
        if "xy" not in known or _asked(args):
            given["map"] = _map(args, x)
    title = args.title or f"{source.resolve().name}, a map of {len(x)} clips"
    explorer = explore(**given, seconds=args.seconds)
    explorer.to_html(args.out, title, [about], args.megabytes)
    size = Path(args.out).stat().st_size / 1e6
    say(f"{args.out}: {len(x)} clips, {size:.1f} MB; open it in a browser")
    return 0


def _asked(args):
    """The settings of a map that the command names."""
    names = ("neighbors", "min_dist", "seed")
    given = {name: getattr(args, name) for name in names if getattr(args, name) is not None}
    return given | ({"pca": True} if args.pca else {})


def _check(args):
    """What can be refused before any file is read."""
    out, source, asked = Path(args.out), Path(args.source), _asked(args)
    if out.suffix not in (".html", ".htm"):
        raise ValueError(f"--out is {args.out!r}: give a file that ends in .html")
    check_file(out, "--out", lambda page: MARK in page.open("rb").read(1000))
    if not source.exists():
        raise ValueError(f"{source} is missing: give a folder of recordings or an .npz file")
    if args.pca and len(asked) > 1:
        told = next(iter(asked)).replace("_", "-")
        raise ValueError(f"--{told} is a setting of UMAP, and --pca asks for none: leave one")
    for name, act in (("detector", "embeds recordings"), ("pattern", "reads names in a folder")):
        if getattr(args, name) is not None and not source.is_dir():
            raise ValueError(f"--{name} {act}, and a file holds embeddings: leave it")
    for name in ("group", "device"):
        if getattr(args, name) is not None and not args.detector:
            raise ValueError(f"--{name} is for --detector, which is not given: leave it")
    for name in ("seconds", "megabytes"):
        if not getattr(args, name) > 0:
            raise ValueError(f"--{name} is {getattr(args, name):g}: give a number above 0")


def _map(args, x):
    """The map of embeddings that is asked for, or that suits their number."""
    from .. import projection

    asked, few = _asked(args), len(x) <= ENOUGH
    if args.pca or few and not asked:
        if few and not args.pca:
            say(f"{len(x)} clips are few for UMAP: PCA draws the map")
        return projection.pca_map(x)
    return projection.fit_map(x, **asked)
