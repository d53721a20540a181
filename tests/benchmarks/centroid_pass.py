"""The share of an epoch that the pass over all training clips takes, by which DDCSAD sets its
centers: of ResNet38 at an eighth of its width on segments, and of the small network of the lessons.

    python tests/benchmarks/centroid_pass.py [rounds]

An epoch is 200 steps of 32 and 32 rows, and one pass; both are extrapolated from the smallest time
of a few. The pass grows with the clips and the steps do not, so the share is told for several data
sets, with the steps that an epoch needs to keep it at 15 %. Each network of an id embeds the clips
of all ids, and no two of them share a weight, so there is nothing to be saved between them.
"""

import sys
import time

import torch

from asdkit import encoders, losses, train

STEPS, ROWS, MOST = 200, 64, 0.15
SETS = {"sound.toy()": 576, "40 ids of 1000 clips, as in [DDC] IV-A": 40_000}


def seconds(do, rounds):
    times = []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        do()
        times.append(time.perf_counter() - began)
    return min(times[1:])


def measured(encoder, x, dim, rounds):
    """Seconds of a step and of the pass over as many rows."""
    y = torch.tensor([losses.NORMAL, losses.OUTLIER] * (ROWS // 2))
    loss = losses.BinaryDDCSAD(dim)
    optimizer = train.adam_two_rates(encoder, loss)

    def step():
        encoder.train()
        optimizer.zero_grad()
        loss(encoder(x), y).backward()
        optimizer.step()

    def whole():
        loss.update_centers(train.embed(encoder, x), y)

    return seconds(step, rounds), seconds(whole, rounds)


def main(rounds=3):
    torch.set_num_threads(1)
    cases = {
        "ResNet38 at 1/8, ten segments of 128 x 256 a clip": (
            encoders.ResNet38(1 / 8), 8 * torch.randn(ROWS, 128, 256), 256, 10,
        ),
        "Toy, mean and maximum of a clip": (encoders.Toy(128), torch.randn(ROWS, 128, 2), 128, 1),
    }  # fmt: skip
    for name, (encoder, x, dim, several) in cases.items():
        step, whole = measured(encoder, x, dim, rounds)
        a_clip = whole / ROWS * several
        print(
            f"{name}: a step {1000 * step:.1f} ms, as many rows in the pass {1000 * whole:.1f} ms; "
            f"{100 * MOST:.0f} % of an epoch are reached with "
            f"{MOST / (1 - MOST) * STEPS * step / a_clip:.0f} clips"
        )
        for told, clips in SETS.items():
            share = clips * a_clip / (clips * a_clip + STEPS * step)
            needed = (1 - MOST) / MOST * clips * a_clip / step
            print(
                f"    {told}, {clips} clips: {100 * share:.1f} % of an epoch; "
                f"{100 * MOST:.0f} % by epochs of {needed:.0f} steps",
                flush=True,
            )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
