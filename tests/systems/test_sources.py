"""Sources: clips are the same wherever their folder lies, and others where a name differs."""

import shutil
from pathlib import Path

import pytest

from asdkit import systems
from asdkit.systems.sources import digest, tables


@pytest.fixture
def root(clips):
    return Path(clips["path"].iloc[0]).parents[2]


def test_a_moved_folder_has_the_same_clips_and_a_renamed_clip_makes_others(root, tmp_path):
    moved = shutil.copytree(root, tmp_path / "elsewhere")
    known = digest(*tables(systems.Source("a", folder=str(root))))
    assert digest(*tables(systems.Source("b", folder=str(moved)))) == known
    clip = moved / "fan" / "train" / "normal_id_00_00000003.wav"
    clip.rename(clip.with_name("normal_id_00_00000033.wav"))
    assert digest(*tables(systems.Source("b", folder=str(moved)))) != known


def test_a_folder_without_labels_is_refused(root, tmp_path):
    moved = shutil.copytree(root, tmp_path / "elsewhere")
    clip = moved / "fan" / "test" / "anomaly_id_00_00000003.wav"
    clip.rename(clip.with_name("id_00_00000033.wav"))
    with pytest.raises(ValueError, match="holds no test clips with labels"):
        tables(systems.Source("x", folder=str(moved)))
