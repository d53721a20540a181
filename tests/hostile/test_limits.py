"""The machine ends before we do: its disk, its memory, its files, its folders, its patience."""

import errno
import os
import signal
import time

import numpy as np
import pandas as pd
import pytest
import torch

from asdkit import embeddings, encoders, losses, projection, runtime, sound, systems, traces, train
from asdkit.__main__ import main
from asdkit.commands import doctor, folder, folder_check, results
from asdkit.drafts import MARK
from asdkit.figures.style import Picture
from asdkit.sound.synthetic import synth
from asdkit.train import loop

SYSTEM = ("mean_gaussian", "--device", "cpu", "--set", "seconds=1.0")
STATE = {"states": [{"speed": 100, "load": 60}], "mic": 1, "noise": 1}
RECIPE = {
    "seed": 3, "seconds": 0.5, "ids": 1, "level": [-44.0, -38.0], "strength": [0.8, 1.0],
    "train": {"source": 2, "target": 0}, "test": {"source": 1, "target": 0},
    "domains": {"source": STATE, "target": STATE},
    "machines": {"fan": {"faults": ["clogging"], "snr": [0.0, 3.0]}},
}  # fmt: skip
HUGE = 10**9


@pytest.fixture(scope="module")
def detector(data, tmp_path_factory):
    """A saved detector of both machines."""
    clips = sound.index(data)
    fitted = systems.get("mean_gaussian", seconds=1.0).fit(clips[clips["split"] == "train"])
    fitted.save(tmp_path_factory.mktemp("detector") / "detector.safetensors")
    return fitted


@pytest.fixture
def ends(capsys):
    """Runs a command that must end with a code and one sentence on stderr that says words."""

    def call(command, *words, code=2):
        capsys.readouterr()
        assert main([str(word) for word in command]) == code
        told = capsys.readouterr().err
        assert len(told.strip().splitlines()) == 1 and told.startswith("asdkit "), told
        assert len(told) <= 500 and "Errno" not in told, told
        for word in words:
            assert word in told, told
        return told

    return call


@pytest.fixture
def full():
    """A disk that takes files of so many bytes and no larger ones, for a call."""
    resource = pytest.importorskip("resource")

    def limited(size, call):
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
        try:
            return call()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    return limited


def files(root):
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def trained(path):
    torch.manual_seed(0)
    x, y = torch.randn(4, 8, 5), torch.tensor([0, 1, 0, 1])
    run = train.fit(encoders.Toy(4, bands=8), losses.Softmax(4, 2), x, y, epochs=1)
    run.save(path)


WRITERS = {
    "a synthetic set": lambda path, _: synth.synthesize(path, RECIPE),
    "a detector": lambda path, detector: detector.save(path),
    "a run": lambda path, _: trained(path),
    "embeddings": lambda path, _: embeddings.write(
        path, np.random.default_rng(0).normal(size=(99, 9)),
        pd.DataFrame({"path": map("{}.wav".format, range(99)), "machine": "fan", "section": "00"}),
    ),
    "a trace": lambda path, _: traces.write(
        path, pd.DataFrame({name: ["fan"] * 99 for name in traces.FACTS}), ["a command", "of it"]
    ),
    "a table": lambda path, _: results.write(path, "a,b\n" * 999),
}  # fmt: skip


@pytest.mark.parametrize("size", [0, 30, 500])
@pytest.mark.parametrize("what", WRITERS)
def test_a_disk_that_fills_up(tmp_path, refused, full, detector, what, size):
    """The sentence names the place and the cure, and nothing is left."""
    told = refused(
        lambda: full(size, lambda: WRITERS[what](tmp_path / "new", detector)),
        "new cannot be written (File too large): make room there",
    )
    assert str(tmp_path) in told and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("what", [name for name in WRITERS if name != "a synthetic set"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS])
