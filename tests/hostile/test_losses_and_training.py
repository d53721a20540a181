"""What is given to a loss, to mixup and to a training: wrong tensors, labels, shares, settings."""

import math
from functools import partial

import numpy as np
import pytest
import torch
from every import every
from torch import nn

from asdkit import encoders, losses, mixup, train
from asdkit.mixup import Mix

N, D, C = 6, 4, 3
CLASSES = {
    "Softmax": losses.Softmax, "L2Softmax": partial(losses.L2Softmax, alpha=8.0),
    "CosFace": partial(losses.CosFace, scale=8.0, margin=0.2), "ArcFace": losses.ArcFace,
    "sub-centers": partial(losses.ArcFace, sub_centers=2), "AdaCos": losses.AdaCos,
    "SubClusterAdaCos": partial(losses.SubClusterAdaCos, sub_clusters=2),
    "AdaProj": partial(losses.AdaProj, subspace_dim=2), "Compactness": losses.Compactness,
    "CompactnessSoftmax": losses.CompactnessSoftmax, "ArcMix": losses.ArcMix,
    "NoisyArcMix": losses.NoisyArcMix, "MixedMargin": losses.MixedMargin,
}  # fmt: skip
ROLES = {
    "BinaryCrossEntropy": losses.BinaryCrossEntropy, "DSAD": losses.DSAD,
    "DDCSAD": losses.DDCSAD, "BinaryDSAD": losses.BinaryDSAD,
    "BinaryDDCSAD": losses.BinaryDDCSAD,
}  # fmt: skip
SQUARED = {"SquaredError": losses.SquaredError}
LABELED = {**CLASSES, **ROLES}
ALL = {**LABELED, **SQUARED}


def made(name):
    torch.manual_seed(0)
    make = ALL[name]
    return make(D, C) if name in CLASSES else make(D) if name in ROLES else make()


def good(name):
    x = torch.randn(N, D, generator=torch.Generator().manual_seed(1))
    return x, torch.tensor([0, 1, 1, 0, 1, 0] if name in ROLES else [0, 1, 2, 0, 1, 2])


def holding(value):
    x = good("AdaCos")[0]
    x[2, 1] = value
    return x


X = {
    "list": (lambda: [[0.0] * D] * N, "x is a list: give a tensor"),
    "array": (lambda: np.zeros((N, D), np.float32), "x is a ndarray: give a tensor"),
    "None": (lambda: None, "x is None: give a tensor"),
    "text": (lambda: "x", "x is a str: give a tensor"),
    "number": (lambda: 1.0, "x is a float: give a tensor"),
    "whole numbers": (lambda: torch.ones(N, D, dtype=torch.int64), "torch.int64: give floating-p"),
    "truth values": (lambda: torch.ones(N, D) > 0, "x is of torch.bool: give floating-point"),
    "complex": (lambda: torch.ones(N, D) * 1j, "x is of torch.complex64: give floating-point"),
    "one embedding": (lambda: torch.ones(D), "x has the shape (4,): give embeddings (N, "),
    "scalar": (lambda: torch.tensor(1.0), "x has the shape (): give embeddings (N, "),
    "rows of clips": (lambda: torch.ones(N, 2, D), "x has the shape (6, 2, 4): give embeddings"),
    "no clip": (lambda: torch.ones(0, D), "x has the shape (0, 4): give embeddings"),
    "nan": (lambda: holding(math.nan), "x is nan at (2, 1): give finite numbers"),
    "inf": (lambda: holding(math.inf), "x is inf at (2, 1): give finite numbers"),
    "minus inf": (lambda: holding(-math.inf), "x is -inf at (2, 1): give finite numbers"),
    "nan with gradient": (lambda: holding(math.nan).requires_grad_(), "x is nan at (2, 1)"),
}
OF_A_SIZE = {
    "longer": (lambda: torch.ones(N, D + 1), "x has the shape (6, 5): give embeddings (N, 4)"),
    "shorter": (lambda: torch.ones(N, D - 1), "x has the shape (6, 3): give embeddings (N, 4)"),
    "double": (lambda: torch.ones(N, D).double(), "x.to(torch.float32)"),
    "half": (lambda: torch.ones(N, D).half(), "x.to(torch.float32)"),
    "bfloat16": (lambda: torch.ones(N, D).bfloat16(), "x.to(torch.float32)"),
    "another device": (lambda: torch.ones(N, D, device="meta"), "x lies on meta and "),
}
XS = [(name, *case) for name in ALL for case in X.items()]
XS += [(name, *case) for name in LABELED for case in OF_A_SIZE.items()]


def left_as_it_was(loss, call):
    before = {key: value.clone() for key, value in loss.state_dict().items()}
    call()
    assert all(torch.equal(value, before[key]) for key, value in loss.state_dict().items())


