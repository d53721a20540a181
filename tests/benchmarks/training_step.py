"""Time of a step of the [SCA] network, with and without the allocator setting, and of the loop.

    python tests/benchmarks/training_step.py [rounds]

Each round starts one process with ASDKIT_MALLOC=0 and one with 1. The smallest time counts: what
else the machine does only ever adds to it.
"""

import json
import os
import subprocess
import sys
import time

BATCHES = (32, 64)
STEPS = 12


def bare(encoder, loss, optimizer, inputs, y, steps):
    """What no loop can do without."""
    times = []
    for _ in range(steps):
        began = time.perf_counter()
        optimizer.zero_grad()
        loss(encoder(inputs), y).backward()
        optimizer.step()
        times.append(time.perf_counter() - began)
    return times


def child():
    import torch

    from asdkit import train
    from asdkit.encoders import ResNet
    from asdkit.losses import SubClusterAdaCos
    from asdkit.mixup import mix

    result = {}
    for batch in BATCHES:
        torch.manual_seed(0)
        inputs, y = torch.randn(batch, 128, 313), torch.arange(batch) % 41
        encoder, loss = ResNet(128), SubClusterAdaCos(128, 41, 16)
        optimizer = train.adam(encoder, loss)
        bare(encoder, loss, optimizer, inputs, y, 2)
        steps, loop = [], []
        for _ in range(2):
            steps += bare(encoder.train(), loss.train(), optimizer, inputs, y, STEPS // 2)
            began = time.perf_counter()
            train.fit(
                encoder,
                loss,
                inputs,
                y,
                mixing=mix,
                epochs=STEPS // 2,
                batch_size=batch,
                device="cpu",
            )
            loop.append((time.perf_counter() - began) / (STEPS // 2))
        result[batch] = {"bare": min(steps), "fit": min(loop)}
    print(json.dumps(result))


def main(rounds=3):
    table = {setting: {batch: {"bare": [], "fit": []} for batch in BATCHES} for setting in "01"}
    for _ in range(rounds):
        for setting in "01":
            environment = {**os.environ, "ASDKIT_MALLOC": setting, "ASDKIT_PROGRESS": "0"}
            command = [sys.executable, __file__, "child"]
            out = subprocess.run(
                command, env=environment, capture_output=True, text=True, check=True
            ).stdout
            for batch, times in json.loads(out).items():
                for name, value in times.items():
                    table[setting][int(batch)][name].append(value)
    print("batch  setting  bare step s  step of fit s  fit / bare")
    for batch in BATCHES:
        best = {}
        for setting in "01":
            best[setting] = {name: min(values) for name, values in table[setting][batch].items()}
            step, loop = best[setting]["bare"], best[setting]["fit"]
            print(f"{batch:5d}  {setting:>7}  {step:11.3f}  {loop:13.3f}  {loop / step:10.2f}")
        print(
            f"{batch:5d}  the setting makes a step "
            f"{best['0']['bare'] / best['1']['bare']:.2f} times as fast"
        )


if __name__ == "__main__":
    child() if sys.argv[1:] == ["child"] else main(*map(int, sys.argv[1:]))