def test_a_disk_that_fails_leaves_the_file_that_was_there(
    tmp_path, refused, monkeypatch, detector, what, number
):
    (tmp_path / "new").write_bytes(b"before")

    def fail(_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    told = refused(lambda: WRITERS[what](tmp_path / "new", detector), os.strerror(number))
    assert "or give another folder" in told
    assert files(tmp_path) == ["new"] and (tmp_path / "new").read_bytes() == b"before"


def test_a_cache_that_fills_up_while_the_built_in_set_is_made(tmp_path, ends, full, monkeypatch):
    monkeypatch.setenv("ASDKIT_CACHE", str(tmp_path / "cache"))
    words = ["run", *SYSTEM, "--data", "toy", "--budget", "smoke", "--out", tmp_path / "out"]
    full(2000, lambda: ends(words, "cannot be written (File too large): make room there"))
    assert files(tmp_path) == []


@pytest.mark.parametrize(("command", "size"), [
    ("run", 100), ("run", 3000), ("sweep", 300), ("map", 3000), ("score", 300),
])  # fmt: skip
def test_a_disk_that_fills_up_under_a_command(data, detector, tmp_path, ends, full, command, size):
    """And the next call, on a disk that does not, ends well."""
    detector.save(tmp_path / "detector")
    clips = sorted(data.glob("fan/test/*.wav"))
    own = tmp_path / "own"
    words = {
        "run": ["run", *SYSTEM, "--data", data, "--out", own],
        "sweep": ["sweep", "mean_gaussian seconds=1.0", "--data", data, "--out", own],
        "map": ["map", data, "--out", own / "page.html", "--pca"],
        "score": ["score", tmp_path / "detector", *clips, "--embeddings", own / "own.npz"],
    }[command]
    full(size, lambda: ends(words, "cannot be written (File too large): make room there"))
    left = [name for name in files(tmp_path) if name != "detector"]
    assert all(name.startswith("own/cells/") and MARK not in name for name in left)
    assert main([str(word) for word in words]) == 0


ASKED = {  # of memory, and what is named
    "dim": ("subcluster_adacos", ["encoder=Toy", f"dim={HUGE}"], ["dim=1000000000", "smaller dim"]),
    "dim of a ResNet": ("adacos", [f"dim={HUGE}"], ["ResNet with dim=1000000000"]),
    "width": ("adacos", ["encoder=Toy", f"width={HUGE}"], ["width=1000000000", "smaller width"]),
    "sub_clusters": (
        "subcluster_adacos", ["encoder=Toy", f"sub_clusters={HUGE}"],
        ["sub_clusters=1000000000 takes about", "smaller sub_clusters"],
    ),
    "seconds": ("mean_gaussian", ["seconds=1e9"], ["seconds is 1000000000.0: give a number"]),
    "seconds within bounds": ("mean_gaussian", ["seconds=3600"], ["seconds=3600", "fewer seconds"]),
    "mels": ("mean_gaussian", [f"mels={HUGE}"], ["mels=1000000000", "smaller mels"]),
    "window": ("mean_gaussian", [f"window={HUGE}"], ["window=1000000000", "smaller window"]),
    "normal": (
        "ddcsad", ["encoder=Toy", f"normal={HUGE}", "epochs=1",
                   'front=["LogMel",{"part":"Segments","frames":16,"count":2}]'],
        ["normal=1000000000", "smaller normal"],
    ),
    "count": (
        "ddcsad", ["encoder=Toy", "epochs=1",
                   f'front=["LogMel",{{"part":"Segments","frames":16,"count":{HUGE}}}]'],
        ["count=1000000000", "smaller count"],
    ),
}  # fmt: skip


@pytest.fixture
def few(monkeypatch):
    """A machine with 8 GB free."""
    monkeypatch.setattr("asdkit.memory.free", lambda: 8 * 10**9)


@pytest.mark.parametrize("setting", ASKED)
def test_a_setting_that_would_fill_the_memory_is_named(data, tmp_path, ends, reads, few, setting):
    """Before a clip is read, and before the memory is asked for."""
    name, choices, words = ASKED[setting]
    seconds = [] if setting.startswith("seconds") else ["seconds=1.0"]
    command = ["run", name, "--data", data, "--out", tmp_path / "out", "--device", "cpu", "--set"]
    began = time.monotonic()
    ends([*command, *seconds, *choices], *words)
    assert time.monotonic() - began < 60 and reads == [] and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("command", "words"), [
    (["data", "synth", "toy", "out", "--clips", HUGE], "at most 10000 clips of a kind"),
    (["sweep", "mean_gaussian", "--clips", HUGE, "--out", "out"], "at most 10000 clips of a kind"),
    (["sweep", "mean_gaussian", "--seeds", HUGE, "--out", "out"], "--seeds is 1000000000: give"),
    (["sweep", "mean_gaussian", "--jobs", HUGE, "--out", "out"], "--jobs is 1000000000: give a"),
])  # fmt: skip
def test_a_number_that_no_machine_could_work_off(tmp_path, ends, monkeypatch, command, words):
    monkeypatch.chdir(tmp_path)
    ends(command, words)
    assert list(tmp_path.iterdir()) == []


