"""What a GPU does for each network: clips a second, memory, and how long [SCA] would take.

    python tests/benchmarks/gpu.py [--device cuda] [--networks ResNet Toy] [--batch 64]
        [--steps 20] [--rounds 5] [--clips 20000] [--compile | --no-compile]

Without a GPU it says so and runs every line on the CPU, by default at a small size. Of each network
one row: clips a second of bare forward, backward and optimizer, and how fast, as a ratio to that,
the loop of ``train.fit`` is with clips that are resident, streamed and mixed, and bare steps in
bf16 and compiled. The ways take turns in every round; ratios are medians over rounds. Then the
log-mels, and one epoch at the size of DCASE 2020, resident and streamed, with its memory.
"""

import argparse
import platform
import time
from functools import partial

import numpy as np
import torch

from asdkit import encoders, features, losses, mixup, runtime, train
from asdkit.train.loop import _record, train_epoch

CLASSES, DCASE_2020, EPOCHS = 41, 20_000, 400
WAVES, LOG_MEL = (160_000,), (128, 313)
NETWORKS = {  # encoder, loss, shape of a clip, how many classes or roles
    "Toy": (partial(encoders.Toy, 128), partial(losses.SubClusterAdaCos, 128, 41, 16), (128, 2)),
    "ResNet": (encoders.ResNet, partial(losses.SubClusterAdaCos, 128, 41, 16), LOG_MEL),
    "TwoBranch": (encoders.TwoBranch, partial(losses.AdaProj, 512, 41, 32), WAVES),
    "TASTgram": (
        encoders.TASTgram, partial(losses.NoisyArcMix, 128, 41, scale=30.0, margin=0.7),
        (WAVES, LOG_MEL),
    ),
    "MobileNetV2": (
        encoders.MobileNetV2, partial(losses.L2Softmax, 1280, 6, alpha=16.0), (64, 313),
    ),
    "ResNet38": (encoders.ResNet38, partial(losses.BinaryDDCSAD, 2048), (128, 256)),
    "AutoEncoder": (encoders.AutoEncoder, losses.SquaredError, (640,)),
}  # fmt: skip


def clips(shape, count):
    if isinstance(shape[0], tuple):
        return tuple(clips(part, count) for part in shape)
    return torch.randn(count, *shape)


class Case:
    """A network, its loss and its clips, and the ways to take as many steps."""

    def __init__(self, name, count, batch, device):
        encoder, loss, shape = NETWORKS[name]
        self.encoder, self.loss = encoder().to(device), loss().to(device)
        optimizer = train.adam(self.encoder, self.loss)
        self.run = train.Run(self.encoder, self.loss, optimizer, {"seed": 0})
        self.inputs, self.device, self.batch = clips(shape, count), device, batch
        self.y = torch.arange(count) % min(getattr(self.loss, "classes", 2), CLASSES)

    def feed(self, resident):
        feed = train.Feed(self.inputs, self.y, self.device)
        feed.resident = resident if self.device.type == "cpu" else False
        if resident:
            feed.settle()
        return feed

    def loop(self, feed, mixing=None, precision="float32"):
        self.run.settings["precision"] = precision
        plan = {"mixing": mixing, "schedule": None, "batches": train.shuffled}
        told = train_epoch(self.run, feed, 0, 1, plan | {"batch_size": self.batch})
        _record(self.run, 0, told)

    def bare(self, encoder, batches, precision=None):
        self.encoder.train(), self.loss.train()
        for batch, y in batches:
            self.run.optimizer.zero_grad()
            with torch.autocast(self.device.type, precision, enabled=precision is not None):
                x = encoder(batch)
            self.loss(x.float(), y).backward()
            self.run.optimizer.step()


def on_gpu(device):
    return device.type == "cuda"


def timed(way, device):
    """Seconds; on one thread of a CPU those of the processor, as others may use it too."""
    own = not on_gpu(device) and torch.get_num_threads() == 1
    clock = time.process_time if own else time.perf_counter
    if on_gpu(device):
        torch.cuda.synchronize(device)
    began = clock()
    way()
    if on_gpu(device):
        torch.cuda.synchronize(device)
    return clock() - began


def most_held(way, device):
    """GiB that a GPU holds at most."""
    if not on_gpu(device):
        return "-"
    torch.cuda.reset_peak_memory_stats(device)
    way()
    return f"{torch.cuda.max_memory_allocated(device) / 2**30:.2f}"