@every(("name", "kind", "case"), XS)
def test_embeddings_that_are_none(name, kind, case, refused):
    loss, (make, words) = made(name), case
    y = good(name)[1]
    left_as_it_was(loss, lambda: refused(lambda: loss(make(), y), words))
    refused(lambda: loss.each(make(), y), words)


@every("told", ["logits", "probabilities", "evidence", "update_centers"])
@pytest.mark.parametrize("name", LABELED)
def test_embeddings_that_nothing_can_be_told_of(name, told, refused):
    loss, rest = made(name), good(name)[1:] if told == "update_centers" else ()
    for make, words in (X | OF_A_SIZE).values() if hasattr(loss, told) else ():
        left_as_it_was(loss, partial(refused, partial(getattr(loss, told), make(), *rest), words))


def labels(*values, dtype=torch.int64):
    return torch.tensor(values, dtype=dtype)


Y = {
    "list": (lambda: [0, 1, 1, 0, 1, 0], "y is a list: give a tensor, such as torch.as_tensor(y)"),
    "array": (lambda: np.array([0, 1, 1, 0, 1, 0]), "y is a ndarray: give a tensor"),
    "None": (lambda: None, "y is None: give a tensor"),
    "number": (lambda: 1, "y is a int: give a tensor"),
    "text": (lambda: "011010", "y is a str: give a tensor"),
    "tuple of a mix": (lambda: (*[good("")[1]] * 2, torch.ones(N)), "y is a tuple: give a tensor"),
    "scalar": (lambda: torch.tensor(1), "y has the shape (): give a whole number for each"),
    "one-hot": (lambda: torch.eye(N).long(), "y.argmax(dim=1) of one-hot rows"),
    "column": (lambda: torch.zeros(N, 1).long(), "y has the shape (6, 1): give a whole number"),
    "fractions": (lambda: labels(0, 1, 1, 0, 1, 0).float(), "y is of torch.float32: give whole"),
    "truth values": (lambda: labels(0, 1, 1, 0, 1, 0) > 0, "y is of torch.bool: give whole"),
    "complex": (lambda: torch.zeros(N) * 1j, "y is of torch.complex64: give whole numbers"),
    "one for six": (lambda: labels(1), "x holds 6 embeddings and y 1 labels: give one each"),
    "five for six": (lambda: labels(0, 1, 1, 0, 1), "6 embeddings and y 5 labels: give one each"),
    "twelve for six": (lambda: labels(*[0, 1] * N), "6 embeddings and y 12 labels: give one each"),
    "none": (lambda: labels(), "y has the shape (0,): give a whole number for each"),
    "too large": (lambda: labels(0, 1, 3, 0, 1, 0), "y holds 3: give "),
    "far too large": (lambda: labels(0, 1, 2**40, 0, 1, 0), "y holds 1.09951e+12: give "),
    "negative": (lambda: labels(0, 1, -2, 0, 1, 0), "y holds -2: give "),
    "another device": (lambda: torch.zeros(N, device="meta").long(), "move y, y.to('cpu')"),
}


@pytest.mark.parametrize("kind", Y)
def test_labels_that_are_none(kind, refused):
    make, words = Y[kind]
    for name in LABELED:
        loss, (x, _) = made(name), good(name)
        left_as_it_was(loss, partial(refused, partial(loss, x, make()), words))
        refused(partial(loss.each, x, make()), words)


@pytest.mark.parametrize("name", LABELED)
def test_what_labels_may_be_is_told(name, refused):
    loss, (x, _) = made(name), good(name)
    told = "roles, normal 1, outlier 0 and anomaly -1" if name in ROLES else "from 0 to 2"
    for strange in (
        labels(0, 1, 7, 0, 1, 0),
        Mix(labels(*[1] * N), labels(*[7] * N), torch.ones(N)),
    ):
        refused(lambda strange=strange: loss(x, strange), "holds 7: give", told)
    if name in CLASSES:
        refused(lambda: loss(x, labels(0, 1, -1, 0, 1, 0)), "y holds -1: give class indices")


@pytest.mark.parametrize("name", LABELED)
def test_one_embedding_with_six_labels(name, refused):
    x, y = good(name)
    refused(lambda: made(name)(x[:1], y), "x holds 1 embeddings and y 6 labels: give one each")


@every("dtype", [torch.int8, torch.uint8, torch.int16, torch.int32])
@pytest.mark.parametrize("name", LABELED)
def test_whole_numbers_of_any_type_are_labels(name, dtype):
    x, y = good(name)
    value = made(name)(x, y)
    assert made(name)(x, y.to(dtype)) == value
    lam = torch.full((N,), 0.5)
    mixed = made(name)(x, Mix(y, y.flip(0), lam))
    assert made(name)(x, Mix(y.to(dtype), y.flip(0).to(dtype), lam)) == mixed


