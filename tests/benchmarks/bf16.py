"""What products of 16 bits (bfloat16) change: time of a step, loss, scores and AUC over 5 seeds.

    python tests/benchmarks/bf16.py [epochs] [seeds]

The ResNet with sub-cluster AdaCos on the built-in machines, on one thread; both precisions start
from the same weights and see the same batches. Beside each difference stands what another seed
alone changes.
"""

import itertools
import sys

import numpy as np
import torch
from scipy import stats

from asdkit import metrics, runtime, sound, systems

PRECISIONS = ("float32", "bf16")


def fitted(system, seed, train, test, heard):
    """Mean loss of the last epoch, scores of the test clips, their mean AUC over machines, and
    seconds of a step.
    """
    detector = system.fit(train, seed=seed, device="cpu", heard=heard[0])
    history = detector.run.history
    score = detector.score(test, heard[1])
    last = history[history["epoch"] == history["epoch"].max()]
    seconds = detector.run.seconds / len(history)
    return last["loss"].mean(), score, metrics.mean_area(test, score)[0], seconds


def agreement(group, one, other):
    """Rank correlation of scores, the mean over groups."""
    names = np.unique(group)
    ranks = [stats.spearmanr(one[group == name], other[group == name])[0] for name in names]
    return np.mean(ranks)


def told(name, values, form):
    values = np.array(values)
    span = f"{form.format(values.min())} to {form.format(values.max())}"
    print(f"{name:40s} mean {form.format(values.mean())}, {span}")


def compare(found, group):
    """Print what differs between precisions, and between seeds of one of them."""
    pairs = [(full, half) for full, half in zip(found["float32"], found["bf16"])]
    others = list(itertools.combinations(found["float32"], 2))
    told("loss, float32", [full[0] for full, _ in pairs], "{:.4f}")
    told("loss, bf16 less float32", [half[0] - full[0] for full, half in pairs], "{:+.4f}")
    told("loss, two seeds apart", [abs(one[0] - other[0]) for one, other in others], "{:.4f}")
    for name, some in (("bf16 and float32", pairs), ("two seeds", others)):
        ranks = [agreement(group, one[1], other[1]) for one, other in some]
        told(f"rank correlation, {name}", ranks, "{:.3f}")
    told("mean AUC, float32", [full[2] for full, _ in pairs], "{:.3f}")
    differences = [half[2] - full[2] for full, half in pairs]
    told("mean AUC, bf16 less float32", differences, "{:+.3f}")
    error = np.std(differences, ddof=1) / np.sqrt(len(differences))
    print(f"{'its standard error over seeds':40s} {error:.3f}")
    told("mean AUC, two seeds apart", [abs(one[2] - other[2]) for one, other in others], "{:.3f}")


def main(epochs=40, seeds=5):
    if not runtime.has_bf16("cpu"):
        sys.exit("this processor does not multiply in bf16: nothing can be compared")
    torch.set_num_threads(1)
    clips = sound.toy("smoke")
    train, test = (clips[clips["split"] == split] for split in ("train", "test"))
    system = systems.get("subcluster_adacos", epochs=epochs)
    front = systems.new_front(system, train)
    heard = [systems.hear(part, front) for part in (train, test)]
    found = {name: [] for name in PRECISIONS}
    print(f"{len(train)} training and {len(test)} test clips, {epochs} epochs, {seeds} seeds")
    for seed, precision in itertools.product(range(seeds), PRECISIONS):
        found[precision].append(fitted(system.but(precision=precision), seed, train, test, heard))
    medians = {name: np.median([run[3] for run in runs]) for name, runs in found.items()}
    print(
        f"median step: float32 {medians['float32']:.3f} s, bf16 {medians['bf16']:.3f} s, "
        f"{medians['float32'] / medians['bf16']:.2f} times as fast"
    )
    compare(found, sound.groups(test).to_numpy())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
