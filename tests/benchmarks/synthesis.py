"""How many times faster than real time each machine is made, writing included.

    taskset -c 0 python tests/benchmarks/synthesis.py [clips an id]

taskset keeps it on one core (Linux); without it all cores work, and the ratio by the wall clock
grows with them. The first clips of an id are dearer, as its spectra are computed once; the numbers
contain that.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

from asdkit import runtime, sound
from asdkit.sound.synthetic import recipe as recipes


def main(clips=24):
    os.environ["ASDKIT_PROGRESS"] = "0"
    recipe = recipes.read(runtime.home() / "data" / "machines.toml")
    total = [0.0, 0.0, 0.0]
    print("machine    clips   x real time: wall   processor")
    for name in recipe["machines"]:
        one = recipe | {"machines": {name: recipe["machines"][name]}}
        with tempfile.TemporaryDirectory() as folder:
            wall, own = time.perf_counter(), time.process_time()
            root = sound.synthesize(Path(folder) / "made", one, clips)
            spent = time.perf_counter() - wall, time.process_time() - own
            count = len(list(root.rglob("*.wav")))
        seconds = count * recipe["seconds"]
        total = [a + b for a, b in zip(total, (seconds, *spent))]
        print(f"{name:9s} {count:6d} {seconds / spent[0]:19.0f} {seconds / spent[1]:11.0f}")
    print(
        f"all       {total[0] / recipe['seconds']:6.0f} {total[0] / total[1]:19.0f} "
        f"{total[0] / total[2]:11.0f}"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
