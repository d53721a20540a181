"""From a log-mel back to sound, so that what an auto-encoder rebuilds can be heard."""

import torch

from .log_mel import LogMel

POWER_STEPS = 50  # of the least squares: a clip of a machine is then met to some hundredths of a dB
MOMENTUM = 0.99
LEAST = 1e-20  # a power that nothing hears


@torch.no_grad()
def invert(log_mel, feature=None, steps=32, seed=0):
    r"""Waves whose log-mel is close to a given one.

    Powers of the frequencies first: the non-negative least squares
    $\min_{p \ge 0} \|M p - 10^{x/10}\|^2$ of each frame, by $p \leftarrow p \odot M^T m \,/\,
    M^T M p$. Then phases, from random ones: in each step the wave of the spectrum so far, and the
    phases of the spectrum of that wave, with a momentum of 0.99.

    Paper: none of the five. Lee and Seung, NIPS 2000, for the powers; Griffin and Lim, 1984, and
        Perraudin et al., WASPAA 2013, for the phases.
    Shapes: (N, B, F) in dB -> (N, (F - 1) * hop), with the hop of ``feature``.
    Raises: ValueError for what is no (N, B, F) of the bands of ``feature``, fewer than two frames,
        NaN, or ``steps`` below 1.
    Choices: ``feature`` is the ``LogMel`` that made it, [SCA]'s by default. librosa's inverse of
        the mel bands, by L-BFGS-B, takes seconds a clip, and at powers as small as those of a sound
        hardly leaves the clipped least squares that it begins with. What sounded where inside one
        band is lost, and so are the phases: a tone may roughen, and a click is smeared.
    Example:
        >>> wave = torch.sin(torch.arange(16000) / 4)[None]
        >>> x = features.LogMel()(wave)
        >>> again = features.LogMel()(features.invert(x))
        >>> bool((again - x)[x > x.max() - 20].abs().mean() < 1)
        True
    Notebook: 04_autoencoders
    """
    feature = LogMel() if feature is None else feature
    _check(log_mel, feature, steps)
    window = feature.window.to(log_mel)
    magnitude = _powers(log_mel, feature.filters.to(log_mel)).sqrt()  # (N, K, F)
    setting = {"n_fft": len(window), "hop_length": feature.hop, "window": window}
    drawn = torch.rand(magnitude.shape, generator=torch.Generator().manual_seed(seed))
    phase = torch.polar(torch.ones_like(magnitude), 2 * torch.pi * drawn.to(magnitude))
    before, samples = 0.0, (log_mel.shape[2] - 1) * feature.hop
    for _ in range(steps):
        wave = torch.istft(magnitude * phase, **setting, length=samples)
        spectrum = torch.stft(wave, **setting, pad_mode=feature.padding, return_complex=True)
        moved = spectrum + MOMENTUM * (spectrum - before)
        phase, before = moved / moved.abs().clamp_min(LEAST), spectrum
    return torch.istft(magnitude * phase, **setting, length=samples)


def _powers(log_mel, filters):
    """Powers of all frequencies, 0 or more, whose powers in bands are those of the log-mel."""
    mel = 10.0 ** (log_mel / 10)  # (N, B, F)
    aim = filters.T @ mel  # (N, K, F)
    power = filters.T @ (mel / filters.sum(dim=1).clamp_min(LEAST)[:, None])
    for _ in range(POWER_STEPS):
        power = power * aim / (filters.T @ (filters @ power)).clamp_min(LEAST)
    return power


def _check(log_mel, feature, steps):
    bands = len(feature.filters)
    if log_mel.ndim != 3 or log_mel.shape[1] != bands or log_mel.shape[2] < 2:
        raise ValueError(
            f"invert takes log-mels (N, {bands}, F) of 2 frames or more, not {tuple(log_mel.shape)}"
        )
    if not log_mel.isfinite().all():
        raise ValueError("the log-mel holds NaN or infinite values: look at what rebuilt it")
    if steps < 1:
        raise ValueError(f"steps is {steps!r}: give 1 or more")
