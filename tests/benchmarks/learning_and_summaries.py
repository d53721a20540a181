"""When does learning beat summaries? Physical parameters of synthetic machines, one at a time.

    python tests/benchmarks/learning_and_summaries.py data/traces/summaries.csv [networks]

From a common middle, the set ``large`` with 48 training clips an id, one parameter at a time takes
the levels below. All levels were written here before the first run, and none was left out after.
The same 12 ids are judged at each level, on 25 normal and 25 anomalous clips an id.

    places     the backgrounds that the clips of an id are recorded in, in turn
    snr        dB that the machines' SNRs are raised by
    snr_range  dB from the lowest to the highest SNR of a machine
    states     the pairs of speed and load that a machine runs at
    drift      dB by which the spectra of machine and background move from clip to clip
    clips      training clips an id
    ids        ids of a type that are trained on
    spread     the share kept of the differences between the ids of a type

Each network makes equally many steps at all levels: ``Toy`` 540 of 64 clips, the papers' ``ResNet``
320 of 32, both with sub-cluster AdaCos on mixed clips. The backend of [SCA] is ``mixture``; the two
beside it were named before the first run too. The file has a row a level, detector and seed, with
the AUC averaged over ids and the lead over the mean Gaussian, both with 95 % intervals over clips.
``networks`` are ``Toy``, ``ResNet`` or both (default). What stands in the file is not run again.
The sounds, 11 GB, lie in the folder of ``ASDKIT_CACHE``.
"""

import copy
import math
import sys
import time
from functools import partial
from pathlib import Path

import pandas as pd
import torch

from asdkit import (
    __version__,
    backends,
    controls,
    encoders,
    losses,
    metrics,
    mixup,
    runtime,
    sound,
    systems,
)
from asdkit.experiment import Experiment
from asdkit.sound.synthetic.recipe import read
from asdkit.tablefile import read_table, write_table

MIDDLE = {
    "places": 1, "snr": 0, "snr_range": 10, "states": 2, "drift": 0.0, "clips": 48, "ids": 3,
    "spread": 1.0,
}  # fmt: skip
LEVELS = {
    "drift": (0.0, 1.5, 3.0, 4.5, 6.0), "clips": (12, 48, 120, 400),
    "spread": (0.0, 0.125, 0.25, 0.5, 1.0), "ids": (3, 6, 12, 24), "places": (1, 2, 5, 10),
    "snr": (-12, -6, 0, 6, 12), "states": (1, 2, 4, 8), "snr_range": (0, 10, 20, 30),
}  # fmt: skip
STATES = [{"speed": speed, "load": load} for load in (60, 30) for speed in (100, 85, 115, 70)]
SETS_OF_STATES = {1: [0], 2: [0, 1], 4: [0, 1, 4, 5], 8: range(8)}
NETWORKS = {  # encoder, front, steps, clips a step, seeds; the ResNet is not asked about spread
    "Toy": (encoders.Toy, systems.MEAN_AND_MAX, 540, 64, 5),
    "ResNet": (encoders.ResNet, systems.get("subcluster_adacos").front, 320, 32, 2),
}
BACKENDS = {"mixture": backends.GaussianMixture, "nearest neighbor": backends.NearestNeighbor}
KEYS = ["parameter", "level", "detector", "seed"]
MEAN = "mean Gaussian"


def recipe(now):
    """The recipe of a level: ``large`` with one thing changed."""
    made = copy.deepcopy(read(runtime.built_in()["large"]))
    made |= {"ids": now["ids"], "spread": now["spread"], "drift": now["drift"]}
    made["train"]["source"] = now["clips"]
    source = made["domains"]["source"]
    source["states"] = [STATES[number] for number in SETS_OF_STATES[now["states"]]]
    source["noise"] = list(range(now["places"]))
    for machine in made["machines"].values():
        middle = sum(machine["snr"]) / 2 + now["snr"]
        machine["snr"] = [middle - now["snr_range"] / 2, middle + now["snr_range"] / 2]
    return made


def tables(parameter, level):
    """The training clips of a level, and the test clips of its first three ids a type."""
    now = MIDDLE | {parameter: level}
    large = sound.toy(400, "large")
    if parameter in ("middle", "clips"):
        clips = large
    elif parameter == "ids":  # the test clips are those of the middle
        most = recipe(now | {"ids": max(LEVELS["ids"])})
        more = synthesized("ids", most | {"test": {"source": 0, "target": 0, "fixed": True}})
        clips = pd.concat([more, large[large["split"] == "test"]], ignore_index=True)
    else:
        clips = synthesized(f"{parameter}_{level}", recipe(now))
    train, test = sound.split(clips.sort_values("path"))
    number = train.groupby(sound.groups(train)).cumcount()
    taken = (number < now["clips"]) & (train["section"].astype(int) < now["ids"])
    return [part.reset_index(drop=True) for part in (train[taken], test)]


