"""Pictures are drawn of finite numbers that belong together: of nothing else is one drawn."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
import torch
from every import every

from asdkit import figures, projection

RNG = np.random.default_rng(0)
LABEL, SCORE = np.array([0, 0, 1, 1] * 4), RNG.normal(size=16)
GROUP = np.array(["fan/00"] * 8 + ["fan/02"] * 8)
X, TEST = RNG.normal(size=(16, 2)), RNG.normal(size=(16, 2))
CENTERS = np.array([[0.0, 0.0], [3.0, 0.5]])
SHARES, ANGLES = RNG.uniform(0.1, 0.9, size=16), RNG.uniform(0.1, 1.5, size=16)
SPECTROGRAM = RNG.normal(size=(8, 12))
ARC = np.radians(np.arange(10, 90, 5))
SLOPES = RNG.normal(size=(2, len(ARC)))
MAP = projection.pca_map(RNG.normal(size=(16, 4)))
LOOKS = figures.explorer_groups(GROUP)
COSTS = {"x": X, "role": 1 - LABEL, "x_test": TEST, "label": LABEL, "centers": CENTERS}
SETS = {"x": X, "centers": np.eye(3)[:2, None, :2], "y": LABEL, "setting": GROUP}
ERRORS = {"sizes": np.arange(1, 5), "normal": SHARES.reshape(4, 4),
          "anomaly": SHARES.reshape(4, 4), "auc": SHARES.reshape(4, 4)}  # fmt: skip


def each(draw, **arrays):
    """One drawing function for each of its arrays."""
    return {
        f"{draw.__name__}, {name}": (lambda value, name=name: draw(**arrays | {name: value}), array)
        for name, array in arrays.items()
    }


def explorer(xy, groups, colors, label):
    return figures.explorer_figure(xy, groups, LOOKS[1], colors, label)


def held(groups, label, score):
    return figures.explorer_state(groups, ["fan/00", "fan/02"], label, score)


def rays(x, y, centers):
    return figures.rays({"a": (x, y, centers, X[:2], LABEL[:2])}, ["a", "b"])


def circle(x, y, centers):
    return figures.circle(x, y, centers)


def anomalies(label, score, group):
    return figures.auc_by_anomalies(label, {"a": {0: score, 1: score}}, group)


def roc(label, score):
    return figures.roc_figure(label, {"a": score, "b": SCORE})


def strips(label, score, group):
    return figures.score_strips(label, score, group)


def reconstruction(log_mel, rebuilt):
    return figures.reconstruction(log_mel, rebuilt, 1.0)


def embedding_map(group):
    return figures.embedding_map(MAP, group)


DRAWN = {
    **each(anomalies, label=LABEL, score=SCORE, group=GROUP),
    **each(roc, label=LABEL, score=SCORE),
    **each(strips, label=LABEL, score=SCORE, group=GROUP),
    **each(partial(figures.threshold_figure, threshold=0.0).func, label=LABEL, score=SCORE,
           threshold=np.float64(0.0)),
    **each(figures.threshold_fit, score=SCORE),
    **each(figures.null_histogram, null_aucs=SHARES, auc=np.float64(0.5)),
    **each(figures.angle_histogram, normal=ANGLES, anomaly=ANGLES),
    **each(figures.centroid_plane, **COSTS),
    **each(figures.centroid_state, p=SHARES, **COSTS),
    **each(figures.cluster_state, **SETS),
    **each(figures.error_by_bottleneck, **ERRORS),
    **each(explorer, xy=X, groups=LOOKS[0], colors=LOOKS[2], label=LABEL),
    **each(held, groups=LOOKS[0], label=LABEL, score=SCORE),
    **each(figures.angle_groups, angle=ANGLES),
    **each(figures.score_groups, score=SCORE, threshold=np.float64(0.0)),
    **each(rays, x=X, y=LABEL, centers=np.eye(2)),
    **each(circle, x=X, y=LABEL, centers=np.eye(2)),
    **each(figures.margin_cones, direction=X, centers=np.eye(2)),
    **each(figures.rests, angle=ARC, slopes=SLOPES),
    **each(lambda angle: figures.margin_slopes(angle, 0.5), angle=ARC),
    **each(lambda lam: figures.margin_slopes(ARC, lam), lam=np.float64(0.5)),
    **each(figures.within_and_between, x=X, own=LABEL == 1),
    **each(lambda length: figures.smallest_loss(length, 4), length=SHARES),
    **each(figures.predicted_error, dim=np.array([64.0, 128.0]), subspace_dim=np.array([8.0, 8.0])),
    **each(lambda energy: figures.subspace_energy(energy, energy, 8, 2), energy=SHARES),
    **each(lambda curve: figures.target_logits({"a": curve}), curve=SHARES),
    **each(lambda scale: figures.scale_history({"a": scale}), scale=SHARES),
    **each(lambda scale, after: figures.scale_map(scale, {"a": after}), scale=np.sort(SHARES),
           after=SHARES),
    **each(figures.log_mel, x=SPECTROGRAM),
    **each(figures.attention_state, log_mel=SPECTROGRAM),
    **each(reconstruction, log_mel=SPECTROGRAM, rebuilt=SPECTROGRAM),
    **each(lambda waves: figures.third_octaves(waves, sr=1000), waves=RNG.normal(size=(2, 2000))),
    **each(lambda levels: figures.spectra({"a": levels}, np.arange(1, 5)),
           levels=RNG.normal(size=(3, 4))),
    **each(lambda counts, width: figures.interval_widths(counts, {"a": width}),
           counts=np.arange(1, 5), width=RNG.uniform(1, 2, size=(4, 3))),
    **each(lambda frequency, level: figures.line_spectrum(frequency, level, {}),
           frequency=np.arange(16.0), level=SCORE),
    **each(embedding_map, group=GROUP),
}  # fmt: skip
NAMED = {
    f"{number}: {name}".replace("<lambda>", "a curve"): case
    for number, (name, case) in enumerate(DRAWN.items())
}


def hole(array, value):
    array = np.array(array, dtype=object if value is None else float)
    array.flat[0] = value
    return array


BROKEN = {
    "NaN": lambda array: hole(array, np.nan),
    "infinity": lambda array: hole(array, np.inf),
    "None among numbers": lambda array: hole(array, None),
    "masked": lambda array: np.ma.masked_array(array, mask=hole(0 * array, 1.0)),
    "text": lambda array: np.asarray(array).astype(str),
    "complex": lambda array: array + 0j,
    "none": lambda array: array[:0],
    "sparse": lambda array: torch.tensor(array).to_sparse(),
}


@every("kind", BROKEN)
@pytest.mark.parametrize("name", NAMED)
def test_nothing_is_drawn_of_what_is_no_finite_number(name, kind, refused):
    draw, array = NAMED[name]
    if np.asarray(array).dtype.kind == "U" and kind not in ("none", "None among numbers"):
        return  # names, which are no numbers
    if not np.ndim(array) and kind in ("none", "sparse"):
        return
    if "length" in name and kind == "none":
        return  # no lengths have no losses
    if name.endswith("group") and "embedding_map" in name and kind == "None among numbers":
        return  # a clip of no known group is drawn as one
    refused(lambda: draw(BROKEN[kind](array)))


TOGETHER = [
    name for name, (_, array) in NAMED.items()
    if np.ndim(array) and not any(
        alone in name for alone in (
            "threshold_fit", "null_aucs", "angle_histogram", "angle_groups", "score_groups, score",
            "margin_cones", "a curve", "log_mel", "predicted", "centroid_plane, x",
            "centroid_state, x", "cluster_state, centers",
        )
    )
]  # fmt: skip


@every("name", [*TOGETHER, *(n for n in NAMED if "reconstruction" in n)])
def test_nothing_is_drawn_of_arrays_of_other_lengths(name, refused):
    draw, array = NAMED[name]
    refused(lambda: draw(array[:-1]))


@pytest.mark.parametrize("name", NAMED)
def test_what_is_finite_is_drawn(name):
    draw, array = NAMED[name]
    assert draw(array) is not None


@pytest.mark.parametrize("name", [n for n, (_, a) in NAMED.items() if a.dtype.kind == "f"])
def test_a_tensor_with_a_gradient_is_drawn(name):
    draw, array = NAMED[name]
    if array.ndim:
        assert draw(torch.tensor(array, requires_grad=True)) is not None


def test_scores_and_labels_of_two_orders_are_not_drawn(refused):
    label, score = pd.Series(LABEL), pd.Series(SCORE, range(16)[::-1])
    refused(lambda: figures.threshold_state(label, score, 0.0), "order")
    refused(lambda: figures.roc_figure(label, {"a": score}), "order")


BAD = {"text": "x", "None": None, "NaN": np.nan, "infinity": np.inf, "a list": [3], "True": True}


@pytest.mark.parametrize("kind", BAD)
def test_a_setting_of_a_picture_is_a_number(kind, refused):
    value = BAD[kind]
    refused(lambda: figures.alpha_state(value), "alpha is")
    refused(lambda: figures.alpha_state(1.0, angle=value), "angle is")
    refused(lambda: figures.alpha_state(1.0, classes=value), "classes")
    cost = partial(figures.cost_state, {"a": 1.0}, {"a": 1.0})
    refused(lambda: cost(value, 1), "clips is")
    refused(lambda: cost(1, 1, room=value), "room is")
    if kind != "infinity":  # at which nothing alarms
        refused(lambda: figures.threshold_state(LABEL, SCORE, value), "threshold is")
    refused(lambda: figures.circle(X, LABEL, np.eye(2), margin=value), "margin is")
    refused(lambda: figures.smallest_loss(1.0, value), "classes is")


@pytest.mark.parametrize(
    "table", [None, 3, "x", pd.DataFrame(), pd.DataFrame({"machine": ["fan"]})]
)
def test_a_picture_of_a_table_names_its_columns(table, refused):
    for draw in (figures.shifts, figures.normal_spread):
        refused(partial(draw, table), "table")
