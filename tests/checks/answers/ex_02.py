"""Answers to the exercises of notebook 02: right answers, and wrong ones by the hint that each must
get.
"""

import numpy as np
import torch

from asdkit import features


def triangle(f, left, center, right):
    up, down = (f - left) / (center - left), (right - f) / (right - center)
    return np.clip(np.where(f < center, up, down), 0, None) / ((right - left) / 2)


def triangle_by_interpolation(f, left, center, right):
    return np.interp(f, [left, center, right], [0, 2 / (right - left), 0])


def decibels_in_torch(power, floor):
    return 10 * torch.log10(power.clamp(min=floor))


def level(waves):
    waves = waves - waves.mean(axis=1)[:, None]
    rms = waves.std(axis=1)[:, None]
    return np.where(rms < 1e-6, 0, waves / np.where(rms < 1e-6, 1, rms))


def level_by_loop(waves):
    out = np.zeros_like(waves)
    for row, wave in zip(out, waves):
        if wave.std() > 1e-5:
            row[:] = (wave - wave.mean()) / wave.std()
    return out


def peak(waves):
    waves = waves - waves.mean(axis=1)[:, None]
    return (
        waves
        / np.maximum(np.abs(waves).max(axis=1), 1e-6)[:, None]
        * (np.ptp(waves, axis=1) > 1e-6)[:, None]
    )


RIGHT = {
    "ex_02_1": [
        lambda p, f: 10 * np.log10(np.maximum(p, f)),
        lambda p, f: 10 * np.log10(np.where(p < f, f, p)),
        decibels_in_torch, features.decibels,
    ],
    "ex_02_2": [triangle, triangle_by_interpolation],
    "ex_02_3": [
        lambda x: x - x.mean(2, keepdims=True), lambda x: x - x.mean(axis=-1)[..., None],
        lambda x: x - x.mean(dim=2, keepdim=True),
    ],
    "ex_02_4": [level, features.normalize_level, level_by_loop],
}  # fmt: skip
WRONG = {
    "ex_02_1": {
        "20 log10 is for magnitudes": lambda p, f: 20 * np.log10(np.maximum(p, f)),
        "natural logarithm": lambda p, f: 10 * np.log(np.maximum(p, f)),
        "the floor is added": lambda p, f: 10 * np.log10(p + f),
        "these are bels": lambda p, f: np.log10(np.maximum(p, f)),
        "before the logarithm, not after": lambda p, f: np.maximum(10 * np.log10(p), f),
        "caps what is loud": lambda p, f: 10 * np.log10(np.minimum(p, f)),
        "only silence is lifted": lambda p, f: 10 * np.log10(np.where(p > 0, p, f)),
        "minus infinity": lambda p, f: 10 * np.log10(p),
        "sign is flipped": lambda p, f: -10 * np.log10(np.maximum(p, f)),
        "must give shape": lambda p, f: 10 * np.log10(np.maximum(p, f)).mean(axis=1),
    },
    "ex_02_2": {
        "HTK's way": lambda f, a, b, c: triangle(f, a, b, c) * (c - a) / 2,
        "half the width: divide by it": lambda f, a, b, c: (
            triangle(f, a, b, c) * ((c - a) / 2) ** 2
        ),
        "sums to 1": lambda f, a, b, c: triangle(f, a, b, c) / triangle(f, a, b, c).sum(),
        "need not lie halfway": lambda f, a, b, c: (
            2 / (c - a) * np.maximum(0, 1 - 2 * abs(f - b) / (c - a))
        ),
        "2 / (right - left)": lambda f, a, b, c: triangle(f, a, b, c) * (c - a) / (b - a),
        "half of it": lambda f, a, b, c: triangle(f, a, b, c) / 2,
        "negative outside: take the larger of 0 and the triangle.": lambda f, a, b, c: (
            np.minimum((f - a) / (b - a), (c - f) / (c - b)) * 2 / (c - a)
        ),
        "and divide by half the width": lambda f, a, b, c: np.minimum(
            (f - a) / (b - a), (c - f) / (c - b)
        ),
        "take the smaller": lambda f, a, b, c: (
            np.maximum(0, np.maximum((f - a) / (b - a), (c - f) / (c - b))) * 2 / (c - a)
        ),
        "this is a rectangle": lambda f, a, b, c: np.where((f > a) & (f < c), 1 / (c - a), 0),
        "falling side is missing": lambda f, a, b, c: (
            np.maximum(0, (f - a) / (b - a)) * 2 / (c - a)
        ),
        "the square of the right value": lambda f, a, b, c: triangle(f, a, b, c) ** 2,
    },
    "ex_02_3": {
        "mean over frequencies": lambda x: x - x.mean(axis=1, keepdims=True),
        "mean over clips": lambda x: x - x.mean(axis=0),
        "one mean for all": lambda x: x - x.mean(),
        "one mean a clip": lambda x: x - x.mean(axis=(1, 2))[:, None, None],
        "one mean a frequency, over all clips": lambda x: x - x.mean(axis=(0, 2))[:, None],
        "divided by the deviation": lambda x: (
            (x - x.mean(2, keepdims=True)) / x.std(2, keepdims=True)
        ),
        "this is the median": lambda x: x - np.median(x, axis=2)[:, :, None],
        "divided by the mean": lambda x: x / x.mean(axis=2)[:, :, None],
        "the first frame": lambda x: x - x[:, :, 0:1],
        "the other way round": lambda x: x.mean(2, keepdims=True) - x,
        "must give shape": lambda x: x.mean(2),
    },
    "ex_02_4": {
        "the offset is still there": lambda w: (
            w / np.maximum(np.sqrt((w**2).mean(1)), 1e-300)[:, None]
        ),
        "(and divide no silence by zero)": lambda w: w / np.sqrt((w**2).mean(axis=1))[:, None],
        "after the mean is subtracted": lambda w: (
            (w - w.mean(1)[:, None]) / np.maximum(np.sqrt((w**2).mean(1)), 1e-300)[:, None]
        ),
        "the level is not": lambda w: w - w.mean(axis=1, keepdims=True),
        "this is the peak": peak,
        "this is the power": lambda w: (
            (w - w.mean(1)[:, None]) / np.where(w.var(1) < 1e-12, np.inf, w.var(1))[:, None]
        ),
        "its square root": lambda w: (
            (w - w.mean(1)[:, None]) / np.maximum(w.var(axis=1), 1e-12)[:, None]
        ),
        "its rounding is scaled up": lambda w: (
            (w - w.mean(1)[:, None]) / np.maximum(w.std(axis=1), 1e-12)[:, None]
        ),
        "one level for all": lambda w: (w - w.mean(1)[:, None]) / np.sqrt(w.var(1).mean()),
        "divide by no zero": lambda w: (w - w.mean(1)[:, None]) / w.std(1)[:, None],
        "its rounding is blown up": lambda w: (
            (w - w.mean(1)[:, None]) / np.where(w.std(1) > 0, w.std(1), 1)[:, None]
        ),
        "quiet clips are taken for silence": lambda w: (
            (w - w.mean(1)[:, None]) / np.maximum(w.std(1), 0.05)[:, None]
        ),
        "each clip has its own offset": lambda w: (
            (w - w.mean()) / np.maximum(np.sqrt(((w - w.mean()) ** 2).mean(1)), 1e-6)[:, None]
        ),
        "must give shape": lambda w: level(w)[0],
    },
}
