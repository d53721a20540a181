"""Checks of notebook 02: dB with a floor, a mel filter, a mean removed, and a level normalized."""

import numpy as np

from .verdict import examine

QUIETEST = 1e-6  # far above the RMS of rounding, far below that of any clip


def ex_02_1(to_decibels):
    r"""Check ``to_decibels(power, floor)``, $10 \log_{10} \max(p, p_{\min})$.

    Paper: [SCA] IV-B.
    Shapes: a function of power (B, F) and a number -> (B, F), for numpy or torch.
    Notebook: 02_features
    """
    rng = np.random.default_rng(1)
    probes = [(np.where(rng.uniform(size=(n, 6)) < 0.2, 0.0, rng.exponential(size=(n, 6))), f)
              for n, f in ((3, 1e-10), (1, 1e-3), (5, 0.5))]  # fmt: skip
    return examine(
        "02.1", to_decibels, _decibels, probes,
        right="Silence stops at the floor, and a power ten times as large is 10 dB more.",
        mistakes=[
            ("20 log10 is for magnitudes: a power takes 10 log10.",
             lambda p, f: 2.0 * _decibels(p, f)),
            ("this is the natural logarithm: take log10.",
             lambda p, f: 10.0 * np.log(np.maximum(p, f))),
            ("the floor is added: take the larger of power and floor.",
             lambda p, f: 10.0 * np.log10(p + f)),
            ("the factor 10 is missing: these are bels.", lambda p, f: np.log10(np.maximum(p, f))),
            ("the floor is a power: take the maximum before the logarithm, not after it.",
             lambda p, f: np.maximum(10.0 * _quiet_log10(p), f)),
            ("the floor caps what is loud: take the larger of power and floor.",
             lambda p, f: 10.0 * _quiet_log10(np.minimum(p, f))),
            ("only silence is lifted: whatever lies below the floor is.",
             lambda p, f: 10.0 * np.log10(np.where(p == 0, f, p))),
            ("silence is minus infinity here: "
             "take the larger of power and floor before the logarithm.",
             lambda p, f: 10.0 * _quiet_log10(p)),
        ],
    )  # fmt: skip


def ex_02_2(mel_filter):
    r"""Check ``mel_filter(f, left, center, right)``, a triangle of area 1, as Slaney has it.

    $\frac{2}{r - l} \max(0, \min(\frac{f - l}{c - l}, \frac{r - f}{r - c}))$

    Paper: [SCA] IV-B.
    Shapes: a function of f (K,) and three numbers in Hz -> (K,), for numpy or torch.
    Notebook: 02_features
    """
    f = np.linspace(0.0, 8000.0, 65)
    probes = [(f, 200.0, 500.0, 900.0), (f, 3000.0, 3300.0, 3700.0), (f, 7000.0, 7500.0, 7900.0)]
    return examine(
        "02.2", mel_filter, _triangle, probes,
        right="It rises, falls, is zero elsewhere, and all filters weigh the same.",
        mistakes=_slips_of_the_filter(),
        tolerance=1e-9,
    )  # fmt: skip


def _slips_of_the_filter():
    """Return what goes wrong in exercise 02.2, each with the function that does it."""
    return [
        ("the height is 1 here (HTK's way): divide by half the width, "
         "so that every filter has the same area.",
         lambda f, l, c, r: _triangle(f, l, c, r) * (r - l) / 2),
        ("multiplied by half the width: divide by it.",
         lambda f, l, c, r: _triangle(f, l, c, r) * ((r - l) / 2) ** 2),
        ("this sums to 1 over the frequencies given: the area of the formula is 1, "
         "whatever the spacing of f.", _sum_of_one),
        ("both sides are equally wide here: the center need not lie halfway.",
         lambda f, l, c, r: np.maximum(0.0, 1 - 2 * np.abs(f - c) / (r - l)) * 2 / (r - l)),
        ("the width is from left to right: the height is 2 / (right - left).",
         lambda f, l, c, r: _triangle(f, l, c, r) * (r - l) / (c - l)),
        ("half of it: a triangle of width w and height h has the area w h / 2, "
         "so its height is 2 / w.",
         lambda f, l, c, r: _triangle(f, l, c, r) / 2),
        ("it is negative outside: take the larger of 0 and the triangle.",
         lambda f, l, c, r: _sides(f, l, c, r)),
        ("it is negative outside: take the larger of 0 and the triangle (and divide by half "
         "the width).",
         lambda f, l, c, r: _sides(f, l, c, r) * (r - l) / 2),
        ("the larger of the two sides is no triangle: take the smaller.",
         lambda f, l, c, r:
             np.maximum(0.0, np.maximum((f - l) / (c - l), (r - f) / (r - c))) * 2 / (r - l)),
        ("this is a rectangle: let it rise to the center and fall behind it.",
         lambda f, l, c, r: ((f > l) & (f < r)) / (r - l)),
        ("the falling side is missing: take the smaller of the two sides.",
         lambda f, l, c, r: np.maximum(0.0, (f - l) / (c - l)) * 2 / (r - l)),
    ]  # fmt: skip


