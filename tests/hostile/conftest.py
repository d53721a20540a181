"""What every hostile case is held to: one sentence that names what is wrong and how to mend it;
and two small data sets.
"""

import re

import numpy as np
import pytest
import soundfile

ENDS = (ValueError, OSError)
ANOTHERS = re.compile(
    r"Traceback|0x[0-9a-f]{6}|object at|dtype=|NoneType|__\w+__|could not convert|must be str"
)


@pytest.fixture(scope="session")
def refused():
    """``refused(call, *words)`` runs a call that must be refused, and returns the sentence."""

    def ends(call, *words):
        with pytest.raises(ENDS) as caught:
            call()
        told = str(caught.value)
        assert type(caught.value) is not UnicodeDecodeError, told
        assert "\n" not in told and 15 <= len(told) <= 500, told
        assert not ANOTHERS.search(told), told
        for word in words:
            assert word in told, f"{word!r} is not told: {told}"
        return told

    return ends


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    """A folder of two machines, three training and two test clips of noise each. Leave it."""
    root, chance = tmp_path_factory.mktemp("noise") / "small", np.random.default_rng(0)
    for machine in ("fan", "pump"):
        for number, name in enumerate(("train_normal", "train_normal", "train_normal",
                                       "test_normal", "test_anomaly")):  # fmt: skip
            split = name.split("_")[0]
            path = root / machine / split / f"section_00_source_{name}_{number:04d}_speed_1.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(path, 0.1 * chance.normal(size=16000), 16000)
    return root


@pytest.fixture(scope="session")
def recipe():
    """``recipe(train, test)`` describes two machines of one id, with clips of a second."""
    state = {"states": [{"speed": 100, "load": 60}], "mic": 1, "noise": 1}

    def told(train, test):
        return {
            "seed": 3, "seconds": 1.0, "ids": 1, "level": [-44.0, -38.0], "strength": [0.8, 1.0],
            "train": {"source": train, "target": 1}, "test": {"source": test, "target": test},
            "domains": {"source": state, "target": state | {"mic": 2, "noise": 2}},
            "machines": {
                "fan": {"faults": ["clogging"], "snr": [0.0, 3.0]},
                "valve": {"faults": ["sluggish"], "snr": [0.0, 3.0]},
            },
        }  # fmt: skip

    return told
