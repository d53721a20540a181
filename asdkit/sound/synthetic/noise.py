"""Bricks of synthetic sound: shaped noise, harmonic series and impacts that ring."""

from functools import lru_cache

import numpy as np
import scipy

TABLE = 8192


@lru_cache(maxsize=8)
def frequencies(n, sr):
    """Return the frequencies in Hz of the spectrum of ``n`` samples.

    Shapes: (n // 2 + 1,).
    """
    return scipy.fft.rfftfreq(n, 1 / sr).astype(np.float32)


@lru_cache(maxsize=96)
def spectrum(n, sr, corner, slope, rolloff=7000.0, peaks=()):
    r"""Return the amplitude spectrum of broadband noise, with a corner, a slope and resonances.

    $$g(f) = \frac{r^2}{1 + r^2} (1 + r^2)^{-\beta/2} \frac{1}{1 + (f/f_1)^4}
      \prod_k \Big(1 + \frac{h_k}{1 + (f - f_k)^2 / w_k^2}\Big), \qquad r = f / f_0$$

    Shapes: (n // 2 + 1,); ``peaks`` holds triples of frequency, width (Hz) and height.
    Choices: remembered, since an id keeps its spectrum over its clips; do not write to the answer.
    """
    f = frequencies(n, sr)
    square = (f / np.float32(corner)) ** 2
    gain = (
        square * (1 + square) ** np.float32(-1 - slope / 2) / (1 + (f / np.float32(rolloff)) ** 4)
    )
    for center, width, height in peaks:
        gain *= 1 + np.float32(height) / (1 + ((f - np.float32(center)) / np.float32(width)) ** 2)
    gain.flags.writeable = False
    return gain


def shaped(rng, n, gain):
    """Draw Gaussian noise of a given amplitude spectrum, RMS 1.

    Shapes: ``gain`` (n // 2 + 1,) -> (n,) float32.
    Choices: drawn in the frequency domain, so one inverse transform suffices.
    """
    bins = rng.standard_normal(2 * len(gain), dtype=np.float32).view(np.complex64)
    bins *= gain
    bins[0] = 0
    return unit(scipy.fft.irfft(bins, n, overwrite_x=True))


def unit(wave):
    """Scale ``wave`` to RMS 1; silence stays silence.

    Shapes: (n,) -> (n,).
    """
    level = np.sqrt(np.mean(np.square(wave), dtype=np.float64))
    return wave / np.float32(level) if level > 0 else wave


