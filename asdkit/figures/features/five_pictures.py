"""Two sounds side by side in the five pictures that the papers' systems look at."""

import numpy as np
import torch
from torch.nn.functional import max_pool2d

from ...features import LogMel, Spectrogram, Spectrum, temporal_max, temporal_mean
from ..style import LOOKS, Picture, entry, plain

POINTS = 300  # that a spectrum is drawn with: the loudest bin of each part of the axis


def five_pictures(normal, faulty, names=("normal", "faulty"), sr=16000):
    """Draw two sounds as log-mel, spectrogram less its mean, whole spectrum, and mean and maximum.

    Paper: [SCA] IV-B and IV-F for the log-mel and its summaries, [AP] for spectrogram and spectrum.
    Shapes: two waves (T,) of one length; ``names`` of the two.
    Raises: ValueError where a wave is not (T,), holds NaN or infinite samples, or the lengths
        differ.
    Choices: colors are the level in dB, and the magnitude above (red) and below (blue) its mean;
        they are common to both sounds, and end at percentiles. The spectrum is drawn in dB, which
        [AP] does not take, for a line on a linear axis shows its peaks only. Of neighboring frames
        and bins the loudest is drawn, so that no click is lost.
    Notebook: 02_features
    """
    waves = torch.stack(_checked(normal, faulty))
    log_mel, spectrogram = LogMel(sr=sr, frames=None)(waves), Spectrogram()(waves)
    figure = Picture(width=9.5, height=4.6)
    axes = figure.subplot_mosaic(
        [["mel 0", "ap 0", "mean", "max"], ["mel 1", "ap 1", "spectrum", "spectrum"]],
        width_ratios=[3, 3, 2, 2],
    )
    seconds, bands = waves.shape[1] / sr, log_mel.shape[1]
    _images(axes, log_mel.numpy(), spectrogram.numpy(), names, seconds, sr)
    for key, summary in (("mean", temporal_mean), ("max", temporal_max)):
        _lines(axes[key], np.arange(bands), summary(log_mel).numpy(), names, f"temporal {key}")
        axes[key].set(xlabel="mel band", ylabel="level in dB")
    _lines(axes["spectrum"], *_thinned(Spectrum()(waves), sr), names, "spectrum of the whole clip")
    axes["spectrum"].set(xlabel="frequency in Hz", ylabel="magnitude in dB", xscale="log")
    axes["spectrum"].legend(frameon=False, fontsize=8)
    colors = "yellow loud, blue quiet; red above the mean, blue below"
    figure.suptitle(
        f"two sounds of {seconds:g} s in five pictures (n = 1 each; {colors})", fontsize=9
    )
    return figure


def _images(axes, log_mel, spectrogram, names, seconds, sr):
    low, high = np.percentile(log_mel, [1, 99.9])
    end = np.percentile(np.abs(spectrogram), 99.5)
    louder = max_pool2d(torch.from_numpy(log_mel), (1, 2), ceil_mode=True).numpy()
    place = {"origin": "lower", "aspect": "auto"}
    for row, name in enumerate(names):
        left, right = axes[f"mel {row}"], axes[f"ap {row}"]
        mels, hertz = (0, seconds, -0.5, log_mel.shape[1] - 0.5), (0, seconds, 0, sr / 2000)
        left.imshow(
            louder[row], extent=mels, vmin=low, vmax=high, cmap="viridis", interpolation="nearest",
            **place,
        )  # fmt: skip
        right.imshow(spectrogram[row], extent=hertz, vmin=-end, vmax=end, cmap="RdBu_r", **place)
        left.set(xlabel="time in s", ylabel="mel band")
        right.set(xlabel="time in s", ylabel="frequency in kHz")
        left.set_title(f"{name}: log-mel", fontsize=9)
        right.set_title(f"{name}: minus its mean", fontsize=9)


def _checked(*waves):
    waves = [torch.as_tensor(wave, dtype=torch.float32) for wave in waves]
    for wave in waves:
        if wave.ndim != 1 or wave.shape != waves[0].shape:
            raise ValueError(
                "two waves (T,) of one length are drawn, not "
                f"{[tuple(wave.shape) for wave in waves]}"
            )
        if not wave.isfinite().all():
            raise ValueError("a wave holds NaN or infinite samples: load it again")
    return waves


def _lines(ax, place, values, names, title):
    for value, name, look in zip(values, names, (LOOKS["normal"], LOOKS["anomaly"])):
        ax.plot(
            place, value, color=look.color, linestyle=look.line, linewidth=1.1, label=entry(name)
        )
    ax.set_title(title, fontsize=9)
    plain(ax)


def _thinned(spectrum, sr):
    """Return the loudest bin, in dB, of each of some hundred parts of the frequency axis."""
    frequency = np.arange(spectrum.shape[1]) * sr / 2 / spectrum.shape[1]
    edges = np.unique(np.searchsorted(frequency, np.geomspace(20, sr / 2, POINTS)))[:-1]
    loudest = np.maximum.reduceat(spectrum.numpy(), edges, axis=1)
    return frequency[edges], 20 * np.log10(np.maximum(loudest, 1e-10))
