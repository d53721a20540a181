"""Damaged files never answer: whatever a bit, a cut or a hand did to a file of ours is refused."""

import io
import json
import os
import re
import shutil
import warnings
import zipfile

import numpy as np
import pandas as pd
import pytest
import soundfile
import torch
from every import every

from asdkit import embeddings, losses, map_file, projection, sound, systems, traces, train
from asdkit.__main__ import main
from asdkit.encoders import Toy
from asdkit.systems import sources
from asdkit.tensorfile import read_tensors, write_tensors

NAMES = {"detector": "d.safetensors", "run": "run.safetensors", "cell": "", "map": "m.safetensors",
         "store": "e.npz", "trace": "t.csv"}  # fmt: skip
SETTINGS = {"seed": 0, "data": "of a test"}
FACTS = {"machine": ["fan"] * 4, "section": ["00"] * 4, "domain": ["source"] * 4,
         "label": [0, 0, 1, 1], "clip": list("abcd")}  # fmt: skip


def clips_of(root):
    chance = np.random.default_rng(0)
    for place in ("train/normal", "test/normal", "test/anomaly"):
        for number in range(3):
            path = root / "fan" / f"{place}_id_00_{number:08d}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(path, 0.1 * chance.normal(size=16000), 16000)
    return sound.index(root)


def new_run():
    """A run of one epoch's worth of numbers, and of the same parts before it."""
    torch.manual_seed(0)
    encoder, loss = Toy(2, bands=2, width=2), losses.AdaCos(2, 3)
    return train.Run(encoder, loss, train.adam(encoder, loss), dict(SETTINGS))


