"""What part of a training step goes to looking at what is given: labels, shares, shapes and types.

    python tests/benchmarks/checks_cost.py [turns]

Every check of the losses, of mixup and of the encoder is timed where it stands, within steps as
``train.fit`` takes them and within bare ones, where all numbers are looked at. The smallest of each
counts, without what the clock itself takes. The smallest network of the kit (Toy) is the hardest
measure.
"""

import math
import sys
import time
from contextlib import ExitStack, nullcontext
from unittest.mock import patch

import torch

from asdkit import encoders, losses, mixup, train
from asdkit.given_tensors import seen

N, C, D = 64, 41, 128
NAMES = ("Softmax", "AdaCos", "SubClusterAdaCos", "AdaProj", "NoisyArcMix", "BinaryDDCSAD")
MODULES = (
    mixup, encoders.toy, encoders.resnet, losses.angles, losses.classes, losses.binary,
    losses.adaproj,
)  # fmt: skip
CHECKS = ("floats", "clips", "batch", "indices", "within", "finite", "tensor")


class Watch:
    """Adds up the seconds of all checks within it."""

    def __init__(self):
        self.spent, self.patches, self.clock = 0.0, ExitStack(), 0.0
        empty = self._timed(lambda x, *_: x)
        for _ in range(1000):
            empty(0, 1)
        self.clock = self.spent / 1000

    def __enter__(self):
        for module in MODULES:
            for name in vars(module).keys() & set(CHECKS):
                self.patches.enter_context(
                    patch.object(module, name, self._timed(vars(module)[name]))
                )
        return self

    def __exit__(self, *_):
        self.patches.close()

    def _timed(self, check):
        def checked(*args, **choices):
            began = time.perf_counter()
            value = check(*args, **choices)
            self.spent += time.perf_counter() - began - self.clock
            return value

        return checked


def measured(step, turns, trained):
    """Smallest seconds of a step, and of all checks in it."""
    best, spent = math.inf, math.inf
    with Watch() as watch, seen() if trained else nullcontext():
        for _ in range(turns):
            watch.spent, began = 0.0, time.perf_counter()
            step()
            best, spent = min(best, time.perf_counter() - began), min(spent, watch.spent)
    return best, spent


def of_loss(name):
    """Forward and backward of a loss alone, with mixed labels."""
    kind = getattr(losses, name)
    loss = kind(D) if hasattr(kind, "update_centers") else kind(D, C)
    x = torch.randn(N, D, requires_grad=True)
    y = torch.arange(N) % (2 if hasattr(kind, "update_centers") else C)
    label = mixup.Mix(y, y.flip(0), torch.rand(N))
    return lambda: loss(x, label).backward()


def of_network(encoder, inputs):
    """A whole step, mixing and optimizer too."""
    loss, y = losses.SubClusterAdaCos(D, C), torch.arange(len(inputs)) % C
    optimizer = train.adam(encoder, loss)

    def step():
        batch, label = mixup.mix(inputs, y)
        optimizer.zero_grad()
        loss(encoder(batch), label).backward()
        optimizer.step()

    return step


def told(name, step, turns):
    whole, trained = measured(step, turns, trained=True)
    _, bare = measured(step, turns, trained=False)
    print(
        f"{name:22} {1e3 * whole:9.3f} {1e6 * trained:12.1f} {trained / whole:7.2%} "
        f"{1e6 * bare:11.1f} {bare / whole:7.2%}"
    )


def main(turns=300):
    torch.manual_seed(0)
    print(f"{'step':22}   step ms  in fit: us   share    bare: us   share")
    told("Toy, batch 64", of_network(encoders.Toy(D), torch.randn(N, 128, 2)), turns)
    told("ResNet, batch 16", of_network(encoders.ResNet(D), torch.randn(16, 128, 313)), 3)
    for name in NAMES:
        told(f"{name} alone", of_loss(name), turns)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
