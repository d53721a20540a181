"""What part of scoring and measuring goes to looking at what is given: numbers, names and order.

    python tests/benchmarks/checks_cost_scoring.py [clips]

Every check is timed where it stands, within the call that makes it; one within another counts once.
The call whose checks take the smallest share of five turns counts, beside the smallest whole.
"""

import math
import sys
import time
from contextlib import ExitStack
from unittest.mock import patch

import numpy as np
import pandas as pd

from asdkit import backends, given, metrics
from asdkit.metrics import choosing, delong, intervals, means, paired, ranks, roc

DIM, GROUPS, TURNS = 128, 41, 5
CHECKS = (
    "count", "number", "share", "choice", "switch", "array", "rows", "column", "names", "in_order",
)  # fmt: skip
MEASURED = ("checked", "all_checked", "of_seeds", "same_seeds", "alarm_rate", "_counted")
MODULES = (choosing, delong, intervals, means, paired, ranks, roc)


class Watch:
    """Adds up the seconds of all checks within it."""

    def __init__(self):
        self.spent, self.depth, self.patches = 0.0, 0, ExitStack()

    def __enter__(self):
        for module, names in [(given, CHECKS), *((module, MEASURED) for module in MODULES)]:
            for name in vars(module).keys() & set(names):
                self.patches.enter_context(
                    patch.object(module, name, self._timed(vars(module)[name]))
                )
        return self

    def __exit__(self, *_):
        self.patches.close()

    def _timed(self, check):
        def checked(*args, **choices):
            began, self.depth = time.perf_counter(), self.depth + 1
            try:
                return check(*args, **choices)
            finally:
                self.depth -= 1
                if not self.depth:
                    self.spent += time.perf_counter() - began

        return checked


def told(name, call):
    best, spent = math.inf, math.inf
    with Watch() as watch:
        for _ in range(TURNS):
            watch.spent, began = 0.0, time.perf_counter()
            call()
            best, spent = min(best, time.perf_counter() - began), min(spent, watch.spent)
    print(f"{name:34} {1e3 * best:10.2f} {1e3 * spent:10.3f} {spent / best:8.2%}")


def main(clips=10_000):
    rng = np.random.default_rng(0)
    x, number = rng.normal(size=(clips, DIM)), np.arange(clips) % GROUPS
    group = np.array([f"machine/{one:02}" for one in number], dtype=object)
    table = pd.DataFrame({
        "path": [f"clip_{one}.wav" for one in range(clips)], "machine": "machine",
        "section": [f"{one:02}" for one in number], "label": rng.integers(2, size=clips),
        "domain": np.where(rng.random(clips) < 0.9, "source", "target"),
    })  # fmt: skip
    score = rng.normal(size=clips)
    print(f"{clips} clips, {GROUPS} groups{'':16} ms  checks: ms    share")
    for backend in (
        backends.CosineToMean(), backends.NearestNeighbor(), backends.CosineToClusters(),
        backends.LocalOutlierFactor(), backends.Gaussian(), backends.GaussianMixture(16),
    ):  # fmt: skip
        fitted = backend.fit(x, group)
        told(f"score by {type(backend).__name__}", lambda fitted=fitted: fitted.score(x, group))
    told("report", lambda: metrics.report(table, score))
    told("report without intervals", lambda: metrics.report(table, score, intervals=False))
    told("official, 2023", lambda: metrics.official(table, score, 2023))
    told("mean_auc", lambda: metrics.mean_auc(table, score))
    two = {"a": np.stack([score, -score]), "b": np.stack([-score, score])}
    told("paired, 2 seeds", lambda: metrics.paired(table, two, "a", samples=200))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
