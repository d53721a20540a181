"""Train the papers' own networks on recordings, and store the test scores.

    python tests/benchmarks/recordings.py FOLDER data/traces/valve.csv
    python tests/benchmarks/recordings.py FOLDER data/traces/valve_autoencoders.csv
    python tests/benchmarks/recordings.py FOLDER data/traces/valve_roles.csv
    python tests/benchmarks/recordings.py FOLDER data/traces/valve_combined.csv

The name of the file says which networks. FOLDER holds ``<machine>/train`` and ``<machine>/test``
with attributes in the names, such as the patterns of the valve of DCASE 2023. The papers' classes
would be machines; one machine has but one, so settings stand for them: for [AP] as attributes, for
[NAM] as if each were a section, which its score needs. 60 epochs of batches of 32 clips, [NAM]'s
with a rate of 1e-3; five seeds. The file is written after each, and what stands in it is not
trained again.

An auto-encoder needs no class: one network for all settings, behind levels and bands that are
standardized, 435 batches of 128 vectors or 380 of 16 segments. For [DDC] each setting is an id,
and the others play the anomaly, as in ``anomalies.py`` beside this file: of its anomalies the first
16 are drawn from, and the rest are tested on. The fused systems take a setting as an id too, so
that the other settings say how much each summary counts; ``pooled`` is one Gaussian for all. Their
network is the small ``Toy``, and the paper's ResNet.
"""

import itertools
import resource
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from anomalies import recipe, target
from resnet38 import stored

from asdkit import __version__, backends, controls, sound, systems, traces

SEEDS, EPOCHS = 5, 60
CLASSES = {
    "adaproj": systems.get("adaproj", trials=({},), epochs=EPOCHS, batch_size=32),
    "noisy_arcmix": systems.get("noisy_arcmix", epochs=EPOCHS, batch_size=32, lr=1e-3),
}
VECTORS = {"front": ("normalize_level", "LogMel", "Standardize", "framed"), "batch_size": 128}
PICTURES = {
    "front": (
        "normalize_level", "LogMel", "Standardize", {"part": "Segments", "frames": 32, "count": 10},
    ),
    "batch_size": 16,
}  # fmt: skip
AUTOENCODERS = {
    name: systems.get(name, epochs=3, **VECTORS)
    for name in ("autoencoder", "baseline_autoencoder", "vae", "idnn")
} | {"conv_autoencoder": systems.get("conv_autoencoder", epochs=10, **PICTURES)}
FUSED = {name: systems.get(name) for name in ("mean_gaussian", "max_gaussian", "summaries")}
FUSED |= {
    told: systems.told(told).but(epochs=EPOCHS)
    for network in ("encoder=Toy dim=128 batch_size=32", "batch_size=32")
    for told in (f"subcluster_adacos {network}", f"combined {network}")
}
COUNTS, POOL = (1, 2, 4, 8, 16), 16


def columns(name, system, clips, there):
    """The scores of a system by its own backend, by the angle and by the nearest neighbor, a dict
    of columns a seed that is not ``there`` yet.
    """
    if system.task == "sections":
        clips = clips.assign(section=clips["attributes"])
    train, test = clips[clips["split"] == "train"], clips[clips["split"] == "test"]
    front = systems.new_front(system, train)
    known, new = (systems.hear(part, front) for part in (train, test))
    group, group_test = (sound.groups(part).to_numpy() for part in (train, test))
    for seed in range(SEEDS):
        began, own = time.perf_counter(), f"{name}|{system.backend.name}|{seed}"
        if own in there:
            continue
        detector = system.fit(train, seed=seed, heard=known)
        told(name, seed, began)
        found = {own: detector.score(test, new)}
        network, x = (
            detector.network,
            [detector.embed(*one) for one in ((train, known), (test, new))],
        )
        found[f"{name}|angle|{seed}"] = network.angle(x[1], group_test)
        network.backend = backends.NearestNeighbor()
        network.fit_backend(x[0], group, train["domain"])
        yield found | {f"{name}|NearestNeighbor|{seed}": network.judge(x[1], group_test)}


