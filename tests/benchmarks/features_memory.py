"""How much the memory grows while 20,000 clips become summaries, and whether with their number.

python tests/benchmarks/features_memory.py [clips] [seconds of a clip]
"""

import resource
import sys
import time

import torch

from asdkit.features import Chain, LogMel, extract, normalize_level, temporal_mean

BLOCK = 64


def blocks(clips, seconds):
    """Noise made on the fly, one block in memory at a time."""
    chance = torch.Generator().manual_seed(0)
    for start in range(0, clips, BLOCK):
        yield torch.rand(min(BLOCK, clips - start), round(16000 * seconds), generator=chance)


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(clips=20_000, seconds=10.0):
    summary = Chain(normalize_level, LogMel(), temporal_mean)
    extract(
        blocks(10 * BLOCK, seconds), summary, 10 * BLOCK
    )  # all that is loaded and allocated once
    before, began = peak(), time.perf_counter()
    x = extract(blocks(clips, seconds), summary, clips)
    took = time.perf_counter() - began
    print(
        f"{clips} clips of {seconds:g} s in {took:.0f} s: {clips / took:.0f} clips/s with the "
        "noise they are made of"
    )
    print(
        f"peak memory {before:.0f} MiB after 640 clips, {peak() - before:+.1f} MiB after {clips} "
        "more"
    )
    print(f"of these the result {tuple(x.shape)} is {x.nbytes / 2**20:.1f} MiB")


if __name__ == "__main__":
    main(*(kind(value) for kind, value in zip((int, float), sys.argv[1:])))
