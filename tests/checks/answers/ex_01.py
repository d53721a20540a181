"""Answers to the exercises of notebook 01: right answers, and wrong ones by the hint that each must
get.
"""

import math

import numpy as np
import torch


def ball_pass(rpm, n, d, pitch, contact):
    return n / 2 * rpm / 60 * (1 - d / pitch * math.cos(contact))


def ball_pass_by_cage(rpm, n, d, pitch, contact):
    """The balls roll between a fixed and a turning ring: their centers move at half the inner
    ring's surface speed.
    """
    shaft, inner = 2 * math.pi * rpm / 60, pitch / 2 - d / 2 * math.cos(contact)
    return n * (shaft * inner / 2) / (pitch / 2) / (2 * math.pi)


def rms(wave):
    return np.sqrt(np.mean(wave**2))


def mix_at(machine, background, snr):
    power = np.mean(machine**2) / 10 ** (snr / 10)
    return machine + background * np.sqrt(power / np.mean(background**2))


def mix_in_torch(machine, background, snr):
    return (
        machine
        + background
        * machine.square().mean().sqrt()
        / background.square().mean().sqrt()
        / 10 ** (snr / 20)
    )


def leaked(train, test):
    def unit(x):
        return x / np.linalg.norm(x, axis=1, keepdims=True)

    return [any(np.allclose(clip, known) for known in unit(train)) for clip in unit(test)]


def cosines(train, test):
    return np.array(
        [[x @ clip / math.sqrt((x @ x) * (clip @ clip)) for clip in test] for x in train]
    )


def leaked_in_torch(train, test):
    return (
        torch.cdist(torch.nn.functional.normalize(test), torch.nn.functional.normalize(train))
        < 1e-5
    ).any(dim=1)


RIGHT = {
    "ex_01_1": [ball_pass, ball_pass_by_cage],
    "ex_01_2": [mix_at, mix_in_torch],
    "ex_01_3": [leaked, leaked_in_torch],
}
WRONG = {
    "ex_01_1": {
        "divide by 60": lambda rpm, *rest: ball_pass(60 * rpm, *rest),
        "inner ring": lambda rpm, n, d, pitch, contact: (
            n / 2 * rpm / 60 * (1 + d / pitch * math.cos(contact))
        ),
        "half of it is missing": lambda rpm, n, d, D, contact: (
            n * rpm / 60 * (1 - d / D * math.cos(contact))
        ),
        "one ball": lambda rpm, n, d, D, contact: rpm / 120 * (1 - d / D * math.cos(contact)),
        "contact angle is missing": lambda rpm, n, d, D, contact: n / 2 * rpm / 60 * (1 - d / D),
        "radians already": lambda rpm, n, d, D, contact: (
            ball_pass(rpm, n, d, D, math.radians(contact))
        ),
        "swapped": lambda rpm, n, d, D, contact: ball_pass(rpm, n, D, d, contact),
        "inside the bracket": lambda rpm, n, d, D, contact: (
            n / 2 * rpm / 60 * math.cos(contact) * (1 - d / D)
        ),
        "where its cosine belongs": lambda rpm, n, d, D, contact: (
            n / 2 * rpm / 60 * (1 - d / D * math.sin(contact))
        ),
        "as if the balls stood still": lambda rpm, n, *rest: n * rpm / 60,
        "sign is flipped": lambda *bearing: -ball_pass(*bearing),
    },
    "ex_01_2": {
        "added as it is": lambda m, b, snr: m + b,
        "flipped": lambda m, b, snr: mix_at(m, b, -snr),
        "square root, 10^(-SNR/20)": lambda m, b, snr: m + b * rms(m) / rms(b) * 10 ** (-snr / 10),
        "divide by its RMS": lambda m, b, snr: m + rms(m) * 10 ** (-snr / 20) * b,
        "machine's level is left out": lambda m, b, snr: m + 10 ** (-snr / 20) * b / rms(b),
        "ratio of amplitudes belongs": lambda m, b, snr: (
            m + b * np.mean(m**2) / np.mean(b**2) / 10 ** (snr / 10)
        ),
        "levels of both are left out": lambda m, b, snr: m + b * 10 ** (-snr / 20),
        "upside down": lambda m, b, snr: m + b * rms(b) / rms(m) / 10 ** (snr / 20),
        "gain is on the machine": lambda m, b, snr: b + m * rms(b) / rms(m) * 10 ** (snr / 20),
        "machine's level is changed": lambda m, b, snr: m / rms(m) + b / rms(b) / 10 ** (snr / 20),
        "mixture is normalized": lambda m, b, snr: mix_at(m, b, snr) / abs(mix_at(m, b, snr)).max(),
        "a deviation leaves the mean out": lambda m, b, snr: (
            m + b * m.std() / b.std() / 10 ** (snr / 20)
        ),
        "add the machine": lambda m, b, snr: mix_at(m, b, snr) - m,
        "largest sample": lambda m, b, snr: m + b * abs(m).max() / abs(b).max() * 10 ** (-snr / 20),
        "yours gives a single number": lambda m, b, snr: rms(m),
    },
    "ex_01_3": {
        "another level is missed": lambda train, test: (
            [bool((train == clip).all(axis=1).any()) for clip in test]
        ),
        "swapped": lambda train, test: ~np.array(leaked(train, test)),
        "counts the training clips": lambda train, test: (
            (cosines(train, test) > 0.9999).sum(axis=0)
        ),
        "largest cosines": lambda train, test: cosines(train, test).max(axis=0),
        "merely alike": lambda train, test: cosines(train, test).max(axis=0) > 0.5,
        "equal energy": lambda train, test: [
            bool(np.isclose((train**2).sum(axis=1), clip @ clip).any()) for clip in test
        ],
        "that of the same row": lambda train, test: [
            np.allclose(clip / np.linalg.norm(clip), known / np.linalg.norm(known))
            for clip, known in zip(test, train)
        ],
        "not for all": lambda train, test: (cosines(train, test) > 0.9999).all(axis=0),
        "grow with their levels": lambda train, test: [any(train @ clip > 0.999) for clip in test],
        "no clip is called a copy": lambda train, test: (
            test @ train.T / np.linalg.norm(test) / np.linalg.norm(train) > 0.999
        ).any(axis=1),
        "by its own norm, along axis=1": lambda train, test: (
            (test / np.linalg.norm(test, axis=0)) @ (train / np.linalg.norm(train, axis=0)).T
            > 0.999
        ).any(axis=1),
        "rounded to less": lambda train, test: (
            (test / np.linalg.norm(test, axis=1)[:, None])
            @ (train / np.linalg.norm(train, axis=1)[:, None]).T
            == 1
        ).any(axis=1),
        "equal deviation": lambda train, test: [
            any(np.isclose(clip.std(), known.std()) for known in train) for clip in test
        ],
        "must give shape (6,)": lambda train, test: leaked(test, train),
        "is likeness, not identity": lambda train, test: cosines(train, test).max(axis=0) > 0.9,
        "leave the cosine its sign": lambda train, test: (
            (np.abs(cosines(train, test)) > 0.999).any(axis=0)
        ),
        "two samples": lambda train, test: [
            bool(np.isclose(train[:, 1] / train[:, 0], clip[1] / clip[0]).any()) for clip in test
        ],
    },
}  # fmt: skip
