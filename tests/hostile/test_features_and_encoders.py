"""What is given to a feature and to an encoder: wrong waves, pictures, sizes and settings."""

import math
from functools import partial

import numpy as np
import pytest
import torch
from every import every

from asdkit import encoders, features, systems

T = 4000
WAVES = torch.randn(2, T, generator=torch.Generator().manual_seed(0))
PICTURES = torch.randn(2, 128, 9, generator=torch.Generator().manual_seed(1))


def spoiled(x, value):
    x = x.clone()
    x.view(-1)[7] = value
    return x


FROM_WAVES = {
    "LogMel": features.LogMel(), "Spectrogram": features.Spectrogram(),
    "Spectrum": features.Spectrum(), "FramedLogMel": features.FramedLogMel(),
    "WaveAndLogMel": features.WaveAndLogMel(seconds=0.25), "frames": features.frames,
    "remove_offset": features.remove_offset, "normalize_level": features.normalize_level,
    "StandardizeWaves": features.StandardizeWaves(),
    "StandardizeWaves.fit": features.StandardizeWaves().fit,
    "Chain": features.Chain(features.normalize_level, features.LogMel(), features.temporal_mean),
    "extract": lambda waves: features.extract([waves], features.LogMel()),
}  # fmt: skip
BAD_WAVES = {
    "list": (lambda: WAVES.tolist(), "waves is a list: give a tensor"),
    "array": (lambda: WAVES.numpy(), "waves is a ndarray: give a tensor"),
    "None": (lambda: None, "waves is None: give a tensor"),
    "text": (lambda: "fan.wav", "waves is a str: give a tensor"),
    "one wave": (lambda: WAVES[0], "not (4000,): give a batch of one channel, a single wave as wa"),
    "stereo": (lambda: WAVES[:, None].expand(2, 2, T), "not (2, 2, 4000): give a batch of one"),
    "scalar": (lambda: WAVES[0, 0], "not (): give a batch of one channel"),
    "no clip": (lambda: WAVES[:0], "not (0, 4000): give a batch of one channel"),
    "no sample": (lambda: WAVES[:, :0], "not (2, 0): give a batch of one channel"),
    "16 bits": (lambda: (WAVES * 1e4).short(), "not torch.int16: convert them first, those of 16"),
    "32 bits": (lambda: (WAVES * 1e4).int(), "not torch.int32: convert them first"),
    "8 bits": (lambda: (WAVES.abs() * 50).byte(), "not torch.uint8: convert them first"),
    "truth values": (lambda: WAVES > 0, "not torch.bool: convert them first"),
    "half": (lambda: WAVES.half(), "takes waveforms in float32 or float64, not torch.float16"),
    "bfloat16": (lambda: WAVES.bfloat16(), "takes waveforms in float32 or float64, not torch.bflo"),
    "complex": (lambda: WAVES * 1j, "not torch.complex64: convert them first"),
    "nan": (lambda: spoiled(WAVES, math.nan), "waves holds nan: give samples of sound, from -1"),
    "inf": (lambda: spoiled(WAVES, math.inf), "waves holds inf: give samples of sound, from -1"),
    "minus inf": (lambda: spoiled(WAVES, -math.inf), "waves holds -inf: give samples of sound"),
    "1e25": (lambda: spoiled(WAVES, 1e25), "waves holds 1e+25: give samples of sound, from -1 to"),
    "all 1e25": (lambda: WAVES.sign() * 1e25, "waves holds -1e+25: give samples of sound"),
    "all 1e300": (lambda: WAVES.double().sign() * 1e300, "waves holds -1e+300: give samples of"),
}  # fmt: skip


PAIRS = [(feature, kind) for feature in FROM_WAVES for kind in BAD_WAVES]


@every(("feature", "kind"), PAIRS)
def test_waves_that_are_none(feature, kind, refused):
    make, words = BAD_WAVES[kind]
    if (feature, kind) in (("extract", "None"), ("extract", "text")):
        words = "waves is "
    refused(lambda: FROM_WAVES[feature](make()), words)


