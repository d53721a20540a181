"""Time and memory of a step of AdaProj, beside two plain ways to write its projections out.

    python tests/benchmarks/adaproj.py [rounds]

Batch 64, J = 32, D = 512, and 100 or 342 classes. All take steps in turn in one process; the
smallest time counts. Memory is the most that tensors of a step hold at once, parameters apart.
"""

import sys
import time
import weakref

import torch
from torch.nn import functional as F
from torch.utils._python_dispatch import TorchDispatchMode

from asdkit import losses

N, J, D = 64, 32, 512


class Held(TorchDispatchMode):
    """Counts the bytes of the storages that live, and the most there were at once."""

    def __init__(self, *apart):
        super().__init__()
        self.now = self.most = 0
        self.known = {tensor.untyped_storage().data_ptr() for tensor in apart}

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        made = function(*args, **(kwargs or {}))
        for tensor in made if isinstance(made, tuple | list) else (made,):
            if isinstance(tensor, torch.Tensor):
                self._note(tensor.untyped_storage())
        return made

    def _note(self, storage):
        if storage.data_ptr() in self.known:
            return
        self.known.add(storage.data_ptr())
        self.now += storage.nbytes()
        self.most = max(self.most, self.now)
        weakref.finalize(storage, self._gone, storage.data_ptr(), storage.nbytes())

    def _gone(self, place, size):
        self.known.discard(place)
        self.now -= size


def projections(x, centers):
    """(N, C, D): the projections in one sum, and the cosine to each."""
    x, centers = F.normalize(x, dim=1), F.normalize(centers, dim=2)
    a = torch.einsum("nd,cjd->ncj", x, centers)
    return F.cosine_similarity(x[:, None], torch.einsum("ncj,cjd->ncd", a, centers), dim=2)


def terms(x, centers):
    """(N, C, J, D): each term of the sum, as Definition 1 reads."""
    x, centers = F.normalize(x, dim=1), F.normalize(centers, dim=2)
    a = (x[:, None, None] * centers).sum(dim=3, keepdim=True)
    return F.cosine_similarity(x[:, None], (a * centers).sum(dim=2), dim=2)


def stepper(cosine, centers):
    y = torch.arange(N) % len(centers)

    def step():
        x = torch.randn(N, D, requires_grad=True)
        began = time.perf_counter()
        F.cross_entropy(9.0 * cosine(x, centers), y).backward()
        return time.perf_counter() - began

    return step


def memory(step, centers):
    with Held(centers) as held:
        step()
    return held.most / 1e6


def main(rounds=5):
    ways = {"Gram matrix": losses.adaproj.projected_cosine, "(N, C, D)": projections}
    for classes in (100, 342):
        centers = F.normalize(torch.randn(classes, J, D), dim=2)
        ways |= {"(N, C, J, D)": terms} if classes == 100 else {}
        steps = {
            name: stepper(way, centers) for name, way in ways.items()
            if classes == 100 or way is not terms  # 342 classes would take gigabytes
        }  # fmt: skip
        times = [{name: step() for name, step in steps.items()} for _ in range(rounds + 1)][1:]
        for name, step in steps.items():
            least = min(row[name] for row in times)
            ours = min(row["Gram matrix"] for row in times)
            print(
                f"C = {classes}, {name:12}: {1000 * least:6.1f} ms, {least / ours:.1f} times ours; "
                f"{memory(step, centers):7.1f} MB"
            )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
