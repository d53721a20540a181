"""Seconds to fit and to score each backend, beside scikit-learn in a plain loop over the groups.

python tests/benchmarks/backends.py [clips]
"""

import sys
import time

import numpy as np
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import LocalOutlierFactor, NearestNeighbors

from asdkit import backends

DIM, GROUPS, TURNS = 128, 41, 3


def made(clips):
    """Groups around centers of their own on the sphere, as many test clips as training clips."""
    rng = np.random.default_rng(0)
    group = np.sort(np.arange(clips) % GROUPS)
    centers = rng.normal(size=(GROUPS, DIM))
    x, new = (centers[group] + 0.5 * rng.normal(size=(clips, DIM)) for _ in range(2))
    x, new = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (x, new))
    return x, new, np.char.add("machine/", np.char.mod("%02d", group))


def mixture(components, kind):
    return (
        lambda: GaussianMixture(components, covariance_type=kind, reg_covar=1e-3, random_state=0),
        lambda model, x: -model.score_samples(x),
    )


def nearest_mean(model, x):
    means = model.cluster_centers_
    return 1 - (x @ (means / np.linalg.norm(means, axis=1, keepdims=True)).T).max(axis=1)


PLAIN = {  # scikit-learn's own: a new estimator, and how it scores
    "NearestNeighbor": (
        lambda: NearestNeighbors(n_neighbors=1), lambda model, x: model.kneighbors(x)[0][:, 0],
    ),
    "CosineTopK": (
        lambda: NearestNeighbors(n_neighbors=10, metric="cosine"),
        lambda model, x: model.kneighbors(x)[0].mean(axis=1),
    ),
    "CosineToClusters": (lambda: KMeans(32, n_init=1, random_state=0), nearest_mean),
    "LocalOutlierFactor": (
        lambda: LocalOutlierFactor(n_neighbors=20, novelty=True),
        lambda model, x: -model.score_samples(x),
    ),
    "Gaussian full": mixture(1, "full"),
    "Gaussian diagonal": mixture(1, "diag"),
    "Gaussian spherical": mixture(1, "spherical"),
    "GaussianMixture": mixture(16, "full"),  # it scores with the weights of modes, and adds them up
}  # fmt: skip
OURS = {
    "CosineToMean": backends.CosineToMean(),
    "CosineTopK": backends.CosineTopK(),
    "CosineToClusters": backends.CosineToClusters(),
    "NearestNeighbor": backends.NearestNeighbor(),
    "LocalOutlierFactor": backends.LocalOutlierFactor(),
    "Gaussian full": backends.Gaussian("full"),
    "Gaussian diagonal": backends.Gaussian("diagonal"),
    "Gaussian spherical": backends.Gaussian("spherical"),
    "GaussianMixture": backends.GaussianMixture(16),
    "PLDA": backends.PLDA(),
}


def plain(make, score, x, new, group):
    """Times to fit and to score, and the scores, by a loop over the groups."""
    names = np.unique(group)
    began = time.perf_counter()
    models = {name: make().fit(x[group == name]) for name in names}
    fitted = time.perf_counter()
    scores = np.empty(len(new))
    for name in names:
        scores[group == name] = score(models[name], new[group == name])
    return fitted - began, time.perf_counter() - fitted, scores


def ours(backend, x, new, group):
    began = time.perf_counter()
    backend.fit(x, group)
    fitted = time.perf_counter()
    scores = backend.score(new, group)
    return fitted - began, time.perf_counter() - fitted, scores


def rounds(name, backend, x, new, group):
    """The best times of a few turns, ours and scikit-learn's turn by turn."""
    runs = {"ours": lambda: ours(backend, x, new, group)}
    if name in PLAIN:
        runs["scikit-learn"] = lambda: plain(*PLAIN[name], x, new, group)
    turns = [{who: run() for who, run in runs.items()} for _ in range(TURNS)]
    return {
        who: [min(turn[who][part] for turn in turns) for part in (0, 1)] + [turns[0][who][2]]
        for who in runs
    }


def main(clips=10_000):
    x, new, group = made(clips)
    print(
        f"{clips} clips to fit and to score, {DIM} numbers each, {GROUPS} groups; best of {TURNS}"
    )
    for name, backend in OURS.items():
        best = rounds(name, backend, x, new, group)
        line = f"{name:19s} fit {best['ours'][0]:7.3f} s, score {best['ours'][1]:7.3f} s"
        if name in PLAIN:
            total = [sum(best[who][:2]) for who in ("ours", "scikit-learn")]
            off = np.abs(best["ours"][2] - best["scikit-learn"][2]).max()
            line += f"; {total[0] / total[1]:4.2f} times scikit-learn's, scores differ by {off:.0e}"
        print(line, flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