@pytest.mark.parametrize("gain", [2.0**15, 2.0**30, 1e-30])
@pytest.mark.parametrize(
    "feature", [name for name in FROM_WAVES if name not in ("frames", "extract")]
)
def test_loud_and_faint_waves_are_finite(feature, gain):
    """Samples of 16 and 32 bits that were not divided, and next to nothing."""
    made = FROM_WAVES[feature](gain * WAVES.clamp(-1, 1))
    for part in made if isinstance(made, tuple) else (made,):
        assert not torch.is_tensor(part) or part.isfinite().all()
    if feature == "normalize_level" and gain > 1:
        torch.testing.assert_close(made.square().mean(dim=1), torch.ones(2))


@pytest.mark.parametrize("samples", [1, 512])
@pytest.mark.parametrize("feature", ["LogMel", "FramedLogMel", "WaveAndLogMel", "Spectrogram"])
def test_waves_shorter_than_a_window(feature, samples, refused):
    refused(lambda: FROM_WAVES[feature](WAVES[:, :samples]), "samples or more, not (2, ")


STANDARD = features.Standardize()
BY_MACHINE = features.Standardize(by="machine", machines=["fan", "pump"])
FROM_PICTURES = {
    "temporal_mean": features.temporal_mean, "temporal_max": features.temporal_max,
    "mean_and_max": features.mean_and_max, "framed": features.framed,
    "Segments": features.Segments(frames=4, count=2), "Standardize": STANDARD,
    "Standardize.fit": features.Standardize().fit, "Standardize.restore": STANDARD.restore,
}  # fmt: skip
BAD_PICTURES = {
    "list": (lambda: PICTURES.tolist(), "x is a list: give a tensor"),
    "array": (lambda: PICTURES.numpy(), "x is a ndarray: give a tensor"),
    "None": (lambda: None, "x is None: give a tensor"),
    "one picture": (lambda: PICTURES[0], "not (128, 9): give a batch, a single picture as x[None]"),
    "rows": (lambda: PICTURES[:, None], "not (2, 1, 128, 9): give a batch"),
    "waves": (lambda: WAVES, "not (2, 4000): give a batch"),
    "scalar": (lambda: torch.tensor(1.0), "not (): give a batch"),
    "no clip": (lambda: PICTURES[:0], "x has the shape (0, 128, 9): give at least one clip"),
    "no frame": (lambda: PICTURES[:, :, :0], "x has the shape (2, 128, 0): give at least one"),
    "whole numbers": (lambda: PICTURES.int(), "x is of torch.int32: give floating-point numbers"),
    "truth values": (lambda: PICTURES > 0, "x is of torch.bool: give floating-point numbers"),
    "complex": (lambda: PICTURES * 1j, "x is of torch.complex64: give floating-point numbers"),
    "nan": (lambda: spoiled(PICTURES, math.nan), "x is nan at (0, 0, 7): give finite numbers"),
    "inf": (lambda: spoiled(PICTURES, math.inf), "x is inf at (0, 0, 7): give finite numbers"),
}  # fmt: skip
PICTURED = [(feature, kind) for feature in FROM_PICTURES for kind in BAD_PICTURES]


@every(("feature", "kind"), PICTURED)
def test_pictures_that_are_none(feature, kind, refused):
    make, words = BAD_PICTURES[kind]
    refused(lambda: FROM_PICTURES[feature](make()), words)


def blocks(*waves):
    return lambda **choices: features.extract(waves, features.Spectrum(), **choices)


