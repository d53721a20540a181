"""Train the papers' own networks on recordings, each setting a class, and store the test scores.

    python tests/benchmarks/recordings.py FOLDER data/traces/valve.csv

FOLDER holds ``<machine>/train`` and ``<machine>/test`` with attributes in the names, such as the
patterns of the valve of DCASE 2023. The papers' classes would be machines; one machine has but one,
so settings stand for them: for [AP] as attributes, for [NAM] as if each were a section, which its
score needs. 60 epochs of batches of 32 clips, [NAM]'s with a rate of 1e-3; three seeds.
"""

import resource
import sys
import time
from pathlib import Path

from asdkit import __version__, backends, controls, sound, systems, traces

SEEDS, EPOCHS = 3, 60
SYSTEMS = {
    "adaproj": systems.get("adaproj", trials=({},), epochs=EPOCHS, batch_size=32),
    "noisy_arcmix": systems.get("noisy_arcmix", epochs=EPOCHS, batch_size=32, lr=1e-3),
}


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
        took = time.perf_counter() - began
        found[f"{name}|{system.backend.name}|{seed}"] = detector.score(test, new)
        network, x = (
            detector.network,
            [detector.embed(*one) for one in ((train, known), (test, new))],
        )
        found[f"{name}|angle|{seed}"] = network.angle(x[1], group_test)
        network.backend = backends.NearestNeighbor()
        network.fit_backend(x[0], group, train["domain"])
        found[f"{name}|NearestNeighbor|{seed}"] = network.judge(x[1], group_test)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        print(f"{name}, seed {seed}: {took:.0f} s of training, peak memory so far {peak:.2f} GiB")
    return found


def main(folder, out):
    clips = sound.index(folder)
    train, test = clips[clips["split"] == "train"], clips[clips["split"] == "test"]
    found = {f"{name}|control": score for name, score in controls.scores(train, test).items()}
    untrained = systems.get("mean_gaussian")
    found["mean_gaussian|Gaussian"] = untrained.fit(train).score(test)
    for name, system in SYSTEMS.items():
        found |= columns(name, system, clips)
    facts = test[["machine", "section", "domain", "label"]].reset_index(drop=True)
    facts = facts.assign(clip=[Path(path).name for path in test["path"]], **found)
    notes = [f"python tests/benchmarks/recordings.py FOLDER data/traces/{Path(out).name}"]
    notes.append(f"asdkit {__version__}, {len(train)} training clips, {EPOCHS} epochs")
    traces.write(out, facts, notes)


if __name__ == "__main__":
    main(*sys.argv[1:])
