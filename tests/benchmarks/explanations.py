"""Measure explanations of scores on faults whose time and band are known, and store the measures.

    python tests/benchmarks/explanations.py data/traces/explanations.csv

A clip is made twice, with a fault and without, and is the same to the last bit beside it: a patch
is planted where the fault changes its level by 3 dB or more. A burst of noise of one band and half
a second is planted too. Three detectors are fitted on ``sound.toy(48)``, of 5 s a clip. What a
patch is worth is compared with the change of the score when the patch of the clean twin is put in.
The file is written after each detector, and the command goes on with one that was cut off; names
of detectors after the file are those that are trained now.
"""

import sys
import time
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from scipy.stats import spearmanr

from asdkit import __version__, explain, runtime, sound, systems, traces
from asdkit.sound.synthetic import recipe

TOY = recipe.read(runtime.built_in()["toy"])
SECONDS, RATE, PLANTED = 5.0, 16000, 3.0
STRENGTHS, SECTIONS, FIRST = (0.5, 1.0), 3, 1000
SYSTEMS = {  # the control, Toy of 2 dimensions on the front of [SCA], and the network of [SCA]
    "mean_gaussian": {}, "toy": {"epochs": 60, "encoder": "Toy", "dim": 2},
    "subcluster_adacos": {"epochs": 8},
}  # fmt: skip
KINDS = [
    (machine, fault)
    for machine, settings in TOY["machines"].items()
    for fault in (*settings["faults"], "burst")
]


def pair(machine, section, fault, strength):
    """A clip with a fault, and its clean twin, at the level of a training clip (T,) each."""
    seed, settings = FIRST + section, TOY["machines"][machine]
    rng = np.random.default_rng([seed, len(machine)])
    told = {
        "seed": seed, "seconds": SECONDS, "background": 0, "microphone": 1,
        "speed": rng.normal(1.0, 0.01), "load": 0.6 * rng.normal(1.0, 0.03),
        "snr": rng.uniform(*settings["snr"]),
    }  # fmt: skip
    clean = sound.simulate(machine, section, **told)
    if fault == "burst":
        faulty = clean + strength * burst(clean, rng)
    else:
        faulty = sound.simulate(machine, section, fault=fault, strength=strength, **told)
    gain = 10 ** (rng.uniform(*TOY["level"]) / 20) / clean.square().mean().sqrt()
    return gain * faulty, gain * clean


def burst(clean, rng):
    """Noise of half an octave and half a second, 10 dB above the clip in that place (T,)."""
    begin, low = rng.uniform(0.2, SECONDS - 0.7), rng.uniform(200.0, 5000.0)
    hertz = np.fft.rfftfreq(len(clean), 1 / RATE)
    band = (hertz >= low) & (hertz < 2**0.5 * low)
    when = np.arange(len(clean)) / RATE - begin
    inside = (when >= 0) & (when < 0.5)
    noise, here = (
        np.fft.irfft(np.fft.rfft(wave) * band, len(clean))
        for wave in (rng.standard_normal(len(clean)), clean.double().numpy())
    )
    noise = noise * inside * np.sin(np.pi * when / 0.5) ** 2
    noise *= np.sqrt(10.0 * np.mean(here[inside] ** 2) / np.mean(noise[inside] ** 2))
    return torch.from_numpy(noise).float()


def measure(explainer, machine, section, fault, strength):
    """Measures of one clip: what was planted, found and ranked, by the worth and by controls."""
    group, kind = f"{machine}/{section:02d}", KINDS.index((machine, fault))
    chance = np.random.default_rng([section, kind, round(10 * strength)])
    faulty, clean = pair(machine, section, fault, strength)
    why = explainer.explain_wave(faulty, group)
    twin = explain.explain(explain.scorer(explainer.detector, group), faulty, clean[None])
    planted = np.abs(twin.excess.ravel()) >= PLANTED
    told = {
        "score": why.score, "clean": twin.rest, "threshold": why.threshold, "rest": why.rest,
        "planted": planted.sum(), "stands_out": why.stands_out,
    }  # fmt: skip
    by_chance = chance.normal(size=planted.size)
    for name, by in (("worth", why.worth), ("excess", why.excess), ("random", by_chance)):
        order = np.argsort(-by.ravel())
        told[f"{name} found"] = planted[order[: planted.sum()]].sum()
        told[f"{name} hit"] = planted[order[0]]
        told[f"{name} rank"] = rank(by, twin.worth)
    of_bands = twin.score - twin.remaining_bands
    told["worth band rank"] = rank(why.score - why.remaining_bands, of_bands)
    told["excess band rank"] = rank(why.excess_bands, of_bands)
    return {name: float(value) for name, value in told.items()}


def rank(one, other):
    return spearmanr(one.ravel(), other.ravel())[0]


def neighbors(explainer):
    """How well the worths of a clean clip by one neighbor, and by two, agree with those by others;
    how many clean clips have something that stands out, and the processor seconds of one.
    """
    ones, twos, alarms, seconds = [], [], [], []
    for machine in TOY["machines"]:
        for section in range(SECTIONS):
            group, (_, clean) = f"{machine}/{section:02d}", pair(machine, section, "burst", 1.0)
            score = explain.scorer(explainer.detector, group)
            waves = explainer.neighbors(clean, group, 4)
            maps = [explain.explain(score, clean, one[None]).worth for one in waves]
            ones += [rank(maps[a], maps[b]) for a, b in combinations(range(4), 2)]
            for b in (1, 2, 3):
                c, d = {1, 2, 3} - {b}
                twos.append(rank(maps[0] + maps[b], maps[c] + maps[d]))
            began = time.process_time()
            alarms.append(explainer.explain_wave(clean, group).stands_out)
            seconds.append(time.process_time() - began)
    return np.mean(ones), np.mean(twos), np.sum(alarms), np.mean(seconds)


def main(out, *names):
    train, _ = sound.split(sound.toy(48))
    rows = [(*kind, strength) for kind in KINDS for strength in STRENGTHS]
    rows = [(*row[:1], section, *row[1:]) for row in rows for section in range(SECTIONS)]
    told = [(m, f"{s:02d}", "source", 1, f"{f} {g:g}") for m, s, f, g in rows]
    facts = pd.DataFrame(told, columns=list(traces.FACTS))
    notes = [f"python tests/benchmarks/explanations.py data/traces/{Path(out).name}"]
    notes.append(f"asdkit {__version__}, toy data, {len(train)} training clips of {SECONDS:g} s")
    table = facts
    if Path(out).exists():
        table, notes = traces.read(out)
    for name in names or SYSTEMS:
        if f"{name}|score" in table:
            continue
        system = systems.get("subcluster_adacos" if name == "toy" else name, seconds=SECONDS)
        detector = system.but(**SYSTEMS[name]).fit(train, device="cpu", seed=0)
        explainer = explain.Explainer(detector, train)
        found = pd.DataFrame([measure(explainer, *row) for row in rows])
        table = pd.concat([table, found.add_prefix(f"{name}|")], axis=1)
        one, two, alarms, seconds = neighbors(explainer)
        notes.append(
            f"{name}: worths of {SECTIONS * len(TOY['machines'])} clean clips by one neighbor "
            f"agree with those by another to {one:.2f}, by two with two others to {two:.2f} "
            f"(rank correlation); {alarms} of these clips stand out"
        )
        print(f"{notes[-1]}; {seconds:.2f} s an explanation", flush=True)
        traces.write(out, table, notes)


if __name__ == "__main__":
    main(*sys.argv[1:])