def rebuilt(name, system, clips, there):
    """The scores of a system by its own backend, as ``columns`` gives them."""
    train, test = clips[clips["split"] == "train"], clips[clips["split"] == "test"]
    known, new = (systems.hear(part, systems.new_front(system, train)) for part in (train, test))
    for seed in range(SEEDS if system.loss is not None else 1):
        began = time.perf_counter()
        column = f"{name}|{system.backend.name}" + (f"|{seed}" if system.loss is not None else "")
        if column in there:
            continue
        detector = system.fit(train, seed=seed, heard=known)
        told(name, seed, began)
        print(detector.weights().round(2).to_string())
        yield {column: detector.score(test, new)}


def parted(clips):
    """The clips without those that are tested on, which hold each setting's first 16 anomalies, and
    the clips to test on.
    """
    clips = clips.sort_values("path", ignore_index=True)
    place = clips.groupby(["section", "split", "label"]).cumcount()
    asked = clips["split"] == "test"
    pool = asked & (clips["label"] == 1) & (place < POOL)
    parts = clips[~asked | pool], clips[asked & ~pool]
    return tuple(part.reset_index(drop=True) for part in parts)


def borrowed(clips, test, there):
    """The ranks of the test clips for every count of anomalies, a dict of columns a draw and loss
    that is not ``there`` yet.
    """
    usual = clips["label"] == 0
    front = systems.new_front(recipe("bce"), clips[usual])
    front.prepare(systems.hear(clips[usual], front).x, clips["machine"][usual], "cpu", fit=True)
    x, x_test = (
        front.prepare(systems.hear(part, front).x, part["machine"], "cpu") for part in (clips, test)
    )
    for draw, name in itertools.product(range(SEEDS), ("bce", "ddcsad", "bce_ddcsad")):
        began, found = time.perf_counter(), {}
        if f"{name} k=0|RoleFusion|{draw}" in there:
            continue
        for number, setting in enumerate(sorted(set(test["section"]))):
            own = (clips["section"] == setting).to_numpy()
            rows = np.flatnonzero(test["section"] == setting)
            asked = test.iloc[rows], x_test[rows], [draw, number], name, COUNTS
            for key, value in target(own, clips, x, *asked).items():
                found.setdefault(key, np.empty(len(test)))[rows] = value
        told(name, draw, began)
        yield found


def told(name, seed, began):
    took, peak = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"{name}, seed {seed}: {took:.0f} s, peak memory so far {peak / 2**20:.2f} GiB", flush=True
    )


def first(train, test, what):
    """What trains nothing: the controls, and the mean Gaussian where it is not fused."""
    found = {f"{name}|control": score for name, score in controls.scores(train, test).items()}
    if what != "combined":
        found["mean_gaussian|Gaussian"] = systems.get("mean_gaussian").fit(train).score(test)
    return found


def trained(clips, settings, test, what, there):
    """Dicts of columns that are not ``there`` yet; in ``settings`` a setting may stand as an id."""
    if what == "roles":
        yield from borrowed(settings, test, there)
    if what == "combined":
        for name in ("mean_gaussian", "max_gaussian", "summaries"):
            yield from rebuilt(f"pooled {name}", FUSED[name], clips, there)
    known = {"classes": CLASSES, "autoencoders": AUTOENCODERS, "roles": {}, "combined": FUSED}
    for name, system in known[what].items():
        yield from (columns if what == "classes" else rebuilt)(name, system, settings, there)


def main(folder, out):
    clips = sound.index(folder)
    what = Path(out).stem.partition("_")[2] or "classes"
    by_setting = what in ("roles", "combined")
    settings = clips.assign(section=clips["attributes"]) if by_setting else clips
    train, test = sound.split(settings)
    if what == "roles":
        settings, test = parted(settings)
    facts = test[["machine", "section", "domain", "label"]].reset_index(drop=True)
    facts = facts.assign(clip=[Path(path).name for path in test["path"]])
    notes = [f"python tests/benchmarks/recordings.py FOLDER data/traces/{Path(out).name}"]
    epochs = f", {EPOCHS} epochs" if what in ("classes", "combined") else ""
    notes.append(f"asdkit {__version__}, {len(train)} training clips{epochs}")
    found = stored(out, test) or first(train, test, what)
    for new in trained(clips, settings, test, what, found):
        found |= new
        traces.write(out, pd.concat([facts, pd.DataFrame(found)], axis=1), notes)


if __name__ == "__main__":
    main(*sys.argv[1:])
