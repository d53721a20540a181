"""Synthetic data sets of machine sounds, in the official layouts, and the built-in ones."""

import base64
import hashlib
import io
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import soundfile

from ... import runtime
from ...drafts import whole_folder
from ...held import held
from ...tables import checked
from ..clips import index
from . import layouts
from .backgrounds import background, place
from .draws import generator
from .machines import MACHINES, State, parameters
from .noise import unit
from .recipe import plan, read
from .room import drifted, microphone, recorded, recorded_far

RATE, BYTES = 16_000, 2  # samples a second, and bytes a sample
VERSION = 4


def synthesize(root, recipe, clips=None):
    r"""Write a data set of synthetic machines in the layout of the recipe's ``year``.

    A clip is a machine amid a background, at a level $L$ in dB of full scale:

    $$x = 10^{L/20} \frac{z - \bar z}{\text{rms}(z)}, \qquad
    z = h * \hat m + 10^{-\text{SNR}/20}\, h' * \hat b$$

    Beside the clips ``truth.csv`` tells the fault, strength, SNR and level of each clip.

    Shapes: the clips are 16 kHz, 16-bit PCM, mono, or two channels where the recipe has a ``far``
        microphone; returns ``root`` as a ``Path``.
    Raises: FileExistsError for a root that holds files; ValueError for a wrong recipe; OSError,
        with the cure, where root cannot be written, or has no room for the clips.
    Choices: normal and anomalous clips of one number have one level and one SNR, so neither tells
        the label. The same recipe gives the same bytes, however many clips or threads make them.
    Example:
        >>> import tempfile, tomllib
        >>> recipe = tomllib.loads((runtime.home() / "data" / "toy.toml").read_text())
        >>> recipe |= {"seconds": 0.5, "ids": 1}
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     clips = sound.index(sound.synthesize(folder, recipe, clips=2))
        >>> clips["machine"].value_counts().tolist()
        [18, 18, 18, 18]
    Notebook: 01_machine_sounds
    """
    recipe, root = read(recipe), Path(root)
    wanted = plan(recipe, clips)
    size = BYTES * (1 + ("far" in recipe)) * round(recipe["seconds"] * RATE)
    with whole_folder(root, size * len(wanted)) as draft:
        for folder in {Path(clip.path).parent for clip in wanted}:
            (draft / folder).mkdir(parents=True)
        truth = _write_all(draft, recipe, wanted)
        layouts.describe(draft, wanted, recipe["year"])
        pd.DataFrame(truth).to_csv(draft / "truth.csv", index=False, lineterminator="\n")
    return root


def toy(size=None, recipe="toy"):
    """Return the table of a built-in data set, which is made on first use.

    ``toy`` has four machines, ``machines`` all eight.

    Shapes: as ``index``; ``size`` is how many training clips an id has, or the name of a budget,
        which says so; ``recipe`` the name of a file in ``data/`` without its ending.
    Raises: ValueError where no budget or no recipe has that name, and as ``synthesize`` does.
    Choices: it lies in ``runtime.cache()``, in a folder named after its recipe, size and version;
        the year in that name makes the rule of that year its own, wherever the clone lies.
    Example:
        >>> clips = sound.toy("smoke")
        >>> sorted(set(clips["machine"]))
        ['fan', 'pump', 'slider', 'valve']
    Notebook: 00_start_here, 01_machine_sounds
    """
    name, known = recipe, runtime.built_in()
    if name not in known:
        raise ValueError(f"no built-in recipe is called {name!r}: take one of {', '.join(known)}")
    recipe = read(known[name])
    clips = size if isinstance(size, int) else runtime.budget(size).clips
    digest = hashlib.sha256(json.dumps([VERSION, recipe], sort_keys=True).encode()).digest()
    # Base 32 has no zero, so no hash reads as a year.
    stamp = base64.b32encode(digest[:5]).decode().lower()
    root = runtime.cache() / f"{name}_dcase{recipe['year']}_{clips}_{stamp}"
    if not root.is_dir():
        with held(root.with_name(f".{root.name}.lock"), str(root), "call", wait=True):
            if not root.is_dir():  # another process may have finished it meanwhile
                synthesize(root, recipe, clips)
    return index(root)