def wander(rng, n, sr, rate):
    """Draw a slow fluctuation of about ``rate`` knots a second: mean 0, deviation about 1.

    Shapes: (n,) float32.
    """
    step = int(sr / rate)
    knots = rng.standard_normal(n // step + 2, dtype=np.float32)
    share = np.arange(step, dtype=np.float32) / np.float32(step)
    return (knots[:-1, None] + np.diff(knots)[:, None] * share).ravel()[:n]


def cycles(rng, rate, sr):
    r"""Count the turns made at each sample, from a random start.

    $\phi_n = \phi_0 + \sum_{i \le n} f_i / f_s$

    Shapes: ``rate`` (n,) in Hz -> (n,) float64.
    """
    return np.cumsum(rate, dtype=np.float64) / sr + rng.random()


def harmonics(turns, amplitudes):
    r"""Sum a harmonic series $\sum_k a_k \sin(2\pi (k \phi_n + c_k))$ by lookup in one tabled
    period.

    Shapes: ``turns`` (n,), ``amplitudes`` (K,) of orders 1 to K -> (n,) float32.
    Choices: the phases $c_k = k^2 (\sqrt 5 - 1) / 2$ spread the energy over the period, as those of
        a real machine do.
    """
    order = np.arange(1, len(amplitudes) + 1)
    bins = np.zeros(TABLE // 2 + 1, dtype=complex)
    turned = order**2 * 0.6180339887498949 % 1
    bins[order] = amplitudes * np.exp(2j * np.pi * turned - 0.5j * np.pi)
    table = (scipy.fft.irfft(bins) * (TABLE / 2)).astype(np.float32)
    return table[(turns * TABLE).astype(np.int64) & (TABLE - 1)]


def pulses(times, gains, n, sr):
    """Put single samples of height ``gains`` at ``times`` in seconds; others fall outside the clip.

    Shapes: ``times`` (K,), ``gains`` (K,) -> (n,) float32.
    """
    times, gains = np.broadcast_arrays(np.asarray(times, float), np.asarray(gains, float))
    place = np.rint(times * sr).astype(np.int64)
    inside = (place >= 0) & (place < n)
    wave = np.zeros(n, np.float32)
    np.add.at(wave, place[inside], gains[inside].astype(np.float32))
    return wave


def ring(blows, modes, sr):
    r"""Hear ``blows`` through resonances that ring as
    $h(t) = \sum_k g_k e^{-t/\tau_k} \sin 2\pi f_k t$.

    Shapes: ``blows`` (n,), ``modes`` triples of frequency (Hz), decay time (s) and gain -> (n,)
        float32.
    Choices: cut after 6 decay times, 52 dB down; modes above 0.45 of the sampling rate are left
        out.
    """
    modes = [mode for mode in modes if mode[0] < 0.45 * sr]
    longest = max(decay for _, decay, _ in modes)
    t = np.arange(int(6 * longest * sr) + 1) / sr
    kernel = sum(
        gain * np.exp(-t / decay) * np.sin(2 * np.pi * center * t) for center, decay, gain in modes
    )
    return scipy.signal.oaconvolve(blows, kernel.astype(np.float32))[: len(blows)]


def sway(turns):
    r"""Swing once a turn, $\sin 2\pi\phi_n$.

    Shapes: ``turns`` (n,) -> (n,) float32.
    """
    return harmonics(turns, np.array([1.0]))


def series(rate, blades, rolloff, uneven, resonances, sr):
    r"""Return the amplitudes of a harmonic series in which multiples of ``blades`` stand out.

    They fall as a power; the others are ``uneven``.

    $$a_k = \begin{cases}(k / B)^{-\rho} & B \mid k\\ u / \sqrt k & \text{else}\end{cases}
      \cdot \prod_j \Big(1 + \frac{2}{1 + (k f - f_j)^2 / (0.08 f_j)^2}\Big)$$

    Shapes: the rate f of order 1 and the resonances in Hz -> (K,), scaled so that the sum of tones
        has RMS 1.
    Choices: at most 12 B orders, none above 0.42 of the sampling rate.
    """
    order = np.arange(1, max(2, int(min(12 * blades, 0.42 * sr / rate))) + 1)
    amplitude = np.where(order % blades == 0, (order / blades) ** -rolloff, uneven / np.sqrt(order))
    for center in resonances:
        amplitude = amplitude * (1 + 2 / (1 + ((order * rate - center) / (0.08 * center)) ** 2))
    return amplitude * np.sqrt(2 / np.sum(amplitude**2))


def passes(turns):
    """Return the samples at which another whole turn is done.

    Shapes: ``turns`` (n,) -> (K,) indices.
    """
    return np.flatnonzero(np.diff(np.floor(turns)))


def impacts(turns, height, jitter, modes, rng, sr, loaded=None):
    """Strike at each whole turn, with uneven heights and jitter, heard through resonances.

    ``jitter`` is in seconds, early or late.

    Shapes: ``turns`` (n,), ``modes`` as ``ring`` takes them, ``loaded`` (n,) a factor to the
        heights -> (n,) float32.
    Choices: heights are log-normal about ``height``, with a scatter of 2.6 dB.
    """
    hits = passes(turns)
    gains = (
        height * np.exp(rng.normal(0, 0.3, len(hits))) * (1.0 if loaded is None else loaded[hits])
    )
    return ring(
        pulses(hits / sr + rng.normal(0, jitter, len(hits)), gains, len(turns), sr), modes, sr
    )


def activity(rng, n, sr, dwell):
    """Turn a source on and off, ``dwell`` seconds at a time on average, within 0.3 s.

    Shapes: (n,) float32 within 0 and 1.
    """
    seconds = n / sr
    changes = np.cumsum(rng.exponential(dwell, int(6 * seconds / dwell) + 8))
    grid = np.arange(0, seconds + 0.5, 0.05)
    state = (np.searchsorted(changes, grid) + rng.integers(2)) % 2
    soft = np.convolve(np.pad(state, 3, mode="edge"), np.full(6, 1 / 6), "valid")[: len(grid)]
    return np.interp(np.arange(n) / sr, grid, soft).astype(np.float32)


def strengths(faults, fault, strength):
    """Return the strength of each fault of a machine: that of ``fault``, 0 for the others.

    Shapes: K names -> K numbers.
    Raises: ValueError for a fault that is none of them, and a strength outside [0, 1].
    """
    if fault is not None and fault not in faults:
        raise ValueError(
            f"no fault of this machine is called {fault!r}: take one of {', '.join(faults)}"
        )
    if not 0 <= strength <= 1:
        raise ValueError(
            f"the strength of a fault is {strength}: give a number from 0 (inaudible) to 1 (plain)"
        )
    return [float(strength) if name == fault else 0.0 for name in faults]
