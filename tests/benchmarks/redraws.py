"""Time of one redraw of every view, beside a bare matplotlib figure of its size drawn to PNG.

python tests/benchmarks/redraws.py [turns]

A turn moves a control of each view and draws the bare figure, a line on one pair of axes; medians
count.
"""

import gc
import io
import sys
import time

import numpy as np
import pandas as pd
import torch
from matplotlib.figure import Figure

from asdkit import encoders, sound, views

RNG = np.random.default_rng(0)


def cloud(center, count):
    return RNG.normal(center, 0.3, size=(count, len(center)))


def sounds():
    healthy = [sound.simulate("fan", snr=20.0, seconds=5.0, seed=seed) for seed in range(9)]
    faulty = sound.simulate("fan", fault="worn_bearing", snr=20.0, seconds=5.0, seed=0)
    return healthy[0], faulty, torch.stack(healthy[1:])


def trained():
    """Snapshots of 16 sub-clusters for each of 3 machines of 4 types, and what a ClusterView needs
    beside them.
    """
    y = np.repeat(np.arange(12), 48)
    centers = RNG.normal(size=(12, 16, 128))
    owners = [f"{kind}/{number}" for kind in "abcd" for number in range(3)]
    setting = [f"{owners[own]} {number % 3}" for number, own in enumerate(y)]
    snapshots = {epoch: (RNG.normal(size=(len(y), 128)), centers) for epoch in (0, 1)}
    return {16: snapshots}, y, setting, owners


def rebuilding():
    """Untrained auto-encoders of two bottlenecks, a clip, and scores beside it."""
    networks = {size: encoders.AutoEncoder(widths=(128,) * 4, bottleneck=size) for size in (2, 8)}
    wave = sound.simulate("fan", snr=20.0, seconds=10.0)
    return networks, {"fan": wave}, {size: RNG.uniform(2000, 4000, 50) for size in networks}


def borrowed(dim):
    """Two networks of 50 normal clips and 550 outliers, and what a CentroidView needs beside
    them.
    """
    label, role = np.repeat([0, 1], 50), np.repeat([1, 0], [50, 550])
    runs = {
        (name, 0): (
            RNG.normal(size=(600, dim)) + 3.0 * (role == 0)[:, None],
            role, RNG.normal(size=(100, dim)) + label[:, None], RNG.uniform(size=100),
            np.array([[0.0], [3.0]]) * np.ones(dim),
        )
        for name in ("other ids", "all")
    }  # fmt: skip
    return runs, label


def microphones():
    """A table of 48 training and 72 test clips of each of two machines, and powers of 128 bands at
    a near and a far microphone, as in lesson 02.
    """
    own = {"split": ["train"] * 48 + ["test"] * 72, "label": [0] * 84 + [1] * 36}
    clips = pd.concat([pd.DataFrame({"machine": name} | own) for name in ("fan", "pump")])
    near, far = torch.from_numpy(RNG.gamma(2.0, size=(2, len(clips), 128)))
    return clips.reset_index(drop=True), near + far, far


def made():
    """Each view, and two settings of it to go to and fro between."""
    label, score = np.repeat([0, 1], 200), RNG.normal(size=400) + np.repeat([0, 1], 200)
    two = [cloud([1.0, 0.2], 100), cloud([1.0, 0.2], 100), cloud([0.0, 1.0], 50)]
    three = [cloud([1.0, 0.2, 0.1], 100), cloud([1.0, 0.2, 0.1], 100), cloud([0.0, 1.0, 0.2], 50)]
    return {
        "AlphaView": (views.AlphaView(), {"angle": 10}, {"angle": 60}),
        "AttentionView": (views.AttentionView(sounds()[0]), {"gain": 5}, {"gain": 10}),
        "CentroidView, 2": (
            views.CentroidView(*borrowed(2)), {"outliers": "all"}, {"outliers": "other ids"},
        ),
        "CentroidView, 128": (
            views.CentroidView(*borrowed(128)), {"alpha": 0.1}, {"alpha": 0.9},
        ),
        "ClusterView": (views.ClusterView(*trained()), {"epoch": 0}, {"epoch": 1}),
        "FarView": (views.FarView(*microphones()), {"share": 0.2}, {"share": 0.5}),
        "FaultView": (views.FaultView(), {"strength": 0.3}, {"strength": 0.8}),
        "FeatureView": (views.FeatureView(*sounds()), {"window": 512}, {"window": 1024}),
        "FeatureView, mean": (
            views.FeatureView(*sounds()).set(summary="temporal mean"),
            {"window": 512}, {"window": 1024},
        ),
        "LossLab": (views.LossLab(), {"angle": 10}, {"angle": 60}),
        "MixingView": (views.MixingView(*sounds()[:2]), {"lam": 0.2}, {"lam": 0.7}),
        "ReconstructionView": (
            views.ReconstructionView(*rebuilding()), {"size": 2}, {"size": 8},
        ),
        "RegionView, circle": (views.RegionView(*two), {"rate": 0.1}, {"rate": 0.3}),
        "RegionView, sphere": (views.RegionView(*three), {"rate": 0.1}, {"rate": 0.3}),
        "RegionView, plane": (
            views.RegionView(*two, space="plane"), {"rate": 0.1}, {"rate": 0.3},
        ),
        "ScaleView": (views.ScaleView(), {"dim": 8}, {"dim": 16}),
        "SubspaceView": (views.SubspaceView(), {"longitude": 0}, {"longitude": 40}),
        "SubspaceView, 64": (
            views.SubspaceView(dim=64, subspace_dim=16), {"longitude": 0}, {"longitude": 40},
        ),
        "ThresholdView": (
            views.ThresholdView(label, score), {"threshold": 0.2}, {"threshold": 0.7},
        ),
        "ThresholdView, p": (
            views.ThresholdView(label, score, p=0.1), {"threshold": 0.2}, {"threshold": 0.7},
        ),
    }  # fmt: skip


def bare(size, dpi):
    figure = Figure(figsize=size, dpi=dpi)
    figure.subplots().plot(np.arange(100))
    figure.savefig(io.BytesIO(), format="png", dpi=dpi)


def timed(run):
    began = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - began)


def main(turns=15):
    cases = made()
    for view, *_ in cases.values():
        assert view.image.value  # looked at: before that nothing is drawn
    times = {name: [] for name in cases}
    plain = {name: [] for name in cases}
    gc.disable()  # one view would pay for the figures of all: half a second in a turn
    for turn in range(2 * turns):
        gc.collect()
        for name, (view, *settings) in cases.items():
            figure = view.figure()
            times[name].append(timed(lambda: view.set(**settings[turn % 2])))  # noqa: B023
            plain[name].append(timed(lambda: bare(figure.get_size_inches(), figure.dpi)))  # noqa: B023
    for name in cases:
        ours, theirs = np.median(times[name][2:]), np.median(plain[name][2:])
        print(
            f"{name:20s} {ours:6.0f} ms, a bare figure {theirs:6.0f} ms, ratio {ours / theirs:5.2f}"
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