FIRST, LAM = labels(0, 1, 1, 0, 1, 0), torch.full((N,), 0.5)
MIXES = {
    "share is a number": (Mix(FIRST, FIRST, 0.5), "lam is a float: give a tensor"),
    "share of all": (Mix(FIRST, FIRST, torch.tensor(0.5)), "lam has the shape (): give one share"),
    "share is None": (Mix(FIRST, FIRST, None), "lam is None: give a tensor"),
    "share is a list": (Mix(FIRST, FIRST, [0.5] * N), "lam is a list: give a tensor"),
    "shares in columns": (Mix(FIRST, FIRST, LAM[:, None]), "lam has the shape (6, 1): give one"),
    "too few shares": (Mix(FIRST, FIRST, LAM[:5]), "lam has the shape (5,): give one share for"),
    "too many shares": (Mix(FIRST, FIRST, torch.ones(7)), "lam has the shape (7,): give one share"),
    "whole shares": (Mix(FIRST, FIRST, FIRST), "lam is of torch.int64: give floating-point"),
    "complex shares": (Mix(FIRST, FIRST, LAM * 1j), "lam is of torch.complex64"),
    "share above 1": (Mix(FIRST, FIRST, LAM * 2.2), "lam holds 1.1: give the share of the first"),
    "share below 0": (Mix(FIRST, FIRST, -LAM), "lam holds -0.5: give the share of the first clip"),
    "nan": (Mix(FIRST, FIRST, LAM * math.nan), "lam holds nan: give the share of the first clip"),
    "inf": (Mix(FIRST, FIRST, LAM / 0), "lam holds inf: give the share of the first clip"),
    "other is short": (Mix(FIRST, FIRST[:1], LAM), "other holds 1 labels for 6: give one for each"),
    "other is long": (Mix(FIRST, FIRST.repeat(2), LAM), "other holds 12 labels for 6: give one"),
    "other is a list": (Mix(FIRST, [0] * N, LAM), "other is a list: give a tensor"),
    "other is None": (Mix(FIRST, None, LAM), "other is None: give a tensor"),
    "other in fractions": (Mix(FIRST, FIRST.float(), LAM), "other is of torch.float32: give whole"),
    "other too large": (Mix(FIRST, FIRST + 3, LAM), "other holds 3: give "),
    "other negative": (Mix(FIRST, FIRST - 3, LAM), "other holds -3: give "),
    "first too large": (Mix(FIRST + 3, FIRST, LAM), "y holds 3: give "),
    "first is one-hot": (Mix(torch.eye(N).long(), FIRST, LAM), "y.argmax(dim=1) of one-hot rows"),
    "a mix of mixes": (Mix(Mix(FIRST, FIRST, LAM), FIRST, LAM), "y is a Mix: give a tensor"),
    "of five": (Mix(FIRST[:5], FIRST[:5], LAM[:5]), "x holds 6 embeddings and y 5 labels"),
}


@every("kind", MIXES)
def test_mixtures_that_are_none(kind, refused):
    mix, words = MIXES[kind]
    for name in LABELED:
        loss, (x, _) = made(name), good(name)
        left_as_it_was(loss, partial(refused, partial(loss, x, mix), words))
        refused(partial(loss.each, x, mix), words)


@pytest.mark.parametrize("kind", [kind for kind in MIXES if kind != "of five"])
def test_mixtures_that_have_no_soft_label(kind, refused):
    refused(lambda: MIXES[kind][0].soft(C), MIXES[kind][1])


@pytest.mark.parametrize("classes", [0, -1, 2.5, "3", None, True, math.nan])
def test_classes_of_a_soft_label(classes, refused):
    refused(lambda: Mix(FIRST, FIRST, LAM).soft(classes), "classes is ", "give a whole number")


