"""What every part stands on: the budget, the device, the seed, progress bars and the memory
allocator.
"""

import ctypes
import os
import re
import sys
from pathlib import Path
from typing import NamedTuple


class Budget(NamedTuple):
    """How much work a notebook may do: training clips an id, training epochs, and seeds.

    Choices: 400 epochs are those of [SCA]; the other numbers are ours, set by time on two cores.
    Example:
        >>> runtime.Budget("mine", clips=4, epochs=2, seeds=1).epochs
        2
    """

    name: str
    clips: int
    epochs: int
    seeds: int


BUDGETS = {
    "smoke": Budget("smoke", clips=8, epochs=12, seeds=2),
    "course": Budget("course", clips=48, epochs=60, seeds=10),
    "paper": Budget("paper", clips=48, epochs=400, seeds=10),
}


def budget(name=None):
    """The budget of that name; without a name the one in the variable ``ASDKIT_BUDGET``, or
    ``course``.

    Raises: ValueError where no budget has that name.
    Example:
        >>> asdkit.budget("smoke")
        Budget(name='smoke', clips=8, epochs=12, seeds=2)
    Notebook: 00_start_here
    """
    if isinstance(name, Budget):
        return name
    name = name or os.environ.get("ASDKIT_BUDGET") or "course"
    if not isinstance(name, str) or name not in BUDGETS:
        raise ValueError(
            f"no budget is called {name!r}: set ASDKIT_BUDGET to one of {', '.join(BUDGETS)}"
        )
    return BUDGETS[name]


def lesson_environment():
    """The settings that all lessons run under, as variables of the environment: one thread a
    kernel, unless ``OMP_NUM_THREADS`` says otherwise.

    Choices: sums differ with the number of threads, and so do trained networks; on one thread a
        lesson shows the numbers that its author saw, and two kernels do not wait for each other.
        numba has as many, or the first UMAP would give torch all that the processor has.
    """
    threads = os.environ.get("OMP_NUM_THREADS") or "1"
    return {"OMP_NUM_THREADS": threads, "NUMBA_NUM_THREADS": threads}


def device(name=None):
    """The ``torch.device`` of that name; without one ``ASDKIT_DEVICE``, or else CUDA, Apple's MPS
    or the CPU.

    Raises: ValueError where a device of that name is not known, or not to be had on this machine.
    Example:
        >>> asdkit.device("cpu")
        device(type='cpu')
    """
    import torch

    name = name or os.environ.get("ASDKIT_DEVICE")
    if not name:
        return torch.device(
            "cuda"
            if torch.cuda.is_available()
            else "mps"
            if torch.backends.mps.is_available()
            else "cpu"
        )
    if not isinstance(name, str | torch.device):
        raise ValueError(f"device is a {type(name).__name__}: give a name, such as 'cpu' or 'cuda'")
    try:
        torch.empty(1, device=name).cpu()  # a known name says nothing of this machine
    except (RuntimeError, AssertionError) as error:
        if is_memory_full(error):
            raise
        gpu = str(name).startswith("cuda") and not torch.cuda.is_available()
        cure = (
            "torch finds no GPU, so give cpu, or none" if gpu else "give cpu, cuda or mps, or none"
        )
        raise ValueError(f"there is no device {str(name)!r} here: {cure}") from error
    return torch.device(name)


def has_bf16(device):
    """Whether a device multiplies numbers of 16 bits (bfloat16) faster than it emulates them.

    Choices: on a CPU that takes AVX-512 BF16 or AMX, on CUDA compute capability 8.
    """
    import torch

    if torch.device(device).type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    known = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return torch.device(device).type == "cpu" and any(
        getattr(torch.cpu, name, bool)() for name in known
    )


def seed(number=0):
    """Seed Python, numpy and torch at once.

    Example:
        >>> asdkit.seed(0)
        >>> first = torch.rand(3)
        >>> asdkit.seed(0)
        >>> torch.equal(torch.rand(3), first)
        True
    Notebook: 00_start_here
    """
    import random

    import numpy as np
    import torch

    random.seed(number)
    np.random.seed(number)
    torch.manual_seed(number)


def own_chance():
    """Draw within a ``with`` of its own: when it ends, torch's chance is as it was before.

    Choices: on the CPU and on every GPU.
    """
    import torch

    return torch.random.fork_rng(range(torch.cuda.device_count()))


def progress(items, label, total=None, unit="it"):
    """``items``, shown as a bar while they are worked through; ``ASDKIT_PROGRESS=0`` hides every
    bar.

    Example:
        >>> sum(runtime.progress([1, 2, 3], "add"))
        6
    """
    from tqdm.auto import tqdm

    hidden = os.environ.get("ASDKIT_PROGRESS") == "0"
    return tqdm(
        items, desc=label, total=total, unit=unit, leave=False, disable=hidden, dynamic_ncols=True
    )


def home():
    """The clone's root, where ``notebooks/`` and ``data/`` lie.

    Raises: FileNotFoundError where asdkit was installed away from its clone.
    Example:
        >>> (runtime.home() / "notebooks").is_dir()
        True
    """
    root = Path(__file__).resolve().parent.parent
    if not (root / "data" / "toy.toml").is_file():
        raise FileNotFoundError(
            "asdkit does not find its notebooks/ and data/ beside it: install it from a clone with "
            "'pip install -e .'"
        )
    return root


def built_in():
    """The recipes of the built-in data sets.

    Shapes: -> dict of a name -> the path of its file, by name.
    Example:
        >>> runtime.built_in()["toy"].name
        'toy.toml'
    """
    return {path.stem: path for path in sorted((home() / "data").glob("*.toml"))}


def cache():
    """The folder for what can be made again: ``ASDKIT_CACHE``, or ``data/cache`` in the clone.

    Raises: OSError, with the cure, where it cannot be made.
    Example:
        >>> runtime.cache().is_dir()
        True
    """
    folder = Path(os.environ.get("ASDKIT_CACHE") or home() / "data" / "cache")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OSError(
            f"{folder} cannot be made ({error.strerror}): set ASDKIT_CACHE to a folder you may "
            "write to"
        ) from error
    return folder


def is_memory_full(error):
    """Whether an error says that no memory is left, of the machine or of its accelerator.

    Choices: torch raises a RuntimeError for it on the CPU and for cuBLAS and cuDNN, so its words
        decide.
    Example:
        >>> runtime.is_memory_full(RuntimeError("shapes differ"))
        False
    """
    words = r"allocate memory|not enough memory|out of memory|ALLOC_FAILED|bad_alloc"
    return isinstance(error, MemoryError) or (
        isinstance(error, RuntimeError) and bool(re.search(words, str(error)))
    )


def keep_freed_memory():
    """Tell glibc to keep large freed blocks: a training step frees and takes the same ones again
    and again.

    Otherwise each step pays page faults for memory it has just given back. ``ASDKIT_MALLOC=0``
    turns it off.

    Choices: thresholds of 1 GiB (mmap), 2 GiB (trim) and 64 MiB (top pad); nothing is done outside
        Linux and glibc.
    Example:
        >>> import os
        >>> os.environ["ASDKIT_MALLOC"] = "0"
        >>> runtime.keep_freed_memory()
        False
    """
    if not sys.platform.startswith("linux") or os.environ.get("ASDKIT_MALLOC") == "0":
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    trim, top_pad, mmap = -1, -2, -3
    settings = {mmap: 2**30, trim: 2**31 - 1, top_pad: 2**26}
    return mallopt is not None and all([mallopt(option, size) for option, size in settings.items()])


keep_freed_memory()
