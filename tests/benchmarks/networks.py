"""Time and memory of a training step of the networks of [AP], [NAM], [DDC] and [L2S], beside the
same layers written plainly in torch.

    python tests/benchmarks/networks.py [rounds] [part of a name ...]

Both take steps in turn in one process, on as many threads as torch takes. The smallest time counts:
what else the machine does only ever adds to it. Memory is the most that tensors of a step hold at
once, parameters apart. The auto-encoders stand in ``rebuilding.py`` beside this file.
"""

import sys
import time
from functools import partial

import torch
from adaproj import Held
from rebuilding import REBUILDING
from torch import nn

from asdkit import encoders, losses, train

BATCH, CLASSES = 32, 41


class Plain(nn.Module):
    """Modules in a row, or side by side with their outputs joined."""

    def __init__(self, *parts, join=None):
        super().__init__()
        self.parts, self.join = nn.ModuleList(parts), join

    def forward(self, x):
        if self.join is None:
            for part in self.parts:
                x = part(x)
            return x
        outputs = [part(x) for part in self.parts]
        return sum(outputs) if self.join == "sum" else torch.cat(outputs, dim=1)


class Apply(nn.Module):
    """A function as a module."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def two_branch(dim):
    """The layers of [AP] for clips of 10 s, padded as TensorFlow does."""
    window = torch.hann_window(1024)

    def picture(waves):
        x = torch.fft.rfft(waves.unfold(1, 1024, 512) * window).abs().mT
        return x - x.mean(dim=2, keepdim=True)

    def norm(channels, flat=False):
        return (nn.BatchNorm1d if flat else nn.BatchNorm2d)(channels, eps=1e-3, momentum=0.01)

    def same(x, stride):
        rows, columns = (2 if stride == 1 or size % 2 else 1 for size in x.shape[2:])
        pads = columns // 2, columns - columns // 2, rows // 2, rows - rows // 2
        return nn.functional.pad(x, pads)

    def line(before, kernel, stride, pad):
        layers = nn.ConstantPad1d(pad, 0.0), nn.Conv1d(before, 128, kernel, stride, bias=False)
        return *layers, nn.ReLU()

    def unit(before, after, first=False):
        stride = 1 if before == after else 2
        branch = Plain(
            *([] if first else [norm(before)]), nn.ReLU(),
            Apply(partial(same, stride=stride)), nn.Conv2d(before, after, 3, stride, bias=False),
            norm(after),
            nn.ReLU(), nn.Conv2d(after, after, 3, padding=1, bias=False),
        )  # fmt: skip
        pool = nn.MaxPool2d(2, ceil_mode=True), nn.Conv2d(before, after, 1, bias=False)
        return Plain(branch, nn.Identity() if stride == 1 else Plain(*pool), join="sum")

    dense = []
    for before in (1280, 128, 128, 128):
        dense += [nn.Linear(before, 128, bias=False), norm(128, flat=True), nn.ReLU()]
    spectrum = Plain(
        Apply(lambda waves: torch.fft.rfft(waves).abs()[:, None, :80000]),
        *line(1, 256, 64, (96, 96)), *line(128, 64, 32, (31, 31)), *line(128, 16, 4, (6, 6)),
        nn.Flatten(), *dense, nn.Linear(128, dim // 2, bias=False),
    )  # fmt: skip
    units = [unit(16, 16, first=True), unit(16, 16), unit(16, 32), unit(32, 32)]
    units += [unit(32, 64), unit(64, 64), unit(64, 128), unit(128, 128)]
    spectrogram = Plain(
        Apply(picture), norm(513, flat=True), nn.Unflatten(1, (1, 513)),
        nn.ZeroPad2d((3, 3, 3, 3)), nn.Conv2d(1, 16, 7, 2, bias=False), norm(16), nn.ReLU(),
        nn.MaxPool2d(3, 2), *units, Apply(lambda x: x.amax(dim=3).flatten(1)),
        norm(2048, flat=True), nn.Linear(2048, dim // 2, bias=False),
    )  # fmt: skip
    return Plain(spectrum, spectrogram, join="cat")


def tastgram(dim):
    """The layers of [NAM] for clips of 10 s."""

    def block(before, after, kernel, stride=1, groups=1, linear=False):
        padding = 1 if kernel == 3 else 0
        layers = [nn.Conv2d(before, after, kernel, stride, padding, groups=groups, bias=False)]
        layers.append(nn.BatchNorm2d(after))
        return Plain(*layers, *([] if linear else [nn.PReLU(after)]))

    def bottleneck(before, after, stride, wide):
        branch = Plain(
            block(before, wide, 1), block(wide, wide, 3, stride, wide),
            block(wide, after, 1, linear=True),
        )  # fmt: skip
        return branch if stride == 2 else Plain(branch, nn.Identity(), join="sum")

    wave = [nn.Unflatten(1, (1, -1)), nn.Conv1d(1, 128, 1024, 512, 512, bias=False)]
    for _ in range(3):
        wave += [nn.LayerNorm(313), nn.LeakyReLU(0.2)]
        wave.append(nn.Conv1d(128, 128, 3, padding=1, bias=False))
    tgram = Plain(*wave)
    face = Plain(
        block(3, 64, 3, 2), block(64, 64, 3, groups=64),
        bottleneck(64, 128, 2, 128), bottleneck(128, 128, 1, 256),
        bottleneck(128, 128, 2, 512), bottleneck(128, 128, 1, 512),
        bottleneck(128, 128, 2, 512), bottleneck(128, 128, 1, 512),
        block(128, 512, 1), block(512, 512, (8, 20), groups=512, linear=True),
        block(512, dim, 1, linear=True), nn.Flatten(),
    )  # fmt: skip

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.tgram, self.face = tgram, face

        def forward(self, batch):
            wave, x = batch
            heeded = torch.sigmoid(x.amax(dim=1) + x.mean(dim=1))[:, None] * x
            return self.face(torch.stack([self.tgram(wave), x, heeded], dim=1))

    return Net()


def resnet38(width):
    """The layers of [DDC]."""

    def convs(before, after, drop=0.0, last=True):
        layers = []
        for a, b in ((before, after), (after, after)):
            layers += [nn.Conv2d(a, b, 3, padding=1, bias=False), nn.BatchNorm2d(b), nn.ReLU()]
        layers.insert(3, nn.Dropout(drop))
        return layers if last else layers[:-1]

    def block(before, after):
        pool = [] if before == after else [nn.AvgPool2d(2)]
        skip = [nn.Conv2d(before, after, 1, bias=False), nn.BatchNorm2d(after)] if pool else []
        branch = Plain(*pool, *convs(before, after, 0.1, last=False))
        return Plain(Plain(branch, Plain(*pool, *skip), join="sum"), nn.ReLU())

    sizes = [round(width * c) for c in [64] * 4 + [128] * 4 + [256] * 6 + [512] * 3]
    blocks = [block(before, after) for before, after in zip(sizes, sizes[1:])]
    return Plain(
        Apply(lambda x: x[:, None]), *convs(1, sizes[0]), nn.AvgPool2d(2), nn.Dropout(0.2),
        *blocks, nn.AvgPool2d(2), nn.Dropout(0.2), *convs(sizes[-1], round(2048 * width)),
        nn.Dropout(0.2), Apply(lambda x: x.mean(dim=(2, 3))),
    )  # fmt: skip


def stepper(encoder, loss, inputs, classes):
    first = inputs[0] if isinstance(inputs, tuple) else inputs
    optimizer, y = train.adam(encoder, loss), torch.arange(len(first)) % classes

    def step():
        began = time.perf_counter()
        optimizer.zero_grad()
        loss(encoder(inputs), y).backward()
        optimizer.step()
        return time.perf_counter() - began

    return step


def memory(step, *parts):
    with Held(*[weight for part in parts for weight in part.parameters()]) as held:
        step()
    return held.most / 1e6


def main(rounds=6, *wanted):
    waves = 0.1 * torch.randn(BATCH, 160000)
    log_mel = 8 * torch.randn(BATCH, 128, 313) - 20
    pairs = {
        "TwoBranch with AdaProj": (
            encoders.TwoBranch(512), two_branch(512), partial(losses.AdaProj, 512, CLASSES), waves,
        ),
        "TASTgram with Noisy-ArcMix": (
            encoders.TASTgram(128), tastgram(128), partial(losses.NoisyArcMix, 128, CLASSES),
            (waves, log_mel),
        ),
        "ResNet38 of an eighth of the width": (
            encoders.ResNet38(1 / 8), resnet38(1 / 8), partial(losses.BinaryCrossEntropy, 256),
            log_mel[:, :, :256],
        ),
    } | REBUILDING  # fmt: skip
    for name, (ours, plain, loss, inputs) in pairs.items():
        if wanted and not any(part in name for part in wanted):
            continue
        counts = {sum(p.numel() for p in net.parameters()) for net in (ours, plain)}
        assert len(counts) == 1, counts
        parts = [(net, loss()) for net in (ours, plain)]
        classes = CLASSES if hasattr(parts[0][1], "classes") else 2
        steps = [stepper(*part, inputs, classes) for part in parts]
        times = [[step() for step in steps] for _ in range(rounds + 1)][1:]
        held = [memory(step, *part) for step, part in zip(steps, parts)]
        ours, plain = (min(column) for column in zip(*times))
        print(
            f"{name}, {torch.get_num_threads()} threads: {1000 * ours:.0f} ms, "
            f"plain {1000 * plain:.0f} ms, ratio {ours / plain:.2f}; "
            f"{held[0]:.0f} MB, plain {held[1]:.0f} MB, ratio {held[0] / held[1]:.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]), *sys.argv[2:])
