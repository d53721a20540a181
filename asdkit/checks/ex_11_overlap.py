"""Check of notebook 11 on the overlap of two samples of angles, normal clips and anomalies."""

import numpy as np

from .verdict import examine

COUNT = 10  # bins
_LARGER = "the larger share of each bin counts here: what both have in common is the smaller one."
_COUNTS = "counts are compared, of samples that differ in size: take each sample's shares first."
_EDGES = "one sample's angles alone give the edges: put both together, then cut into ten."
_OUTSIDE = "the bins at both ends are missing: nine inner edges make ten bins, with open ends."
_WIDTH = "these are densities: multiply each by the width of its bin, or take shares."


def ex_11_3(overlap):
    r"""Check ``overlap(normal, anomaly)``, how much of two samples of angles is shared.

    $\sum_b \min(n_b / N, m_b / M)$ over ten bins, each with a tenth of all N + M angles: the number
    beside the histograms of [NAM] Fig. 1 in notebook 11.

    Shapes: a function of normal (N,) and anomaly (M,) in degrees -> a number from 0 to 1.
    Choices: no two angles are equal and N + M is a multiple of ten, so that each rule for a
        quantile makes the same bins.
    Example:
        >>> checks.ex_11_3(lambda normal, anomaly: np.abs(normal.mean() - anomaly.mean()))
        ✗ Exercise 11.3: for normal = [43.51, ...
    Notebook: 11_noisy_arcmix
    """
    return examine(
        "11.3", overlap, _overlap, _samples(),
        right="One minus it is the largest lead of hit rate over false-alarm rate on the bins.",
        mistakes=[
            *((hint, _of_counts(join)) for hint, join in _JOINS),
            *((hint, _of_edges(e, inside)) for hint, e in _BINS for inside in (True, False)),
            *_HISTOGRAMS,
        ],
    )  # fmt: skip


_JOINS = [  # a hint, and what the mistake makes of the counts of both samples
    (_COUNTS, lambda n, m: np.minimum(n, m).sum()),
    (_COUNTS, lambda n, m: np.minimum(n, m).sum() / (n.sum() + m.sum())),
    (_COUNTS, lambda n, m: 2 * np.minimum(n, m).sum() / (n.sum() + m.sum())),
    (_COUNTS, lambda n, m: np.minimum(n, m).sum() / n.sum()),
    (_COUNTS, lambda n, m: np.minimum(n, m).sum() / m.sum()),
    (_COUNTS, lambda n, m: np.minimum(n, m).sum() / min(n.sum(), m.sum())),
    (_COUNTS, lambda n, m: np.minimum(n, m).sum() / max(n.sum(), m.sum())),
    (_COUNTS, lambda n, m: np.minimum(n, m).sum() / np.maximum(n, m).sum()),
    (_LARGER, lambda n, m: np.maximum(_share(n), _share(m)).sum()),
    ("this is 1 minus the overlap, what the samples do not share.",
     lambda n, m: 1 - np.minimum(_share(n), _share(m)).sum()),
    ("this is the sum of the differences: the overlap is what is left, the smaller share of each "
     "bin.",
     lambda n, m: np.abs(_share(n) - _share(m)).sum()),
    ("this is the mean over the bins: the smaller shares are added up.",
     lambda n, m: np.minimum(_share(n), _share(m)).mean()),
    ("the shares are multiplied: take the smaller one of each bin.",
     lambda n, m: (_share(n) * _share(m)).sum()),
    ("this is the sum of geometric means (Bhattacharyya): take the smaller share of each bin.",
     lambda n, m: np.sqrt(_share(n) * _share(m)).sum()),
    ("this is the cosine of the histograms: add up the smaller share of each bin.",
     lambda n, m: (n * m).sum() / np.sqrt((n**2).sum() * (m**2).sum())),
    ("this is divided by the sum of the larger shares: the sum of the smaller ones is the overlap.",
     lambda n, m: np.minimum(_share(n), _share(m)).sum() / np.maximum(_share(n), _share(m)).sum()),
    ("this counts the bins that both samples reach: add up the smaller share of each.",
     lambda n, m: np.mean((n > 0) & (m > 0))),
    ("a sum over the bins is missing: these are the smaller shares.",
     lambda n, m: np.minimum(_share(n), _share(m))),
    ("this is the smallest share of any bin: take the smaller of two in each, and add up.",
     lambda n, m: min(_share(n).min(), _share(m).min())),
]  # fmt: skip
_BINS = [  # a hint, and the edges that the mistake takes
    ("these are bins of one degree: each of ten bins holds a tenth of all angles.",
     lambda a, b: np.arange(181.0)),
    ("these bins are equally wide: each of ten bins holds a tenth of all angles.",
     lambda a, b: np.linspace(0, 180, COUNT + 1)),
    ("these bins are equally wide: each of ten bins holds a tenth of all angles.",
     lambda a, b: np.linspace(0, 90, COUNT + 1)),
    ("these bins are equally wide, from the smallest to the largest angle: each holds a tenth of "
     "all angles instead.",
     lambda a, b: np.linspace(*_ends(a, b), COUNT + 1)),
    (_EDGES, lambda a, b: _tenths(a)),
    (_EDGES, lambda a, b: _tenths(b)),
    (_EDGES, lambda a, b: _open(_tenths(a))),
    (_EDGES, lambda a, b: _open(_tenths(b))),
    ("these are nine bins: ten have eleven edges, ends included.",
     lambda a, b: np.quantile(_both(a, b), np.linspace(0, 1, COUNT))),
    ("these are eleven bins: ten have eleven edges, ends included.",
     lambda a, b: np.quantile(_both(a, b), np.linspace(0, 1, COUNT + 2))),
    (_OUTSIDE, lambda a, b: _tenths(_both(a, b))[1:-1]),
    ("the last bin is missing: its upper edge is the largest angle of all.",
     lambda a, b: _tenths(_both(a, b))[:-1]),
    ("the first bin is missing: its lower edge is the smallest angle of all.",
     lambda a, b: _tenths(_both(a, b))[1:]),
    ("np.percentile takes percent: 0 to 100, or use np.quantile.",
     lambda a, b: np.percentile(_both(a, b), np.linspace(0, 1, COUNT + 1))),
]  # fmt: skip
_HISTOGRAMS = [  # a hint, and what the mistake gives
    ("each sample has bins of its own: both are counted in the same ones.",
     lambda a, b: _smaller(*(np.histogram(one, COUNT)[0] for one in (a, b)))),
    ("each sample has bins of its own, its tenths, and so all shares are a tenth: both are counted "
     "in the same ones.",
     lambda a, b: _smaller(*(np.histogram(one, _tenths(one))[0] for one in (a, b)))),
    (_WIDTH, lambda a, b: np.minimum(*_densities(a, b, _tenths(_both(a, b)))).sum()),
    ("the largest angle of all falls out of the last bin: it belongs in there.",
     lambda a, b: _smaller_without(max, a, b)),
    ("the smallest angle of all falls out of the first bin: it belongs in there.",
     lambda a, b: _smaller_without(min, a, b)),
]  # fmt: skip