@every("precision", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("name", LABELED)
def test_autocast_goes_on_working(name, precision):
    loss, (x, y) = made(name), good(name)
    with torch.autocast("cpu", precision):
        assert loss(x.to(precision), y).isfinite() and loss(x, y).isfinite()


COUNTS = ["8", 2.5, True, None, -1, 0, math.nan, math.inf, [3], 2j, np.array([3, 4])]
POSITIVE = ["30", True, None, math.nan, math.inf, -1.0, 0.0, 2j, [3.0]]
MARGINS = ["0.5", True, None, math.nan, math.inf, -0.5, 40.0, 2j, [0.5]]
FROM_0 = ["0.5", True, None, math.nan, math.inf, -0.5, 2j, [0.5]]
SWITCHES = ["yes", 1, 0.0, None, [True]]
WORDS = ["printed", 3, None, ["paper"]]
SIZES = {"dim": COUNTS, "classes": COUNTS}
MOVED = {"trainable": SWITCHES}
BINARY = {"dim": COUNTS, "eta": POSITIVE, "eps": FROM_0, "updated": SWITCHES}
SETTINGS = {
    "Softmax": SIZES,
    "L2Softmax": SIZES | {"alpha": POSITIVE},
    "CosFace": SIZES | {"scale": POSITIVE, "margin": MARGINS},
    "ArcFace": SIZES | {"scale": POSITIVE, "margin": MARGINS, "sub_centers": COUNTS},
    "AdaCos": SIZES | MOVED,
    "SubClusterAdaCos": SIZES | MOVED | {"sub_clusters": COUNTS, "variant": WORDS},
    "AdaProj": SIZES | MOVED | {"subspace_dim": COUNTS, "variant": WORDS, "orthonormal": SWITCHES},
    "Compactness": SIZES | MOVED,
    "CompactnessSoftmax": SIZES | MOVED,
    "ArcMix": SIZES | {"scale": POSITIVE, "margin": MARGINS},
    "NoisyArcMix": SIZES | {"scale": POSITIVE, "margin": MARGINS},
    "MixedMargin": SIZES | {"scale": POSITIVE, "margin": MARGINS, "power": POSITIVE},
    "BinaryCrossEntropy": {"dim": COUNTS},
    "DSAD": BINARY,
    "DDCSAD": BINARY | {"with_anomalies": SWITCHES},
    "BinaryDSAD": BINARY | {"weight": POSITIVE},
    "BinaryDDCSAD": BINARY | {"weight": POSITIVE, "with_anomalies": SWITCHES},
}
SET = [(name, setting) for name, settings in SETTINGS.items() for setting in settings]


@every(("name", "setting"), SET)
def test_settings_of_a_loss_that_cannot_be(name, setting, refused):
    sizes = {"dim": D, "classes": C} if name in CLASSES else {"dim": D}
    for value in SETTINGS[name][setting]:
        refused(lambda value=value: ALL[name](**sizes | {setting: value}), setting)


@pytest.mark.parametrize("counts", [[3, 1], [1, 2, math.nan], "abc", [[1, 2, 3]], [1j, 2, 3]])
def test_counts_that_are_not_those_of_the_classes(counts, refused):
    refused(lambda: losses.SubClusterAdaCos(D, C, 2, "code", counts=counts), "counts ")


BRICKS = {
    "cosine-dims": (lambda: losses.cosine(torch.ones(N, D), torch.ones(C, D + 1)), "(N, 5)"),
    "cosine-list": (lambda: losses.cosine(torch.ones(N, D), [[1.0] * D]), "centers is a list"),
    "cosine-nan": (lambda: losses.cosine(holding(math.nan), torch.ones(C, D)), "x is nan at (2, 1"),
    "angle-list": (lambda: losses.angle([0.5]), "cosine is a list: give a tensor"),
    "angle-number": (lambda: losses.angle(0.5), "cosine is a float: give a tensor"),
    "own-lengths": (lambda: own(group=["a"]), "group has the shape (1,): give 6"),
    "own-owners": (lambda: own(owners=["a", "b"]), "2 owners of 3 classes: give one each"),
    "own-missing": (lambda: own(group=["a"] * 5 + [None]), "group is None at 5: give a text"),
    "own-nan": (lambda: own(x=holding(math.nan)), "x is nan at (2, 1): give finite numbers"),
    "own-array": (lambda: own(x=np.ones((N, D))), "x is a ndarray: give a tensor"),
    "energy-one": (lambda: losses.energy_inside(torch.ones(D), torch.ones(C, 2, D)), "give (N, D)"),
    "energy-nan": (lambda: losses.energy_inside(holding(math.nan), torch.ones(C, 2, D)), "x is na"),
    "principal-nan": (lambda: losses.principal_angles(torch.full((C, 2, D), math.nan)), "is nan a"),
    "principal-list": (lambda: losses.principal_angles([[[1.0]]]), "centers is a list"),
    "alpha-text": (lambda: losses.smallest_alpha("6"), "classes is '6': give a whole number"),
    "alpha-p": (lambda: losses.smallest_alpha(6, p=math.nan), "p is a share between 0 and 1"),
    "alpha-p-text": (lambda: losses.smallest_alpha(6, p="0.9"), "p is a share between 0 and 1"),
    "no centers yet": (lambda: losses.BinaryCrossEntropy(D).distance(torch.ones(N, D)), "update_c"),
}  # fmt: skip


def own(x=None, owners=("a", "b", "c"), group=("a",) * N):
    return losses.own_angle(torch.ones(N, D) if x is None else x, torch.eye(C, D), owners, group)


@pytest.mark.parametrize("kind", BRICKS)
def test_bricks_of_the_losses(kind, refused):
    refused(*BRICKS[kind])


CLIPS = torch.randn(N, 5)
MIXING = {
    "list": ({"batch": CLIPS.tolist()}, "batch is a list: give a tensor"),
    "array": ({"batch": CLIPS.numpy()}, "batch is a ndarray: give a tensor"),
    "16 bits": ({"batch": CLIPS.short()}, "batch is of torch.int16: give floating-point"),
    "complex": ({"batch": CLIPS * 1j}, "batch is of torch.complex64"),
    "number": ({"batch": torch.tensor(1.0)}, "batch has the shape (), and y holds 6 labels"),
    "too few": ({"batch": CLIPS[:5]}, "batch has the shape (5, 5), and y holds 6 labels"),
    "too many": ({"batch": CLIPS.repeat(2, 1)}, "batch has the shape (12, 5), and y holds 6"),
    "tuple": ({"batch": (CLIPS, CLIPS[:1])}, "batch has the shape (1, 5), and y holds 6 labels"),
    "y-list": ({"y": [0] * N}, "y is a list: give a tensor"),
    "y-mix": ({"y": Mix(FIRST, FIRST, LAM)}, "y is a Mix: give a tensor"),
    "y-fractions": ({"y": torch.zeros(N)}, "y is of torch.float32: give whole numbers"),
    "y-one-hot": ({"y": torch.eye(N).long()}, "y.argmax(dim=1) of one-hot rows"),
    "nothing": ({"batch": CLIPS[:0], "y": FIRST[:0]}, "y has the shape (0,): give a whole number"),
    "how": ({"how": "gauss"}, "how is 'uniform' or 'beta', not 'gauss'"),
    "how-None": ({"how": None}, "how is 'uniform' or 'beta', not None"),
    "how-list": ({"how": ["beta"]}, "how is 'uniform' or 'beta', not ['beta']"),
    "pairing": ({"pairing": 1}, "pairing is 'reverse' or 'permute', not 1"),
    "generator": ({"generator": 0}, "generator is of the type int: give a torch.Generator"),
    "numpy": ({"generator": np.random.default_rng(0)}, "of the type Generator: give a torch.Gen"),
}  # fmt: skip


@pytest.mark.parametrize("kind", MIXING)
def test_what_cannot_be_mixed(kind, refused):
    choices, words = MIXING[kind]
    refused(lambda: mixup.mix(**{"batch": CLIPS, "y": FIRST} | choices), words)


INPUTS = torch.randn(N, 5, 3, generator=torch.Generator().manual_seed(2))
CLASS = torch.tensor([0, 1, 2, 0, 1, 2])


def spoiled(value):
    inputs = INPUTS.clone()
    inputs[3, 2, 1] = value
    return inputs


def fit(**choices):
    torch.manual_seed(0)
    given = {
        "encoder": encoders.Toy(D, bands=5, width=4), "loss": losses.AdaCos(D, C),
        "inputs": INPUTS, "y": CLASS, "epochs": 1, "device": "cpu",
    }  # fmt: skip
    return train.fit(**given | choices)


def beyond(batch, y, generator):
    return batch, Mix(y, y.flip(0), torch.full((len(y),), 1.5))


def shortened(batch, y, generator):
    return batch, Mix(y, y[1:], torch.ones(len(y)))


FITS = {
    "encoder-class": ({"encoder": encoders.Toy}, "encoder is the class Toy, which is no module: g"),
    "encoder-function": ({"encoder": lambda x: x}, "encoder is a function, which is no module"),
    "encoder-text": ({"encoder": "Toy"}, "encoder is a str, which is no module: give encoders.Toy"),
    "encoder-None": ({"encoder": None}, "encoder is None, which is no module"),
    "loss-class": ({"loss": losses.AdaCos}, "loss is the class AdaCos, which is no module: give l"),
    "loss-text": ({"loss": "adacos"}, "loss is a str, which is no module"),
    "loss-None": ({"loss": None}, "loss is None, which is no module"),
    "inputs-list": ({"inputs": INPUTS.tolist()}, "inputs is a list: give a tensor"),
    "inputs-array": ({"inputs": INPUTS.numpy()}, "inputs is a ndarray: give a tensor"),
    "inputs-None": ({"inputs": None}, "inputs is None: give a tensor"),
    "inputs-number": ({"inputs": torch.tensor(1.0)}, "inputs is a single number"),
    "inputs-nan": ({"inputs": spoiled(math.nan)}, "inputs is nan at (3, 2, 1): give finite"),
    "inputs-inf": ({"inputs": spoiled(math.inf)}, "inputs is inf at (3, 2, 1): give finite"),
    "inputs-16 bits": ({"inputs": INPUTS.short()}, "x is of torch.int16: give floating-point"),
    "inputs-double": ({"inputs": INPUTS.double()}, "x is of torch.float64 and meets numbers of"),
    "inputs-half": ({"inputs": INPUTS.half()}, "x is of torch.float16 and meets numbers of"),
    "inputs-bands": ({"inputs": INPUTS[:, :4]}, "Toy was made for pictures (N, 5, T), not (6, 4,"),
    "inputs-empty": ({"inputs": INPUTS[:0], "y": CLASS[:0]}, "0 clips and 0 labels", "least one"),
    "inputs-no part": ({"inputs": ()}, "no clips and 6 labels: give as many of each"),
    "inputs-tuple": ({"inputs": (INPUTS, INPUTS[1:])}, "5 and 6 clips and 6 labels: give as many"),
    "inputs-shorter": ({"inputs": INPUTS[1:]}, "5 clips and 6 labels: give as many of each"),
    "y-shorter": ({"y": CLASS[1:]}, "6 clips and 5 labels: give as many of each"),
    "y-one": ({"y": CLASS[:1]}, "6 clips and 1 labels: give as many of each"),
    "y-list": ({"y": CLASS.tolist()}, "y is a list: give a tensor, such as torch.as_tensor(y)"),
    "y-array": ({"y": CLASS.numpy()}, "y is a ndarray: give a tensor"),
    "y-None": ({"y": None}, "y is None: give a tensor"),
    "y-number": ({"y": torch.tensor(1)}, "y is a single number"),
    "y-fractions": ({"y": CLASS.float()}, "y is of torch.float32: give whole numbers"),
    "y-one-hot": ({"y": torch.eye(N).long()}, "y.argmax(dim=1) of one-hot rows"),
    "y-too large": ({"y": CLASS + 1}, "y holds 3: give class indices from 0 to 2"),
    "y-negative": ({"y": CLASS - 1}, "y holds -1: give class indices from 0 to 2"),
    "y-roles": ({"loss": losses.DSAD(D)}, "2 is no role: y holds normal 1, outlier 0 and anomaly"),
    "epochs-0": ({"epochs": 0}, "epochs is 0: give a whole number, 1 or more"),
    "epochs-negative": ({"epochs": -3}, "epochs is -3: give a whole number, 1 or more"),
    "epochs-text": ({"epochs": "3"}, "epochs is '3': give a whole number, 1 or more"),
    "epochs-fraction": ({"epochs": 2.5}, "epochs is 2.5: give a whole number, 1 or more"),
    "epochs-None": ({"epochs": None}, "epochs is None: give a whole number"),
    "epochs-nan": ({"epochs": math.nan}, "epochs is nan: give a whole number"),
    "epochs-True": ({"epochs": True}, "epochs is True: give a whole number"),
    "batch-0": ({"batch_size": 0}, "batch_size is 0: give a whole number, 1 or more"),
    "batch-negative": ({"batch_size": -1}, "batch_size is -1: give a whole number, 1 or more"),
    "batch-text": ({"batch_size": "64"}, "batch_size is '64': give a whole number"),
    "batch-fraction": ({"batch_size": 1.5}, "batch_size is 1.5: give a whole number"),
    "seed-text": ({"seed": "0"}, "seed is '0': give a whole number, 0 or more"),
    "seed-negative": ({"seed": -1}, "seed is -1: give a whole number, 0 or more"),
    "seed-None": ({"seed": None}, "seed is None: give a whole number, 0 or more"),
    "seed-fraction": ({"seed": 0.5}, "seed is 0.5: give a whole number, 0 or more"),
    "seed-too large": ({"seed": 2**64}, "seed is 18446744073709551616: give a whole number below"),
    "snapshots-late": ({"snapshots": [99], "epochs": 3}, "snapshots holds 99", "epochs from 1 to"),
    "snapshots-0": ({"snapshots": [0]}, "an epoch of snapshots is 0: give a whole number, 1"),
    "snapshots-number": ({"snapshots": 1}, "snapshots is 1: give several epochs"),
    "snapshots-text": ({"snapshots": "1"}, "snapshots is '1': give several epochs"),
    "snapshots-fraction": ({"snapshots": [0.5]}, "an epoch of snapshots is 0.5: give a whole"),
    "snapshots-None": ({"snapshots": None}, "snapshots is None: give several epochs"),
    "device-none": ({"device": "gpu"}, "there is no device 'gpu' here: give cpu"),
    "device-absent": ({"device": "cuda:99"}, "there is no device 'cuda:99' here"),
    "device-fraction": ({"device": 1.5}, "device is a float: give a name, such as 'cpu'"),
    "mixing-text": ({"mixing": "uniform"}, "mixing is a str: give a function, such as mixup.mix"),
    "mixing-Mix": ({"mixing": Mix(CLASS, CLASS, LAM)}, "mixing is a Mix: give a function"),
    "mixing-shares": ({"mixing": beyond}, "lam holds 1.5: give the share of the first clip"),
    "mixing-lengths": ({"mixing": shortened}, "other holds 5 labels for 6: give one for each"),
    "optimizer-text": ({"optimizer": "adam"}, "optimizer is a str: give a function, such as train"),
    "optimizer-None": ({"optimizer": None}, "optimizer is None: give a function, such as train.a"),
    "optimizer-number": ({"optimizer": 0.1}, "optimizer is a float: give a function"),
    "optimizer-made": (
        {"optimizer": train.adam(nn.Linear(1, 1), nn.Identity())}, "optimizer is a Adam: give a"
    ),
    "optimizer-nothing": ({"optimizer": lambda *_: None}, "optimizer is a function that makes Non"),
    "optimizer-class": ({"optimizer": torch.optim.Adam}, "optimizer is the class Adam: give a fun"),
    "schedule-number": ({"schedule": 0.1}, "schedule is a float: give a function, such as train.c"),
    "schedule-nan": ({"schedule": lambda done: math.nan}, "the share of a schedule is nan"),
    "schedule-text": ({"schedule": lambda done: "half"}, "the share of a schedule is 'half'"),
    "batches-None": ({"batches": None}, "batches is None: give a function, such as train.shuffled"),
    "batches-list": ({"batches": [CLASS]}, "batches is a list: give a function"),
    "precision": ({"precision": "float16"}, "precision is 'float16': choose one of float32, bf16"),
    "precision-dtype": ({"precision": torch.float16}, "precision is ", "choose one of float32, bf"),
    "precision-list": ({"precision": ["bf16"]}, "precision is a list: choose one of float32, bf16"),
    "folder-number": ({"folder": 3}, "folder is a int: give a path, or None"),
    "start-number": ({"start": 3}, "start is 3: give a Run, or the path of its file"),
    "start-absent": ({"start": "absent.safetensors"}, "absent.safetensors"),
    "nothing to train": ({"loss": losses.AdaCos(D, C, trainable=False), "encoder": nn.Flatten()},
                         "nothing to train"),
    "astray": ({"optimizer": partial(train.adam, lr=1e30), "epochs": 5}, "take a smaller rate"),
}  # fmt: skip


@every("kind", FITS)
def test_trainings_that_cannot_be(kind, refused):
    choices, *words = FITS[kind]
    weights = [value for value in choices.values() if isinstance(value, nn.Module)]
    refused(lambda: fit(**choices), *words)
    assert all(value.isfinite().all() for module in weights for value in module.parameters())


def test_a_folder_that_is_a_file(tmp_path, refused):
    place = tmp_path / "run"
    place.write_text("mine")
    for folder in (place, str(place), place / "deeper"):
        refused(lambda folder=folder: fit(folder=folder), "is a file: give a folder")
    assert place.read_text() == "mine"


def test_a_snapshot_that_a_run_has_passed(tmp_path, refused):
    fit(epochs=2, folder=tmp_path)
    there = (tmp_path / "run.safetensors").read_bytes()
    refused(lambda: fit(epochs=3, folder=tmp_path, snapshots=[1]), "has passed epoch 1 without")
    assert (tmp_path / "run.safetensors").read_bytes() == there


def test_mixed_clips_of_a_loss_that_reads_no_label():
    """Nothing is asked of them, so nothing is wrong."""
    inputs = INPUTS.flatten(1)
    encoder = encoders.AutoEncoder(15, widths=(4,), bottleneck=2)
    run = fit(encoder=encoder, loss=losses.SquaredError(), inputs=inputs, mixing=mixup.mix)
    assert run.history["loss"].notna().all()


EMBEDS = {
    "class": ((encoders.Toy, INPUTS), {}, "encoder is the class Toy, which is no module"),
    "list": ((None, INPUTS.tolist()), {}, "inputs is a list: give a tensor"),
    "array": ((None, INPUTS.numpy()), {}, "inputs is a ndarray: give a tensor"),
    "empty": ((None, INPUTS[:0]), {}, "0 clips: give as many of each, and at least one"),
    "no part": ((None, ()), {}, "no clips: give as many of each, and at least one"),
    "nan": ((None, spoiled(math.nan)), {}, "inputs is nan at (3, 2, 1): give finite numbers"),
    "lengths": ((None, (INPUTS, INPUTS[1:])), {}, "5 and 6 clips: give as many of each"),
    "batch 0": ((None, INPUTS), {"batch_size": 0}, "batch_size is 0: give a whole number"),
    "batch text": ((None, INPUTS), {"batch_size": "64"}, "batch_size is '64': give a whole number"),
    "one clip": ((None, INPUTS[0]), {}, "Toy was made for pictures (N, 5, T), not (5, 3)"),
}  # fmt: skip


@pytest.mark.parametrize("kind", EMBEDS)
def test_what_cannot_be_embedded(kind, refused):
    (encoder, inputs), choices, words = EMBEDS[kind]
    encoder = encoder or encoders.Toy(D, bands=5, width=4)
    refused(lambda: train.embed(encoder, inputs, **choices), words)


MAKERS = partial(encoders.Toy, D, bands=5, width=4), partial(losses.AdaCos, D, C)
CALLS = {
    "repeat-network": (lambda: train.repeat(encoders.Toy(), MAKERS[1], INPUTS, CLASS, seeds=1), ""),
    "repeat-text": (lambda: train.repeat(*MAKERS, INPUTS, CLASS, seeds="3"), "seeds is '3': give"),
    "repeat-fraction": (lambda: train.repeat(*MAKERS, INPUTS, CLASS, seeds=2.5), "seeds is 2.5"),
    "repeat-negative": (lambda: train.repeat(*MAKERS, INPUTS, CLASS, seeds=-1), "seeds is -1: giv"),
    "repeat-None": (lambda: train.repeat(*MAKERS, INPUTS, CLASS, seeds=None), "seeds is None: giv"),
    "repeat-0": (lambda: train.repeat(*MAKERS, INPUTS, CLASS, seeds=0), "no seed to train from"),
    "repeat-none": (lambda: train.repeat(*MAKERS, INPUTS, CLASS, seeds=[]), "no seed to train fro"),
    "repeat-bad": (lambda: train.repeat(*MAKERS, INPUTS, CLASS, seeds=[0, "1"]), "a seed is '1'"),
    "shuffled-0": (lambda: train.shuffled(CLASS, 0), "batch_size is 0: give a whole number"),
    "shuffled-fraction": (lambda: train.shuffled(CLASS, 2.5), "batch_size is 2.5: give a whole"),
    "shuffled-list": (lambda: train.shuffled([0, 1]), "y is a list: give a tensor"),
    "shuffled-empty": (lambda: train.shuffled(CLASS[:0]), "y has the shape (0,): give a label"),
    "shuffled-chance": (lambda: train.shuffled(CLASS, generator=3), "of the type int: give a torc"),
    "balanced-text": (lambda: train.balanced(FIRST, normal="2"), "normal is '2': give a whole"),
    "balanced-fraction": (lambda: train.balanced(FIRST, outlier=0.5), "outlier is 0.5: give a who"),
    "balanced-None": (lambda: train.balanced(FIRST, anomaly=None), "anomaly is None: give a whole"),
    "balanced-steps": (lambda: train.balanced(FIRST, steps=0), "steps is 0: give a whole number,"),
    "balanced-list": (lambda: train.balanced([0, 1]), "y is a list: give a tensor"),
    "adam-text": (lambda: rated(train.adam, lr="0.1"), "lr is '0.1': give a number from 0"),
    "adam-True": (lambda: rated(train.adam, lr=True), "lr is True: give a number from 0"),
    "adam-decay": (lambda: rated(train.adam, decay=-1.0), "decay is -1.0: give a number from 0"),
    "adamw-nan": (lambda: rated(train.adamw, lr=math.nan), "lr is nan: give a number from 0"),
    "two-None": (lambda: rated(train.adam_two_rates, head=None), "head is None: give a number fro"),
    "cosine-late": (lambda: train.cosine(1.5), "done is 1.5: give a number from 0 to 1"),
    "cosine-text": (lambda: train.cosine("0.5"), "done is '0.5': give a number from 0 to 1"),
    "cosine-last": (lambda: train.cosine(0.5, last=None), "last is None: give a number from 0 to"),
    "halved-nan": (lambda: train.halved(math.nan), "done is nan: give a number from 0 to 1"),
    "halved-fraction": (lambda: train.halved(0.5, times=1.5), "times is 1.5: give a whole number"),
    "halved-negative": (lambda: train.halved(0.5, times=-1), "times is -1: give a whole number, 0"),
    "held-1": (lambda: train.held_out(["a"] * 8, every=1), "every is 1: give a whole number, 2"),
    "held-text": (lambda: train.held_out(["a"] * 8, every="4"), "every is '4': give a whole numbe"),
    "held-missing": (lambda: train.held_out(["a"] * 8 + [None]), "no name for some clips"),
    "curve-all": (lambda: curve(np.ones(N, bool)), "give True for some of them"),
    "curve-none": (lambda: curve(np.zeros(N, bool)), "give True for some of them"),
    "curve-short": (lambda: curve(np.array([True, False])), "held is of bool (2,) for 6 clips"),
    "curve-numbers": (lambda: curve(np.arange(N)), "held is of int64 (6,) for 6 clips"),
    "curve-falls": (lambda: curve(FIRST.numpy() > 0, [2, 1]), "epochs are [2, 1]: give rising"),
    "curve-no epoch": (lambda: curve(FIRST.numpy() > 0, []), "epochs are []: give rising numbers"),
    "rows-0": (lambda: train.Rows(INPUTS, lambda *_: None, 0), "several is 0: give a whole number"),
    "rows-list": (lambda: train.Rows([1.0], lambda *_: None, 1), "clips is a list: give a tensor"),
    "roles-none": (lambda: losses.DSAD(D).update_centers(torch.ones(N, D), FIRST * 0), "normal: a"),
    "roles-mix": (
        lambda: losses.DSAD(D).update_centers(torch.ones(N, D), Mix(FIRST, FIRST, LAM)), "y is a Mi"
    ),
    "roles-few": (lambda: losses.DSAD(D).update_centers(torch.ones(5, D), FIRST), "5 embeddings a"),
}  # fmt: skip


def rated(make, **rates):
    return make(encoders.Toy(D, bands=5), losses.ArcFace(D, C), **rates)


def curve(held, epochs=(1,)):
    return train.learning_curve(*(make() for make in MAKERS), INPUTS, CLASS, held, epochs)


@every("kind", CALLS)
def test_the_other_calls_of_a_training(kind, refused):
    refused(*CALLS[kind])
