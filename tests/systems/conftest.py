"""What the tests of systems share: four small machines, and recipes as small as a test needs."""

import numpy as np
import pytest
import soundfile
import torch
from scipy.signal import butter, sosfilt

from asdkit import sound, systems
from asdkit.systems.part import settable

BANDS = {
    ("fan", "00"): (300, 900), ("fan", "02"): (900, 2000), ("pump", "00"): (2000, 4000),
    ("pump", "04"): (4000, 7000),
}  # fmt: skip
SMALL = {"dim": 8, "seconds": 1.0, "epochs": 15, "batch_size": 20}
FRAMES = {"widths": (64, 32), "bottleneck": 4, "lr": 0.01, "batch_size": 80}  # 28 a clip
OWN = {  # networks whose input or output is their own keep their place; papers train for longer
    "TwoBranch": {"trials": ({},), "lr": 0.003}, "STgram": {"lr": 0.003}, "TASTgram": {"lr": 0.003},
    "AutoEncoder": FRAMES, "VariationalAutoEncoder": FRAMES, "Idnn": FRAMES,
    "ConvAutoEncoder": {
        "front": ("LogMel", "Standardize", {"part": "Segments", "frames": 16, "count": 3}),
        "channels": (8,), "bottleneck": 2, "lr": 0.01, "epochs": 8,
    },
    "ResNet38": {
        "encoder": "Toy", "normal": 6, "outlier": 8, "steps": 5,
        "front": ("LogMel", {"part": "Segments", "frames": 16, "count": 3}),
    },
}  # fmt: skip


@pytest.fixture(scope="session")
def clips(tmp_path_factory):
    """Two machines of two ids, each a band of noise; an anomaly has a band of its own beside it."""
    root, rng = tmp_path_factory.mktemp("data"), np.random.default_rng(0)
    for (machine, section), band in BANDS.items():
        for split, label, count in (
            ("train", "normal", 10),
            ("test", "normal", 4),
            ("test", "anomaly", 4),
        ):
            for number in range(count):
                noise = rng.normal(size=16000)
                wave = (
                    0.1 * sosfilt(butter(4, band, "bandpass", fs=16000, output="sos"), noise)
                    + 0.001 * noise
                )
                if label == "anomaly":
                    other = (100, 200) if band[0] > 500 else (6000, 7000)
                    wave += 0.05 * sosfilt(
                        butter(4, other, "bandpass", fs=16000, output="sos"), noise
                    )
                path = root / machine / split / f"{label}_id_{section}_{number:08d}.wav"
                path.parent.mkdir(parents=True, exist_ok=True)
                soundfile.write(path, wave, 16000)
    return sound.index(root)


@pytest.fixture(scope="session")
def train(clips):
    return clips[clips["split"] == "train"]


@pytest.fixture(scope="session")
def fresh(clips):
    return clips[clips["split"] == "test"]


@pytest.fixture(scope="session")
def recipe():
    """A recipe made as small as a test needs: its own task, loss, front and backend."""

    def get(name, **choices):
        encoder = systems.get(name).encoder
        network = SMALL | OWN.get(encoder and encoder.name, {"encoder": "Toy"})
        if encoder is not None and "dim" not in settable("encoder", encoder):
            network.pop("dim")
        if not systems.get(name).takes_batch_size:
            network.pop("batch_size")
        return systems.get(name, **network | choices)

    return get


@pytest.fixture(scope="session")
def small(recipe):
    return lambda **choices: recipe("subcluster_adacos", **{"sub_clusters": 2} | choices)


@pytest.fixture(scope="session")
def fitted(small, train):
    """One detector that many tests look at, and none changes."""
    return small().fit(train, device="cpu", snapshots=(15,))


@pytest.fixture
def state():
    """Chance outside of the kit, which nothing here may move."""
    before = torch.get_rng_state()
    yield before
    assert torch.equal(torch.get_rng_state(), before)
