"""Training: one readable loop over batches, which resumes to the same weights after any
interruption.
"""

from .batches import balanced, shuffled
from .feed import Feed
from .held_out import held_out, learning_curve
from .loop import embed, fit
from .rates import adam, adam_two_rates, adamw, cosine, halved
from .repeat import repeat, untrained
from .rows import Rows
from .run import Run, Snapshot

__all__ = [
    "Feed", "Rows", "Run", "Snapshot", "adam", "adam_two_rates", "adamw", "balanced", "cosine",
    "embed", "fit", "halved", "held_out", "learning_curve", "repeat", "shuffled",
    "untrained",
]  # fmt: skip