def truth(clips):
    """Return fault, strength, SNR and level of each synthetic clip, which no name tells.

    Shapes: a table of N synthetic clips of one root -> a table of N rows with the same index and
        the columns ``fault strength snr level``; SNR and level in dB, ``fault`` empty for a normal
        clip.
    Raises: FileNotFoundError where the clips are no synthetic ones; ValueError for clips of several
        roots, a file of them that is damaged, and as ``tables.checked`` does.
    Example:
        >>> clips = sound.toy("smoke")
        >>> sorted(set(sound.truth(clips[clips["machine"] == "fan"])["fault"]))
        ['', 'clogging', 'imbalance', 'worn_bearing']
    Notebook: 00_start_here, 01_machine_sounds
    """
    paths = [Path(path).absolute() for path in checked(clips, "path")["path"]]
    file = Path(*paths[0].parts[:-3], "truth.csv")
    if not file.is_file():
        raise FileNotFoundError(f"{file} is missing: only synthetic clips have a truth to look up")
    known = _known(file)
    names = ["/".join(path.parts[-3:]) for path in paths]
    for path, name in zip(paths, names):
        if path.parents[2:3] != (file.parent,) or name not in known.index:
            raise ValueError(f"{path} has no line in {file}: give synthetic clips of one root")
    return known.loc[names].set_index(clips.index)


def _known(file):
    try:
        known = pd.read_csv(file, keep_default_na=False).set_index("path")
        facts = known[["fault", "strength", "snr", "level"]]
        if known.index.is_unique and np.isfinite(facts.iloc[:, 1:].to_numpy(dtype=float)).all():
            return facts
    except (ValueError, KeyError, OSError):  # told below
        pass
    raise ValueError(f"{file} is damaged: remove {file.parent}, and make the set again")


def clip(recipe, wanted):
    """Make the waveform of one clip of a checked recipe, and the facts for ``truth.csv``.

    Shapes: a ``Clip`` -> (n,) float32, or (n, 2) of a near and a far microphone, and a dict.
    Raises: ValueError where the clip would exceed full scale.
    Choices: speed and load scatter by 1 and 3 % about their state; a fault's strength is uniform in
        its range. The near channel is what it is without a far microphone, to the last bit, and
        one gain serves both.
    """
    seed, n = recipe["seed"], round(recipe["seconds"] * RATE)
    rng = generator(seed, "clip", *wanted[:6])
    twins = generator(seed, "twins", *wanted[:4], wanted.number)
    level = twins.uniform(*recipe["level"])
    snr = twins.uniform(*recipe["machines"][wanted.machine]["snr"])
    strength = rng.uniform(*recipe["strength"]) if wanted.fault else 0.0
    state = State(wanted.speed / 100 * rng.normal(1, 0.01), wanted.load / 100 * rng.normal(1, 0.03))
    make = parameters(wanted.machine, wanted.section, seed, recipe.get("spread", 1.0))
    machine = MACHINES[wanted.machine].model(
        make, state, wanted.fault, strength, rng.spawn(1)[0], n, RATE
    )
    noise = background(place(wanted.noise, seed), rng.spawn(1)[0], n, RATE)
    machine = unit(machine)
    if drift := recipe.get("drift", 0.0):
        ways = generator(seed, "ways", *wanted[:6])
        machine, noise = (drifted(wave, drift, ways, RATE) for wave in (machine, noise))
    noise = np.float32(10 ** (-snr / 20)) * noise
    mic = microphone(wanted.mic, seed, MACHINES[wanted.machine].lowcut)
    wave = _heard(machine, noise, mic, level, recipe.get("far"))
    if np.abs(wave).max() >= 1:
        raise ValueError(
            f"{wanted.path} exceeds full scale at {level:.1f} dB: lower 'level' in the recipe"
        )
    facts = {
        "path": wanted.path,
        "fault": wanted.fault or "",
        "strength": strength,
        "snr": snr,
        "level": level,
    }
    return wave, facts


def _heard(machine, noise, mic, level, far):
    """What one microphone hears at a level in dB, or what two of them do."""
    mixed = recorded(machine, noise, mic, RATE)
    wave = unit(mixed - mixed.mean()) * np.float32(10 ** (level / 20))
    if not far:
        return wave
    other = recorded_far(machine, noise, mic, far["distance"], far["louder"], RATE)
    gain = np.float32(10 ** (level / 20) / np.std(mixed, dtype=np.float64))
    return np.stack([wave, (other - other.mean()) * gain], axis=1)


def _write_all(folder, recipe, wanted):
    # The processors this process may use, which taskset or a container may have limited.
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    pool = ThreadPoolExecutor(cores)
    try:
        done = pool.map(lambda one: _write(folder, recipe, one), wanted)
        return list(runtime.progress(done, "synthetic machines", total=len(wanted), unit="clip"))
    finally:
        pool.shutdown(cancel_futures=True)


def _write(folder, recipe, wanted):
    wave, facts = clip(recipe, wanted)
    samples, file = np.rint(wave * 32767).astype(np.int16), io.BytesIO()
    soundfile.write(file, samples, RATE, subtype="PCM_16", format="WAV")
    (folder / wanted.path).write_bytes(file.getvalue())  # which tells a full disk from others
    return facts
