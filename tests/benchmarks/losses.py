"""Time of forward and backward of each loss against the plainest correct implementation.

    python tests/benchmarks/losses.py [dtype]

Batch 64, 41 classes, 128 dimensions, 16 sub-clusters, mixed labels; turn by turn in one run, of
which the smallest counts.
"""

import math
import sys
import time

import torch

from asdkit import losses
from asdkit.mixup import Mix

N, C, D, S = 64, 41, 128, 16


def cosines(x, centers):
    rows = x / x.norm(dim=1, keepdim=True)
    return torch.tensordot(
        rows, centers / centers.norm(dim=-1, keepdim=True), dims=([1], [centers.ndim - 1])
    )


def entropy(logits, soft):
    return -(soft * logits.log_softmax(dim=1)).sum(dim=1).mean()


def softmax(loss, x, soft):
    return entropy(x @ loss.centers.T + loss.bias, soft)


def l2_softmax(loss, x, soft):
    return entropy(loss.start * x / x.norm(dim=1, keepdim=True) @ loss.centers.T + loss.bias, soft)


def cosface(loss, x, soft):
    return entropy(loss.start * (cosines(x, loss.centers) - loss.margin * soft), soft)


def arcface(loss, x, soft):
    cos, m = cosines(x, loss.centers), loss.margin * soft
    wide = torch.where(
        cos > torch.cos(math.pi - m), torch.cos(cos.arccos() + m), cos - m * torch.sin(math.pi - m)
    )
    return entropy(loss.start * wide, soft)


def adacos(loss, x, soft):
    cos = cosines(x, loss.centers)
    with torch.no_grad():
        b = torch.where(soft > 0, 0.0, torch.exp(loss.scale * cos)).sum() / N
        median = (soft * cos.arccos()).sum(dim=1).median()
        scale = b.log().item() / math.cos(min(math.pi / 4, median.item()))
    return entropy(scale * cos, soft)


def subcluster(loss, x, soft):
    cos = cosines(x, loss.centers)
    with torch.no_grad():
        f = loss.scale * cos
        b = torch.exp(f - f.max()).sum() / N
        median = (soft * cos.amax(dim=2).arccos()).sum(dim=1).median()
        scale = (f.max() + b.log()).item() / math.cos(min(math.pi / 4, median.item()))
    p = (scale * cos).flatten(1).softmax(dim=1).view_as(cos).sum(dim=2)
    return -(soft * p.log()).sum(dim=1).mean()


CASES = {
    "Softmax": (lambda: losses.Softmax(D, C), softmax),
    "L2Softmax": (lambda: losses.L2Softmax(D, C, 16.0), l2_softmax),
    "CosFace": (lambda: losses.CosFace(D, C, 30.0, 0.35), cosface),
    "ArcFace": (lambda: losses.ArcFace(D, C), arcface),
    "AdaCos": (lambda: losses.AdaCos(D, C), adacos),
    "SubClusterAdaCos": (lambda: losses.SubClusterAdaCos(D, C, S), subcluster),
}


def step(value, x, parameters):
    """Seconds of one forward and backward, and what came out."""
    x.grad = None
    for parameter in parameters:
        parameter.grad = None
    began = time.perf_counter()
    out = value()
    out.backward()
    return time.perf_counter() - began, out.item()


def compare(loss, plain, x, label, turns):
    """Seconds of ours and of the plain one, from the same start; both must give the same number."""
    ways = (lambda: loss(x, label), lambda: plain(loss, x, label.soft(C).to(x.dtype)))
    best, values = [math.inf, math.inf], [None, None]
    for _ in range(turns):
        for number, way in enumerate(ways):
            if hasattr(loss, "scale"):
                loss.scale.fill_(loss.start)
            seconds, values[number] = step(way, x, loss.parameters())
            best[number] = min(best[number], seconds)
    assert math.isclose(*values, rel_tol=1e-4), f"ours is {values[0]}, the plain one {values[1]}"
    return best


def main(dtype="float32", turns=300):
    dtype = getattr(torch, dtype)
    torch.manual_seed(0)
    x, y = torch.randn(N, D, dtype=dtype, requires_grad=True), torch.arange(N) % C
    label = Mix(y, y.flip(0), torch.rand(N, dtype=dtype))
    print(f"{'loss':18}  ours ms  plain ms  ours / plain")
    for name, (make, plain) in CASES.items():
        ours, theirs = compare(make().to(dtype), plain, x, label, turns)
        print(f"{name:18} {1e3 * ours:8.3f} {1e3 * theirs:9.3f} {ours / theirs:13.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