CALLS = {
    "bands": (lambda: STANDARD(PICTURES[:, :64]), "takes pictures (N, 128, T), not (2, 64, 9)"),
    "bands of fit": (lambda: STANDARD.fit(PICTURES[:, :64]), "takes pictures (N, 128, T), not (2,"),
    "no machine": (lambda: BY_MACHINE.fit(PICTURES), "machine "),
    "one machine": (lambda: BY_MACHINE.fit(PICTURES, ["fan"]), "machine has the shape (1,): give"),
    "missing": (lambda: BY_MACHINE.fit(PICTURES, ["fan", None]), "machine is None at 1: give a te"),
    "machine of no clip": (lambda: BY_MACHINE.fit(PICTURES, ["fan", "fan"]), "no clip of 'pump'"),
    "unknown": (lambda: BY_MACHINE(PICTURES, ["fan", "valve"]), "no clip of 'valve' was standard"),
    "too few": (lambda: BY_MACHINE(PICTURES, ["fan"]), "machine has the shape (1,): give 2, one f"),
    "infinite": (lambda: STANDARD.fit(1e25 * PICTURES), "whose square is infinite: scale it down"),
    "power below 0": (lambda: features.decibels(torch.tensor([-1.0])), "power holds -1: give powe"),
    "power of nan": (lambda: features.decibels(torch.tensor([math.nan])), "power holds nan: give"),
    "power a list": (lambda: features.decibels([1.0]), "power is a list: give a tensor"),
    "power whole": (lambda: features.decibels(torch.tensor([1])), "power is of torch.int64: give"),
    "no floor": (lambda: features.decibels(torch.ones(1), floor=0.0), "floor and added are 0"),
    "floor a text": (lambda: features.decibels(torch.ones(1), floor="0"), "floor is '0': give a n"),
    "framed-0": (lambda: features.framed(PICTURES, 0), "neighbors is 0: give a whole number, 1 or"),
    "framed-half": (lambda: features.framed(PICTURES, 2.5), "neighbors is 2.5: give a whole numbe"),
    "framed-long": (lambda: features.framed(PICTURES, 10), "a clip of 9 frames holds no 10 neighb"),
    "unframed-list": (lambda: features.unframed([1.0]), "rows is a list: give a tensor"),
    "unframed-bands": (lambda: features.unframed(PICTURES, "128"), "bands is '128': give a whole"),
    "unframed-nan": (lambda: features.unframed(torch.full((1, 2, 256), math.nan)), "rows is nan a"),
    "segments-short": (lambda: features.Segments(10, 2)(PICTURES), "a clip of 9 frames holds no s"),
    "frames-window": (lambda: features.frames(WAVES, "1024"), "window is '1024': give a whole num"),
    "frames-hop": (lambda: features.frames(WAVES, 4, 0), "hop is 0: give a whole number, 1 or mor"),
    "frames-padding": (lambda: features.frames(WAVES, 4, 2, "same"), "no padding is called 'same'"),
    "chain-text": (lambda: features.Chain("log_mel"), "a step of the chain is 'log_mel': give fun"),
    "chain-None": (lambda: features.Chain(features.LogMel(), None), "a step of the chain is None"),
    "extract-count": (lambda: blocks(WAVES)(count="2"), "count is '2': give a whole number"),
    "extract-0": (lambda: blocks(WAVES)(count=0), "count is 0: give a whole number, 1 or more"),
    "extract-device": (lambda: blocks(WAVES)(device="gpu"), "there is no device 'gpu' here"),
    "extract-waves": (lambda: features.extract(WAVES, features.Spectrum()), "not (4000,): give a"),
    "extract-none": (lambda: blocks()(), "the blocks hold 0 clips: check the table"),
    "invert-list": (lambda: features.invert([[1.0]]), "log_mel is a list: give a tensor"),
    "invert-one": (lambda: features.invert(PICTURES[0]), "takes log-mels (N, 128, F) of 2 frames"),
    "invert-bands": (lambda: features.invert(PICTURES[:, :64]), "takes log-mels (N, 128, F) of 2"),
    "invert-nan": (lambda: features.invert(PICTURES * math.nan), "log_mel holds nan: give decibel"),
    "invert-1e25": (lambda: features.invert(PICTURES.abs() * 1e25), "log_mel holds ", "give decib"),
    "invert-steps": (lambda: features.invert(PICTURES, steps=2.5), "steps is 2.5: give a whole nu"),
    "invert-seed": (lambda: features.invert(PICTURES, seed="0"), "seed is '0': give a whole numbe"),
    "invert-feature": (lambda: features.invert(PICTURES, features.Spectrum()), "feature is a Spec"),
    "attention-one": (lambda: encoders.temporal_attention(PICTURES[0]), "log_mel has the shape (1"),
    "attention-list": (lambda: encoders.temporal_attention([[[1.0]]]), "log_mel is a list: give a"),
}  # fmt: skip


