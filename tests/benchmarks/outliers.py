"""Train BCE + DDCSAD of [DDC] with outliers of four kinds, and store the test scores.

    python tests/benchmarks/outliers.py data/traces/outliers.csv

Each of the 12 ids of ``sound.toy()`` is the target in turn. Its outliers are the other ids of its
type ("ids"), all ids of the other types ("types"), both, or as many clips of white noise as there
are of "ids" ("noise"). The network and its 400 steps are those of ``anomalies.py`` beside this
file; a batch has 32 outliers of whatever kind.
"""

import sys
import time
from pathlib import Path

import numpy as np
import torch
from anomalies import fit, recipe

from asdkit import __version__, losses, sound, systems, traces

SEEDS, SYSTEM = 5, recipe("bce_ddcsad")
KINDS = "ids", "types", "both", "noise"


def inputs(train, test, noise):
    """What the encoder takes of training clips, test clips and noise, standardized alike."""
    front = systems.new_front(SYSTEM, train)
    heard = systems.hear(train, front).x
    x = front.prepare(heard, train["machine"], "cpu", fit=True)
    x_test = front.prepare(systems.hear(test, front).x, test["machine"], "cpu")
    waves = torch.randn(noise, 160000, generator=torch.Generator().manual_seed(0))
    return x, x_test, front(waves, ["noise"] * noise)


def outliers(kind, train, own, x, noise):
    """The clips of one kind that play the anomaly of a target."""
    type_ = (train["machine"] == train["machine"][own].iloc[0]).to_numpy()
    rows = {"ids": type_ & ~own, "types": ~type_, "both": ~own}
    return noise if kind == "noise" else x[rows[kind]]


def main(out):
    train, test = (part.reset_index(drop=True) for part in sound.split(sound.toy(48)))
    group, group_test = sound.groups(train).to_numpy(), sound.groups(test).to_numpy()
    x, x_test, noise = inputs(train, test, 2 * 48)
    found = {}
    for kind in KINDS:
        began = time.perf_counter()
        for name in np.unique(group):
            own, rows = group == name, np.flatnonzero(group_test == name)
            away = outliers(kind, train, own, x, noise)
            y = torch.tensor([losses.NORMAL] * own.sum() + [losses.OUTLIER] * len(away))
            runs = [fit(SYSTEM, torch.cat([x[own], away]), y, seed) for seed in range(SEEDS)]
            scores = systems.judge(
                runs, SYSTEM.backend.build(), train[own], x[own], test.iloc[rows], x_test[rows]
            )
            for seed, score in enumerate(scores):
                key = f"bce_ddcsad outliers={kind}|RoleFusion|{seed}"
                found.setdefault(key, np.empty(len(test)))[rows] = score
        print(f"{kind}: {time.perf_counter() - began:.0f} s", flush=True)
    facts = test[["machine", "section", "domain", "label"]]
    facts = facts.assign(clip=[Path(path).name for path in test["path"]], **found)
    notes = [f"python tests/benchmarks/outliers.py data/traces/{Path(out).name}"]
    notes.append(f"asdkit {__version__}, toy data, {len(train)} training clips")
    traces.write(out, facts, notes)


if __name__ == "__main__":
    main(*sys.argv[1:])
