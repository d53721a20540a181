"""Time of forward and backward of each loss against the plainest correct implementation, and
against a published library where it is installed: ``pip install pytorch-metric-learning``.

    python tests/benchmarks/losses.py [dtype] [turns]

Batch 64, 41 classes, 128 dimensions, 16 sub-clusters, mixed labels, and plain ones beside the
library, which takes no others; turn by turn in one run, of which the smallest counts. All ways must
give the same number.
"""

import math
import sys
import time
from functools import partial

import torch

from asdkit import losses
from asdkit.mixup import Mix

try:
    from pytorch_metric_learning import losses as library
except ImportError:
    library = None

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


def of_library(loss):
    """The same loss in the library, with the same centers."""
    sizes = {"num_classes": C, "embedding_size": D, "scale": loss.start}
    if isinstance(loss, losses.CosFace):
        theirs = library.CosFaceLoss(**sizes, margin=loss.margin)
    elif loss.centers.ndim == 3:
        margin, several = math.degrees(loss.margin), loss.centers.shape[1]
        theirs = library.SubCenterArcFaceLoss(**sizes, margin=margin, sub_centers=several)
    else:
        theirs = library.ArcFaceLoss(**sizes, margin=math.degrees(loss.margin))
    theirs.W.data = loss.centers.detach().reshape(-1, D).T.clone()
    return theirs


PUBLISHED = {
    "CosFace": lambda: losses.CosFace(D, C, 30.0, 0.35),
    "ArcFace": lambda: losses.ArcFace(D, C),
    "ArcFace, 3 sub-centers": lambda: losses.ArcFace(D, C, 30.0, 0.5, 3),
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


def compare(loss, ways, x, turns):
    """Seconds of both ways, from the same start; both must give the same number."""
    best, values = [math.inf, math.inf], [None, None]
    for _ in range(turns):
        for number, way in enumerate(ways):
            if hasattr(loss, "scale"):
                loss.scale.fill_(loss.start)
            seconds, values[number] = step(way, x, loss.parameters())
            best[number] = min(best[number], seconds)
    assert math.isclose(*values, rel_tol=1e-4), f"ours is {values[0]}, the other {values[1]}"
    return best


def told(name, ours, theirs):
    print(f"{name:22} {1e3 * ours:8.3f} {1e3 * theirs:9.3f} {ours / theirs:13.2f}")


def main(dtype="float32", turns=300):
    dtype, turns = getattr(torch, dtype), int(turns)
    torch.manual_seed(0)
    x, y = torch.randn(N, D, dtype=dtype, requires_grad=True), torch.arange(N) % C
    label = Mix(y, y.flip(0), torch.rand(N, dtype=dtype))
    print(f"{'loss':22}  ours ms  plain ms  ours / plain")
    for name, (make, plain) in CASES.items():
        loss = make().to(dtype)
        soft = label.soft(C).to(dtype)
        ways = partial(loss, x, label), partial(plain, loss, x, soft)
        told(name, *compare(loss, ways, x, turns))
    if library is None:
        return print("pytorch-metric-learning is not installed: no comparison with it")
    print(f"{'plain labels':22}  ours ms  pytorch-metric-learning ms  ratio")
    for name, make in PUBLISHED.items():
        loss = make().to(dtype)
        told(name, *compare(loss, (partial(loss, x, y), partial(of_library(loss), x, y)), x, turns))


if __name__ == "__main__":
    main(*sys.argv[1:])
