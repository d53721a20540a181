"""What would be refused in training only is refused before any file is read."""

import numpy as np
import pytest

BATCHES = [  # of 40 clips, or of 39
    ("compactness", 1, 40, "TwoBranch"), ("noisy_arcmix", 1, 40, "TASTgram"),
    ("compactness", 2, 39, "TwoBranch"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "size", "count", "encoder"), BATCHES)
def test_a_batch_of_one_clip_has_no_spread_to_normalize_by(
    name, size, count, encoder, recipe, train, reads
):
    words = f"^{encoder} does not train on a batch of one, which batch_size={size} makes of "
    with pytest.raises(ValueError, match=f"{words}.*: give batch_size=3 or more$"):
        recipe(name, batch_size=size).fit(train.head(count), device="cpu")
    assert not reads


def test_what_has_no_batch_norm_trains_on_one_clip(small, train, fresh):
    """The rehearsal hears a copy, so that weights and chance stay as they are."""
    detector = small(batch_size=1, epochs=1).fit(train, device="cpu")
    assert len(detector.run.history) == len(train)
    assert np.isfinite(detector.score(fresh)).all()
