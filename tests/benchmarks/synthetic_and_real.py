"""Synthetic machines beside real recordings: third octaves, crest, short-time level, modulation.

    python tests/benchmarks/synthetic_and_real.py DIR [FIGURES]

DIR holds real clips in folders named after the machine, such as dcase2020_fan or valve/train; only
clips with `normal` in their name are taken. A row of figures a folder goes to FIGURES, if given.
The synthetic clips are the normal source clips of data/machines.toml. Nothing here is a test: it
prints what differs.
"""

import sys
from pathlib import Path

import numpy as np
import soundfile
from scipy import signal

from asdkit import figures, runtime, sound
from asdkit.sound.synthetic import recipe as recipes
from asdkit.sound.synthetic import synth

ALIASES = {"toyconveyor": "conveyor"}
BANDS = ((125, 500), (500, 2000), (2000, 7800))
RATES = (0.5, 2, 8, 32)  # edges of the modulation bands in Hz


def real_clips(root):
    found = {}
    for path in sorted(Path(root).rglob("*normal*.wav")):
        for folder in reversed(path.relative_to(root).parts[:-1]):
            name = folder.rpartition("_")[2].lower()
            machine = ALIASES.get(name, name)
            if machine in sound.faults():
                found.setdefault((machine, folder), []).append(soundfile.read(path)[0][:160_000])
                break
    return {key: np.stack(waves) for key, waves in found.items()}


def synthetic_clips(recipe, machine, clips=8):
    wanted = [
        one for one in recipes.plan(recipe, 24) if one.machine == machine and one.domain == "source"
    ]
    wanted = [
        one
        for one in wanted
        if one.label == "normal" and one.split == "train" and one.number < clips
    ]
    return np.stack([synth.clip(recipe, one)[0] for one in wanted])


def statistics(waves):
    """Medians over clips in dB: crest, short-time level at 5 and 95 %, modulation by band."""
    waves = waves - waves.mean(axis=1, keepdims=True)
    waves = waves / waves.std(axis=1, keepdims=True)
    crest = 20 * np.log10(np.abs(waves).max(axis=1))
    frames = np.square(waves).reshape(len(waves), -1, 1600).mean(axis=2)
    levels = 10 * np.log10(np.percentile(frames, [5, 95], axis=1))
    depths = []
    for low, high in BANDS:
        band = signal.sosfilt(signal.butter(4, (low, high), "band", fs=16000, output="sos"), waves)[
            :, 8000:
        ]
        envelope = np.sqrt(np.square(band).reshape(len(band), -1, 160).mean(axis=2))
        power = (
            np.square(np.abs(np.fft.rfft(envelope / envelope.mean(axis=1, keepdims=True) - 1))) * 2
        )
        f = np.fft.rfftfreq(envelope.shape[1], 0.01)
        for slow, fast in zip(RATES, RATES[1:]):
            rows = power[:, (f >= slow) & (f < fast)].sum(axis=1) / envelope.shape[1] ** 2
            depths.append(10 * np.log10(np.median(rows)))
    return np.array([np.median(crest), *np.median(levels, axis=1), *depths])


def main(root, out=None):
    recipe = recipes.read(runtime.home() / "data" / "machines.toml")
    heads = [
        f"{low}-{high} Hz, {a:g}-{b:g} Hz" for low, high in BANDS for a, b in zip(RATES, RATES[1:])
    ]
    print(
        "columns: crest factor, level of 0.1 s at 5 and 95 % against the whole clip, "
        "modulation power in dB of"
    )
    print("the envelope's mean square: " + "; ".join(heads))
    for (machine, folder), real in real_clips(root).items():
        made = synthetic_clips(recipe, machine)
        centers, ours = figures.third_octaves(made)
        theirs = figures.third_octaves(real)[1]
        off = np.median(ours, axis=0) - np.median(theirs, axis=0)
        worst = np.argmax(np.abs(off))
        print(f"\n{folder}: {len(made)} synthetic, {len(real)} real clips")
        print(
            f"  third octaves: largest difference {off[worst]:+.1f} dB at {centers[worst]:.0f} Hz, "
            f"mean |difference| {np.abs(off).mean():.1f} dB; "
            f"from 50 Hz on {np.abs(off[2:]).mean():.1f} dB"
        )
        print("  by band:", *(f"{x:+.0f}" for x in off))
        for name, waves in (("synthetic", made), ("real", real)):
            print(f"  {name:9s}", *(f"{x:6.1f}" for x in statistics(waves)))
        if out:
            Path(out).mkdir(parents=True, exist_ok=True)
            figure = figures.spectra(
                {"synthetic": ours, f"real ({folder})": theirs}, centers, machine
            )
            (Path(out) / f"{folder}.png").write_bytes(figure.png())
    print(
        "\nno real clips in DIR for:",
        *sorted(set(recipe["machines"]) - {key[0] for key in real_clips(root)}),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
