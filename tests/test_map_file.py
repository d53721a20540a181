"""A map in a file: what is written is read; what is damaged, or of other clips, is none."""

import numpy as np
import pytest

from asdkit import map_file, projection

MADE = projection.pca_map(np.random.default_rng(0).normal(size=(7, 4)), k=3)


def test_what_is_written_is_read(tmp_path):
    path = tmp_path / "m.safetensors"
    assert map_file.read(path, 7, 3) is None
    map_file.write(path, MADE)
    again = projection.Map(*map_file.read(path, 7, 3))
    assert again.way == MADE.way and again.overall == MADE.overall
    for name in map_file.ARRAYS:
        np.testing.assert_array_equal(getattr(again, name), getattr(MADE, name))


@pytest.mark.parametrize(("count", "k"), [(6, 3), (8, 3), (7, 2)])
def test_a_map_of_other_clips_is_none(tmp_path, count, k):
    path = tmp_path / "m.safetensors"
    map_file.write(path, MADE)
    with pytest.warns(UserWarning, match="m.safetensors is damaged: the map is made again"):
        assert map_file.read(path, count, k) is None
