"""Clips a second of LogMel against a loop over librosa, turn by turn; the best of 5 turns counts.

python tests/benchmarks/log_mel.py [clips]
"""

import sys
import time

import librosa
import numpy as np
import torch

from asdkit.features import LogMel


def by_librosa(waves):
    pictures = []
    for wave in waves:
        power = librosa.feature.melspectrogram(
            y=wave,
            sr=16000,
            n_fft=1024,
            hop_length=512,
            n_mels=128,
            fmin=0,
            fmax=8000,
            pad_mode="reflect",
        )
        pictures.append(librosa.power_to_db(power, ref=1.0, amin=1e-10, top_db=None))
    return np.stack(pictures)


def main(clips=64, turns=5):
    waves, log_mel = (
        torch.randn(clips, 160000, generator=torch.Generator().manual_seed(0)),
        LogMel(),
    )
    ours, theirs = log_mel(waves), by_librosa(waves.numpy())
    off = np.abs(ours.numpy() - theirs).mean()
    times = {"LogMel": [], "librosa": []}
    for _ in range(turns):
        for name, run in (
            ("LogMel", lambda: log_mel(waves)),
            ("librosa", lambda: by_librosa(waves.numpy())),
        ):
            began = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - began)
    best = {name: min(values) for name, values in times.items()}
    for name, value in best.items():
        print(f"{name:8s} {clips / value:7.1f} clips/s (10 s each)")
    print(
        f"LogMel is {best['librosa'] / best['LogMel']:.2f} times as fast; "
        f"mean difference {off:.1e} dB"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
