"""Kernels that start warm: forked from a process that has imported what all lessons import of
others, which takes longer than most of their cells.

Nothing of asdkit is imported before a lesson does it, so what a lesson forgets to import is missing
there too. Beside Linux kernels start as ever: there a fork is not safe, or there is none.
"""

import atexit
import functools
import importlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

PACKAGES = (
    "ipykernel.kernelapp", "numpy", "pandas", "torch", "scipy.stats", "sklearn.metrics",
    "matplotlib.backends.backend_agg", "ipywidgets", "anywidget", "librosa.core.notation",
)  # fmt: skip
PLAIN = ("-m", "ipykernel_launcher", "-f", "{connection_file}")
LIKE_A_KERNEL = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}


@functools.cache
def variables():
    """The environment in which Jupyter starts kernels of this Python, warm ones where it can; the
    first call starts their parent.
    """
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    argv = _with_parent(folder) if sys.platform == "linux" else [sys.executable, *PLAIN]
    names = {"display_name": "Python 3", "language": "python", "interrupt_mode": "message"}
    spec = folder / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text(json.dumps({"argv": argv, **names}))
    return {"JUPYTER_PATH": str(folder)}


def _with_parent(folder):
    """Start the parent of warm kernels, and return the command that asks it for one."""
    place = str(folder / "ask")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(place)
    listener.listen()
    itself, fd = str(Path(__file__).resolve()), listener.fileno()
    parent = subprocess.Popen(
        [sys.executable, itself, str(fd)],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=[fd],
        env=os.environ | LIKE_A_KERNEL,
    )  # fmt: skip
    atexit.register(parent.stdin.close)
    return [sys.executable, itself, place, "{connection_file}"]


def _fork(fd):
    """Fork a kernel for each that asks, until whoever started this process has ended."""
    for name in PACKAGES:
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a kernel that has ended
    listener = socket.socket(fileno=fd)
    while sys.stdin not in select.select([listener, sys.stdin], [], [])[0]:
        asked, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            _be_kernel(asked)
        asked.close()


def _be_kernel(asked):
    """Run a kernel as the one that asks would, and end with it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with asked.makefile() as lines:
        told = json.loads(lines.readline())
    os.environ.clear()
    os.environ.update(told["environment"])
    os.chdir(told["folder"])
    threading.Thread(target=lambda: (asked.recv(1), os._exit(0)), daemon=True).start()
    importlib.import_module("ipykernel.kernelapp").launch_new_instance(argv=told["words"])
    os._exit(0)


def _ask(place, file, *options):
    """Stand for a kernel: it ends with this process, and this process with it."""
    with socket.socket(socket.AF_UNIX) as to:
        to.connect(place)
        told = {
            "words": ["-f", file, *options],
            "folder": str(Path.cwd()),
            "environment": dict(os.environ),
        }
        to.sendall(f"{json.dumps(told)}\n".encode())
        to.recv(1)


if __name__ == "__main__":
    _fork(int(sys.argv[1])) if len(sys.argv) == 2 else _ask(*sys.argv[1:])
