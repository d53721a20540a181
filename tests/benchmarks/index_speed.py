"""Time to index empty files, with attribute files and without, beside a bare walk over the folders.

python tests/benchmarks/index_speed.py [clips]
"""

import os
import sys
import tempfile
import time
from pathlib import Path

from asdkit import sound

MACHINES = 10


def make(root, clips, told):
    for machine in range(MACHINES):
        home = root / "dcase2023" / "dev_data" / f"machine{machine}"
        (home / "train").mkdir(parents=True)
        stems = [
            f"section_00_source_train_normal_{number:04d}" for number in range(clips // MACHINES)
        ]
        for number, stem in enumerate(stems):
            (
                home
                / "train"
                / f"{stem}{'' if told else f'_speed_{number % 7}_load_{number % 3}'}.wav"
            ).touch()
        if told:
            lines = [
                f"{home.name}/train/{stem}.wav,speed,{k % 7},load,{k % 3}"
                for k, stem in enumerate(stems)
            ]
            (home / "attributes_00.csv").write_text(
                "\n".join(["file_name,d1p,d1v,d2p,d2v", *lines])
            )
    return root


def walk(root):
    return [files for _, _, files in os.walk(root)]


def best(run, root, turns=5):
    times = []
    for _ in range(turns):
        began = time.perf_counter()
        run(root)
        times.append(time.perf_counter() - began)
    return min(times)


def main(clips=10_000):
    for told in (False, True):
        with tempfile.TemporaryDirectory() as name:
            root = make(Path(name), clips, told)
            bare, ours = best(walk, root), best(sound.index, root)
            where = "attribute files" if told else "names"
            print(
                f"attributes from {where:16s} {clips} clips in {ours:.3f} s, "
                f"{ours / bare:.0f} times a bare walk"
            )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
