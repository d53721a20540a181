"""Processor time of what every session starts with, as ratios to ``import torch``.

    python tests/benchmarks/start.py [rounds]

Each line is a process of its own; the rounds go through all of them, and the smallest time counts.
The first optimizer is that of the [SCA] network, with everything it imports.
"""

import os
import resource
import subprocess
import sys

FIRST = """
from asdkit import encoders, losses, train
encoder, loss = encoders.ResNet(), losses.SubClusterAdaCos(128, 41)
{}
"""
CASES = {
    "python alone": ["-c", ""],
    "import torch": ["-c", "import torch"],
    "import asdkit": ["-c", "import asdkit"],
    "from asdkit import systems": ["-c", "from asdkit import systems"],
    "asdkit --help": ["-m", "asdkit", "--help"],
    "encoder and loss": ["-c", FIRST.format("")],
    "and the first optimizer": ["-c", FIRST.format("train.adam(encoder, loss)")],
    "of torch, bare": [
        "-c",
        "import torch; torch.optim.Adam([torch.zeros(2, requires_grad=True)])",
    ],
}


def seconds(arguments):
    """Processor time of one process, of the user and of the system."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, env=os.environ
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(rounds=5):
    times = {name: [] for name in CASES}
    for _ in range(rounds):
        for name, arguments in CASES.items():
            times[name].append(seconds(arguments))
    best = {name: min(values) for name, values in times.items()}
    print("                              seconds   / import torch")
    for name, value in best.items():
        print(f"{name:28s} {value:8.2f} {value / best['import torch']:16.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
