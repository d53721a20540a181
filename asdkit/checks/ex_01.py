"""Checks of notebook 01: a bearing's frequency, a mix at a given SNR, and leaked clips."""

import numpy as np

from .verdict import examine

BEARINGS = [(1500.0, 8, 7.9, 39.0, 0.0), (2940.0, 9, 10.0, 46.0, 0.4), (600.0, 12, 3.0, 30.0, 1.0)]


def ex_01_1(ball_pass):
    r"""Check ``ball_pass(rpm, balls, ball, pitch, contact)``, the rate of balls over the outer
    ring.

    $$f = \frac{n}{2} \cdot \frac{\text{rpm}}{60} \Big(1 - \frac{d}{D} \cos\varphi\Big)$$

    Shapes: a function of the speed in turns a minute, the number of balls n, their diameter d, the
        pitch diameter D and the contact angle in radians -> Hz.
    Example:
        >>> checks.ex_01_1(lambda rpm, n, d, D, a: n / 2 * rpm / 60 * (1 - d / D * np.cos(a)))
        ✓ Exercise 01.1: right. The cage carries the balls, a little slower than half ...
    Notebook: 01_machine_sounds
    """
    return examine(
        "01.1", ball_pass, _ball_pass, BEARINGS,
        right="The cage carries the balls, a little slower than half the shaft's speed.",
        mistakes=_slips_of_the_bearing(),
    )  # fmt: skip


def _slips_of_the_bearing():
    """Return what goes wrong in exercise 01.1, each with the function that does it."""
    return [
        ("these are passes a minute: divide by 60.",
         lambda *bearing: 60 * _ball_pass(*bearing)),
        ("this is the inner ring's frequency: "
         "for the outer one the sign before d / D is a minus.",
         lambda rpm, n, d, pitch, contact:
             n / 2 * rpm / 60 * (1 + d / pitch * np.cos(contact))),
        ("half of it is missing: the cage turns at about half the shaft's speed.",
         lambda *bearing: 2 * _ball_pass(*bearing)),
        ("this is how often one ball comes round, the cage's frequency: there are n balls.",
         lambda rpm, n, *rest: _ball_pass(rpm, 1, *rest)),
        ("the contact angle is missing: d / D is multiplied by its cosine.",
         lambda rpm, n, d, pitch, contact: n / 2 * rpm / 60 * (1 - d / pitch)),
        ("the contact angle is given in radians already.",
         lambda rpm, n, d, pitch, contact: _ball_pass(rpm, n, d, pitch, np.radians(contact))),
        ("d and D are swapped: the ball is the smaller one.",
         lambda rpm, n, d, pitch, contact: _ball_pass(rpm, n, pitch, d, contact)),
        ("the cosine belongs to d / D, inside the bracket.",
         lambda rpm, n, d, pitch, contact:
             n / 2 * rpm / 60 * (1 - d / pitch) * np.cos(contact)),
        ("the sine of the contact angle stands where its cosine belongs.",
         lambda rpm, n, d, pitch, contact:
             n / 2 * rpm / 60 * (1 - d / pitch * np.sin(contact))),
        ("this takes the shaft's speed alone, as if the balls stood still in it.",
         lambda rpm, n, d, pitch, contact: n * rpm / 60),
    ]  # fmt: skip


def ex_01_2(mix_at):
    r"""Check ``mix_at(machine, background, snr)``, a machine ``snr`` dB above its background.

    $$x = m + g\, b, \qquad 10 \log_{10} \frac{\sum m^2}{\sum (g b)^2} = \text{SNR}$$

    Shapes: a function of machine (T,), background (T,) and a number of dB -> (T,).
    Example:
        >>> checks.ex_01_2(lambda machine, background, snr: machine + background)
        ✗ Exercise 01.2: the background is added as it is: bring it to the wanted power first.
    Notebook: 01_machine_sounds
    """
    return examine(
        "01.2", mix_at, _mix_at, _recordings(),
        right="Whatever the levels of the two, their powers are as far apart as asked for.",
        mistakes=_slips_of_the_mixture(),
    )  # fmt: skip


