"""Train AdaProj's network on recordings of one machine, and store maps of its embeddings.

    python tests/benchmarks/valve_map.py FOLDER data/traces/valve_map.csv

FOLDER as in ``recordings.py`` beside this file, and the network as there, with 20 epochs. A row is
a clip of training or test, which its name tells. Columns: places on the maps of UMAP and PCA, with
agreement and trustworthiness of each; the cosine distance to the nearest other training clip in D
dimensions; the level in dB, and the crest, of which the network is told nothing by ``controls``.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from recordings import CLASSES

from asdkit import __version__, controls, projection, sound, systems, traces

EPOCHS = 20


def embedded(clips):
    """Embeddings of all clips by a network trained on those of training, and their measures."""
    system = CLASSES["adaproj"].but(epochs=EPOCHS)
    parts = [clips[clips["split"] == split] for split in ("train", "test")]
    front = systems.new_front(system, parts[0])
    known, new = (systems.hear(part, front, measure=controls.measure) for part in parts)
    detector = system.fit(parts[0], seed=0, heard=known)
    x = [detector.embed(part, heard) for part, heard in zip(parts, (known, new))]
    measures = {name: [part.measures[name] for part in (known, new)] for name in ("level", "crest")}
    return np.concatenate(x), {name: np.concatenate(both) for name, both in measures.items()}


def main(folder, out):
    clips = sound.index(folder).sort_values(
        ["split", "path"], ascending=[False, True], ignore_index=True
    )
    x, measures = embedded(clips)
    known = np.flatnonzero(clips["split"] == "train")
    columns = {"distance|nearest training clip": projection.nearest(x, 1, among=known)[1][:, 0]}
    columns |= {f"{name}|dB": values for name, values in measures.items()}
    for way, made in {"UMAP": projection.fit_map(x), "PCA": projection.pca_map(x)}.items():
        columns |= {f"{way}|x": made.xy[:, 0], f"{way}|y": made.xy[:, 1]}
        columns |= {f"{way}|agreement": made.agreement, f"{way}|trustworthiness": made.trust}
    facts = clips[["machine", "section", "domain", "label"]]
    table = facts.assign(clip=[Path(path).name for path in clips["path"]])
    notes = [f"python tests/benchmarks/valve_map.py FOLDER data/traces/{Path(out).name}"]
    notes.append(f"asdkit {__version__}, {len(known)} training clips, {EPOCHS} epochs")
    traces.write(out, pd.concat([table, pd.DataFrame(columns)], axis=1), notes)


if __name__ == "__main__":
    main(*sys.argv[1:])
