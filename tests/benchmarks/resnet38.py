"""Train a narrow ResNet38 by four losses of [DDC] on four targets, and store the test scores.

    python tests/benchmarks/resnet38.py data/traces/resnet38.csv

The front and the ten segments of a clip are the paper's. A sixteenth of its channels is left,
269,124 parameters, and of its 4000 steps of 64 segments 120 of 16, at a rate of 1e-3. A target is
id 00 of each machine of ``sound.toy()``, with 24 clips; 6 of each of the 11 other ids play the
anomaly. The file is written after each loss of a seed, and what stands in it is not trained again.
"""

import resource
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from asdkit import __version__, sound, systems, traces
from asdkit.systems.tasks import roles

LOSSES = "bce", "dsad", "ddcsad", "bce_ddcsad"
SEEDS, TARGET, OWN, OTHERS, RATE = 3, "00", 24, 6, 1e-3


def recipe(name):
    """The paper's system, narrow and short; where it blends two scores, half of each."""
    known = systems.get(name)
    rate = {"lr": RATE} if known.optimizer.name == "adam" else {"body": RATE}
    blend = {"alpha": 0.5} if name == "bce_ddcsad" else {}
    return known.but(width=1 / 16, normal=8, outlier=8, steps=40, epochs=3, **rate, **blend)


def scores(system, group, train, x, test, x_test, seed):
    """The test scores of one network, and its loss over the first and the last ten steps."""
    own = (sound.groups(train) == group).to_numpy()
    torch.manual_seed(seed)
    network = systems.Network(system, [], [group], train["machine"])
    y = roles(train, own).y
    network.fit(x, y, seed=seed, epochs=system.epochs)
    network.fit_backend(network.embed(x[torch.tensor(own)]), [group] * own.sum())
    loss = network.run.history["loss"]
    print(f"  {system.name} {group}: loss {loss[:10].mean():.3f} to {loss[-10:].mean():.3f}")
    return network.judge(network.embed(x_test), [group] * len(test))


def tables():
    """Training clips of all ids, and the test clips of the targets."""
    train, test = sound.split(sound.toy(48))
    place = train.sort_values("path").groupby(sound.groups(train)).cumcount().reindex(train.index)
    train = train[place < OWN].reset_index(drop=True)
    return train, test[test["section"] == TARGET].reset_index(drop=True)


def stored(out, test):
    """The scores that an earlier run has left, by column."""
    if not Path(out).exists():
        return {}
    table, _ = traces.read(out)
    if table["clip"].tolist() != [Path(path).name for path in test["path"]]:
        raise ValueError(f"{out} is of other clips: give another file")
    return {name: table[name].to_numpy() for name in table.columns[len(traces.FACTS) :]}


def write(out, test, found):
    facts = test[["machine", "section", "domain", "label"]]
    facts = facts.assign(clip=[Path(path).name for path in test["path"]])
    notes = [f"python tests/benchmarks/resnet38.py data/traces/{Path(out).name}"]
    notes.append(f"asdkit {__version__}, toy data, {OWN} + 11 x {OTHERS} training clips a network")
    traces.write(out, pd.concat([facts, pd.DataFrame(found)], axis=1), notes)


def main(out):
    train, test = tables()
    front = systems.new_front(recipe("bce"), train)
    x, x_test = (
        front.prepare(systems.hear(part, front).x, part["machine"], "cpu", fit=part is train)
        for part in (train, test)
    )
    group, group_test = sound.groups(train).to_numpy(), sound.groups(test).to_numpy()
    place, found = train.groupby(group).cumcount().to_numpy(), stored(out, test)
    for seed in range(SEEDS):
        for name in LOSSES:
            began, key = time.perf_counter(), f"{name}|RoleFusion|{seed}"
            if key in found:
                continue
            for target in np.unique(group_test):
                taken = np.flatnonzero((group == target) | (place < OTHERS))
                rows = np.flatnonzero(group_test == target)
                asked = test.iloc[rows], x_test[rows], seed
                score = scores(recipe(name), target, train.iloc[taken], x[taken], *asked)
                found.setdefault(key, np.empty(len(test)))[rows] = score
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
            took = time.perf_counter() - began
            print(f"{name}, seed {seed}: {took:.0f} s, peak memory {peak:.2f} GiB", flush=True)
            write(out, test, found)


if __name__ == "__main__":
    main(*sys.argv[1:])
