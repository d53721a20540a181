"""What the digest inside a file costs: its share of writing and of reading files of three kinds.

    python tests/benchmarks/digest.py

A detector of ten networks as [AP] has it, a run of the [SCA] network with three snapshots of 10,000
clips, and embeddings of 10,000 clips. Each is written and read with and without the digest, in
turn; the median counts. Without, a file is read whatever it holds.
"""

import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from asdkit import digest, embeddings, encoders, losses, train
from asdkit.tensorfile import read_tensors, write_tensors

CLIPS, ROUNDS = 10_000, 7


def ensemble(path):
    """Write and read the tensors of a detector of ten networks."""
    network = encoders.TwoBranch().state_dict()
    tensors = {
        f"{number}.{name}": value.clone() for number in range(10) for name, value in network.items()
    }
    return (
        lambda: write_tensors(path, tensors, {"detector": "{}"}),
        lambda: read_tensors(path, "detector"),
    )


def run(path):
    """Write and read a run with three snapshots."""
    encoder, loss = encoders.ResNet(128), losses.SubClusterAdaCos(128, 41)
    run = train.Run(encoder, loss, train.adam(encoder, loss), {})
    for value in [*encoder.parameters(), *loss.parameters()]:
        value.grad = torch.zeros_like(value)
    run.optimizer.step()
    run.rows = [
        {"epoch": epoch, "step": step, "loss": 1.0}
        for step, epoch in enumerate(np.repeat(range(400), 157))
    ]
    run.epoch, centers = 400, loss.centers.detach()
    run.snapshots = {
        epoch: train.Snapshot(torch.randn(CLIPS, 128), centers.clone()) for epoch in (1, 20, 400)
    }
    return lambda: run.save(path), lambda: run.resume(path, CLIPS)


def store(path):
    """Write and read embeddings."""
    x = np.random.default_rng(0).normal(size=(CLIPS, 128))
    names = [f"fan/train/section_00_source_train_normal_{n:06d}.wav" for n in range(CLIPS)]
    clips = pd.DataFrame({"path": names, "machine": "fan", "section": "00"})
    return lambda: embeddings.write(path, x, clips), lambda: embeddings.read(path)


def seconds(act):
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def measured(act):
    """Median seconds with the digest and without."""
    both, own = [], digest._digest
    for _ in range(ROUNDS):
        both.append([seconds(act)])
        digest._digest, digest.holds, kept = lambda *_: b"0" * 64, lambda *_: True, digest.holds
        both[-1].append(seconds(act))
        digest._digest, digest.holds = own, kept
    return [statistics.median(column) for column in zip(*both)]


def main():
    torch.set_num_threads(1)
    print("file                   MB   act    s with  without  digest's share")
    with tempfile.TemporaryDirectory() as folder:
        for make in (ensemble, run, store):
            path = Path(folder) / ("e.npz" if make is store else f"{make.__name__}.safetensors")
            for name, act in zip(("write", "read"), make(path)):
                act()
                with_it, without = measured(act)
                size = path.stat().st_size / 1e6
                share = 1 - without / with_it
                print(f"{make.__name__:18}{size:7.1f}   {name:5}{with_it:8.3f}{without:9.3f}"
                      f"{share:10.0%}")  # fmt: skip
                act()


if __name__ == "__main__":
    main()
