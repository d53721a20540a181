"""Train the systems of the kit over five seeds on three data sets, and store what they reach.

    python tests/benchmarks/all_systems.py FOLDER data/traces/all_systems.csv

The sets are ``large`` with 48 training clips an id, like that of DCASE 2020; ``shift``, like that
of 2023; and FOLDER, recordings in their layout, such as the valve of DCASE 2023. All that learn
from classes or roles have the small network ``Toy`` of 128 dimensions behind the same front
(``combined`` behind its own) and their own loss, mixing, backend and batches of 32 clips, 60
epochs; those trained as in [NAM] a rate of 1e-3; those of [DDC] 400 steps at it, as in
``anomalies.py`` beside this file, and half of each where a score blends two; AdaProj J = 8, a
sixteenth of its dimensions, as in its paper. One network a system, where a paper takes an ensemble
of equal ones. An auto-encoder has its own network, one pass of batches of 128 vectors, or four of
16 segments. With ``Toy`` the two systems on STgram would be those on TASTgram, and are left out.

``asdkit sweep`` trains them, and is gone on with where it was cut off. On FOLDER those that tell
machines apart are asked again to tell settings, ``task=attributes``, those of [NAM] by the nearest
neighbor, as ``OwnLoss`` scores a clip at its id. The file has a row a set and system: what
``metrics.paired`` says of it against the mean Gaussian, pAUC and AUC within either domain, all
averaged over ids and seeds; seconds of one training, all its networks, with the scoring; or, for a
pair that cannot be, why not. The level of the clips alone stands beside them.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from asdkit import __version__, controls, metrics, systems, traces
from asdkit.__main__ import main as asdkit
from asdkit.score_tables import scores_of
from asdkit.systems.sources import tables
from asdkit.tablefile import write_table

SEEDS, GAUSSIAN = 5, "mean_gaussian, Gaussian"
TOY = 'front=["normalize_level","LogMel","mean_and_max","Standardize"] encoder=Toy dim=128 '
CLASSES = TOY + "batch_size=32"
ROLES = TOY + "steps=100 epochs=4"
VECTORS = 'front=["LogMel","Standardize","framed"] batch_size=128 epochs=1'
MACHINES = {
    "softmax": "", "arcface": "", "adacos": "", "subcluster_adacos": "",
    "subcluster_adacos_published": "", "subcluster_adacos_ensemble": "", "l2softmax_lof": "",
    "tastgram_arcface": " lr=0.001", "arcmix": " lr=0.001", "noisy_arcmix": " lr=0.001",
    "mixed_margin": " lr=0.001",
}  # fmt: skip
SETTINGS = {
    "adaproj": " subspace_dim=8", "compactness": "", "compactness_softmax": "",
    "adacos_two_branch": "", "subcluster_adacos_two_branch": "",
}  # fmt: skip
OUTLIERS = {
    "bce": " body=0.001", "dsad": " lr=0.001", "ddcsad": " lr=0.001",
    "bce_dsad": " alpha=0.5 body=0.001", "bce_ddcsad": " alpha=0.5 body=0.001",
}  # fmt: skip
COMBINED = "combined encoder=Toy dim=128 batch_size=32"
LEARNED = [
    *(f"{name} {CLASSES}{own}" for name, own in MACHINES.items()),
    *(f"{name} {CLASSES} trials=[{{}}]{own}" for name, own in SETTINGS.items()),
    *(f"{name} {ROLES}{own}" for name, own in OUTLIERS.items()),
    COMBINED,
]
REBUILT = [
    *(f"{name} {VECTORS}" for name in ("autoencoder", "baseline_autoencoder", "vae", "idnn")),
    "conv_autoencoder epochs=4 batch_size=16",
]
PLAIN = [
    "mean_gaussian", "max_gaussian", "max_gaussian backend=NearestNeighbor normalize=False",
    "summaries",
]  # fmt: skip
SYSTEMS = [*LEARNED, *REBUILT, *PLAIN]
BY_ID = {name for name in MACHINES if systems.get(name).backend.name == "OwnLoss"}
AGAIN = [
    *(
        f"{name} {CLASSES}{own} task=attributes" + " backend=NearestNeighbor" * (name in BY_ID)
        for name, own in MACHINES.items()
    ),
    f"{COMBINED} task=attributes",
]
CONTROLS = {told: name for name, told in traces.CONTROLS.items()}
BUILT_IN = {"large": 48, "shift": None}  # training clips an id, where they are not the recipe's


def sweep(place, data):
    """Train what is not trained yet on one data set, and say where the tables are."""
    folder = Path(place) / Path(data).name
    names = SYSTEMS if data in BUILT_IN else [*SYSTEMS, *AGAIN]
    words = ["sweep", *names, "--seeds", SEEDS, "--epochs", 60, "--data", data, "--device", "cpu"]
    words += ["--clips", BUILT_IN[data]] if BUILT_IN.get(data) else []
    if asdkit([str(word) for word in [*words, "--out", folder]]):
        sys.exit(1)
    return folder


def clips_of(data):
    """The training and the test clips of a data set, as a sweep takes them, and what to call it."""
    folder = None if data in BUILT_IN else data
    train, test = tables(systems.Source(data, folder, BUILT_IN.get(data)))
    clips = train.groupby(["machine", "section"]).size().iloc[0]
    return train, test, ", ".join(sorted(set(train["machine"]))) if folder else f"{data} {clips}"


def rows(folder, train, test):
    """What each system reaches on a data set, a row each, and why the others do not."""
    table, _ = traces.read(folder / f"{folder.name}.csv")
    clips, scores = table[list(traces.FACTS)], scores_of(table)
    if [Path(name).name for name in clips["clip"]] != [Path(path).name for path in test["path"]]:
        raise ValueError(f"{folder} was made of other clips: remove it")
    scores |= {"level, control": controls.scores(train, test)["level only"]}
    told = metrics.paired(clips, scores, against=GAUSSIAN)
    results = pd.read_csv(folder / "results.csv").groupby(["system", "backend"])
    known = results.agg({"pauc": "mean", "seconds": "median", "epochs": "max"})
    known["epochs"] = known["epochs"].replace(0, np.nan)  # of what trains nothing
    for key, row in told.iterrows():
        name, backend = key.rsplit(", ", 1)
        encoder = None if backend == "control" else systems.told(name).encoder
        yield {
            "system": CONTROLS.get(key) or short(name), "backend": backend,
            "network": encoder.name if encoder else "none", **over_seeds(clips, scores[key]),
            **row, **within(clips, scores[key]), **known.reindex([(name, backend)]).iloc[0],
        }  # fmt: skip
    refused = pd.read_csv(folder / "refused.csv")
    yield from ({"system": short(name), "reason": why} for name, _, why in refused.values)


def short(name):
    """The label of a system, for settings that of the same one asked for machines."""
    told, task, _ = name.partition(" task=attributes")
    return systems.label(told) + task


def over_seeds(clips, scores):
    """How many seeds there are, and the interval of the mean AUC over them."""
    auc = np.atleast_1d(metrics.mean_auc(clips, scores))
    if len(auc) == 1:
        return {"seeds": 1}
    low, high = stats.t.interval(0.95, len(auc) - 1, auc.mean(), stats.sem(auc))
    return {"seeds": len(auc), "low": low, "high": high}


def within(clips, scores):
    """AUC within either domain, averaged over ids and seeds, where there are two."""
    if clips["domain"].nunique() < 2:
        return {}
    found = [metrics.report(clips, one, intervals=False) for one in np.atleast_2d(scores)]
    means = pd.concat(found).groupby("domain")["auc"].mean()
    return {"source": means["source"], "target": means["target"]}


def main(folder, out):
    found, clips = [], []
    for data in (*BUILT_IN, folder):
        train, test, name = clips_of(data)
        clips.append(f"{len(train)} training clips of {name}")
        place = sweep(f"{out}.cells", data)
        found += [{"data": name} | row for row in rows(place, train, test)]
    notes = ["python tests/benchmarks/all_systems.py FOLDER data/traces/all_systems.csv"]
    notes.append(f"asdkit {__version__}, {', '.join(clips)}")
    write_table(out, pd.DataFrame(found).round(4), notes)


if __name__ == "__main__":
    main(*sys.argv[1:])
