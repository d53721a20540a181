"""Kill a training of the ResNet 20 times at random moments, resume it each time, and compare with
a run left alone. Mixing, a schedule, two rates, centroids and balanced batches are on.

python tests/benchmarks/kill_and_resume.py [kills]
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

from asdkit.tensorfile import read_tensors

VICTIM = """
import sys, torch
from functools import partial
from torch import nn
from torch.nn import functional as F
from asdkit import losses, train
from asdkit.encoders import ResNet
from asdkit.mixup import mix, unmixed

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

torch.set_num_threads(1)
torch.manual_seed(0)
inputs = torch.randn(16, 128, 157)
y = torch.tensor([losses.NORMAL] * 5 + [losses.OUTLIER] * 9 + [losses.ANOMALY] * 2)
encoder, loss = ResNet(128), Centroids(128)
print("ready", flush=True)
train.fit(
    encoder, loss, inputs, y, epochs=160, mixing=mix, optimizer=train.adam_two_rates,
    batches=partial(train.balanced, normal=4, outlier=3, anomaly=1, steps=2),
    schedule=train.cosine, snapshots=(80,), device="cpu", folder=sys.argv[1],
)
"""


def start(folder):
    process = subprocess.Popen(
        [sys.executable, "-c", VICTIM, str(folder)],
        env={**os.environ, "ASDKIT_PROGRESS": "0"}, stdout=subprocess.PIPE,
    )  # fmt: skip
    process.stdout.readline()
    return process


def epoch_of(folder):
    path = folder / "run.safetensors"
    return len(read_tensors(path, "run")[0]["history"]) // 2 if path.exists() else 0


def main(kills=20):
    with tempfile.TemporaryDirectory() as name:
        whole, killed = Path(name) / "whole", Path(name) / "killed"
        process, began = start(whole), time.monotonic()
        process.wait()
        lasts = time.monotonic() - began
        print(f"left alone: {lasts:.1f} s, {epoch_of(whole)} epochs")
        print("kill  after s  epoch in the file  other files")
        chance = np.random.default_rng(0)
        for kill in range(1, kills + 1):
            process, moment = start(killed), chance.uniform(0, 3 * lasts / kills)
            time.sleep(moment)
            process.send_signal(signal.SIGKILL)
            code = process.wait()
            others = [path.name for path in killed.glob("*") if path.name != "run.safetensors"]
            ended = "" if code else "  (had ended)"
            print(
                f"{kill:4d}  {moment:7.2f}  {epoch_of(killed):17d}  {len(others)}{ended}",
                flush=True,
            )
        start(killed).wait()
        (one, notes), (other, same) = [
            read_tensors(folder / "run.safetensors", "run") for folder in (whole, killed)
        ]
        equal = (
            notes == same
            and one.keys() == other.keys()
            and all(torch.equal(one[key], other[key]) for key in one)
        )
        print(f"{len(one)} tensors, notes and history equal bit for bit: {equal}")
        return 0 if equal else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