def test_a_set_that_the_disk_has_no_room_for(tmp_path, ends, monkeypatch):
    usage = type("Usage", (), {"free": 10**8})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    ends(
        ["data", "synth", "toy", tmp_path / "out", "--clips", 48],
        "out takes about", "and 0.1 GB are free: make room there",
    )  # fmt: skip
    assert list(tmp_path.iterdir()) == []


def test_a_training_that_the_disk_has_no_room_for(data, tmp_path, ends, monkeypatch):
    """It is known before the first epoch."""
    usage = type("Usage", (), {"free": 10**4})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    monkeypatch.setattr(loop, "train_epoch", lambda *_: pytest.fail("it went to work"))
    words = ["run", "arcface", "--data", data, "--out", tmp_path / "out", "--device", "cpu"]
    ends([*words, "--set", "seconds=1.0", "encoder=Toy"], "GB are free: make room there")
    assert list(tmp_path.iterdir()) == []


def test_features_that_the_memory_has_no_room_for(data, refused, monkeypatch):
    clips = sound.index(data)
    clips = pd.concat([clips] * 40, ignore_index=True)
    places = [path.replace("/fan/", f"/{'./' * row}fan/") for row, path in enumerate(clips["path"])]
    clips = clips.assign(
        path=[path.replace("/pump/", f"/{'./' * row}pump/") for row, path in enumerate(places)]
    )
    monkeypatch.setattr("asdkit.memory.SMALL", 0)
    front = systems.Front((systems.part(torch.nn.Identity),), 1.0)
    monkeypatch.setattr("asdkit.memory.free", lambda: 10**7)
    refused(lambda: systems.hear(clips, front), "what is kept of 400 clips", "fewer clips")


def test_a_batch_that_the_memory_has_no_room_for(refused, monkeypatch):
    monkeypatch.setattr("asdkit.memory.SMALL", 0)
    monkeypatch.setattr("asdkit.memory.free", lambda: 1000)
    x, y = torch.randn(64, 8, 5), torch.arange(64) % 2
    refused(
        lambda: train.fit(encoders.Toy(4, bands=8), losses.Softmax(4, 2), x, y, batch_size=HUGE),
        "a batch of 64 clips", "a smaller batch_size",
    )  # fmt: skip


PIPES = {
    "data": ["run", *SYSTEM, "--data", "{}", "--out", "out"],
    "data of a sweep": ["sweep", "mean_gaussian", "--data", "{}", "--out", "out"],
    "out": ["run", *SYSTEM, "--data", "small", "--out", "{}"],
    "out of a sweep": ["sweep", "mean_gaussian", "--data", "small", "--out", "{}"],
    "table of a sweep": ["sweep", "mean_gaussian", "--data", "small", "--out", "{}.csv"],
    "detector": ["score", "{}", "small/fan/test/x.wav"],
    "clip": ["score", "detector", "{}"],
    "recipe": ["data", "synth", "{}", "out"],
    "folder to check": ["data", "check", "{}"],
    "truth": ["data", "label", "small", "{}", "out.csv"],
    "table of labels": ["data", "label", "small", "small", "{}"],
    "embeddings": ["map", "{}", "--out", "out.html"],
    "detector of a map": ["map", "small", "--detector", "{}", "--out", "out.html"],
    "page": ["map", "small", "--out", "{}.html"],
}


@pytest.mark.parametrize("place", PIPES)
def test_a_named_pipe_is_not_waited_for(data, detector, tmp_path, ends, monkeypatch, place):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small").symlink_to(data)
    detector.save("detector")
    for name in ("pipe", "pipe.csv", "pipe.html"):
        os.mkfifo(name)
    before = files(tmp_path)
    alarm = signal.signal(signal.SIGALRM, lambda *_: pytest.fail("it waits for the pipe"))
    signal.alarm(20)
    try:
        ends([word.format("pipe") for word in PIPES[place]], "pipe")
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, alarm)
    assert files(tmp_path) == before