def synthesized(name, made):
    root = runtime.cache() / f"summaries_dcase2020_{name}"
    if not root.is_dir():
        sound.synthesize(root, made)
    return sound.index(root)


def steps(count, size):
    """Batches of an epoch that has ``count`` steps, however many clips there are."""

    def batches(y, generator):
        rounds = [
            torch.randperm(len(y), generator=generator)
            for _ in range(math.ceil(count * size / len(y)))
        ]
        return torch.cat(rounds)[: count * size].view(count, size).unbind()

    return batches


def learned(name, train, test, seeds):
    """The test scores of a network by seed and backend."""
    encoder, front, count, size, _ = NETWORKS[name]
    experiment = Experiment(
        train, test, front=front, mixing=partial(mixup.mix, how="uniform"), epochs=1,
        batches=steps(count, size), device="cpu",
    )  # fmt: skip
    loss = partial(losses.SubClusterAdaCos, sub_clusters=16)
    for seed in seeds:
        runs = experiment.fit(loss, encoder=encoder, seeds=[seed])
        scores = {f"{name}, angle": experiment.angle(runs)[0]}
        for told, backend in BACKENDS.items():
            scores[f"{name}, {told}"] = experiment.judge(runs, backend())[0]
        yield seed, scores


def rows(cell, seed, scores, test, mean):
    """A row a detector: its AUC, its lead over the mean Gaussian, and its AUC by machine."""
    for detector, score in scores.items():
        auc, lead = metrics.mean_area(test, score), metrics.mean_area(test, score, against=mean)
        yield dict(zip(KEYS, (*cell, detector, seed))) | {
            "auc": auc.mean, "low": auc.low, "high": auc.high,
            "lead": lead.mean, "lead_low": lead.low, "lead_high": lead.high,
            **{name: metrics.mean_auc(part, score[part.index]) for name, part in
               test.groupby("machine")},
        }  # fmt: skip


def cells(name):
    """The levels that a network is asked about, the middle once."""
    yield "middle", 0
    for parameter, levels in LEVELS.items():
        if name == "Toy" or parameter != "spread":
            yield from ((parameter, each) for each in levels if each != MIDDLE[parameter])


def run(out, table, name, seeds):
    """All levels by one network and some seeds, written level by level."""
    for cell in cells(name):
        known = table[(table["parameter"] == cell[0]) & (table["level"] == cell[1])]
        done = set(known["seed"][known["detector"] == f"{name}, angle"])
        missing = [seed for seed in seeds if seed not in done]
        if not missing:
            continue
        began = time.perf_counter()
        train, test = tables(*cell)
        both = controls.strongest(train, test)
        found = [] if len(known) else list(rows(cell, 0, both, test, both[MEAN]))
        for seed, scores in learned(name, train, test, missing):
            found += rows(cell, seed, scores, test, both[MEAN])
        table = pd.concat([table, pd.DataFrame(found)], ignore_index=True)
        write(out, table)
        print(*cell, name, missing, f"{time.perf_counter() - began:.0f} s", flush=True)
    return table


def stored(out):
    """What an earlier run has left, with the middle once."""
    if not Path(out).exists():
        return pd.DataFrame(columns=KEYS)
    table, _ = read_table(out)
    middle = table["level"] == table["parameter"].map(MIDDLE)
    once = table[middle & (table["parameter"] == "drift")].assign(parameter="middle", level=0)
    return pd.concat([once, table[~middle]], ignore_index=True)


def write(out, table):
    """The table with the middle as a level of each parameter, whole or not at all."""
    middle = table["parameter"] == "middle"
    copies = [
        table[middle].assign(parameter=parameter, level=MIDDLE[parameter]) for parameter in LEVELS
    ]
    whole_table = pd.concat([*copies, table[~middle]])
    asked = (whole_table["parameter"] != "spread") | ~whole_table["detector"].str.contains("ResNet")
    notes = [
        f"python tests/benchmarks/learning_and_summaries.py data/traces/{Path(out).name}",
        f"asdkit {__version__}, 12 ids, 300 normal and 300 anomalous test clips",
    ]
    write_table(out, whole_table[asked].sort_values(KEYS), notes, float_format="%.4g")


def main(out, *names):
    table = stored(out)
    for name in names or NETWORKS:
        seeds = range(NETWORKS[name][-1])
        for some in [list(seeds)] if name == "Toy" else [[seed] for seed in seeds]:
            table = run(out, table, name, some)


if __name__ == "__main__":
    main(*sys.argv[1:])