def _slips_of_the_mixture():
    """Return what goes wrong in exercise 01.2, each with the function that does it."""
    return [
        ("the background is added as it is: bring it to the wanted power first.",
         lambda m, b, snr: m + b),
        ("the sign of the SNR is flipped: a larger one makes the background softer.",
         lambda m, b, snr: _mix_at(m, b, -snr)),
        ("10^(-SNR/10) is a ratio of powers: an amplitude takes its square root, 10^(-SNR/20).",
         lambda m, b, snr: _mix_at(m, b, 2 * snr)),
        ("the background's own level is left in: divide by its RMS.",
         lambda m, b, snr: m + _rms(m) * 10 ** (-snr / 20) * b),
        ("the machine's level is left out: the SNR compares the background with it.",
         lambda m, b, snr: m + 10 ** (-snr / 20) * b / _rms(b)),
        ("the levels of both are left out: the gain needs the RMS of each.",
         lambda m, b, snr: m + 10 ** (-snr / 20) * b),
        ("the ratio of the levels is upside down: a softer background needs a larger gain.",
         lambda m, b, snr: m + _rms(b) / _rms(m) * 10 ** (-snr / 20) * b),
        ("the gain is on the machine: keep the machine as it is, and scale the background.",
         lambda m, b, snr: b + _rms(b) / _rms(m) * 10 ** (snr / 20) * m),
        ("the SNR is right, and the machine's level is changed: only the background is scaled.",
         lambda m, b, snr: _mix_at(m, b, snr) / _rms(m)),
        ("the SNR is right, and the mixture is normalized: leave it at its level.",
         lambda m, b, snr: _mix_at(m, b, snr) / np.abs(_mix_at(m, b, snr)).max()),
        ("a deviation leaves the mean out: power is the mean of the squares.",
         lambda m, b, snr: m + np.std(m) / np.std(b) * 10 ** (-snr / 20) * b),
        ("a ratio of powers stands where a ratio of amplitudes belongs: take its square root.",
         lambda m, b, snr: m + np.mean(m**2) / np.mean(b**2) * 10 ** (-snr / 10) * b),
        ("this is the background alone: add the machine.",
         lambda m, b, snr: _mix_at(m, b, snr) - m),
        ("the levels are taken from the largest sample: power is the mean of the squares.",
         lambda m, b, snr: m + np.abs(m).max() / np.abs(b).max() * 10 ** (-snr / 20) * b),
    ]  # fmt: skip


def ex_01_3(leaked):
    """Check ``leaked(train, test)``, which test clips are copies of a training clip, however loud.

    A clip that is nearly alike is no copy, and one with its sign flipped is none either.

    Shapes: a function of train (M, T) and test (N, T) -> (N,) of True and False.
    Notebook: 01_machine_sounds
    """
    return examine(
        "01.3", leaked, _leaked, [_split(seed) for seed in range(4)],
        right="A copy is found whatever its level, and a clip that is merely alike is not.",
        mistakes=_slips_of_the_copies(),
    )  # fmt: skip