def ex_02_3(remove_mean):
    r"""Check ``remove_mean(x)``, $x_{kt} - \frac1F \sum_{t'} x_{kt'}$ for each clip and frequency.

    Paper: [AP], the input of the spectrogram branch.
    Shapes: a function of x (N, K, F) -> (N, K, F), for numpy or torch.
    Notebook: 02_features
    """
    rng = np.random.default_rng(2)
    probes = [(rng.exponential(size=shape) + 3.0 * rng.uniform(size=(*shape[:2], 1)),)
              for shape in ((3, 4, 6), (1, 5, 5), (2, 7, 3))]  # fmt: skip
    return examine(
        "02.3", remove_mean, lambda x: x - x.mean(2, keepdims=True), probes,
        right="What stands still is gone, for each clip and frequency by itself.",
        mistakes=[
            ("this is the mean over frequencies: time is the last axis.",
             lambda x: x - x.mean(1, keepdims=True)),
            ("this is the mean over clips: each clip has its own.",
             lambda x: x - x.mean(0, keepdims=True)),
            ("one mean for all: each frequency of each clip has its own.", lambda x: x - x.mean()),
            ("one mean a clip: each frequency has its own.",
             lambda x: x - x.mean((1, 2), keepdims=True)),
            ("one mean a frequency, over all clips: each has its own.",
             lambda x: x - x.mean((0, 2), keepdims=True)),
            ("divided by the deviation, too: only the mean is removed.",
             lambda x: (x - x.mean(2, keepdims=True)) / x.std(2, keepdims=True)),
            ("this is the median: subtract the mean.",
             lambda x: x - np.median(x, 2, keepdims=True)),
            ("divided by the mean: subtract it.", lambda x: x / x.mean(2, keepdims=True)),
            ("this subtracts the first frame: subtract the mean of all frames.",
             lambda x: x - x[:, :, :1]),
            ("this is the mean minus the picture: subtract the other way round.",
             lambda x: x.mean(2, keepdims=True) - x),
        ],
    )  # fmt: skip


def ex_02_4(no_shortcut):
    r"""Check ``no_shortcut(waves)``, by which silence stays silence, wherever the recorder rests.

    $(w - \bar w) / \mathrm{rms}(w - \bar w)$, and 0 where the RMS is that of rounding.

    Shapes: a function of waves (N, T) -> (N, T), for numpy or torch.
    Notebook: 02_features
    """
    rng = np.random.default_rng(3)
    levels, offsets = np.array([1.0, 0.001, 3.0, 0.5]), np.array([0.0, 0.3, -1.0, 2.0])
    waves = rng.normal(size=(4, 50)) * levels[:, None] + offsets[:, None]
    silence, resting = np.zeros((1, 50)), np.full((1, 50), 0.1)  # whose mean is rounded
    probes = [(waves,), (np.concatenate([waves[:2], silence]),), (np.r_[waves[2:], resting],)]
    return examine(
        "02.4", no_shortcut, _normalized, probes,
        right="Neither level nor offset is left to tell the label, and silence stays silence.",
        mistakes=_slips_of_the_level(),
    )  # fmt: skip


def _slips_of_the_level():
    """Return what goes wrong in exercise 02.4, each with the function that does it."""
    return [
        ("the offset is still there: subtract the mean of each clip first.",
         lambda w: _over(w, _rms(w))),
        ("the offset is still there: subtract the mean of each clip first (and divide no "
         "silence by zero).", _over_zero),
        ("the offset still counts in the level: take the RMS after the mean is subtracted.",
         lambda w: _over(_centered(w), _rms(w))),
        ("the offset is gone, the level is not: divide by the RMS.", _centered),
        ("this is the peak, which one click decides: divide by the RMS.",
         lambda w: _over(_centered(w), np.abs(_centered(w)).max(1, keepdims=True))),
        ("this is the power: take its square root, the RMS.",
         lambda w: _over(_centered(w), _rms(_centered(w)) ** 2)),
        ("this is the power: take its square root, the RMS.",
         lambda w: _centered(w) / np.maximum(_rms(_centered(w)) ** 2, 1e-12)),
        ("one level for all clips: each clip has its own.",
         lambda w: _centered(w) / np.sqrt(np.mean(_centered(w) ** 2))),
        ("one mean for all clips: each clip has its own offset.",
         lambda w: _over(w - w.mean(), _rms(w - w.mean()))),
        ("a recorder that rests at 0.1 is silent, and here its rounding is blown up to RMS 1: "
         "below 1e-6, say, a clip is silence.",
         lambda w: _centered(w) / np.where(_rms(_centered(w)) > 0, _rms(_centered(w)), 1.0)),
        ("a recorder that rests at 0.1 is silent, and here its rounding is scaled up: "
         "below an RMS of 1e-6, say, a clip is silence.",
         lambda w: _centered(w) / np.maximum(_rms(_centered(w)), 1e-12)),
        ("quiet clips are taken for silence: an RMS of 0.001 is a clip, 1e-6 is not.",
         lambda w: _centered(w) / np.maximum(_rms(_centered(w)), 0.05)),
        ("quiet clips are taken for silence: an RMS of 0.001 is a clip, 1e-6 is not.",
         lambda w: _centered(w) / np.maximum(_rms(_centered(w)), 0.01)),
    ]  # fmt: skip


def _decibels(power, floor):
    return 10.0 * np.log10(np.maximum(power, floor))


def _quiet_log10(power):
    with np.errstate(divide="ignore"):
        return np.log10(power)


def _sides(f, left, center, right):
    return (
        np.minimum((f - left) / (center - left), (right - f) / (right - center))
        * 2.0
        / (right - left)
    )


def _triangle(f, left, center, right):
    return np.maximum(0.0, _sides(f, left, center, right))


def _sum_of_one(f, left, center, right):
    sides = _triangle(f, left, center, right)
    with np.errstate(invalid="ignore"):
        return sides / sides.sum()


def _over_zero(waves):
    with np.errstate(invalid="ignore"):
        return waves / _rms(waves)


def _centered(waves):
    return waves - waves.mean(1, keepdims=True)


def _rms(waves):
    return np.sqrt(np.mean(np.square(waves), axis=1, keepdims=True))


def _over(waves, size):
    silent = size < QUIETEST
    return np.where(silent, 0.0, waves / np.where(silent, 1.0, size))


def _normalized(waves):
    return _over(_centered(waves), _rms(_centered(waves)))
