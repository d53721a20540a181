"""A small synthetic data set, and one run on it, for all tests of the commands."""

import shutil
from types import SimpleNamespace

import pytest

from asdkit import sound
from asdkit.__main__ import main

SMALL = ("encoder=Toy", "dim=16", "sub_clusters=4", "seconds=1.0")
STATE = {"states": [{"speed": 100, "load": 60}], "mic": 1, "noise": 1}
RECIPE = {
    "seed": 3, "seconds": 1.0, "ids": 1, "level": [-44.0, -38.0], "strength": [0.8, 1.0],
    "train": {"source": 5, "target": 1}, "test": {"source": 2, "target": 2},
    "domains": {"source": STATE, "target": STATE | {"mic": 2, "noise": 2}},
    "machines": {
        "fan": {"faults": ["clogging"], "snr": [0.0, 3.0]},
        "valve": {"faults": ["sluggish"], "snr": [0.0, 3.0]},
    },
}  # fmt: skip


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    """Two machines of one id: 6 training and 8 test clips each, half of these bad. Leave it."""
    return sound.synthesize(tmp_path_factory.mktemp("small") / "data", RECIPE)


@pytest.fixture
def broken(data, tmp_path):
    """A copy to break, and its clips by machine and kind."""
    root = shutil.copytree(
        data, tmp_path / "broken", ignore=shutil.ignore_patterns("attributes_*.csv")
    )
    return SimpleNamespace(
        root=root,
        train=lambda machine="fan": sorted((root / machine / "train").iterdir()),
        test=lambda machine="fan", label="normal": sorted(
            (root / machine / "test").glob(f"*{label}*")
        ),
    )


@pytest.fixture(scope="session")
def train():
    """Call ``asdkit run`` on a folder in this process."""

    def call(data, out, *more, epochs=3, choices=()):
        command = [
            "run",
            "subcluster_adacos",
            "--data",
            str(data),
            "--out",
            str(out),
            "--epochs",
            str(epochs),
        ]
        return main([*command, "--device", "cpu", *map(str, more), "--set", *SMALL, *choices])

    return call


@pytest.fixture(scope="session")
def result(data, train, tmp_path_factory):
    """The folder of one whole run. Leave it as it is."""
    out = tmp_path_factory.mktemp("runs") / "out"
    assert train(data, out) == 0
    return out


@pytest.fixture
def refused(capsys):
    """That a call ended with exit code 2 and one sentence on stderr, which is returned."""

    def check(code):
        told = capsys.readouterr().err
        lines = told.strip().split("\n")
        assert code == 2, told
        assert len(lines) == 1 and lines[0].startswith("asdkit "), told
        return lines[0]

    return check