def one_cell(home, clips):
    parts = [clips[clips["split"] == split] for split in ("train", "test")]
    system = systems.get("mean_gaussian", backend="CosineToMean", seconds=1.0)
    source = systems.Source("data", folder=str(home / "data"))
    table = sources.digest(*parts)
    return systems.Cell("mean_gaussian", system, 0, source, ("CosineToMean",), table)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder with a small file of each kind."""
    home = tmp_path_factory.mktemp("damaged")
    clips = clips_of(home / "data")
    system = systems.get("mean_gaussian", backend="CosineToMean", seconds=1.0)
    system.fit(clips[clips["split"] == "train"], device="cpu").save(home / NAMES["detector"])
    run, x, y = new_run(), torch.randn(4, 2, 3), torch.tensor([0, 1, 0, 1])
    for step in range(2):
        run.optimizer.zero_grad()
        run.loss(run.encoder(x), y).backward()
        run.optimizer.step()
        run.rows.append({"epoch": 0, "step": step, "loss": 1.0, "scale": 2.0})
    run.epoch, run.seen, run.seconds = 1, 8, 0.5
    run.snapshots[1] = train.Snapshot(run.embed(x), run.loss.centers.detach().clone())
    run.save(home / NAMES["run"])
    cell = one_cell(home, clips)
    NAMES["cell"] = f"{cell.key()}.safetensors"
    notes = {"key": cell.key(), "name": cell.name, "seed": 0, "data": "data", "seconds": 1.0}
    scores = {"CosineToMean": torch.rand(6, dtype=torch.float64)}
    write_tensors(cell.file(home), scores, {"cell": json.dumps(notes)})
    map_file.write(home / NAMES["map"], projection.pca_map(np.random.rand(6, 3), k=2))
    embeddings.write(home / NAMES["store"], np.random.rand(9, 3), clips, score=np.arange(9.0))
    traces.write(home / NAMES["trace"], pd.DataFrame(FACTS).assign(**{"a|b|0": [0.5] * 4}), ["x"])
    return home


def readers(home):
    """How each kind of file is read, by its path."""
    cell = one_cell(home, sound.index(home / "data"))

    def map_of(path):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            if map_file.read(path, 6, 2) is None:
                raise ValueError(f"{path} is made again: none")

    return {
        "detector": lambda path: systems.load(path, "cpu"),
        "run": lambda path: new_run().resume(path, 4),
        "cell": lambda path: cell.read(path.parent),
        "map": map_of,
        "store": embeddings.read,
        "trace": traces.read,
    }


@pytest.fixture(scope="module")
def reading(home):
    return readers(home)


def stays(read, path):
    """Whether a reader takes what lies at a path for a file of its kind."""
    try:
        read(path)
    except (ValueError, OSError, UserWarning) as error:
        assert str(path) in str(error), error
        return False
    return True


@pytest.fixture
def copied(home, tmp_path):
    """A copy of the small file of a kind, to be damaged."""
    return lambda kind: shutil.copy(home / NAMES[kind], tmp_path / NAMES[kind])


@pytest.mark.parametrize(("kind", "stride"), [
    ("detector", 1), ("run", 61), ("cell", 5), ("map", 5), ("store", 29), ("trace", 1),
])  # fmt: skip
def test_no_bit_is_flipped_unseen(copied, reading, kind, stride):
    """All 26,368 bits of the detector's file, and all of the trace's; some of the others'."""
    path, unseen = copied(kind), []
    data = path.read_bytes()
    assert stays(reading[kind], path)
    with path.open("rb+", buffering=0) as file:
        for bit in range(0, 8 * len(data), stride):
            byte = data[bit // 8 : bit // 8 + 1]
            os.pwrite(file.fileno(), bytes([byte[0] ^ 1 << bit % 8]), bit // 8)
            if stays(reading[kind], path):
                unseen.append(bit)
            os.pwrite(file.fileno(), byte, bit // 8)
    assert unseen == [] and stays(reading[kind], path)


@pytest.mark.parametrize(("kind", "step"), [
    ("detector", 3), ("run", 7), ("cell", 1), ("map", 1), ("store", 7), ("trace", 1),
])  # fmt: skip
def test_no_file_is_cut_short_unseen(copied, reading, kind, step):
    path, unseen = copied(kind), []
    with path.open("rb+") as file:
        for length in reversed(range(0, path.stat().st_size, step)):
            file.truncate(length)
            if stays(reading[kind], path):
                unseen.append(length)
    assert unseen == []


@every("kind", NAMES)
@pytest.mark.parametrize(
    "more", [b"\0", b"\0\0", b"\n", b" " * 8, b"PK\5\6" + bytes(18)],
    ids=["zero", "zeros", "line", "spaces", "archive's end"],
)  # fmt: skip
def test_nothing_is_added_unseen(copied, reading, kind, more):
    path = copied(kind)
    data = path.read_bytes()
    for changed in (data + more, more + data):
        path.write_bytes(changed)
        assert not stays(reading[kind], path)


def put(*keys, value):
    """A change of one place of the notes."""

    def change(tensors, notes):
        for key in keys[:-1]:
            notes = notes[key]
        notes[keys[-1]] = value

    return change


def drop(*keys):
    def change(tensors, notes):
        for key in keys[:-1]:
            notes = notes[key]
        del notes[keys[-1]]

    return change


def tensor(name, make):
    """A change of one tensor; None takes it away."""

    def change(tensors, notes):
        made = make(tensors.get(name, torch.zeros(1)))
        tensors[name] = made
        if made is None:
            del tensors[name]

    return change


def without(start):
    def change(tensors, notes):
        for name in [name for name in tensors if name.startswith(start)]:
            del tensors[name]

    return change


def filled(value):
    return lambda old: torch.full_like(old, value)


NET = ("networks", 0)
MEAN, FRONT = "0.backend.0.mean", "0.network.front.learned.1.mean"
NAN, INF = float("nan"), float("inf")
DETECTORS = {
    "threshold NaN": put("thresholds", "fan/00", value=NAN),
    "threshold infinite": put("thresholds", "fan/00", value=-INF),
    "threshold text": put("thresholds", "fan/00", value="0.5"),
    "threshold true": put("thresholds", "fan/00", value=True),
    "threshold missing": put("thresholds", "fan/00", value=None),
    "threshold of another group": put("thresholds", "pump/00", value=1.0),
    "thresholds empty": put("thresholds", value={}),
    "thresholds a list": put("thresholds", value=[1.0]),
    "thresholds left out": drop("thresholds"),
    "normal scores NaN": tensor("normal.0", filled(NAN)),
    "normal scores in float32": tensor("normal.0", lambda old: old.float()),
    "normal scores in two rows": tensor("normal.0", lambda old: old[None]),
    "normal scores of no clip": tensor("normal.0", lambda old: old[:0]),
    "normal scores left out": tensor("normal.0", lambda old: None),
    "normal scores of another group": put("normal", value=["pump/00"]),
    "normal scores of no group": put("normal", value=[]),
    "normal scores of a word": put("normal", value="fan/00"),
    "format text": put("format", value="2"),
    "format left out": drop("format"),
    "system a list": put("system", value=["mean_gaussian"]),
    "system a word": put("system", value="mean_gaussian"),
    "system left out": drop("system"),
    "recipe with NaN": put("system", "seconds", value=NAN),
    "recipe with infinity": put("system", "held_out", value=INF),
    "recipe with seconds below 0": put("system", "seconds", value=-1.0),
    "recipe with epochs -1": put("system", "epochs", value=-1),
    "recipe with half a batch": put("system", "batch_size", value=0.5),
    "recipe with a list for a name": put("system", "task", value=[]),
    "recipe without trials": put("system", "trials", value=[]),
    "recipe with a strange setting": put("system", "backend", "k", value=3),
    "networks none": put("networks", value=[]),
    "networks a dict": put("networks", value={}),
    "networks twice": lambda tensors, notes: notes["networks"].append(notes["networks"][0]),
    "network of a trial -1": put(*NET, "trial", value=-1),
    "network of trial 1": put(*NET, "trial", value=1),
    "groups a word": put(*NET, "groups", value="fan/00"),
    "groups numbers": put(*NET, "groups", value=[0]),
    "groups without a section": put(*NET, "groups", value=["fan"]),
    "groups others": put(*NET, "groups", value=["pump/00"]),
    "groups twice": put(*NET, "groups", value=["fan/00", "fan/00"]),
    "groups none": put(*NET, "groups", value=[]),
    "owners a number": put(*NET, "owners", value=3),
    "machines left out": drop(*NET, "machines"),
    "models of another group": put(*NET, "models", value=["pump/00"]),
    "models twice": put(*NET, "models", value=["fan/00", "pump/00"]),
    "standing NaN": put(*NET, "standings", "fan/00", value=[NAN, 1.0, 1.0]),
    "standing without a spread": put(*NET, "standings", "fan/00", value=[0.0, 0.0, 1.0]),
    "standing of a weight below 0": put(*NET, "standings", "fan/00", value=[0.0, 1.0, -1.0]),
    "standing too short": put(*NET, "standings", "fan/00", value=[0.0, 1.0]),
    "standing of text": put(*NET, "standings", "fan/00", value=["0", "1", "1"]),
    "standing of another group": put(*NET, "standings", "pump/00", value=[0.0, 1.0, 1.0]),
    "backend NaN": tensor(MEAN, filled(NAN)),
    "backend infinite": tensor(MEAN, filled(INF)),
    "backend in float32": tensor(MEAN, lambda old: old.float()),
    "backend in half precision": tensor(MEAN, lambda old: old.half()),
    "backend complex": tensor(MEAN, lambda old: old.cfloat()),
    "backend of another size": tensor(MEAN, lambda old: old[:-1]),
    "backend left out": tensor(MEAN, lambda old: None),
    "backend by another name": lambda tensors, notes: tensors.update(
        {"0.backend.0.middle": tensors.pop(MEAN)}
    ),
    "weights NaN": tensor(FRONT, filled(NAN)),
    "weights of another type": tensor(FRONT, lambda old: old.double()),
    "weights whole numbers": tensor(FRONT, lambda old: old.int()),
    "weights of another shape": tensor(FRONT, lambda old: old[:5]),
    "weights left out": tensor(FRONT, lambda old: None),
    "weights strange": tensor("0.network.encoder.bias", lambda old: old),
    "tensors of no network": tensor("1.network.front.mean", lambda old: old),
    "tensors none": without(""),
}
RUNS = {
    "epoch -1": put("epoch", value=-1),
    "epoch text": put("epoch", value="1"),
    "epoch a fraction": put("epoch", value=1.0),
    "epoch true": put("epoch", value=True),
    "epoch NaN": put("epoch", value=NAN),
    "epoch later than the history": put("epoch", value=2),
    "epoch earlier than the history": put("epoch", value=0),
    "epoch left out": drop("epoch"),
    "seconds below 0": put("seconds", value=-1.0),
    "seconds infinite": put("seconds", value=INF),
    "seconds text": put("seconds", value="1 s"),
    "seen below 0": put("seen", value=-8),
    "seen a fraction": put("seen", value=0.5),
    "settings a list": put("settings", value=[]),
    "settings None": put("settings", value=None),
    "settings with NaN": put("settings", "seed", value=NAN),
    "settings of another seed": put("settings", "seed", value=1),
    "columns text": put("columns", value="epoch"),
    "columns fewer": put("columns", value=["epoch", "step", "loss"]),
    "columns twice": put("columns", value=["epoch", "step", "loss", "loss"]),
    "columns in another order": put("columns", value=["step", "epoch", "loss", "scale"]),
    "columns left out": drop("columns"),
    "history left out": tensor("history", lambda old: None),
    "history flat": tensor("history", lambda old: old[0]),
    "history in float32": tensor("history", lambda old: old.float()),
    "history of NaN": tensor("history", filled(NAN)),
    "history of an epoch -1": tensor("history", filled(-1.0)),
    "history without its first step": tensor("history", lambda old: old[1:]),
    "history twice": tensor("history", lambda old: torch.cat([old, old])),
    "encoder NaN": tensor("encoder.layers.0.weight", filled(NAN)),
    "encoder in float64": tensor("encoder.layers.0.weight", lambda old: old.double()),
    "encoder transposed": tensor("encoder.layers.0.weight", lambda old: old.T),
    "encoder left out": without("encoder."),
    "encoder with more": tensor("encoder.layers.9.bias", lambda old: old),
    "loss infinite": tensor("loss.scale", filled(INF)),
    "loss left out": without("loss."),
    "moments NaN": tensor("optimizer.0.exp_avg", filled(NAN)),
    "moments of another shape": tensor("optimizer.0.exp_avg", lambda old: old.T),
    "moments of another type": tensor("optimizer.0.exp_avg_sq", lambda old: old.double()),
    "moments left out": tensor("optimizer.0.exp_avg", lambda old: None),
    "moments of all left out": lambda tensors, notes: [
        tensors.pop(name) for name in list(tensors) if name.endswith("exp_avg_sq")
    ],
    "optimizer without a parameter": without("optimizer.0."),
    "optimizer with one more": tensor("optimizer.99.step", lambda old: old),
    "optimizer of no parameter": tensor("optimizer.one.step", lambda old: old),
    "snapshot of other clips": tensor("snapshots.1.x", lambda old: old[1:]),
    "snapshot of other dimensions": tensor("snapshots.1.x", lambda old: old[:, :1]),
    "snapshot NaN": tensor("snapshots.1.x", filled(NAN)),
    "snapshot of whole numbers": tensor("snapshots.1.x", lambda old: old.long()),
    "snapshot without centers": tensor("snapshots.1.centers", lambda old: None),
    "snapshot without embeddings": tensor("snapshots.1.x", lambda old: None),
    "snapshot with other centers": tensor("snapshots.1.centers", lambda old: old[1:]),
    "snapshot of epoch 7": lambda tensors, notes: tensors.update(
        {f"snapshots.7.{name}": tensors[f"snapshots.1.{name}"] for name in ("x", "centers")}
    ),
    "snapshot of epoch -1": tensor("snapshots.-1.x", lambda old: torch.zeros(4, 2)),
    "snapshot of more": tensor("snapshots.1.angle", lambda old: old),
}
SCORE = "CosineToMean"
CELLS = {
    "of another seed": put("key", value="0" * 20),
    "key left out": drop("key"),
    "seconds below 0": put("seconds", value=-1.0),
    "seconds NaN": put("seconds", value=NAN),
    "seconds text": put("seconds", value="long"),
    "seconds left out": drop("seconds"),
    "scores NaN": tensor(SCORE, filled(NAN)),
    "scores infinite": tensor(SCORE, filled(INF)),
    "scores a matrix": tensor(SCORE, lambda old: old[None]),
    "scores one number": tensor(SCORE, lambda old: old[0]),
}
MAPS = {
    "places NaN": tensor("xy", filled(NAN)),
    "places in three dimensions": tensor("xy", lambda old: torch.zeros(6, 3)),
    "places in float64": tensor("xy", lambda old: old.double()),
    "places of fewer clips": tensor("xy", lambda old: old[1:]),
    "places left out": tensor("xy", lambda old: None),
    "neighbors below 0": tensor("nearest", filled(-1)),
    "neighbors of no clip": tensor("nearest", filled(6)),
    "neighbors more": tensor("nearest", lambda old: torch.cat([old, old], dim=1)),
    "neighbors fractions": tensor("nearest", lambda old: old.double()),
    "agreement infinite": tensor("agreement", filled(INF)),
    "trust left out": tensor("trust", lambda old: None),
}
WRONG = {"detector": DETECTORS, "run": RUNS, "cell": CELLS, "map": MAPS}


def rewrite(path, kind, change):
    """Write a file again, with a right digest, after something of it was changed."""
    tensors, notes = read_tensors(path, kind)
    notes = notes if kind == "map" else json.loads(notes)
    change(tensors, notes)
    tensors = {name: value.contiguous().clone() for name, value in tensors.items()}
    write_tensors(path, tensors, {kind: notes if kind == "map" else json.dumps(notes)})


@every(("kind", "fault"), [(kind, fault) for kind, faults in WRONG.items() for fault in faults])
def test_what_a_hand_wrote_is_checked(copied, reading, refused, kind, fault):
    path = copied(kind)
    rewrite(path, kind, WRONG[kind][fault])
    if kind == "map":
        assert not stays(reading[kind], path)
        return
    told = refused(lambda: reading[kind](path), str(path), ": ")
    assert len(told) - len(str(path)) < 300


NOTES = {
    "nothing": "", "no JSON": "{", "a list": "[1, 2]", "a number": "7", "null": "null",
    "deep": "[" * 100_000, "NaN": "NaN", "a number beyond all": '{"epoch": 1e999, "format": 1e999}',
    "many digits": '{"epoch": ' + "9" * 5000 + "}",
}  # fmt: skip


@pytest.mark.parametrize("kind", ["detector", "run", "cell"])
@pytest.mark.parametrize("notes", NOTES)
def test_notes_of_another_form_are_refused(copied, reading, refused, kind, notes):
    path = copied(kind)
    tensors, _ = read_tensors(path, kind)
    write_tensors(path, tensors, {kind: NOTES[notes]})
    refused(lambda: reading[kind](path), str(path))


def test_a_run_that_is_refused_leaves_its_parts_as_they_were(home, copied):
    path, run = copied("run"), new_run()
    rewrite(path, "run", tensor("snapshots.1.x", filled(NAN)))
    before = {name: value.clone() for name, value in run.encoder.state_dict().items()}
    with pytest.raises(ValueError, match="holds NaN"):
        run.resume(path, 4)
    assert all(torch.equal(before[name], value) for name, value in run.encoder.state_dict().items())
    assert run.epoch == 0 and not run.rows and not run.optimizer.state


X = np.arange(12.0).reshape(6, 2)


def promises_more(path):
    """An array whose head promises more numbers than there are."""
    memory = io.BytesIO()
    head = {"descr": "<f8", "fortran_order": False, "shape": (10**13, 2)}
    np.lib.format.write_array_header_1_0(memory, head)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", memory.getvalue() + X.tobytes())


STORES = {
    "x NaN": {"x": X * NAN},
    "x infinite": {"x": X - INF},
    "x complex": {"x": X + 1j},
    "x text": {"x": X.astype(str)},
    "x true and false": {"x": X > 3},
    "x one embedding": {"x": X[0]},
    "x of no clip": {"x": X[:0]},
    "x of no dimension": {"x": X[:, :0]},
    "x objects": {"x": X.astype(object)},
    "score NaN": {"x": X, "score": X[:, 0] * NAN},
    "score text": {"x": X, "score": X[:, 0].astype(str)},
    "score of fewer clips": {"x": X, "score": X[1:, 0]},
    "angle infinite": {"x": X, "angle": X[:, 0] + INF},
    "map NaN": {"x": X, "xy": X * NAN},
    "map in three dimensions": {"x": X, "xy": np.zeros((6, 3))},
    "label 2": {"x": X, "label": np.full(6, 2)},
    "label one half": {"x": X, "label": np.full(6, 0.5)},
    "names numbers": {"x": X, "name": np.arange(6)},
    "names dates": {"x": X, "name": np.zeros(6, dtype="datetime64[s]")},
    "nothing": {},
}


@pytest.mark.parametrize("fault", STORES)
def test_arrays_of_a_store_are_checked(tmp_path, refused, fault):
    np.savez(tmp_path / "e.npz", **STORES[fault])
    refused(lambda: embeddings.read(tmp_path / "e.npz"), str(tmp_path / "e.npz"), ": ")


def test_an_array_that_promises_more_than_it_holds_is_refused(tmp_path, refused):
    promises_more(tmp_path / "e.npz")
    refused(lambda: embeddings.read(tmp_path / "e.npz"), "e.npz", "write it again")


def test_another_programs_file_is_read_and_its_sums_are_checked(tmp_path):
    path = tmp_path / "e.npz"
    np.savez(path, x=X)
    whole = bytearray(path.read_bytes())
    assert np.array_equal(embeddings.read(path)["x"], X)
    start = whole.index(X.tobytes())
    for bit in range(8 * start, 8 * (start + X.nbytes)):
        changed = whole.copy()
        changed[bit // 8] ^= 1 << bit % 8
        path.write_bytes(changed)
        with pytest.raises(ValueError, match="is damaged or cut short: write it again"):
            embeddings.read(path)


TRACES = {
    "score NaN": {"a|b|0": [NAN] * 4},
    "score infinite": {"a|b|0": [INF] * 4},
    "score of no system": {"score": [1.0] * 4},
    "score of a seed of text": {"a|b|first": [1.0] * 4},
    "score of too many words": {"a|b|0|1": [1.0] * 4},
    "label 2": {"label": [0, 1, 2, 1], "a|b|0": [1.0] * 4},
    "label text": {"label": ["normal"] * 4, "a|b|0": [1.0] * 4},
}


@pytest.mark.parametrize("fault", TRACES)
def test_what_a_hand_wrote_into_a_trace_is_checked(tmp_path, refused, fault):
    path = tmp_path / "t.csv"
    traces.write(path, pd.DataFrame(FACTS | TRACES[fault]), ["a command", "asdkit 0, toy data"])
    refused(lambda: traces.read(path), str(path), ": ")


CSV = {
    "saved by a spreadsheet": lambda text: re.sub(r",([-\d]*)\.(\d+)", r",\g<1>.\g<2>0", text),
    "without its digest": lambda text: re.sub("# digest .*\n", "", text),
    "without its notes": lambda text: text[text.index("# digest") :],
    "with a note more": lambda text: "# more\n" + text,
    "with a digest of another case": lambda text: re.sub(
        "digest (.*)", lambda found: "digest " + found[1].upper(), text
    ),
    "with a mark before it": lambda text: "\ufeff" + text,
    "with a row more": lambda text: text + "fan,00,source,1,e,1.0\n",
    "with a row less": lambda text: text[: text.rindex("\n", 0, -1) + 1],
    "with rows in another order": lambda text: "\n".join(sorted(text.split("\n"))),
    "of old line ends": lambda text: text.replace("\n", "\r"),
    "empty": lambda text: "",
    "of binary": lambda text: "\0" * 999,
}


@pytest.mark.parametrize("change", CSV)
def test_a_changed_trace_is_refused(copied, refused, change):
    path = copied("trace")
    text = CSV[change](path.read_text())
    path.write_bytes(text.encode())
    refused(lambda: traces.read(path), str(path), ": ")


def test_line_ends_of_an_editor_are_no_change(copied):
    path = copied("trace")
    table, notes = traces.read(path)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    again, told = traces.read(path)
    assert told == notes
    pd.testing.assert_frame_equal(again, table)


def test_bytes_that_are_no_text_are_refused(copied, refused):
    path = copied("trace")
    path.write_bytes(path.read_bytes() + b"\xff\xfe")
    refused(lambda: traces.read(path), str(path))
    path.write_bytes(b"# a command\n# digest " + b"\xff" * 80)
    refused(lambda: traces.read(path), str(path))


def huge_head(path):
    path.write_bytes((2**63).to_bytes(8, "little") + b"{}" * 50)


def older(path):
    """A file as an asdkit wrote it that knew no digest."""
    tensors, notes = read_tensors(path, "detector")
    from safetensors.torch import save_file

    save_file(tensors, path, metadata={"detector": notes})


PLACES = {
    "missing": lambda path: path.unlink(),
    "folder": lambda path: (path.unlink(), path.mkdir()),
    "empty": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_text("no file of ours\n" * 20),
    "no UTF-8": lambda path: path.write_bytes(b"\xff\xfe\x80" * 200),
    "pickle": lambda path: path.write_bytes(b"\x80\x04\x95" + bytes(200)),
    "cut": lambda path: os.truncate(path, path.stat().st_size // 2),
    "zeros": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "huge head": huge_head,
    "pipe": lambda path: (path.unlink(), os.mkfifo(path)),
    "device": lambda path: (path.unlink(), path.symlink_to("/dev/zero")),
    "link to nowhere": lambda path: (path.unlink(), path.symlink_to("nowhere")),
    "link to itself": lambda path: (path.unlink(), path.symlink_to(path)),
    "unreadable": lambda path: (path.unlink(), path.symlink_to("/proc/self/mem")),
}


@pytest.mark.parametrize("kind", ["detector", "run", "store", "trace"])
@pytest.mark.parametrize("place", PLACES)
def test_what_lies_at_the_place_of_a_file(copied, reading, refused, kind, place):
    path = copied(kind)
    PLACES[place](path)
    refused(lambda: reading[kind](path), str(path), ": ")


@pytest.mark.parametrize("kind", ["detector", "run", "store", "trace"])
@pytest.mark.parametrize("path", [None, 7, 1.5, [], {}, ""], ids=repr)
def test_what_is_no_path(reading, refused, kind, path):
    refused(lambda: reading[kind](path), repr(path), "is no path: give the path of")


@pytest.mark.parametrize("kind", ["detector", "run", "store", "trace"])
@pytest.mark.parametrize("path", ["\0", "x" * 5000, "a/" * 9000], ids=lambda path: path[:3])
def test_paths_that_no_disk_has(reading, refused, kind, path):
    if len(path) < 10:
        refused(lambda: reading[kind](path), "is missing: give the path of")
        return
    with pytest.raises(FileNotFoundError, match="is missing: give the path of"):
        reading[kind](path)


def test_an_older_detector_is_refused_with_the_cure(copied, refused):
    path = copied("detector")
    older(path)
    refused(lambda: systems.load(path), "is of an older asdkit, which wrote no digest: train again")


@pytest.mark.parametrize("kind", ["detector", "run", "cell", "map"])
@pytest.mark.parametrize("given", NAMES)
def test_a_file_of_another_kind_is_refused(home, reading, tmp_path, refused, kind, given):
    if kind == given:
        return
    path = tmp_path / NAMES[kind]
    shutil.copy(home / NAMES[given], path)
    if kind == "map":
        assert not stays(reading[kind], path)
        return
    refused(lambda: reading[kind](path), str(path))


@pytest.fixture(scope="module")
def ends(home):
    """Runs a command that must end in exit code 2 and one sentence on stderr."""

    def call(capsys, *arguments):
        capsys.readouterr()
        assert main([str(argument) for argument in arguments]) == 2
        told = capsys.readouterr().err
        lines = [line for line in told.splitlines() if not line.startswith("warning: ")]
        assert len(lines) == 1 and lines[0].startswith("asdkit "), told
        return lines[0]

    return call


@pytest.mark.parametrize("place", PLACES)
def test_score_ends_in_a_sentence(home, copied, ends, capsys, place):
    path, clip = copied("detector"), home / "data/fan/test/normal_id_00_00000000.wav"
    PLACES[place](path)
    assert str(path) in ends(capsys, "score", path, clip, "--device", "cpu")


@pytest.mark.parametrize("kind", ["run", "cell", "map", "store", "trace"])
def test_score_refuses_a_swapped_file(home, copied, ends, capsys, kind):
    clip = home / "data/fan/test/normal_id_00_00000000.wav"
    assert NAMES[kind] in ends(capsys, "score", copied(kind), clip, "--device", "cpu")


@pytest.mark.parametrize("place", [name for name in PLACES if name != "folder"])
def test_map_ends_in_a_sentence(copied, ends, capsys, tmp_path, place):
    path = copied("store")
    PLACES[place](path)
    assert str(path) in ends(capsys, "map", path, "--out", tmp_path / "m.html")
    assert not (tmp_path / "m.html").exists()


@pytest.mark.parametrize("place", ["cut", "zeros", "pipe", "huge head", "missing"])
def test_map_refuses_a_damaged_detector(home, copied, ends, capsys, tmp_path, place):
    path = copied("detector")
    PLACES[place](path)
    told = ends(capsys, "map", home / "data", "--detector", path, "--out", tmp_path / "m.html")
    assert str(path) in told and not (tmp_path / "m.html").exists()


@pytest.mark.parametrize("place", ["cut", "zeros", "folder", "pipe", "empty"])
def test_a_run_goes_not_on_from_a_damaged_file(home, ends, capsys, tmp_path, place):
    file = tmp_path / "run.safetensors"
    shutil.copy(home / NAMES["run"], file)
    PLACES[place](file)
    told = ends(capsys, "run", "autoencoder", "--data", home / "data", "--out", tmp_path,
                "--epochs", 1, "--device", "cpu", "--set", "seconds=1")  # fmt: skip
    assert str(file) in told
    assert [path.name for path in tmp_path.iterdir()] == ["run.safetensors"]


@pytest.fixture(scope="module")
def swept(home, tmp_path_factory):
    """A sweep that is finished, and what goes on with it: its command."""
    out = tmp_path_factory.mktemp("swept") / "out"
    system = "mean_gaussian backend=CosineToMean seconds=1"
    command = ["sweep", system, "--seeds", "1", "--data", str(home / "data"), "--device", "cpu"]
    assert main([*command, "--out", str(out)]) == 0
    assert main([*command, "--out", f"{out}.csv"]) == 0
    return out, command


@pytest.fixture
def sweep(swept, tmp_path):
    """A copy of a finished sweep, a folder and a file, and the same command for each."""
    out, command = swept
    shutil.copytree(out, tmp_path / "out")
    shutil.copy(f"{out}.csv", tmp_path / "out.csv")
    return [[*command, "--out", str(tmp_path / name)] for name in ("out", "out.csv")]


def test_a_sweep_goes_on_from_what_is_whole(sweep):
    assert [main(command) for command in sweep] == [0, 0]


@pytest.mark.parametrize("place", [name for name in PLACES if name != "missing"])
def test_a_sweep_names_its_damaged_cell(sweep, ends, capsys, tmp_path, place):
    (cell,) = (tmp_path / "out" / "cells").glob("*.safetensors")
    PLACES[place](cell)
    assert str(cell) in ends(capsys, *sweep[0])


@pytest.mark.parametrize("fault", CELLS)
def test_a_sweep_names_the_cell_that_a_hand_wrote(sweep, ends, capsys, tmp_path, fault):
    (cell,) = (tmp_path / "out" / "cells").glob("*.safetensors")
    rewrite(cell, "cell", CELLS[fault])
    assert str(cell) in ends(capsys, *sweep[0])


def test_a_sweep_names_a_cell_of_other_clips(sweep, ends, capsys, tmp_path):
    (cell,) = (tmp_path / "out" / "cells").glob("*.safetensors")
    rewrite(cell, "cell", tensor(SCORE, lambda old: old[1:]))
    assert f"{cell} holds scores of 5 clips, and data has 6" in ends(capsys, *sweep[0])


@pytest.mark.parametrize(
    "place", [name for name in PLACES if name != "missing" and not name.startswith("link")]
)
def test_a_sweep_names_its_damaged_table(sweep, ends, capsys, tmp_path, place):
    table = tmp_path / "out.csv"
    PLACES[place](table)
    assert str(table) in ends(capsys, *sweep[1])


@pytest.mark.parametrize("change", CSV)
def test_a_sweep_adds_to_no_changed_table(sweep, ends, capsys, tmp_path, change):
    table = tmp_path / "out.csv"
    table.write_bytes(CSV[change](table.read_text()).encode())
    before = table.read_bytes()
    assert str(table) in ends(capsys, *sweep[1]) and table.read_bytes() == before


TRUTH = "path,fault,strength,snr,level\n"
ROW = "fan/train/normal_id_00_00000000.wav,,0.0,3.0,-40.0\n"
TRUTHS = {
    "empty": b"",
    "cut within its head": TRUTH[:9].encode(),
    "cut within a row": (TRUTH + ROW[:-12]).encode(),
    "no UTF-8": TRUTH.encode() + b"\xff\xfe,,0,0,0\n",
    "of other columns": b"path,fault\nfan,none\n",
    "a row twice": (TRUTH + 2 * ROW).encode(),
    "SNR of NaN": (TRUTH + ROW.replace("3.0", "nan")).encode(),
    "level of text": (TRUTH + ROW.replace("-40.0", "loud")).encode(),
    "more in a row than in its head": (TRUTH + ROW + "a,b,c,d,e,f,g\n").encode(),
    "binary": bytes(500),
}


@pytest.mark.parametrize("fault", TRUTHS)
def test_a_damaged_truth_of_synthetic_clips_is_refused(tmp_path, refused, fault):
    clips = clips_of(tmp_path)
    (tmp_path / "truth.csv").write_bytes(TRUTHS[fault])
    told = refused(
        lambda: sound.truth(clips[:1]), str(tmp_path / "truth.csv"), "is damaged: remove"
    )
    assert told.endswith("and make the set again")
