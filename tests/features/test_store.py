"""The store: found again, never mixed up, whole under two processes and under a kill, and limited in size."""

import os
import signal
import subprocess
import sys
import time
import warnings

import pytest
import torch

from asdkit.features import Chain, LogMel, Spectrogram, Standardize, Store, key, normalize_level, temporal_mean

WAVES = torch.randn(3, 8000, generator=torch.Generator().manual_seed(0))


def never():
    raise AssertionError("it was computed again")


def test_what_was_computed_is_found_again(tmp_path):
    store = Store(tmp_path)
    x = store(WAVES, LogMel())
    again = Store(tmp_path).get(key(WAVES.clone(), LogMel()), never)
    assert torch.equal(again, x) and torch.equal(x, LogMel()(WAVES)) and again.dtype == torch.float32
    assert (store.hits, store.misses) == (0, 1)


def test_its_default_folder_is_the_kits_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("ASDKIT_CACHE", str(tmp_path))
    Store()(WAVES, LogMel())
    assert [path.suffix for path in (tmp_path / "features").iterdir()] == [".safetensors"]


def test_whatever_differs_has_another_name():
    fitted = Standardize().fit(LogMel()(WAVES))
    features = [
        LogMel(), LogMel(mels=64), LogMel(hop=256), LogMel(floor=1e-9), LogMel(added=1e-9), LogMel(norm=None),
        LogMel(htk=True), LogMel(padding="constant"), LogMel(frames=None), LogMel(seconds=0.2), Spectrogram(),
        Spectrogram(remove_mean=False), Chain(LogMel()), Chain(normalize_level, LogMel()),
        Chain(LogMel(), temporal_mean), Chain(LogMel(), Standardize()), Chain(LogMel(), fitted), temporal_mean,
    ]  # fmt: skip
    louder = WAVES.clone()
    louder[2, -1] += 1e-6
    names = [key(WAVES, feature) for feature in features]
    names += [key(waves, LogMel()) for waves in (louder, WAVES[:2], WAVES.double(), WAVES.flip(0), WAVES.T)]
    names += [key(WAVES, LogMel(), seconds=seconds) for seconds in (10.0, 5.0)]
    assert len(set(names)) == len(names) == len(features) + 7


def test_the_same_has_the_same_name():
    assert key(WAVES, LogMel()) == key(WAVES.clone(), LogMel().eval())
    one, two = (Chain(LogMel(), Standardize().fit(LogMel()(WAVES))) for _ in range(2))
    assert key(WAVES, one) == key(WAVES, two)


def test_files_are_known_by_their_bytes(tmp_path):
    one, two, three = (tmp_path / f"{name}.wav" for name in "abc")
    one.write_bytes(b"12"), two.write_bytes(b"3"), three.write_bytes(b"12")
    assert key([one], LogMel()) == key([three], LogMel()) != key([two], LogMel())
    assert key([one, two], LogMel()) != key([two, one], LogMel())
    one.write_bytes(b"1"), two.write_bytes(b"23")
    assert key([one, two], LogMel()) != key([three, two], LogMel())
    with pytest.raises(OSError, match=r"d.wav cannot be read \(No such file or directory\): index the folder again"):
        key([tmp_path / "d.wav"], LogMel())


@pytest.mark.parametrize("feature", [lambda waves: waves, torch.nn.Identity(), torch.abs, Chain(LogMel(), torch.abs)])
def test_a_feature_without_known_settings_is_refused(feature):
    with pytest.raises(ValueError, match="tells no settings to find it by: chain parts of asdkit.features"):
        key(WAVES, feature)


def damaged(path, other):
    yield path.read_bytes()[:-100]
    yield b""
    content = bytearray(path.read_bytes())
    content[-5] ^= 1  # one bit of one value: no reader of the format would notice
    yield bytes(content)
    yield other.read_bytes()
    yield b"not a tensor file"


def test_damaged_and_foreign_files_are_computed_again(tmp_path):
    store = Store(tmp_path / "store")
    x = store(WAVES, LogMel())
    (path,) = store.folder.iterdir()
    Store(tmp_path / "other")(WAVES, LogMel(mels=64))
    (other,) = (tmp_path / "other").iterdir()
    for number, content in enumerate(list(damaged(path, other)), start=2):
        path.write_bytes(content)
        with pytest.warns(UserWarning, match=rf"{path.name} is damaged or no feature of this store: it is computed"):
            assert torch.equal(store(WAVES, LogMel()), x)
        assert store.misses == number
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert torch.equal(store(WAVES, LogMel()), x)


def test_it_stays_below_its_limit_and_drops_what_was_used_longest_ago(tmp_path):
    store = Store(tmp_path)
    names = [key(WAVES + number, LogMel()) for number in range(4)]
    one = store.get(names[0], lambda: LogMel()(WAVES)).nbytes
    store.limit = 3 * one + 4000
    for age, name in enumerate(names[:3]):
        store.get(name, lambda: LogMel()(WAVES))
        os.utime(tmp_path / f"{name}.safetensors", (1000 + age, 1000 + age))
    store.get(names[0], never)  # used now, so the second is the oldest
    store.get(names[3], lambda: LogMel()(WAVES))
    left = {path.stem for path in tmp_path.iterdir()}
    assert left == {names[0], names[2], names[3]} and 3 * one < store.size <= store.limit
    assert store.clear().size == 0 and not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_costs_a_warning(tmp_path):
    (tmp_path / "file").write_text("")
    store = Store(tmp_path / "file" / "store")
    with pytest.warns(UserWarning, match="this feature is not kept: .* cannot be written"):
        assert torch.equal(store(WAVES, LogMel()), LogMel()(WAVES))


SCRIPT = """
import sys, time, torch, warnings
warnings.filterwarnings("error", message=".*damaged")  # what the other clears is not kept: no error
from asdkit.features import LogMel, Store
store, end = Store(sys.argv[1]), time.monotonic() + float(sys.argv[2])
waves = [torch.randn(8, 16000, generator=torch.Generator().manual_seed(seed)) for seed in range(5)]
known = [LogMel()(block) for block in waves]
print("ready", flush=True)
rounds = 0
while time.monotonic() < end:
    for block, x in zip(waves, known):
        assert torch.equal(store(block, LogMel()), x)
    store.clear() if rounds % 3 == 0 else None
    rounds += 1
print(rounds, store.hits, store.misses)
"""


def other_process(folder, seconds):
    command = [sys.executable, "-c", SCRIPT, str(folder), str(seconds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    return process


def test_two_processes_share_a_folder(tmp_path):
    """Both read, write and clear the same files; neither ever reads a wrong or a half-written one."""
    processes = [other_process(tmp_path, 1.5) for _ in range(2)]
    for process in processes:
        out, error = process.communicate(timeout=60)
        assert process.returncode == 0 and all(int(number) > 0 for number in out.split()), error


def test_a_killed_process_leaves_nothing_that_is_read(tmp_path):
    for number in range(3):
        process = other_process(tmp_path, 60)
        time.sleep(0.05 + 0.03 * number)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=20)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for seed in range(5):
            waves = torch.randn(8, 16000, generator=torch.Generator().manual_seed(seed))
            assert torch.equal(Store(tmp_path)(waves, LogMel()), LogMel()(waves))
    assert Store(tmp_path).clear().size == 0 and not list(tmp_path.iterdir())