MOMENTS = {  # at which a signal comes, in words of what the command calls then
    "run, while it reads": ("run", sound, "index"),
    "run, while it hears": ("run", systems, "hear"),
    "run, while it trains": ("run", loop, "train_epoch"),
    "run, while it saves": ("run", systems.Detector, "save"),
    "run, while it scores": ("run", systems.Detector, "score_embeddings"),
    "run, while it draws": ("run", results, "draw"),
    "sweep, while it trains": ("sweep", loop, "train_epoch"),
    "sweep, while it writes": ("sweep", traces, "write"),
    "synth": ("synth", synth, "clip"),
    "synth, at its end": ("synth", synth.layouts, "describe"),
    "map, while it embeds": ("map", folder, "summaries"),
    "map, while it maps": ("map", projection, "pca_map"),
    "check": ("check", folder_check, "audit"),
    "score": ("score", systems.Detector, "score"),
}
SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP")]


@pytest.fixture
def stopped(data, detector, tmp_path, monkeypatch):
    """Run a command in which a signal comes when it calls something; its exit code. Pictures are
    made and kept as files of no pixels, which take half of the time of a small run.
    """
    monkeypatch.setattr(Picture, "png", lambda self, like=None: b"")
    detector.save(tmp_path / "detector")
    monkeypatch.setattr(synth, "read", lambda _: RECIPE | {"year": 2022})
    clip, out = sorted(data.glob("fan/test/*.wav"))[0], tmp_path / "out"
    tiny = ["--set", "encoder=Toy", "dim=8", "sub_clusters=2", "seconds=1.0"]
    commands = {
        "run": ["run", "subcluster_adacos", "--data", data, "--epochs", 2, "--out", out, *tiny],
        "sweep": ["sweep", "arcface encoder=Toy dim=8 seconds=1.0", "--seeds", 1, "--epochs", 2,
                  "--data", data, "--device", "cpu", "--out", out],
        "synth": ["data", "synth", "toy", out], "check": ["data", "check", data],
        "map": ["map", data, "--out", out / "page.html"],
        "score": ["score", tmp_path / "detector", clip],
    }  # fmt: skip

    def call(moment, act):
        command, owner, name = MOMENTS[moment]
        known = getattr(owner, name)
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, lambda *some, **more: act() or known(*some, **more))
            return main([str(word) for word in commands[command]])

    call.again = lambda moment: call(moment, lambda: None)
    return call


@pytest.mark.parametrize("moment", MOMENTS)
def test_ctrl_c_at_any_moment(stopped, tmp_path, capsys, moment):
    """One sentence, no draft and no lock, and the same command then ends."""
    before = [signal.getsignal(number) for number in SIGNALS]
    assert stopped(moment, lambda: signal.raise_signal(signal.SIGINT)) == 130
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and told.startswith("asdkit ") and ": stopped" in told, told
    assert [signal.getsignal(number) for number in SIGNALS] == before
    hidden = [name for name in files(tmp_path) if "/." in f"/{name}" or name.endswith(".lock")]
    assert hidden == []
    assert stopped.again(moment) == 0 and "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("number", SIGNALS[1:], ids=lambda number: number.name)
@pytest.mark.parametrize("moment", list(MOMENTS)[::3])
def test_a_signal_that_ends_a_process(stopped, tmp_path, capsys, moment, number):
    assert stopped(moment, lambda: signal.raise_signal(number)) == 128 + number
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and ": stopped" in told, told
    assert not [name for name in files(tmp_path) if "/." in f"/{name}"]


