"""Train the papers' own networks on recordings, and store the test scores.

    python tests/benchmarks/recordings.py FOLDER data/traces/valve.csv
    python tests/benchmarks/recordings.py FOLDER data/traces/valve_autoencoders.csv
    python tests/benchmarks/recordings.py FOLDER data/traces/valve_roles.csv
    python tests/benchmarks/recordings.py FOLDER data/traces/valve_combined.csv

The name of the file says which networks. FOLDER holds ``<machine>/train`` and ``<machine>/test``
with attributes in the names, such as the patterns of the valve of DCASE 2023. The papers' classes
would be machines; one machine has but one, so settings stand for them: for [AP] as attributes, for
[NAM] as if each were a section, which its score needs. 60 epochs of batches of 32 clips, [NAM]'s
with a rate of 1e-3; three seeds.

An auto-encoder needs no class: one network for all settings, behind levels and bands that are
standardized, 435 batches of 128 vectors or 380 of 16 segments. For [DDC] each setting is an id,
and the others play the anomaly, as in ``anomalies.py`` beside this file: of its anomalies the first
16 are drawn from, and the rest are tested on. The fused systems take a setting as an id too, so
that the other settings say how much each summary counts; ``pooled`` is one Gaussian for all. Their
network is the small ``Toy``.
"""

import resource
import sys
import time
from pathlib import Path

import numpy as np
from anomalies import recipe, target

from asdkit import __version__, backends, controls, sound, systems, traces

SEEDS, EPOCHS = 3, 60
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
SMALL = {"encoder": "Toy", "epochs": EPOCHS, "batch_size": 32}
FUSED = {name: systems.get(name) for name in ("mean_gaussian", "max_gaussian", "summaries")}
FUSED |= {name: systems.get(name, **SMALL) for name in ("subcluster_adacos", "combined")}
COUNTS, POOL = (1, 2, 4, 8, 16), 16


def columns(name, system, clips):
    """The scores of a system by its own backend, by the angle and by the nearest neighbor."""
    if system.task == "sections":
        clips = clips.assign(section=clips["attributes"])
    train, test = clips[clips["split"] == "train"], clips[clips["split"] == "test"]
    front = systems.new_front(system, train)
    known, new = (systems.hear(part, front) for part in (train, test))
    group, group_test = (sound.groups(part).to_numpy() for part in (train, test))
    found = {}
    for seed in range(SEEDS):
        began = time.perf_counter()
        detector = system.fit(train, seed=seed, heard=known)
        told(name, seed, began)
        found[f"{name}|{system.backend.name}|{seed}"] = detector.score(test, new)
        network, x = (
            detector.network,
            [detector.embed(*one) for one in ((train, known), (test, new))],
        )
        found[f"{name}|angle|{seed}"] = network.angle(x[1], group_test)
        network.backend = backends.NearestNeighbor()
        network.fit_backend(x[0], group, train["domain"])
        found[f"{name}|NearestNeighbor|{seed}"] = network.judge(x[1], group_test)
    return found


def rebuilt(name, system, clips):
    """The scores of a system by its own backend."""
    train, test = clips[clips["split"] == "train"], clips[clips["split"] == "test"]
    known, new = (systems.hear(part, systems.new_front(system, train)) for part in (train, test))
    found = {}
    for seed in range(SEEDS if system.loss is not None else 1):
        began = time.perf_counter()
        detector = system.fit(train, seed=seed, heard=known)
        told(name, seed, began)
        print(detector.weights().round(2).to_string())
        column = f"{name}|{system.backend.name}" + (f"|{seed}" if system.loss is not None else "")
        found[column] = detector.score(test, new)
    return found


def borrowed(clips):
    """The test clips without each setting's first 16 anomalies, and their ranks for every count."""
    clips = clips.sort_values("path", ignore_index=True)
    place = clips.groupby(["section", "split", "label"]).cumcount()
    asked = clips["split"] == "test"
    pool = asked & (clips["label"] == 1) & (place < POOL)
    clips, test = (
        part.reset_index(drop=True) for part in (clips[~asked | pool], clips[asked & ~pool])
    )
    usual = clips["label"] == 0
    front = systems.new_front(recipe("bce"), clips[usual])
    front.prepare(systems.hear(clips[usual], front).x, clips["machine"][usual], "cpu", fit=True)
    x, x_test = (
        front.prepare(systems.hear(part, front).x, part["machine"], "cpu") for part in (clips, test)
    )
    found = {}
    for name in ("bce", "ddcsad", "bce_ddcsad"):
        began = time.perf_counter()
        for draw in range(SEEDS):
            for number, setting in enumerate(sorted(set(test["section"]))):
                own = (clips["section"] == setting).to_numpy()
                rows = np.flatnonzero(test["section"] == setting)
                asked = test.iloc[rows], x_test[rows], [draw, number], name, COUNTS
                for key, value in target(own, clips, x, *asked).items():
                    found.setdefault(key, np.empty(len(test)))[rows] = value
        told(name, f"0 to {SEEDS - 1}", began)
    return test, found


def told(name, seed, began):
    took, peak = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"{name}, seed {seed}: {took:.0f} s, peak memory so far {peak / 2**20:.2f} GiB", flush=True
    )


def main(folder, out):
    clips, found = sound.index(folder), {}
    what = Path(out).stem.partition("_")[2] or "classes"
    if what == "combined":
        for name in ("mean_gaussian", "max_gaussian", "summaries"):
            found |= {
                f"pooled {key}": one for key, one in rebuilt(name, FUSED[name], clips).items()
            }
    if what in ("roles", "combined"):
        clips = clips.assign(section=clips["attributes"])
    train, test = clips[clips["split"] == "train"], clips[clips["split"] == "test"]
    if what == "roles":
        test, found = borrowed(clips)
    known = {"classes": CLASSES, "autoencoders": AUTOENCODERS, "roles": {}, "combined": FUSED}
    for name, system in known[what].items():
        found |= (columns if what == "classes" else rebuilt)(name, system, clips)
    first = {f"{name}|control": score for name, score in controls.scores(train, test).items()}
    if what != "combined":
        first["mean_gaussian|Gaussian"] = systems.get("mean_gaussian").fit(train).score(test)
    facts = test[["machine", "section", "domain", "label"]].reset_index(drop=True)
    facts = facts.assign(clip=[Path(path).name for path in test["path"]], **first, **found)
    notes = [f"python tests/benchmarks/recordings.py FOLDER data/traces/{Path(out).name}"]
    epochs = f", {EPOCHS} epochs" if what in ("classes", "combined") else ""
    notes.append(f"asdkit {__version__}, {len(train)} training clips{epochs}")
    traces.write(out, facts, notes)


if __name__ == "__main__":
    main(*sys.argv[1:])
