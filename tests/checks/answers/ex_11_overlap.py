"""Answers to exercise 11.3: overlaps by histogram, by ranks and by the figure's own function, and
wrong ones by the hint that each must get.
"""

import numpy as np
import pandas as pd
import torch

from asdkit import figures


def tenths(angle, count=10):
    return np.quantile(angle, np.linspace(0, 1, count + 1))


def shared(normal, anomaly, edges):
    p, q = (np.histogram(angle, edges)[0] / len(angle) for angle in (normal, anomaly))
    return np.minimum(p, q).sum()


def overlap(normal, anomaly):
    return shared(normal, anomaly, tenths(np.hstack([normal, anomaly])))


def overlap_in_torch(normal, anomaly):
    both = torch.cat([normal, anomaly])
    edges = torch.quantile(both, torch.arange(1, 10, dtype=both.dtype) / 10)
    p, q = (
        torch.bucketize(angle, edges).bincount(minlength=10) / len(angle)
        for angle in (normal, anomaly)
    )
    return torch.minimum(p, q).sum()


def overlap_in_float32(normal, anomaly):
    return overlap_in_torch(normal.float(), anomaly.float())


def overlap_by_ranks(normal, anomaly):
    is_normal = np.arange(len(normal) + len(anomaly)) < len(normal)
    parts = np.array_split(is_normal[np.argsort(np.hstack([normal, anomaly]))], 10)
    return sum(min(sum(part) / len(normal), sum(~part) / len(anomaly)) for part in parts)


def overlap_by_a_table(normal, anomaly):
    group = ["normal"] * len(normal) + ["anomaly"] * len(anomaly)
    bins = pd.qcut(np.hstack([normal, anomaly]), 10, labels=False)
    return pd.crosstab(bins, np.array(group), normalize="columns").min(axis=1).sum()


def overlap_by_distance(normal, anomaly):
    p, q = shares(normal, anomaly)
    return 1 - np.abs(p - q).sum() / 2


def counts(normal, anomaly):
    edges = tenths(np.concatenate([normal, anomaly]))
    return [np.histogram(angle, bins=edges)[0] for angle in (normal, anomaly)]


def shares(normal, anomaly):
    return [some / some.sum() for some in counts(normal, anomaly)]


def densities(normal, anomaly):
    edges = tenths(np.concatenate([normal, anomaly]))
    return [np.histogram(angle, edges, density=True)[0] for angle in (normal, anomaly)]


def by_comparison(normal, anomaly, inside):
    edges = tenths(np.concatenate([normal, anomaly]))
    common = 0
    for low, high in zip(edges[:-1], edges[1:]):
        p, q = (np.mean(inside(angle, low, high)) for angle in (normal, anomaly))
        common += min(p, q)
    return common


RIGHT = {
    "ex_11_3": [
        overlap, overlap_in_torch, overlap_in_float32, overlap_by_ranks, overlap_by_a_table,
        overlap_by_distance, figures.overlap,
    ],
}  # fmt: skip
WRONG = {
    "ex_11_3": {
        "counts are compared": lambda a, b: np.minimum(*counts(a, b)).sum(),
        "take each sample's shares first": lambda a, b: (
            np.minimum(*counts(a, b)).sum() / (len(a) + len(b))
        ),
        "of samples that differ in size": lambda a, b: (
            np.minimum(*counts(a, b)).sum() / min(len(a), len(b))
        ),
        "the larger share of each bin": lambda a, b: np.maximum(*shares(a, b)).sum(),
        "this is 1 minus the overlap": lambda a, b: np.maximum(*shares(a, b)).sum() - 1,
        "what the samples do not share": lambda a, b: np.abs(np.subtract(*shares(a, b))).sum() / 2,
        "the sum of the differences": lambda a, b: np.abs(np.subtract(*shares(a, b))).sum(),
        "the mean over the bins": lambda a, b: np.minimum(*shares(a, b)).mean(),
        "the shares are multiplied": lambda a, b: np.dot(*shares(a, b)),
        "(Bhattacharyya)": lambda a, b: np.sqrt(np.prod(shares(a, b), axis=0)).sum(),
        "the cosine of the histograms": lambda a, b: (
            np.dot(*shares(a, b)) / np.prod(np.linalg.norm(shares(a, b), axis=1))
        ),
        "by the sum of the larger shares": lambda a, b: (
            np.minimum(*shares(a, b)).sum() / np.maximum(*shares(a, b)).sum()
        ),
        "the bins that both samples reach": lambda a, b: np.mean(np.minimum(*counts(a, b)) > 0),
        "a sum over the bins is missing": lambda a, b: np.minimum(*shares(a, b)),
        "the smallest share of any bin": lambda a, b: np.min(shares(a, b)),
        "bins of one degree": lambda a, b: shared(a, b, range(181)),
        "these bins are equally wide: each": lambda a, b: shared(a, b, np.arange(0, 181, 18)),
        "of ten bins holds a tenth": lambda a, b: shared(a, b, np.linspace(0, 90, 11)),
        "from the smallest to the largest angle": lambda a, b: shared(
            a, b, np.histogram_bin_edges(np.append(a, b), 10)
        ),
        "one sample's angles alone": lambda a, b: shared(a, b, tenths(a)),
        "put both together": lambda a, b: shared(
            a, b, [-np.inf, *np.quantile(b, np.arange(1, 10) / 10), np.inf]
        ),
        "these are nine bins": lambda a, b: shared(a, b, tenths(np.append(a, b), 9)),
        "these are eleven bins": lambda a, b: shared(a, b, tenths(np.append(a, b), 11)),
        "the bins at both ends are missing": lambda a, b: shared(
            a, b, np.quantile(np.append(a, b), np.arange(1, 10) / 10)
        ),
        "the last bin is missing": lambda a, b: shared(
            a, b, np.quantile(np.append(a, b), np.arange(0, 1, 0.1))
        ),
        "the first bin is missing": lambda a, b: shared(
            a, b, np.quantile(np.append(a, b), np.arange(0.1, 1.01, 0.1).clip(max=1))
        ),
        "np.percentile takes percent": lambda a, b: shared(
            a, b, np.percentile(np.append(a, b), np.arange(11) / 10)
        ),
        "each sample has bins of its own: both": lambda a, b: np.minimum(
            *(np.histogram(angle)[0] / len(angle) for angle in (a, b))
        ).sum(),
        "so all shares are a tenth": lambda a, b: np.minimum(
            *(np.histogram(angle, tenths(angle))[0] / len(angle) for angle in (a, b))
        ).sum(),
        "these are densities": lambda a, b: np.minimum(*densities(a, b)).sum(),
        "the largest angle of all falls out": lambda a, b: by_comparison(
            a, b, lambda angle, low, high: (low <= angle) & (angle < high)
        ),
        "the smallest angle of all falls out": lambda a, b: by_comparison(
            a, b, lambda angle, low, high: (low < angle) & (angle <= high)
        ),
        "these are percent": lambda a, b: 100 * overlap(a, b),
        "returns None": lambda a, b: None,
    },
}
