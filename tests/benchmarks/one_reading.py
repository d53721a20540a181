"""Files read and log-mels computed in one ``asdkit run``, beside the clips there are, and seconds.

    ASDKIT_DATA=FOLDER python tests/benchmarks/one_reading.py

Each run has a process of its own. A log-mel of silence, by which parts find their sizes before any
file is read, is not counted.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = (("mean_gaussian",), ("subcluster_adacos", "--epochs", "1"))


def counted():
    """Lists that grow with each file read, and by the clips of each log-mel."""
    import soundfile

    from asdkit.features import LogMel

    read, compute, files, pictures = soundfile.read, LogMel._log_mel, [], []

    def reading(path, **how):
        files.append(str(path))
        return read(path, **how)

    def computing(self, waves, *more):
        pictures.append(int(waves.any(dim=1).sum()))
        return compute(self, waves, *more)

    soundfile.read, LogMel._log_mel = reading, computing
    return files, pictures


def child(root, *arguments):
    from asdkit import sound
    from asdkit.__main__ import main as asdkit

    files, pictures = counted()
    clips = sound.index(root)
    more = [] if sound.groups(clips).nunique() > 1 else ["--set", "task=attributes"]
    more = [] if arguments[0] == "mean_gaussian" else more
    with tempfile.TemporaryDirectory() as out:
        began = time.perf_counter()
        code = asdkit(["run", *arguments, "--data", root, "--out", out, "--device", "cpu", *more])
        took = time.perf_counter() - began
        cost = json.loads((Path(out) / "cost.json").read_text())
    told = {
        "clips": len(clips), "files": len(files), "most": max(map(files.count, set(files))),
        "pictures": sum(pictures), "seconds": took, "own": time.process_time(),
        "laps": cost["seconds"], "peak": cost["peak_bytes"],
    }  # fmt: skip
    print(json.dumps(told))
    return code


def main(root):
    environment = {**os.environ, "ASDKIT_PROGRESS": "0"}
    for run in RUNS:
        command = [sys.executable, __file__, "child", root, *run]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        told = json.loads(done.stdout.splitlines()[-1])
        laps = ", ".join(f"{name} {seconds:.1f}" for name, seconds in told["laps"].items())
        print(
            f"{' '.join(run)}: {told['clips']} clips, {told['files']} files read "
            f"({told['most']} times at most), {told['pictures']} log-mels, "
            f"{told['seconds']:.1f} s ({laps}), processor {told['own']:.1f} s with imports, "
            f"peak {told['peak'] / 2**20:.0f} MiB",
            flush=True,
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        sys.exit(child(*sys.argv[2:]))
    if "ASDKIT_DATA" not in os.environ:
        sys.exit("set ASDKIT_DATA to a folder with <machine>/train and <machine>/test")
    main(os.environ["ASDKIT_DATA"])
