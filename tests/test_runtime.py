"""Budget, device, seed, folders and the memory allocator."""

import os
import random
import subprocess
import sys

import numpy as np
import pytest
import torch

from asdkit import runtime


def run(code, **variables):
    environment = {**os.environ, **variables}
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, capture_output=True, text=True, env=environment, check=True
    ).stdout


def test_budget(monkeypatch):
    monkeypatch.delenv("ASDKIT_BUDGET", raising=False)
    assert runtime.budget().name == "course"
    monkeypatch.setenv("ASDKIT_BUDGET", "smoke")
    assert runtime.budget() is runtime.BUDGETS["smoke"] and runtime.budget("paper").epochs == 400
    assert runtime.budget(runtime.BUDGETS["paper"]).name == "paper"
    monkeypatch.setenv("ASDKIT_BUDGET", "huge")
    with pytest.raises(ValueError, match="'huge'.*smoke, course, paper"):
        runtime.budget()
    sizes = [(budget.clips, budget.epochs, budget.seeds) for budget in runtime.BUDGETS.values()]
    assert all(a <= b for small, large in zip(sizes, sizes[1:]) for a, b in zip(small, large))


def test_lessons_run_on_one_thread_unless_told_otherwise(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    names = {"OMP_NUM_THREADS", "NUMBA_NUM_THREADS"}
    assert runtime.lesson_environment() == dict.fromkeys(names, "1")
    monkeypatch.setenv("OMP_NUM_THREADS", "4")
    assert runtime.lesson_environment() == dict.fromkeys(names, "4")


def test_numba_leaves_torch_the_threads_of_a_lesson():
    made = "import torch; from umap.umap_ import smooth_knn_dist as made; import numpy as np"
    code = f"{made}; made(np.ones((20, 5), np.float32), 5.0); print(torch.get_num_threads())"
    plain = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA_NUM")}
    own = plain | {"OMP_NUM_THREADS": "1"} | runtime.lesson_environment()
    ran = subprocess.run([sys.executable, "-c", code], env=own, capture_output=True, text=True)
    assert ran.stdout.split() == ["1"]


def test_device(monkeypatch):
    monkeypatch.setenv("ASDKIT_DEVICE", "cpu")
    assert runtime.device() == torch.device("cpu")
    assert runtime.device("cpu:0") == torch.device("cpu:0")
    monkeypatch.delenv("ASDKIT_DEVICE")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert runtime.device().type == "cuda"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert runtime.device().type == "cpu"


def test_a_device_that_is_not_here(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    words = "^there is no device 'cuda' here: torch finds no GPU, so give cpu, or none$"

    def refused(*_, **__):
        raise AssertionError("Torch not compiled with CUDA enabled")

    monkeypatch.setattr(torch, "empty", refused)
    with pytest.raises(ValueError, match=words):
        runtime.device("cuda")
    with pytest.raises(ValueError, match="'abacus' here: give cpu, cuda or mps, or none$"):
        runtime.device("abacus")


def test_seed_sets_all_three():
    states = random.getstate(), np.random.get_state(), torch.get_rng_state()
    draws = []
    for number in (3, 3, 4):
        runtime.seed(number)
        draws.append((random.random(), np.random.rand(), torch.rand(1).item()))
    random.setstate(states[0]), np.random.set_state(states[1]), torch.set_rng_state(states[2])
    assert draws[0] == draws[1]
    assert all(a != b for a, b in zip(draws[1], draws[2]))


def test_progress_shows_a_bar_or_nothing(monkeypatch, capsys):
    monkeypatch.setenv("ASDKIT_PROGRESS", "0")
    assert list(runtime.progress(range(3), "count")) == [0, 1, 2]
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("ASDKIT_PROGRESS", "1")
    assert list(runtime.progress(range(3), "count")) == [0, 1, 2]
    assert "count" in capsys.readouterr().err


def test_cache_is_made_where_it_is_wished(monkeypatch, tmp_path):
    monkeypatch.setenv("ASDKIT_CACHE", str(tmp_path / "a" / "b"))
    assert runtime.cache() == tmp_path / "a" / "b" and runtime.cache().is_dir()


def test_a_device_whose_memory_is_full_is_there(monkeypatch):
    def full(*_, **__):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 MiB.")

    monkeypatch.setattr(torch, "empty", full)
    with pytest.raises(torch.OutOfMemoryError):
        runtime.device("cpu")


def allocation(make):
    try:
        make()
    except (MemoryError, RuntimeError) as error:
        return error


@pytest.mark.parametrize(
    "make", [lambda: torch.empty(2**50), lambda: np.empty(2**56), lambda: bytearray(2**62)]
)
def test_a_full_memory_is_known_by_what_is_really_raised(make):
    assert runtime.is_memory_full(allocation(make))


@pytest.mark.parametrize(
    "error", [RuntimeError("shapes differ"), ValueError("out of memory"), OSError("full"), None]
)
def test_nothing_else_is_a_full_memory(error):
    assert not runtime.is_memory_full(error)


def test_importing_asdkit_alone_is_light():
    code = (
        "import asdkit, sys;"
        "print([m for m in ('torch', 'umap', 'matplotlib', 'librosa') if m in sys.modules])"
    )
    assert run(code).strip() == "[]"


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="mallopt is a matter of Linux and glibc"
)
def test_the_allocator_setting_has_a_switch(monkeypatch):
    monkeypatch.setenv("ASDKIT_MALLOC", "0")
    assert runtime.keep_freed_memory() is False
    faults = """
import ctypes, resource, sys
import asdkit
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
def step():
    block = libc.malloc(ctypes.c_size_t(64 * 2**20))
    ctypes.memset(block, 1, 64 * 2**20)
    libc.free(block)
step()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(5):
    step()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""
    kept, returned = int(run(faults, ASDKIT_MALLOC="1")), int(run(faults, ASDKIT_MALLOC="0"))
    assert kept < 100
    assert returned > 10 * max(kept, 1)


def test_without_mallopt_nothing_happens(monkeypatch):
    monkeypatch.delenv("ASDKIT_MALLOC", raising=False)
    monkeypatch.setattr(runtime.ctypes, "CDLL", lambda _: object())
    assert runtime.keep_freed_memory() is False
    monkeypatch.setattr(runtime.sys, "platform", "win32")
    assert runtime.keep_freed_memory() is False
