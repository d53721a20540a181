"""What the store saves: loading and computing against finding, by the bytes of the files and by the waves.

python tests/benchmarks/features_store.py [clips]
"""

import sys
import tempfile
import time

from asdkit import features, sound


def best(runs, turns=5):
    """The shortest time of each, turn by turn in one run."""
    times = {name: [] for name in runs}
    for _ in range(turns):
        for name, run in runs.items():
            began = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - began)
    return {name: min(values) for name, values in times.items()}


def main(count=64):
    clips = sound.toy("smoke").head(count)
    waves, names = sound.load(clips), {"log-mel": features.LogMel(), "temporal mean": None}
    names["temporal mean"] = features.Chain(features.normalize_level, features.LogMel(), features.temporal_mean)
    for name, feature in names.items():
        store = features.Store(tempfile.mkdtemp())

        def found(feature=feature, store=store):
            return store.get(features.key(clips["path"], feature, seconds=10.0), lambda: feature(sound.load(clips)))

        found(), store(waves, feature)
        took = best(
            {
                "load and compute": lambda feature=feature: feature(sound.load(clips)),
                "compute": lambda feature=feature: feature(waves),
                "found by the files": found,
                "found by the waves": lambda feature=feature, store=store: store(waves, feature),
            }
        )
        assert store.misses == 2
        store.clear()
        print(f"{name}, {len(clips)} clips of 10 s")
        for way, value in took.items():
            print(f"  {way:20s} {1e3 * value:7.1f} ms")
        by_files = took["load and compute"] / took["found by the files"]
        by_waves = took["compute"] / took["found by the waves"]
        print(f"  by the files {by_files:.1f} times as fast as loading and computing")
        print(f"  by the waves {by_waves:.1f} times as fast as computing")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