@every("kind", CALLS)
def test_the_other_calls_of_features(kind, refused):
    refused(*CALLS[kind])


def test_a_refused_fit_leaves_what_was_measured(refused):
    known = features.Standardize(by="machine", machines=["fan", "pump"])
    known.fit(PICTURES, ["fan", "pump"])
    before = {name: value.clone() for name, value in known.state_dict().items()}
    for x, machine in ((spoiled(PICTURES, math.nan), ["fan", "pump"]), (PICTURES, ["fan", "fan"])):
        refused(partial(known.fit, x, machine))
        assert all(torch.equal(value, before[name]) for name, value in known.state_dict().items())


SMALL = {
    "AutoEncoder": partial(encoders.AutoEncoder, 20, (8,), 2),
    "ConvAutoEncoder": partial(encoders.ConvAutoEncoder, (4,), 2),
    "Idnn": partial(encoders.Idnn, 20, 5, (8,), 2),
    "MobileNetV2": partial(encoders.MobileNetV2, 8, 32), "ResNet": partial(encoders.ResNet, 4),
    "ResNet38": partial(encoders.ResNet38, 1 / 64),
    "STgram": partial(encoders.STgram, 4, 0.3), "TASTgram": partial(encoders.TASTgram, 4, 0.3),
    "Toy": partial(encoders.Toy, 4, 128), "TwoBranch": partial(encoders.TwoBranch, 4, 1.0),
    "VariationalAutoEncoder": partial(encoders.VariationalAutoEncoder, 20, (8,), 2),
}  # fmt: skip
ROWS, SOUND = torch.randn(2, 20), torch.randn(2, 16000)
LOG_MEL = torch.randn(2, 128, 160)
SHORT = torch.randn(2, 4800), torch.randn(2, 128, 10)
TAKES = {
    "AutoEncoder": ROWS, "Idnn": ROWS, "VariationalAutoEncoder": ROWS, "TwoBranch": SOUND,
    "STgram": SHORT, "TASTgram": SHORT,
}  # fmt: skip


@pytest.fixture(scope="module")
def network():
    """Small networks, each made once, that hear nothing here but what they refuse."""
    made = {}

    def of(name):
        if name not in made:
            torch.manual_seed(0)
            made[name] = SMALL[name]()
        return made[name]

    return of


def each_part(change):
    return lambda x: tuple(map(change, x)) if isinstance(x, tuple) else change(x)