def _samples():
    """Make angles of two samples that differ in size, center and spread.

    With this seed either end, and every bin of the last two probes, counts in the right answer.
    """
    rng = np.random.default_rng(24)
    probes = []
    for n, m, center, spread in (
        (8, 12, 27, 12), (45, 15, 38, 14), (30, 70, 50, 16), (90, 60, 24, 9), (60, 90, 33, 15),
    ):  # fmt: skip
        normal = abs(30 + 10 * rng.normal(size=n))
        probes.append((normal, abs(center + spread * rng.normal(size=m))))
    return probes


def _both(normal, anomaly):
    return np.concatenate([normal, anomaly])


def _ends(normal, anomaly):
    both = _both(normal, anomaly)
    return both.min(), both.max()


def _tenths(angle):
    return np.quantile(angle, np.linspace(0, 1, COUNT + 1))


def _open(edges):
    return np.concatenate([[-np.inf], edges[1:-1], [np.inf]])


def _share(counts):
    return counts / counts.sum()


def _counts(normal, anomaly, edges):
    return [np.histogram(angle, edges)[0] for angle in (normal, anomaly)]


def _densities(normal, anomaly, edges):
    return [np.histogram(angle, edges, density=True)[0] for angle in (normal, anomaly)]


def _smaller(n, m):
    return np.minimum(_share(n), _share(m)).sum()


def _smaller_without(end, normal, anomaly):
    """The overlap where one angle at an end is in no bin, and its sample counts it all the same."""
    edges, gone = _tenths(_both(normal, anomaly)), end(_ends(normal, anomaly))
    inside = (angle[angle != gone] for angle in (normal, anomaly))
    n, m = _counts(*inside, edges)
    return np.minimum(n / len(normal), m / len(anomaly)).sum()


def _of_counts(join):
    return lambda a, b: join(*_counts(a, b, _tenths(_both(a, b))))


def _of_edges(edges, inside):
    """The overlap in other bins; angles outside count in a sample's size, or not."""

    def mistaken(normal, anomaly):
        n, m = _counts(normal, anomaly, edges(normal, anomaly))
        sizes = (n.sum(), m.sum()) if inside else (len(normal), len(anomaly))
        return np.minimum(n / sizes[0], m / sizes[1]).sum()

    return mistaken


def _overlap(normal, anomaly):
    return _smaller(*_counts(normal, anomaly, _tenths(_both(normal, anomaly))))
