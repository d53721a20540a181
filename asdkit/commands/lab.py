"""``asdkit lab``: JupyterLab at the first notebook, on loopback and with its token."""

import os
import subprocess
import sys

from .. import runtime

FIRST = "00_start_here.ipynb"


def add(parsers):
    """Declare the command.

    Notebook: 00_start_here
    """
    parser = parsers.add_parser("lab", help="open the course in JupyterLab", description=__doc__)
    parser.add_argument("notebook", nargs="?", default=FIRST, help=f"which notebook to open (default {FIRST})")
    parser.add_argument("--port", type=int, default=8888, help="the first port to try")
    parser.add_argument("--no-browser", action="store_true", help="print the address and open nothing")
    parser.set_defaults(main=main)


def main(args):
    """Serve ``notebooks/`` until it is interrupted.

    Raises: FileNotFoundError where asdkit is not run from a clone, or the notebook is missing.
    Notebook: 00_start_here
    """
    folder = runtime.home() / "notebooks"
    if not (folder / args.notebook).is_file():
        raise FileNotFoundError(f"{folder} holds no {args.notebook}: name one of its notebooks")
    command = [sys.executable, "-m", "jupyterlab", "--ip=127.0.0.1", f"--port={args.port}", f"--notebook-dir={folder}"]
    command += [f"--LabApp.default_url=/lab/tree/{args.notebook}"]
    if args.no_browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    return subprocess.call(command)
