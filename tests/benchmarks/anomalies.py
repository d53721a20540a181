"""Train the five losses of [DDC] with 0, 1, 2, 4 ... 64 true anomalies, and store the test scores.

    python tests/benchmarks/anomalies.py data/traces/anomalies.csv

The set is ``sound.toy(recipe="borrowed")``; a target is id 00 of each machine, and all other ids
play the anomaly. Of its 124 anomalies the first 64 are drawn from, three times and alike for all
losses, the fewer among the more; the other 60 and 60 normal test clips are what every network is
tested on.
The network is ``encoders.Toy``, 400 steps at a rate of 1e-3, from which each count goes on for 200;
"more" goes on without an anomaly. A score is a rank among the test clips of its id.
"""

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from scipy.stats import rankdata

from asdkit import __version__, controls, encoders, sound, systems, traces, train
from asdkit.systems.tasks import roles

LOSSES = "bce", "dsad", "ddcsad", "bce_dsad", "bce_ddcsad"
COUNTS, POOL, TARGET, DRAWS = (1, 2, 4, 8, 16, 32, 64), 64, "00", 3
DIM, STEPS, EPOCHS, RATE = 128, 100, 4, 1e-3


def recipe(name):
    """The paper's system on the small network; where it blends two scores, half of each."""
    known = systems.get(name)
    rate = {"lr": RATE} if known.optimizer.name == "adam" else {"body": RATE}
    blend = {"alpha": 0.5} if name in ("bce_dsad", "bce_ddcsad") else {}
    return known.but(
        front=systems.MEAN_AND_MAX, encoder="Toy", dim=DIM, steps=STEPS, epochs=EPOCHS, **rate,
        **blend,
    )  # fmt: skip


def fit(system, x, y, seed, start=None):
    """The run of a system on what the front has made of its training clips, and their roles."""
    torch.manual_seed(seed)
    return train.fit(
        encoders.Toy(DIM), system.loss.build(dim=DIM), x, torch.as_tensor(y), seed=seed,
        epochs=system.epochs, batches=system.batches.build(), optimizer=system.optimizer.build(),
        schedule=system.schedule.build(), start=start,
    )  # fmt: skip


def ranks(system, run, known, x, test, x_test):
    """The rank of each test clip by the system's backend, fitted to the own normal clips."""
    (score,) = systems.judge([run], system.backend.build(), known, x, test, x_test)
    return rankdata(score)


def target(own, clips, x, test, x_test, draw, name, counts=COUNTS):
    """The ranks of a target's test clips for every count of anomalies, by the name of the column.

    ``own`` says which clips are the target's; ``draw`` holds the numbers of draw and target.
    """
    usual, system, seed = (clips["label"] == 0).to_numpy(), recipe(name), draw[0]
    pool = np.random.default_rng(draw).permutation(np.flatnonzero(own & ~usual))
    known = clips[own & usual], x[own & usual], test, x_test
    begun = fit(system, x[usual], roles(clips[usual], own[usual]).y, seed)
    found = {f"{name} k=0": ranks(system, begun, *known)}
    for count in (0, *counts):
        rows = np.concatenate([np.flatnonzero(usual), pool[:count]])
        more = systems.with_anomalies(system) if count else system.but(times=1, epochs=EPOCHS // 2)
        run = fit(more, x[rows], roles(clips.iloc[rows], own[rows]).y, seed, start=begun)
        found[f"{name} k={count}" if count else f"{name} more"] = ranks(more, run, *known)
    return {f"{key}|RoleFusion|{seed}": value for key, value in found.items()}


def tables():
    """Training clips with the pool of anomalies among them, and the test clips of the targets."""
    clips = sound.toy(32, recipe="borrowed").sort_values("path", ignore_index=True)
    place = clips.groupby(["machine", "section", "split", "label"]).cumcount()
    asked, broken = clips["split"] == "test", clips["label"] == 1
    pool = asked & broken & (place < POOL) & (clips["section"] == TARGET)
    tested = asked & ~pool & (clips["section"] == TARGET) & (broken | (place < 124 - POOL))
    return clips[(clips["split"] == "train") | pool], clips[tested]


def main(out):
    clips, test = (part.reset_index(drop=True) for part in tables())
    usual = clips["label"] == 0
    front, machines = systems.new_front(recipe("bce"), clips[usual]), sorted(set(test["machine"]))
    front.prepare(systems.hear(clips[usual], front).x, clips["machine"][usual], "cpu", fit=True)
    x, x_test = (
        front.prepare(systems.hear(part, front).x, part["machine"], "cpu") for part in (clips, test)
    )
    known = clips[usual & (clips["section"] == TARGET)]
    found = {f"{key}|control": score for key, score in controls.scores(known, test).items()}
    for told in traces.CONTROLS.values():
        name, backend = told.rsplit(", ", 1)
        system = systems.get(name.split()[0], backend=backend, normalize=False)
        found[f"{name}|{backend}"] = system.fit(known).score(test)
    for name in LOSSES:
        began = time.perf_counter()
        for draw in range(DRAWS):
            for number, machine in enumerate(machines):
                own = ((clips["machine"] == machine) & (clips["section"] == TARGET)).to_numpy()
                rows = np.flatnonzero(test["machine"] == machine)
                asked = test.iloc[rows], x_test[rows]
                for key, value in target(own, clips, x, *asked, [draw, number], name).items():
                    found.setdefault(key, np.empty(len(test)))[rows] = value
        print(f"{name}: {time.perf_counter() - began:.0f} s", flush=True)
    facts = test[["machine", "section", "domain", "label"]].assign(domain="")
    facts["clip"] = [Path(path).name for path in test["path"]]
    facts = pd.concat([facts, pd.DataFrame(found)], axis=1)  # at once: they are many columns
    notes = [f"python tests/benchmarks/anomalies.py data/traces/{Path(out).name}"]
    notes.append(f"asdkit {__version__}, borrowed data, {usual.sum()} training clips")
    traces.write(out, facts, notes)


if __name__ == "__main__":
    main(*sys.argv[1:])
