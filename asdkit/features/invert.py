"""From a log-mel back to sound, so that what an auto-encoder rebuilds can be heard."""

import torch

from .. import given
from ..given_tensors import floats, within
from .log_mel import LogMel

MOST = 1000.0  # dB: the powers and their squares are numbers of float64


@torch.no_grad()
def invert(log_mel, feature=None, steps=32, seed=0):
    r"""Waves whose log-mel is close to a given one.

    Powers of the frequencies first, the non-negative least squares $\min_{p \ge 0} \|M p -
    10^{x/10}\|^2$ of each frame with the mel filters M; then phases, from random ones, by steps of
    Griffin and Lim. Both are librosa's.

    Paper: none of the five. Griffin and Lim, 1984, and Perraudin et al., WASPAA 2013, for the
        phases.
    Shapes: (N, B, F) in dB -> (N, (F - 1) * hop), with the hop of ``feature``.
    Raises: ValueError for what is no (N, B, F) of the bands of ``feature``, fewer than two frames,
        NaN, or ``steps`` below 1.
    Choices: ``feature`` is the ``LogMel`` that made it, [SCA]'s by default. What sounded where
        inside one band is lost, and so are the phases: a tone may roughen, and a click is smeared.
    Example:
        >>> wave = torch.sin(torch.arange(16000) / 4)[None]
        >>> x = features.LogMel()(wave)
        >>> again = features.LogMel()(features.invert(x))
        >>> bool((again - x)[x > x.max() - 20].abs().mean() < 1)
        True
    Notebook: 04_autoencoders
    """
    import librosa  # which takes seconds to load

    feature = LogMel() if feature is None else feature
    steps, seed = given.count(steps, "steps"), given.count(seed, "seed", least=0)
    _check(log_mel, feature)
    filters = feature.filters.cpu().double().numpy()
    power = 10.0 ** (log_mel.cpu().double().numpy() / 10)  # (N, B, F)
    magnitude = [librosa.util.nnls(filters, one) ** 0.5 for one in power]  # (K, F) each
    waves = [
        librosa.griffinlim(
            one, n_iter=steps, hop_length=feature.hop, window=feature.window.cpu().numpy(),
            pad_mode=feature.padding, length=(one.shape[1] - 1) * feature.hop, random_state=seed,
        )
        for one in magnitude
    ]  # fmt: skip
    return torch.stack([torch.from_numpy(wave) for wave in waves]).to(log_mel)


def _check(log_mel, feature):
    if not isinstance(feature, LogMel):
        raise ValueError(f"feature is a {type(feature).__name__}: give the LogMel that made them")
    bands = len(feature.filters)
    if floats(log_mel, "log_mel").ndim != 3 or log_mel.shape[1] != bands or log_mel.shape[2] < 2:
        raise ValueError(
            f"invert takes log-mels (N, {bands}, F) of 2 frames or more, not {tuple(log_mel.shape)}"
        )
    within(log_mel.cpu(), -MOST, MOST, "decibels, and look at what rebuilt it", "log_mel")
