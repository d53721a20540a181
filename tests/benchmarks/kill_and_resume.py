"""Kill a training 20 times at random moments, resume it each time, and compare with one left alone.

    python tests/benchmarks/kill_and_resume.py [kills] [resnet | ddcsad]

``resnet`` is one network by ``train.fit``: mixing, a schedule, two rates, centroids and balanced
batches are on. ``ddcsad`` is a system of four networks, one an id, which go on with true anomalies
from a detector that was trained without, as [DDC] IV-C has it.
"""

import json
import multiprocessing
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from torch import nn
from torch.nn import functional as F

from asdkit import losses, sound, systems, train
from asdkit.encoders import ResNet
from asdkit.mixup import mix, unmixed
from asdkit.tensorfile import read_tensors

STATE = {"states": [{"speed": 100, "load": 60}], "mic": 1, "noise": 1}
RECIPE = {
    "seed": 3, "seconds": 1.0, "ids": 2, "level": [-44.0, -38.0], "strength": [0.8, 1.0],
    "train": {"source": 5, "target": 1}, "test": {"source": 2, "target": 2},
    "domains": {"source": STATE, "target": STATE | {"mic": 2, "noise": 2}},
    "machines": {
        "fan": {"faults": ["clogging"], "snr": [0.0, 3.0]},
        "valve": {"faults": ["sluggish"], "snr": [0.0, 3.0]},
    },
}  # fmt: skip


class Centroids(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.head = nn.Linear(dim, 1)
        self.register_buffer("centers", torch.zeros(2, dim))

    def update_centers(self, x, y):
        for place, role in enumerate((losses.NORMAL, losses.OUTLIER)):
            self.centers[place] = x[y == role].mean(dim=0)

    def forward(self, x, y):
        label = unmixed(y, x.dtype)
        one, other = [(role == losses.NORMAL).float() for role in (label.y, label.other)]
        normal = label.lam * one + (1 - label.lam) * other
        near = torch.cdist(x, self.centers).square()
        away = normal * near[:, 0] + (1 - normal) * near[:, 1]
        return F.binary_cross_entropy_with_logits(self.head(x)[:, 0], normal) + 0.1 * away.mean()


def resnet(_):
    """What one network is trained on; its training in a folder."""
    inputs = torch.randn(16, 128, 157, generator=torch.Generator().manual_seed(0))
    y = torch.tensor([losses.NORMAL] * 5 + [losses.OUTLIER] * 9 + [losses.ANOMALY] * 2)

    def fit(folder):
        torch.manual_seed(0)
        train.fit(
            ResNet(128), Centroids(128), inputs, y, epochs=160, mixing=mix,
            optimizer=train.adam_two_rates, schedule=train.cosine, snapshots=(80,), device="cpu",
            batches=partial(train.balanced, normal=4, outlier=3, anomaly=1, steps=2),
            folder=folder,
        )  # fmt: skip

    return fit


def ddcsad(home):
    """A detector that was trained without anomalies; the training that goes on from it in a
    folder.
    """
    clips = sound.index(sound.synthesize(home / "data", RECIPE))
    known, bad = clips[clips["split"] == "train"], clips[clips["label"] == 1]
    few = bad.groupby(["machine", "section"]).head(2).assign(split="train")
    system = systems.get(
        "ddcsad", encoder="Toy", dim=8, seconds=1.0, epochs=80, normal=4, outlier=5, steps=4,
        lr=0.01, front=(
            {"part": "StandardizeWaves", "by": "machine"}, "LogMel",
            {"part": "Segments", "frames": 16, "count": 3},
        ),
    )  # fmt: skip
    start, table = system.fit(known, device="cpu"), pd.concat([known, few])

    def fit(folder):
        further = systems.with_anomalies(system)
        detector = further.fit(table, device="cpu", start=start, folder=folder, snapshots=(20,))
        detector.save(folder / "detector.safetensors")

    return fit


VICTIMS = {"resnet": resnet, "ddcsad": ddcsad}


def begin(fit, folder):
    process = multiprocessing.get_context("fork").Process(target=fit, args=(folder,))
    process.start()
    return process


def epochs_of(folder):
    """How many epochs the files of all networks have."""
    files = folder.rglob("run.safetensors")
    return sum(json.loads(read_tensors(file, "run")[1])["epoch"] for file in files)


def timeless(notes):
    """What a file says, but for the seconds that it took."""
    return {name: value for name, value in json.loads(notes).items() if name != "seconds"}


def same(one, other):
    """How many tensors the files of a folder hold, and whether those of another are the same."""
    names, others = [
        sorted(path.relative_to(folder) for path in folder.rglob("*.safetensors"))
        for folder in (one, other)
    ]
    tensors, equal = 0, names == others
    for name in names if equal else ():
        (mine, notes), (its, told) = [
            read_tensors(folder / name, name.stem) for folder in (one, other)
        ]
        equal = equal and timeless(notes) == timeless(told) and mine.keys() == its.keys()
        equal = equal and all(torch.equal(mine[key], its[key]) for key in mine)
        tensors += len(mine)
    return tensors, equal and tensors > 0


def main(kills=20, victim="resnet"):
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        fit, whole, killed = VICTIMS[victim](home), home / "whole", home / "killed"
        process, began = begin(fit, whole), time.monotonic()
        process.join()
        lasts = time.monotonic() - began
        print(f"{victim}, left alone: {lasts:.1f} s, {epochs_of(whole)} epochs")
        print("kill  after s  epochs in the files  other files")
        chance = np.random.default_rng(0)
        for kill in range(1, kills + 1):
            process, moment = begin(fit, killed), chance.uniform(0, 3 * lasts / kills)
            time.sleep(moment)
            process.kill()
            process.join()
            others = [path for path in killed.rglob("*") if path.suffix not in (".safetensors", "")]
            ended = "" if process.exitcode else "  (had ended)"
            print(
                f"{kill:4d}  {moment:7.2f}  {epochs_of(killed):19d}  {len(others)}{ended}",
                flush=True,
            )
        begin(fit, killed).join()
        tensors, equal = same(whole, killed)
        print(f"{tensors} tensors, notes and history equal bit for bit: {equal}")
        return 0 if equal else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2]), *sys.argv[2:3]))