def _slips_of_the_copies():
    """Return what goes wrong in exercise 01.3, each with the function that does it."""
    return [
        ("a copy at another level is missed: "
         "compare the clips after dividing each by its norm.",
         lambda train, test: (test[:, None] == train).all(axis=2).any(axis=1)),
        ("True and False are swapped.", lambda train, test: ~_leaked(train, test)),
        ("this counts the training clips that a test clip equals: "
         "say of each test clip whether there is any.",
         lambda train, test: (_cosines(train, test) > 0.999).sum(axis=1)),
        ("these are the largest cosines: say of each whether it is a copy.",
         lambda train, test: _cosines(train, test).max(axis=1)),
        ("this calls clips copies that are merely alike: two takes of one machine are no leak.",
         lambda train, test: _cosines(train, test).max(axis=1) > 0.5),
        ("a cosine of 0.75 is likeness, not identity: a copy has a cosine of 1.",
         lambda train, test: _cosines(train, test).max(axis=1) > 0.75),
        ("a cosine of 0.9 is likeness, not identity: a copy has a cosine of 1.",
         lambda train, test: _cosines(train, test).max(axis=1) > 0.9),
        ("a clip with its sign flipped is no copy: leave the cosine its sign.",
         lambda train, test: (np.abs(_cosines(train, test)) > 0.999).any(axis=1)),
        ("each test clip meets one training clip, that of the same row: compare it with all.",
         lambda train, test:
             np.array([pair[0, 0] > 0.999 for pair in map(_pair, train, test)])),
        ("no clip is called a copy: ask for any of the training clips, not for all, "
         "and divide each clip by its own norm, along axis=1.",
         lambda train, test: (_cosines(train, test) > 0.999).all(axis=1)),
        ("products of clips grow with their levels: "
         "divide each clip by its own norm, along axis=1.",
         lambda train, test: (test @ train.T > 0.999).any(axis=1)),
        ("a cosine of 1 may be rounded to less: leave room, as in > 0.999.",
         lambda train, test: (_cosines(train, test) == 1).any(axis=1)),
        ("a cosine of 1 may be rounded to less: leave room, as in > 0.999.",
         lambda train, test: (_cosines(train, test) >= 1).any(axis=1)),
        ("two samples in the same ratio are no proof: compare whole clips.", _same_ratio),
        ("equal energy is no proof: other clips may have it too.", _same_energy),
        ("equal deviation is no proof, and a copy may have another.", _same_deviation),
    ]  # fmt: skip


def _ball_pass(rpm, balls, ball, pitch, contact):
    return balls / 2 * rpm / 60 * (1 - ball / pitch * np.cos(contact))


def _rms(wave):
    return np.sqrt(np.mean(wave**2))


def _mix_at(machine, background, snr):
    return machine + _rms(machine) / _rms(background) * 10 ** (-snr / 20) * background


def _recordings():
    """Make machines and backgrounds of several levels; one SNR is negative."""
    rng = np.random.default_rng(1)
    settings = [(1.0, 0.3, 6.0), (0.05, 2.0, -4.0), (3.0, 3.5, 15.0)]
    return [
        (loud * rng.normal(size=400), soft * rng.laplace(size=400), snr)
        for loud, soft, snr in settings
    ]


def _cosines(train, test):
    train, test = (some / np.linalg.norm(some, axis=1)[:, None] for some in (train, test))
    return test @ train.T


def _leaked(train, test):
    return (_cosines(train, test) > 0.999).any(axis=1)


def _pair(known, clip):
    return _cosines(known[None], clip[None])


def _same_deviation(train, test):
    return np.isclose(test.std(axis=1)[:, None], train.std(axis=1)).any(axis=1)


def _same_energy(train, test):
    return np.isclose((test**2).sum(axis=1)[:, None], (train**2).sum(axis=1)).any(axis=1)


def _same_ratio(train, test):
    return np.isclose((test[:, 1] / test[:, 0])[:, None], train[:, 1] / train[:, 0]).any(axis=1)


def _split(seed):
    """Make clips of one machine: two copies among the test clips, and four that look like some."""
    rng = np.random.default_rng(seed)
    hum = rng.normal(size=64)
    train, test = (1.2 * hum + rng.normal(size=(n, 64)) for n in (7, 6))
    test[0] *= np.linalg.norm(train[3]) / np.linalg.norm(test[0])
    test[2], test[4] = train[seed], 0.5 * train[(seed + 2) % 7]
    test[1, :2], test[3] = 2.0 * train[6, :2], -train[5]  # no copies, though they look like it
    test[5] = train[1] + 0.5 * rng.normal(size=64)
    return np.concatenate([train, train[seed : seed + 1]]), test
