"""``asdkit doctor``: what this machine has, and what to do about each fault."""

import os
import sys
from pathlib import Path

from .. import __version__, runtime
from ..plain import say

GOOD, FAULT = "ok   ", "FAULT"


def add(parsers):
    """Declare the command."""
    parsers.add_parser("doctor", help="check this machine", description=__doc__).set_defaults(
        main=main
    )


def main(args):
    """Print a line a check, with the cure under each fault; exit code 1 where there is one."""
    faults = 0
    for check in (
        _python,
        _packages,
        _device,
        _allocator,
        _front_end,
        _notebooks,
        _cache,
        _recordings,
    ):
        for good, line, cure in check():
            say(GOOD if good else FAULT, line)
            if not good:
                say("      ->", cure)
            faults += not good
    say("Everything is in place: asdkit lab" if not faults else f"{faults} to mend")
    return min(faults, 1)


def _python():
    version = ".".join(map(str, sys.version_info[:3]))
    yield (
        sys.version_info >= (3, 11, 5),
        f"asdkit {__version__}, Python {version}",
        "install Python 3.11.5 or newer",
    )


def _packages():
    import importlib.metadata

    from packaging.requirements import Requirement

    try:
        lines = importlib.metadata.requires("asdkit") or []
    except importlib.metadata.PackageNotFoundError:
        yield (
            False,
            "asdkit is not installed, so its list of packages is not known",
            "pip install -e . in the clone",
        )
        return
    for line in lines:
        need = Requirement(line)
        if need.marker is not None and not need.marker.evaluate({"extra": ""}):
            continue
        try:
            have = importlib.metadata.version(need.name)
        except importlib.metadata.PackageNotFoundError:
            have = None
        good = have is not None and need.specifier.contains(have, prereleases=True)
        yield good, f"{need.name} {have or 'is missing'}", f"pip install '{need}'"


def _device():
    try:
        device = runtime.device()
    except ValueError as error:
        yield False, "device: not to be had", f"{error} (--device, or the variable ASDKIT_DEVICE)"
        return
    except Exception as error:
        yield False, f"torch does not start: {error}", "pip install --force-reinstall torch"
        return
    import torch

    what = (
        torch.cuda.get_device_name(device)
        if device.type == "cuda"
        else f"{torch.get_num_threads()} threads"
    )
    yield True, f"device {device} ({what})", ""


def _allocator():
    kept = "keeps freed memory" if runtime.keep_freed_memory() else "as the system has it"
    yield True, f"memory allocator: {kept} (ASDKIT_MALLOC=0 turns it off)", ""


def _front_end():
    folder = Path(
        sys.prefix, "share", "jupyter", "labextensions", "@jupyter-widgets", "jupyterlab-manager"
    )
    cure = "pip install --force-reinstall jupyterlab_widgets, then reload the page"
    there = "found" if folder.is_dir() else "their front end is missing"
    yield folder.is_dir(), f"widgets in JupyterLab: {there}", cure


def _notebooks():
    try:
        count = len(list((runtime.home() / "notebooks").glob("*.ipynb")))
        yield count > 0, f"notebooks: {count}", "clone the repository again"
    except FileNotFoundError as error:
        yield False, "notebooks: not found", str(error)


def _cache():
    try:
        folder = runtime.cache()
        made = sorted(path.name for path in folder.iterdir() if path.is_dir())
        yield (
            os.access(folder, os.W_OK),
            f"built-in data: {', '.join(made) or 'made on first use'}",
            _writable(folder),
        )
    except OSError as error:
        yield False, "built-in data: no place for them", str(error)


def _writable(folder):
    return f"make {folder} writable, or set ASDKIT_CACHE to a folder you may write to"


def _recordings():
    root = os.environ.get("ASDKIT_DATA")
    if not root:
        yield (
            True,
            "recordings: none (set ASDKIT_DATA to a folder of real clips; the course needs none)",
            "",
        )
        return
    try:
        from .. import sound
    except Exception:
        yield False, "recordings in ASDKIT_DATA: not looked at", "mend the faults above first"
        return
    try:
        clips = sound.index(root)
        parts = [f"{machine} {len(part)}" for machine, part in clips.groupby("machine")]
        yield True, f"recordings in ASDKIT_DATA: {', '.join(parts)} clips", ""
    except (OSError, ValueError) as error:
        yield False, "recordings in ASDKIT_DATA: unreadable", str(error)