INPUTS = {
    "list": (each_part(lambda x: x.tolist()), " is a list: give a tensor"),
    "array": (each_part(lambda x: x.numpy()), " is a ndarray: give a tensor"),
    "None": (each_part(lambda x: None), " is None: give a tensor"),
    "whole numbers": (each_part(lambda x: x.int()), " is of torch.int32: give floating-point"),
    "16 bits": (each_part(lambda x: (1e4 * x).short()), " is of torch.int16: give floating-point"),
    "truth values": (each_part(lambda x: x > 0), " is of torch.bool: give floating-point numbers"),
    "complex": (each_part(lambda x: x * 1j), " is of torch.complex64: give floating-point numbers"),
    "double": (each_part(lambda x: x.double()), " is of torch.float64 and meets numbers of torch."),
    "half": (each_part(lambda x: x.half()), " is of torch.float16 and meets numbers of torch.floa"),
    "bfloat16": (each_part(lambda x: x.bfloat16()), " is of torch.bfloat16 and meets numbers of "),
    "another device": (each_part(lambda x: x.to("meta")), " lies on meta and meets numbers on cpu"),
    "no clip": (each_part(lambda x: x[:0]), ": give at least one clip"),
    "no batch": (each_part(lambda x: x[0]), "not "),
    "another axis": (each_part(lambda x: x[:, None]), "not "),
    "nothing inside": (each_part(lambda x: x[..., :0]), ": give at least one clip"),
    "nan": (each_part(lambda x: spoiled(x, math.nan)), " is nan at (0, ", "give finite numbers"),
    "inf": (each_part(lambda x: spoiled(x, math.inf)), " is inf at (0, ", "give finite numbers"),
}  # fmt: skip
HEARD = [(name, kind) for name in SMALL for kind in INPUTS]


@every(("name", "kind"), HEARD)
def test_inputs_that_an_encoder_does_not_take(name, kind, network, refused):
    """In training mode, so that batch norm would keep what it hears."""
    encoder, (change, *words) = network(name), INPUTS[kind]
    before = {key: value.clone() for key, value in encoder.state_dict().items()}
    refused(lambda: encoder(change(TAKES.get(name, LOG_MEL))), *words)
    assert all(torch.equal(value, before[key]) for key, value in encoder.state_dict().items())


@pytest.mark.parametrize("name", SMALL)
def test_the_small_encoders_take_what_is_right(name, network):
    encoder = network(name).eval()
    assert encoder(TAKES.get(name, LOG_MEL)).shape[0] == 2
    encoder.train()


OTHER_SIZES = {
    "AutoEncoder": (ROWS[:, :19], "made for vectors (N, 20), not (2, 19)"),
    "Idnn": (ROWS[:, :19], "made for vectors (N, 20), not (2, 19)"),
    "VariationalAutoEncoder": (ROWS[:, :19], "made for vectors (N, 20), not (2, 19)"),
    "ResNet": (LOG_MEL[:, :, :99], "takes log-mels (N, 128, T) of 157 frames or more"),
    "ResNet38": (LOG_MEL[:, :, :31], "takes log-mels (N, B, T) of 32 bands and 32 frames"),
    "Toy": (LOG_MEL[:, :64], "Toy was made for pictures (N, 128, T), not (2, 64, 160)"),
    "TwoBranch": (SOUND[:, :8000], "made for waves (N, 16000), 1 s at 16 kHz"),
    "STgram": ((SHORT[0][:, :999], SHORT[1]), "made for 128 bands and 10 frames"),
    "TASTgram": ((SHORT[0], SHORT[1][:1]), "give the two of the same clips"),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHER_SIZES)
def test_inputs_of_another_size(name, network, refused):
    x, words = OTHER_SIZES[name]
    refused(lambda: network(name)(x), words)


@pytest.mark.parametrize("x", [SHORT[0], SHORT[1], [*SHORT], (SHORT[0],), (*SHORT, SHORT[0]), None])
def test_what_is_no_pair_of_wave_and_log_mel(x, network, refused):
    refused(lambda: network("TASTgram")(x), "takes a tuple of waves and log-mels")


