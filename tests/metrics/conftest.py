"""What the tests of metrics measure with: pairs counted one by one, areas of a polygon, tables of
random clips.
"""

import numpy as np
import pandas as pd
import pytest


def pairs(label, score):
    """The AUC by counting every pair."""
    anomaly, normal = score[label == 1][:, None], score[label == 0][None, :]
    return float(np.mean((anomaly > normal) + 0.5 * (anomaly == normal)))


def partial_area(label, score, p=0.1):
    """The area under the polygon of the ROC curve up to p, scaled as McClish did."""
    points = [(0.0, 0.0)]
    for threshold in sorted(set(score), reverse=True):
        points.append(
            (np.mean(score[label == 0] >= threshold), np.mean(score[label == 1] >= threshold))
        )
    area = 0.0
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if x0 >= p:
            break
        end = min(x1, p)
        height = y1 if x1 == x0 else y0 + (y1 - y0) * (end - x0) / (x1 - x0)
        area += (end - x0) * (y0 + height) / 2
    return 0.5 * (1 + (area - p * p / 2) / (p - p * p / 2))


def table(sections, domains=("source", "target"), seed=0, ties=False):
    """Shuffled clips of machines -> sections, of both labels in each domain, and scores that tell
    something.
    """
    rng = np.random.default_rng(seed)
    rows = [
        {"path": f"{m}_{s}_{d}_{k}", "machine": m, "section": s, "domain": d, "label": k % 2}
        for m in sections for s in sections[m] for d in domains for k in range(rng.integers(8, 14))
    ]  # fmt: skip
    clips = pd.DataFrame(rows).sample(frac=1, random_state=0)
    score = rng.normal(size=len(clips)) + 0.8 * clips["label"].to_numpy()
    return clips, np.round(score) if ties else score


def part(clips, score, **wanted):
    """Labels and scores of the clips with these values."""
    keep = np.ones(len(clips), dtype=bool)
    for column, value in wanted.items():
        keep &= (clips[column] == value).to_numpy()
    return clips["label"].to_numpy()[keep], score[keep]


@pytest.fixture(scope="session", name="pairs")
def _pairs():
    return pairs


@pytest.fixture(scope="session", name="partial_area")
def _partial_area():
    return partial_area


@pytest.fixture(scope="session", name="table")
def _table():
    return table


@pytest.fixture(scope="session", name="part")
def _part():
    return part
