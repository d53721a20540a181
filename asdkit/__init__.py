r"""asdkit: a teaching kit for anomalous sound detection (ASD).

The pipeline orders the library, the notebooks and the tests::

    sound -> features -> mixup -> encoder -> loss -> embedding -> backend -> score -> metric
          -> picture

    asdkit.sound      file names and waveforms of machines, and synthetic machines   waves (N, T)
    asdkit.features   waveform -> log-mel, spectrogram, spectrum, their summaries    (N, 128, 313)
    asdkit.mixup      pairs of clips and their mixed labels                          lam (N,)
    asdkit.encoders   networks: features -> embedding                                x (N, D)
    asdkit.losses     what the encoder is trained with                               cosine (N, C)
    asdkit.train      one loop: fit(encoder, loss, inputs, y) -> Run
    asdkit.backends   embedding -> anomaly score                                     score (N,)
    asdkit.metrics    AUC, pAUC, rules of years and papers, intervals, thresholds
    asdkit.systems    the papers' systems: parts composed, fitted, saved
    asdkit.controls   scores without training, which a detector must beat
    asdkit.traces     stored test scores of networks that train for long
    asdkit.projection maps of embeddings, and how far to trust them                  xy (N, 2)
    asdkit.map_controls maps that know less, and what neighbors on a map share
    asdkit.experiment one protocol for several losses, judged in pairs
    asdkit.machines   a network for each machine, against other machines
    asdkit.papers     published tables, and the reader's own numbers beside them
    asdkit.explain    what the score of a clip loses without a band, span or patch   (B, F)
    asdkit.figures    arrays -> matplotlib Figure
    asdkit.views      widgets over the figures
    asdkit.checks     self-checks of the exercises

Symbols, the same in code, text and figures: embeddings ``x`` (N, D), ``centers`` (C, S, D),
``cosine`` and ``angle`` (N, C), scale ``s``, class indices ``y`` (N,), mixing coefficients ``lam``
(N,), ``margin`` in radians, ``score`` (N,). A larger score is more anomalous, always.

The parts load on first use: ``import asdkit`` alone loads neither torch nor umap. The examples in
docstrings take the imports of a notebook for granted: ``numpy as np``, ``torch``, ``asdkit``, and
its parts by their names.
"""

import importlib

from .runtime import budget, device, seed
from .table_headers import show_scoped

__version__ = "0.1.0"
__all__ = ["budget", "device", "seed"]

_PARTS = (
    "sound", "features", "mixup", "encoders", "losses", "train", "backends",
    "metrics", "systems", "controls", "traces", "projection", "map_controls", "experiment",
    "machines", "papers", "explain", "figures", "views", "checks",
)  # fmt: skip


def __getattr__(name):
    if name in _PARTS:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *_PARTS])


show_scoped()
