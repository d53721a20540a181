"""``asdkit lab``: JupyterLab at the first notebook, on loopback and with its token."""

import os
import signal
import subprocess
import sys

from .. import runtime

LESSONS, FIRST = "notebooks", "00_start_here.ipynb"


def add(parsers):
    """Declare the command."""
    parser = parsers.add_parser("lab", help="open the course in JupyterLab", description=__doc__)
    parser.add_argument(
        "notebook", nargs="?", default=FIRST, help=f"which notebook to open (default {FIRST})"
    )
    parser.add_argument("--port", type=int, default=8888, help="the first port to try")
    parser.add_argument(
        "--no-browser", action="store_true", help="print the address and open nothing"
    )
    parser.set_defaults(main=main)


def main(args):
    """Serve the clone until it is interrupted, and open a lesson.

    Raises: FileNotFoundError where asdkit is not run from a clone, or the notebook is missing;
        ValueError for a port that cannot be.
    Choices: the root of the server is the clone, as lessons link to the library and to data, and
        JupyterLab opens nothing above its root; hidden files are not served. No question about news
        and no look for updates, as a course day may be offline; whoever turned them on in the
        settings of JupyterLab keeps them. No Python file of the current folder is run, whatever its
        name. Whatever ends this command ends JupyterLab and its kernels first.
    """
    folder = runtime.home() / LESSONS
    if not (folder / args.notebook).is_file():
        raise FileNotFoundError(f"{folder} holds no {args.notebook}: name one of its notebooks")
    if not 0 < args.port < 2**16:
        raise ValueError(f"--port is {args.port}: give a number from 1 to 65535")
    command = [
        sys.executable,
        "-P",  # or a jupyterlab.py of the current folder would be run instead
        "-m",
        "jupyterlab",
        "--ip=127.0.0.1",
        f"--port={args.port}",
        f"--ServerApp.root_dir={folder.parent}",
    ]
    command += [f"--LabApp.default_url=/lab/tree/{LESSONS}/{args.notebook}"]
    command += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    if args.no_browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    settings = runtime.lesson_environment() | {"JUPYTER_CONFIG_PATH": _settings()}
    return _serve(command, os.environ | settings)


def _settings():
    own = str(runtime.home() / "data" / "jupyter")
    return os.pathsep.join(filter(None, [os.environ.get("JUPYTER_CONFIG_PATH"), own]))


def _serve(command, environment):
    """Run JupyterLab until it ends, and end it where a signal ends us."""
    started, told = [], []

    def end(number, frame):
        told.append(number)
        for server in started:
            server.terminate()

    before = {number: signal.signal(number, end) for number in _ending()}
    try:
        started.append(subprocess.Popen(command, env=environment))
        if told:  # while it was started
            started[0].terminate()
        code = _wait(started[0])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)
    return code if code >= 0 else 128 - code  # as a shell tells the signal that ended it


def _ending():
    """The signals that end us, without those that are ignored, as under nohup.

    At a terminal Ctrl-C reaches JupyterLab by itself, which asks before it ends.
    """
    names = ["SIGTERM", "SIGHUP"] + ([] if sys.stdin and sys.stdin.isatty() else ["SIGINT"])
    found = [getattr(signal, name) for name in names if hasattr(signal, name)]
    return [number for number in found if signal.getsignal(number) is not signal.SIG_IGN]


def _wait(server):
    """Ctrl-C reaches JupyterLab too, which asks, and ends its kernels before it ends itself."""
    while True:
        try:
            return server.wait()
        except KeyboardInterrupt:
            continue
