"""How far normal clips of one machine lie apart: synthetic sets against real recordings.

    python tests/benchmarks/spread_of_normal.py FOLDER data/traces/spreads.csv [FIGURE.png]

FOLDER holds real clips: ``valve`` of DCASE 2023, whose names tell the pattern, and folders of a few
clips such as ``dcase2020_fan``. Of the normal clips of a machine the covariance of the mean log-mel
is measured, levels normalized: its trace, the share of its first three components, its effective
rank exp(entropy of the shares). Synthetic clips are those of ``large`` with a drift of 0 to 6 dB.

The drift of ``varied`` is the level whose traces come nearest to the real ones: the smallest mean
of |ln ratio| over fan, pump, slider and valve. No detector was asked.
"""

import copy
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from asdkit import __version__, controls, features, figures, runtime
from asdkit.sound.synthetic import synth
from asdkit.sound.synthetic.recipe import plan, read
from asdkit.tablefile import write_table

DRIFTS, CLIPS = (0.0, 1.5, 3.0, 4.5, 6.0), 25
LOG_MEL = features.LogMel()


def real_clips(root):
    """The mean log-mels of normal clips (n, 128), by set and machine."""
    paths = sorted(Path(root).rglob("*normal*.wav"))
    table = pd.DataFrame({"path": map(str, paths), "folder": [path.parts[-2] for path in paths]})
    names = [path.parent.name for path in paths]
    sets = [
        ("DCASE 2023", "valve", path.stem[-6:]) if "_pat_" in path.stem
        else ("DCASE 2020", name.rpartition("_")[2].lower(), path.stem.split("_")[2])
        for path, name in zip(paths, names)
    ]  # fmt: skip
    x = controls.temporal_mean(table.assign(machine="any"), 10.0)
    return {key: x[[one == key for one in sets]] for key in dict.fromkeys(sets)}


def made_clips(drift):
    """The same of the first training clips of each id of ``large`` with a drift."""
    recipe = copy.deepcopy(read(runtime.built_in()["large"])) | {"drift": drift}
    recipe["train"]["source"] = CLIPS
    found = {}
    for clip in plan(recipe):
        if clip.split == "train":
            wave = torch.from_numpy(synth.clip(recipe, clip)[0])[None]
            x = features.temporal_mean(LOG_MEL(features.normalize_level(wave)))[0].numpy()
            key = (f"drift {drift:g} dB", clip.machine, f"{clip.section:02d}")
            found.setdefault(key, []).append(x)
    return {key: np.stack(rows) for key, rows in found.items()}


def measured(x):
    """Trace in dB squared, share of the first three components, and effective rank."""
    share = np.linalg.eigvalsh(np.cov(x.T.astype(float)))[::-1].clip(0)
    trace, share = share.sum(), share[share > 1e-9 * share.sum()] / share.sum()
    return {
        "clips": len(x), "trace": trace, "first three": share[:3].sum(),
        "rank": np.exp(-(share * np.log(share)).sum()),
    }  # fmt: skip


def nearest(table):
    """The drift whose traces come nearest to the real ones, with the distances of all."""
    by_machine = table.groupby(["set", "machine"])["trace"].mean().unstack("machine")
    real = by_machine.loc[["DCASE 2020", "DCASE 2023"]].mean()
    made = by_machine.drop(index=["DCASE 2020", "DCASE 2023"])[["fan", "pump", "slider", "valve"]]
    distance = np.abs(np.log(made / real[made.columns])).mean(axis=1)
    return distance.idxmin(), distance


def main(root, out, picture=None):
    sets = real_clips(root)
    for drift in DRIFTS:
        sets |= made_clips(drift)
    keys = ("set", "machine", "which")
    table = pd.DataFrame([dict(zip(keys, key)) | measured(x) for key, x in sets.items()])
    print(table.round(2).to_string(index=False))
    best, distance = nearest(table)
    print(distance.round(2).to_string(), f"nearest: {best}", sep="\n")
    notes = [
        f"python tests/benchmarks/spread_of_normal.py FOLDER data/traces/{Path(out).name}",
        f"asdkit {__version__}, {CLIPS} normal clips of each synthetic id",
    ]
    write_table(out, table, notes, float_format="%.4g")
    if picture:
        Path(picture).write_bytes(figures.normal_spread(table).png())


if __name__ == "__main__":
    main(*sys.argv[1:])