def test_an_ignored_signal_stays_ignored(stopped):
    """As under nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert stopped("check", lambda: signal.raise_signal(signal.SIGHUP)) == 0
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("error", [ImportError, SystemError, ZeroDivisionError])
def test_ctrl_c_that_a_library_turns_into_something_else(capsys, monkeypatch, error):
    def turned():
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            raise error("of a library") from None

    monkeypatch.setattr(doctor, "_python", turned)
    assert main(["doctor"]) == 130
    assert capsys.readouterr().err == "asdkit doctor: stopped\n"


def test_ctrl_c_twice(capsys, monkeypatch):
    """The second comes while the first is worked off."""

    def twice():
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(doctor, "_python", twice)
    assert main(["doctor"]) == 130
    assert capsys.readouterr().err == "asdkit doctor: stopped\n"


@pytest.mark.parametrize(
    "number", [errno.EMFILE, errno.ENFILE, errno.ENOSPC, errno.EACCES, errno.EIO, errno.ENOMEM,
               errno.EROFS, errno.ENAMETOOLONG, errno.ESTALE, errno.ENXIO],
    ids=lambda number: errno.errorcode[number],
)  # fmt: skip
@pytest.mark.parametrize("name", ["x.wav", None])
def test_what_the_system_refuses_is_a_sentence(ends, monkeypatch, number, name):
    def refuse():
        raise OSError(number, os.strerror(number), *([] if name is None else [name]))

    monkeypatch.setattr(doctor, "_python", refuse)
    told = ends(["doctor"], os.strerror(number), name or "a file")
    assert len(told.split("): ")[1].split()) >= 4  # the cure


def test_too_many_open_files(data, tmp_path):
    """A run needs few at a time."""
    resource = pytest.importorskip("resource")
    before, there = resource.getrlimit(resource.RLIMIT_NOFILE), len(os.listdir("/dev/fd"))  # noqa: PTH208
    resource.setrlimit(resource.RLIMIT_NOFILE, (there + 8, before[1]))
    try:
        out = str(tmp_path / "out")
        assert main(["run", *SYSTEM, "--data", str(data), "--out", out]) == 0
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.parametrize("command", [
    ["run", *SYSTEM, "--data", "small", "--out", "out"], ["data", "check", "small"],
    ["data", "synth", "toy", "out"], ["map", "small", "--out", "page.html"], ["doctor"],
    ["score", "detector", "x.wav"], ["sweep", "mean_gaussian", "--data", "small", "--out", "out"],
])  # fmt: skip
def test_a_folder_that_was_removed_under_us(tmp_path, ends, command):
    home = os.getcwd()  # noqa: PTH109
    (tmp_path / "gone").mkdir()
    os.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    try:
        ends(command, "the current folder is gone: change to one that is there")
    finally:
        os.chdir(home)


@pytest.mark.parametrize("place", ["cache", "cache/maps"])
def test_a_cache_that_is_a_file(tmp_path, refused, monkeypatch, place):
    """It is known before a map is fitted."""
    monkeypatch.setenv("ASDKIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(projection, "_umap", lambda *_: pytest.fail("it went to work"))
    (tmp_path / place).parent.mkdir(exist_ok=True)
    (tmp_path / place).touch()
    x = np.random.default_rng(0).normal(size=(20, 4))
    refused(lambda: projection.fit_map(x, neighbors=5), "cache")
    assert files(tmp_path) == [place]


@pytest.mark.parametrize("name", ["HOME", "TMPDIR", "XDG_CACHE_HOME", "MPLCONFIGDIR"])
@pytest.mark.parametrize("value", [None, "/nowhere", ""])
def test_variables_that_lead_nowhere(data, tmp_path, monkeypatch, name, value):
    monkeypatch.delenv(name, raising=False)
    if value is not None:
        monkeypatch.setenv(name, value)
    assert main(["run", *SYSTEM, "--data", str(data), "--out", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "report.csv").is_file()


def test_a_clock_that_goes_backward(data, tmp_path, monkeypatch):
    now = iter(range(10**9, 0, -1000))
    monkeypatch.setattr(time, "time", lambda: float(next(now)))
    tiny = "arcface encoder=Toy dim=8 seconds=1.0"
    words = ["sweep", tiny, "--seeds", "2", "--epochs", "2", "--data", str(data), "--out"]
    assert main([*words, str(tmp_path / "out")]) == 0
    table = pd.read_csv(tmp_path / "out" / "results.csv")
    assert (table["seconds"] >= 0).all() and len(table) == 4


def test_two_processes_make_the_built_in_set_once(tmp_path, monkeypatch):
    """The second waits for the first, and makes nothing."""
    if not hasattr(os, "fork"):
        pytest.skip("the other process is a fork")
    monkeypatch.setenv("ASDKIT_CACHE", str(tmp_path))
    monkeypatch.setattr(synth, "read", lambda _: RECIPE | {"year": 2022})
    monkeypatch.setattr(runtime, "progress", lambda items, *_, **__: items)
    make = synth.clip

    def noted(*some):
        with (tmp_path / "made").open("a") as file:
            file.write(f"{os.getpid()}\n")
        time.sleep(0.05)
        return make(*some)

    monkeypatch.setattr(synth, "clip", noted)
    if not (child := os.fork()):
        try:
            os._exit(0 if len(sound.toy(2)) else 1)
        finally:
            os._exit(1)
    while not (tmp_path / "made").exists():
        time.sleep(0.01)
    with pytest.warns(UserWarning, match=rf"held by another call \(process {child} on"):
        clips = sound.toy(2)
    assert os.waitpid(child, 0)[1] == 0
    assert set((tmp_path / "made").read_text().split()) == {str(child)} and len(clips) > 2
    assert not list(tmp_path.glob(".*"))