def row(name, args, device):
    """Clips a second of bare steps, ratios of the other ways, and the most memory that was held."""
    case = Case(name, args.steps * args.batch, args.batch, device)
    resident, streamed = case.feed(True), case.feed(False)
    order = torch.arange(len(case.y)).split(args.batch)
    batches = list(resident.batches(order))
    ways = {
        "bare": partial(case.bare, case.encoder, batches),
        "fit": partial(case.loop, resident),
        "streamed": partial(case.loop, streamed),
        "mixed": partial(case.loop, resident, mixup.mix),
    }
    if runtime.has_bf16(device):
        ways["bf16"] = partial(case.bare, case.encoder, batches, torch.bfloat16)
    if args.compile:
        ways["compiled"] = partial(case.bare, torch.compile(case.encoder), batches)
    first = {way: timed(run, device) for way, run in ways.items()}  # kernels are chosen, compiled
    times = [{way: timed(run, device) for way, run in ways.items()} for _ in range(args.rounds)]
    pace = len(case.y) / np.median([turn["bare"] for turn in times])
    ratios = {
        way: np.median([turn["bare"] / turn[way] for turn in times]) for way in list(ways)[1:]
    }
    cells = [f"{ratios[way]:.2f}" if way in ratios else "-" for way in COLUMNS]
    started = f"{first['compiled']:.0f}" if args.compile else "-"
    return [name, f"{pace:.1f}", *cells, most_held(ways["fit"], device), started]


COLUMNS = ("fit", "streamed", "mixed", "bf16", "compiled")
HEAD = ["network", "bare clips/s", *COLUMNS, "GiB of fit", "compiling s"]


def log_mels(device, batch, rounds):
    """Clips a second of the log-mels of 10 s, from waves that lie on the CPU."""
    waves, log_mel = 0.1 * torch.randn(batch, *WAVES), features.LogMel()
    times = [timed(lambda: log_mel(waves.to(device)), device) for _ in range(rounds + 1)][1:]
    return batch / np.median(times)


def epoch(args, device):
    """Print seconds of one epoch of [SCA], and what 400 of them take."""
    for resident in (True, False):
        if on_gpu(device):
            torch.cuda.reset_peak_memory_stats(device)
        case = Case("ResNet", args.clips, args.batch, device)
        feed = case.feed(resident)
        case.loop(case.feed(False), mixup.mix) if on_gpu(device) else None  # kernels are chosen
        seconds = timed(partial(case.loop, feed, mixup.mix), device) * DCASE_2020 / args.clips
        where = "resident" if feed.resident else "streamed"
        memory = torch.cuda.max_memory_allocated(device) / 2**30 if on_gpu(device) else None
        held = "" if memory is None else f", {memory:.1f} GiB on the card"
        told = "" if args.clips == DCASE_2020 else f", extrapolated from {args.clips} clips"
        print(
            f"one epoch of {DCASE_2020} clips of 10 s, {where}: {seconds:.0f} s, {EPOCHS} epochs "
            f"{EPOCHS * seconds / 3600:.1f} h{held}{told}",
            flush=True,
        )


def parsed():
    gpu = torch.cuda.is_available()
    parser = argparse.ArgumentParser()
    parser.add_argument("--device")
    parser.add_argument("--networks", nargs="*", default=list(NETWORKS), choices=NETWORKS)
    parser.add_argument("--batch", type=int, default=64 if gpu else 4)
    parser.add_argument("--steps", type=int, default=20 if gpu else 1)
    parser.add_argument("--rounds", type=int, default=5 if gpu else 3)
    parser.add_argument("--clips", type=int, default=DCASE_2020 if gpu else 8)
    parser.add_argument("--compile", action=argparse.BooleanOptionalAction, default=gpu)
    return parser.parse_args()


def main():
    args = parsed()
    device = runtime.device(args.device)
    name = torch.cuda.get_device_name(device) if on_gpu(device) else "no GPU at hand"
    print(
        f"{name}; {platform.machine()}, {torch.get_num_threads()} threads, torch "
        f"{torch.__version__}; batches of {args.batch}, {args.steps} steps, {args.rounds} rounds"
    )
    print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}")
    for network in args.networks:
        print(f"| {' | '.join(row(network, args, device))} |", flush=True)
    pace = log_mels(device, args.batch, args.rounds)
    print(f"log-mels of 10 s: {pace:.0f} clips a second")
    epoch(args, device)


if __name__ == "__main__":
    main()
