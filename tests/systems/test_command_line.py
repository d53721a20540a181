"""A system as a command line tells it."""

import pytest

from asdkit import systems


def test_words_become_choices():
    words = ["margin=0.7", "encoder=Toy", "mixing=none", "cut=None", 'front=["LogMel"]', "on=false"]
    assert systems.choices_of(words, "--set") == {
        "margin": 0.7, "encoder": "Toy", "mixing": None, "cut": None, "front": ["LogMel"],
        "on": False,
    }  # fmt: skip


def test_a_line_is_a_system():
    assert systems.told("  arcface   margin=0.3 ") == systems.get("arcface", margin=0.3)
    assert systems.told("adacos mixing=none").mixing is None


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("", "no system is called ''"), ("nobody", "no system is called 'nobody'"),
        ("arcface margin", "arcface takes NAME=VALUE, not 'margin'"),
        ("adacos margin=1", "adacos has no choice 'margin'"),
    ],
)  # fmt: skip
def test_a_line_that_tells_none_is_refused(line, fault):
    with pytest.raises(ValueError, match=fault):
        systems.told(line)


def test_a_label_leaves_training_and_defaults_out():
    lines = {
        "adacos epochs=3 lr=0.01": "adacos", "arcface margin=0.7": "arcface",
        "arcface margin=0.35 epochs=3": "arcface margin=0.35", "level only": "level only",
        "subcluster_adacos sub_clusters=16 task=attributes": "subcluster_adacos task=attributes",
        "adaproj trials=[{}] subspace_dim=1": "adaproj subspace_dim=1",
    }  # fmt: skip
    assert {line: systems.label(line) for line in lines} == lines