COUNTS = ["8", 2.5, True, None, -1, 0, math.nan, math.inf, [3], 2j, np.array([3, 4])]
KEPT = [value for value in COUNTS if value is not None]  # where None keeps all
FROM_0 = ["0.5", True, None, math.nan, math.inf, -0.5, 2j, [0.5]]
SECONDS = ["10", True, math.nan, math.inf, -1.0, 0.0, 2j, [10.0]]
SWITCHES = ["yes", 1, 0.0, None, [True]]
WORDS = ["other", 3, ["both"]]
LAYERS = ["128", 128, (8, 0), (8, 2.5), (8, "8"), None, (True,), {8: 8}]
OF_LAYERS = {"bands": COUNTS, "widths": LAYERS, "bottleneck": COUNTS}
SETTINGS = {
    "LogMel": {
        "sr": COUNTS, "window": COUNTS, "hop": COUNTS, "mels": COUNTS, "frames": KEPT,
        "padding": WORDS, "floor": FROM_0, "added": FROM_0, "htk": SWITCHES, "norm": WORDS,
        "seconds": SECONDS,
    },
    "Spectrogram": {"window": COUNTS, "hop": COUNTS, "remove_mean": SWITCHES},
    "FramedLogMel": {"neighbors": COUNTS, "mels": COUNTS},
    "WaveAndLogMel": {"seconds": SECONDS},
    "Segments": {"frames": COUNTS, "count": COUNTS},
    "Standardize": {"bands": KEPT, "by": [*WORDS, None], "machines": ["fan"]},
    "StandardizeWaves": {"by": [*WORDS, None], "machines": ["fan"]},
    "AutoEncoder": OF_LAYERS,
    "ConvAutoEncoder": {"channels": LAYERS, "bottleneck": COUNTS},
    "Idnn": OF_LAYERS | {"span": [*COUNTS, 1, 2, 4]},
    "MobileNetV2": {"dim": COUNTS, "size": [*COUNTS, 31]},
    "ResNet": {"dim": COUNTS},
    "ResNet38": {"width": [*FROM_0, 0.0]},
    "STgram": {"dim": COUNTS, "seconds": SECONDS},
    "TASTgram": {"dim": COUNTS, "seconds": SECONDS},
    "Toy": {"dim": COUNTS, "bands": COUNTS, "width": COUNTS},
    "TwoBranch": {
        "dim": [*COUNTS, 5], "seconds": [*SECONDS, 0.5, 1e9], "branch": [*WORDS, None],
        "remove_mean": SWITCHES,
    },
    "VariationalAutoEncoder": OF_LAYERS | {"weight": FROM_0},
}  # fmt: skip
SET = [(name, setting) for name, settings in SETTINGS.items() for setting in settings]


@every(("name", "setting"), SET)
def test_settings_that_cannot_be(name, setting, refused):
    make = getattr(features, name, None) or getattr(encoders, name)
    for value in SETTINGS[name][setting]:
        refused(partial(make, **{setting: value}), setting, ": ")


def test_silence_without_decibels(refused):
    refused(lambda: features.LogMel(floor=0.0), "floor and added are 0", "give floor=1e-10")


PARTS = {
    "sub_clusters": ("subcluster_adacos", 2.5), "scale": ("arcface", -1.0),
    "margin": ("arcface", "0.5"), "variant": ("subcluster_adacos", "printed"),
    "lr": ("subcluster_adacos", math.nan), "decay": ("subcluster_adacos", None),
    "mels": ("autoencoder", 0), "neighbors": ("autoencoder", "5"),
    "bottleneck": ("autoencoder", -1), "widths": ("autoencoder", (8, 0)),
    "eta": ("bce_ddcsad", math.inf), "weight": ("bce_ddcsad", 0.0),
    "steps": ("bce_ddcsad", 2.5), "width": ("bce_ddcsad", -1.0), "count": ("bce_ddcsad", 0),
}  # fmt: skip


@pytest.mark.parametrize("setting", PARTS)
def test_settings_of_parts_are_refused_before_any_file_is_read(setting, refused):
    """At the latest where a network is built, which needs no clips."""
    system, value = PARTS[setting]
    small = {"width": 1 / 64} if system == "bce_ddcsad" else {}

    def build():
        chosen = systems.get(system, **small | {setting: value})
        network = systems.Network(chosen, ["fan/00", "fan/02", "pump/00"], ["fan/00"], ["fan"])
        chosen.optimizer.build()(network.encoder, network.loss)

    refused(build, setting)
