"""The largest memory of a training on vectors of clips, above the log-mels that are kept, and
whether it grows with the clips.

    python tests/benchmarks/rows_memory.py [system] [clips ...]

Each number of clips has a process of its own, which fits the system for one epoch (small layers: it
is the memory that is measured) and scores the same clips. The log-mels are noise, as reading files
is measured in ``features_memory.py``. All rows of all clips would take what stands in the last
column, twice: as vectors and as residuals.
"""

import resource
import subprocess
import sys
import time

import pandas as pd
import torch

from asdkit import systems

SMALL = {"epochs": 1, "widths": (16,), "bottleneck": 4, "batch_size": 512}
CHOICES = {
    "autoencoder": SMALL, "idnn": SMALL, "conv_autoencoder": {"epochs": 1, "channels": (4,)},
}  # fmt: skip


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def fitted(name, count):
    """Fit to so many clips and score them: the most that was held before and after, the kept
    log-mels and all rows in MiB, and seconds.
    """
    torch.set_num_threads(1)
    system = systems.get(name, **CHOICES[name])
    clips = pd.DataFrame({"path": [f"{number}.wav" for number in range(count)]})
    clips = clips.assign(
        machine="fan", section="00", domain="source", split="train", label=0, attributes=""
    )
    front = systems.new_front(system, clips)
    shape = front.through(torch.zeros(1, 160000))[front.parts[: front.plain]].shape
    x = torch.empty(count, *shape[1:])
    for block in x.split(64):
        block.normal_(-60, 5)
    kept, before, began = x.nbytes / 2**20, peak(), time.perf_counter()
    heard = systems.Heard(clips, front.parts[: front.plain], 10.0, x)
    system.fit(clips, device="cpu", heard=heard).score(clips, heard)
    rows = front.hears.nbytes * count / 2**20
    return before, peak(), kept, rows, time.perf_counter() - began


def main(name="autoencoder", *counts):
    print("clips  kept MiB  peak MiB  above what is kept  seconds  all rows MiB")
    for count in counts or ("500", "2000"):
        done = subprocess.run(
            [sys.executable, __file__, "child", name, count],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        before, most, kept, rows, seconds = map(float, done.stdout.split())
        print(
            f"{count:>5}  {kept:8.0f}  {most:8.0f}  {most - before:18.0f}  {seconds:7.0f}  "
            f"{rows:12.0f}",
            flush=True,
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        print(*fitted(sys.argv[2], int(sys.argv[3])))
    else:
        main(*sys.argv[1:])
