"""Log-mel spectrograms, alone or side by side on one color scale."""

import numpy as np

from ... import given
from ..style import Picture

TICKS_HZ = (250, 500, 1000, 2000, 4000, 8000, 16000)


def log_mel(x, sr=16000, hop=512, title="log-mel spectrogram"):
    """Draw one log-mel spectrogram: seconds to the right, mel bands upward, level in dB as color.

    Shapes: x (M, T), mel before time, in dB.
    Raises: ValueError where x is not (M, T) or holds NaN or infinite values.
    Choices: the M bands are taken to reach from 0 Hz to half the sampling rate, as
        ``features.LogMel`` has them.
    Notebook: 00_start_here
    """
    return log_mels([x], [title], sr=sr, hop=hop)


def log_mels(xs, titles, sr=16000, hop=512):
    """Draw several log-mel spectrograms side by side on one color scale.

    Shapes: a list of K arrays (M, T), in dB, and K titles.
    Raises: ValueError where there are not as many titles as spectrograms, or one is not (M, T) or
        not finite.
    Choices: colors end at the percentiles 1 and 99.9 of all values, so that one click does not
        darken the rest.
    Notebook: 00_start_here
    """
    xs = [checked(x) for x in xs]
    if not xs or len(xs) != len(titles):
        raise ValueError(
            "log_mels takes one title a spectrogram, "
            f"not {len(titles)} titles for {len(xs)} spectrograms"
        )
    low, high = np.percentile(np.concatenate([x.ravel() for x in xs]), [1, 99.9])
    figure = Picture(width=8.0)
    axes = figure.subplots(1, len(xs), sharey=len({len(x) for x in xs}) == 1, squeeze=False)[0]
    for ax, x, title in zip(axes, xs, titles):
        image = ax.imshow(
            x, origin="lower", aspect="auto", extent=(0, x.shape[1] * hop / sr, -0.5, len(x) - 0.5),
            cmap="viridis",
            vmin=low, vmax=high, interpolation="nearest",
        )  # fmt: skip
        ax.set(title=title, xlabel="time in s")
    axes[0].set_ylabel("mel band")
    name_frequencies(axes[-1], len(xs[-1]), sr)
    figure.colorbar(image, ax=axes, label="level in dB", extend="both", pad=0.02)
    return figure


def checked(x):
    x = given.array(x, "the spectrogram")
    if x.ndim != 2 or not x.size:
        raise ValueError(
            f"a spectrogram is (mel, time), not {x.shape}: pass one clip, such as x[0]"
        )
    return x


def name_frequencies(ax, bands, sr):
    """Name the frequencies of the bands on the right side, as the mel scale has them."""
    right = ax.secondary_yaxis("right")
    right.set_yticks(*frequency_ticks(bands, sr))
    right.set_ylabel("frequency in kHz")


def centers(bands, sr):
    """Return the frequencies in Hz that the mel bands have in their middle."""
    from librosa import mel_frequencies  # which takes a second to load

    return mel_frequencies(bands + 2, fmin=0.0, fmax=sr / 2)[1:-1]


def frequency_ticks(bands, sr):
    """Return the places of round frequencies among the bands, and their names in kHz."""
    hertz = centers(bands, sr)
    ticks = [tick for tick in TICKS_HZ if hertz[0] <= tick <= hertz[-1]]
    places = np.interp(ticks, hertz, np.arange(bands))
    return places, [f"{tick / 1000:g}" for tick in ticks]
