"""An AUC and a pAUC of a hundred clips and of ten thousand, beside scikit-learn's; and the first
map of a process, where what numba compiles for UMAP was kept by another process or not.

python tests/benchmarks/areas.py
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial

import numpy as np
from sklearn.metrics import roc_auc_score

from asdkit import metrics

MAP = """
import time, numpy as np, umap
from asdkit import projection
x = np.random.default_rng(0).normal(size=(200, 16))
start = time.process_time()
projection.fit_map(x)
print(time.process_time() - start)
"""


def median(run, turns=200):
    times = []
    for _ in range(turns):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def areas():
    rng = np.random.default_rng(0)
    for n in (100, 10_000):
        label, score = rng.integers(0, 2, n), rng.normal(size=n).round(2)  # with ties
        for name, ours, p in (("AUC", metrics.auc, None), ("pAUC", metrics.pauc, 0.1)):
            theirs = roc_auc_score(label, score, max_fpr=p)
            assert abs(ours(label, score) - theirs) < 1e-12
            own = median(partial(ours, label, score))
            other = median(partial(roc_auc_score, label, score, max_fpr=p))
            print(
                f"{name} of {n} clips: {own:.3f} ms, scikit-learn {other:.3f} ms, {own / other:.2f}"
            )


def first_map():
    with tempfile.TemporaryDirectory() as kept:
        for told in ("nothing kept", "kept by another process"):
            with tempfile.TemporaryDirectory() as cache:
                own = {"NUMBA_CACHE_DIR": kept, "ASDKIT_CACHE": cache, "OMP_NUM_THREADS": "1"}
                command = [sys.executable, "-W", "ignore", "-c", MAP]
                done = subprocess.run(command, env=os.environ | own, capture_output=True, text=True)
            print(f"first map of a process, {told}: {float(done.stdout):.1f} s of processor time")


if __name__ == "__main__":
    areas()
    first_map()
