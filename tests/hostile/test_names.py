"""Names are text: on a terminal, in a table, in a picture and in a page they do nothing, and are
read as they are.
"""

import html
import io
import os
import shutil
import subprocess
import sys
import warnings

import numpy as np
import pandas as pd
import pytest
from every import every

from asdkit import figures, plain, projection, runtime, sound, views
from asdkit.__main__ import main
from asdkit.commands import doctor
from asdkit.figures.style import Picture, entry
from asdkit.views.player import Player, encode
from asdkit.views.view import buttons, picture

RED, BREAK, LINE = "a\x1b[31mb", "a\nb", "a\u2028b"
TAGS = "<img src=x onerror=window.pwned=1>"
CLOSING = "</script><script>window.pwned=1</script>\"'>"
FORMULA, SUM = "$\\frac{$", "=1+1"
BYTES = os.fsdecode(b"a\xffb")
ODD, OTHER = "=<i onclick=x>\u202e", f"_{FORMULA}\u2028"
HOSTILE = {
    "escape": RED, "line break": BREAK, "separator": LINE, "tags": TAGS, "closing": CLOSING,
    "formula": FORMULA, "math": "$x$", "sum": SUM, "bytes": BYTES, "underscore": "_fan",
    "bell": "a\x07b", "return": "ab\rc", "tab": "a\tb", "nul": "a\0b", "eight bit": "a\x9b31mb",
    "reversed": "a\u202eb", "empty": "", "space": " ", "braces": "{0}%s", "link": "$\\href{x}{y}$",
    "entity": "&lt;b&gt;", "wide": "\u6247\u3000\u98a8", "delete": "a\x7fb", "half": "a\ud83db",
}  # fmt: skip
SAFE = {"tags", "closing", "formula", "math", "sum", "underscore", "braces", "link", "entity",
        "wide", "empty", "space"}  # fmt: skip
RNG = np.random.default_rng(0)


@pytest.fixture(scope="module")
def data(tmp_path_factory, recipe):
    """A data set whose machines have hostile names."""
    root = sound.synthesize(tmp_path_factory.mktemp("names") / f"data{TAGS}", recipe(4, 2))
    for old, new in (("fan", ODD), ("valve", OTHER)):
        (root / old).rename(root / new)
    return root


def clean(told):
    """That output holds nothing that a terminal would obey."""
    letters = set(told) - {"\n", "\u3000"}
    assert all(letter.isprintable() for letter in letters), ascii(told)
    return told


# --- one function for a line


@every("kind", HOSTILE)
def test_what_is_shown_is_one_line_that_commands_nothing(kind):
    told = plain.shown(HOSTILE[kind])
    assert "\n" not in told and told.encode("utf-8") is not None
    assert all(letter.isprintable() or letter == "\u3000" for letter in told)
    assert (told == HOSTILE[kind]) == (kind in SAFE)


@every("kind", HOSTILE)
def test_what_is_sent_is_utf_8_and_the_same_where_it_can_be(kind):
    told = plain.sendable(HOSTILE[kind])
    assert told.encode("utf-8").decode("utf-8") == told
    assert (told == HOSTILE[kind]) == (kind not in ("bytes", "half"))


def test_what_is_shown_can_be_told_apart():
    assert plain.shown("a\x1b[0m") == r"a\x1b[0m" and plain.shown(BYTES) == r"a\xffb"
    assert plain.shown("ä°✓") == "ä°✓" and plain.shown(5) == "5" and plain.shown(BREAK) == r"a\nb"


@pytest.mark.parametrize("kind", [name for name in HOSTILE if name not in ("empty", "space")])
def test_a_table_is_printed_as_lines(capsys, kind):
    name = HOSTILE[kind]
    table = pd.DataFrame({"machine": [name], name: [1]}, index=pd.Index([name], name=name))
    plain.say_table(table)
    assert len(clean(capsys.readouterr().out).splitlines()) == 3


# --- commands


@pytest.mark.parametrize("kind", ["escape", "line break", "tags", "bytes", "eight bit", "wide"])
@pytest.mark.parametrize(
    "command",
    [["run", "adacos", "--data", "{}", "--out", "out"], ["score", "{}", "{}"],
     ["map", "{}", "--out", "m.html"], ["map", "x", "--out", "{}"], ["data", "check", "{}"],
     ["data", "synth", "{}", "out"], ["run", "{}", "--data", "toy", "--out", "out"],
     ["sweep", "{}", "--out", "out"], ["lab", "{}"],
     ["data", "download", "2023", "{}", "--site", "{}"], ["data", "label", "{}", "{}", "{}"]],
    ids=["run data", "score", "map", "map out", "check", "synth", "system", "sweep", "lab", "site",
         "label"],
)  # fmt: skip
def test_an_argument_of_a_command_that_cannot_be(tmp_path, monkeypatch, capsys, command, kind):
    monkeypatch.chdir(tmp_path)
    code = main([word.replace("{}", f"./{HOSTILE[kind]}/gone") for word in command])
    told = clean(capsys.readouterr().err)
    assert code == 2 and told.startswith(f"asdkit {command[0]}: ") and told.count("\n") == 1
    assert "codec" not in told
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("kind", ["escape", "line break", "bytes", "eight bit"])
def test_words_that_no_command_takes(capsys, kind):
    with pytest.raises(SystemExit) as ended:
        main(["doctor", HOSTILE[kind]])
    assert ended.value.code == 2 and plain.shown(HOSTILE[kind]) in clean(capsys.readouterr().err)


def test_a_folder_of_hostile_names_is_checked(data, tmp_path, capsys):
    folder = shutil.copytree(data, tmp_path / "data")
    for odd in (RED, BREAK, BYTES, "a\rb"):
        (folder / ODD / "train" / f"odd{odd}.wav").write_bytes(b"RIFF")
    assert main(["data", "check", str(folder)]) == 2
    told = clean(capsys.readouterr().out)
    assert plain.shown(ODD) in told and plain.shown(OTHER) in told and "faults: 4" in told
    assert told.count("characters in its name that are no text: rename it") == 4
    assert all(plain.shown(f"odd{odd}.wav") in told for odd in (RED, BREAK, BYTES))


def test_a_run_and_a_score_on_hostile_names(data, tmp_path, capsys):
    out = tmp_path / f"out{BREAK}"
    run = ["run", "subcluster_adacos", "--data", str(data), "--out", str(out), "--epochs", "1"]
    small = ["encoder=Toy", "dim=8", "sub_clusters=2", "seconds=1.0"]
    assert main([*run, "--device", "cpu", "--set", *small]) == 0
    assert plain.shown(OTHER) in clean(capsys.readouterr().out)
    assert set(pd.read_csv(out / "scores.csv")["machine"]) == {ODD, OTHER}  # as they are
    files = [str(tmp_path / f"{odd}.wav") for odd in (RED, BREAK, "ä\u2028", TAGS)]
    for file in files:
        shutil.copy(next((data / OTHER / "test").iterdir()), file)
    score = ["score", str(out / "detector.safetensors"), *files, "--group", f"{OTHER}/00"]
    assert main([*score, "--device", "cpu"]) == 0
    lines = clean(capsys.readouterr().out).splitlines()
    assert len(lines) == len(files)
    assert all(line.endswith(plain.shown(file)) for line, file in zip(lines, files))
    odd = shutil.copy(files[0], tmp_path / f"{BYTES}.wav")
    assert main([*score[:2], str(odd), *score[-2:], "--device", "cpu"]) == 2
    assert r"a\xffb.wav has a name that is no UTF-8: rename it" in clean(capsys.readouterr().err)


def test_a_page_of_hostile_names(data, tmp_path, capsys):
    folder, page = shutil.copytree(data, tmp_path / "data"), tmp_path / f"m{RED}.html"
    (folder / ODD / "train" / "own").mkdir()
    shutil.copy(
        next((data / ODD / "test").iterdir()), folder / ODD / "train" / "own" / f"{RED}.wav"
    )
    assert main(["map", str(folder), "--out", str(page), "--title", TAGS + BYTES]) == 0
    clean(capsys.readouterr().out)
    text = page.read_text(encoding="utf-8")
    assert TAGS not in text and html.escape(TAGS) in text
    assert text.count("<script") == text.count("</script>") == 2


@pytest.mark.parametrize("odd", ["bytes", "line break", "escape", "return", "eight bit"])
@pytest.mark.parametrize("place", ["machine", "clip", "above"])
def test_names_that_no_table_could_tell(tmp_path, capsys, refused, place, odd):
    names = {"above": "data", "machine": "fan", "clip": "speed"} | {place: HOSTILE[odd]}
    folder = tmp_path / names["above"] / names["machine"] / "train"
    folder.mkdir(parents=True)
    clip = f"section_00_source_train_normal_0000_speed_{names['clip']}.wav"
    (folder / clip).touch()
    out, data = tmp_path / "out", str(tmp_path / names["above"])
    assert main(["run", "adacos", "--data", data, "--out", str(out)]) == 2
    told = clean(capsys.readouterr().err)
    assert plain.shown(HOSTILE[odd]) in told and ": rename" in told and not out.exists()
    assert "no text: rename it" in told


def test_warnings_of_hostile_names(monkeypatch, capsys):
    def warn(args):
        warnings.warn(f"{RED}{BREAK} is odd", stacklevel=1)
        return 0

    monkeypatch.setattr(doctor, "main", warn)
    main(["doctor"])
    assert clean(capsys.readouterr().err) == "warning: a\\x1b[31mba\\nb is odd\n"


# --- terminals that take little, or nothing


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8", "utf-16"])
def test_a_terminal_of_another_alphabet(tmp_path, monkeypatch, encoding):
    folder = tmp_path / "L\u00fcfter\u00b0\u6247" / "fan" / "lathe"
    folder.mkdir(parents=True)
    (folder / f"\u00e4\u00b0\u2713{BYTES}.wav").touch()
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stream)
    assert main(["data", "check", str(folder.parents[1])]) == 2
    told = stream.buffer.getvalue().decode(encoding)
    assert "FAULT" in told and "faults: 1" in told and r"\xffb.wav" in told
    assert ("\u00b0" in told) == (encoding != "ascii")


def piped(monkeypatch, *names):
    """Let nobody read what this process says."""
    for name in names:
        reader, writer = os.pipe()
        os.close(reader)
        monkeypatch.setattr(sys, name, io.TextIOWrapper(os.fdopen(writer, "wb")))


def test_a_closed_pipe_does_not_stop_the_work(data, tmp_path, monkeypatch, capsys):
    piped(monkeypatch, "stdout")
    assert main(["data", "check", str(data)]) == 0
    assert main(["map", str(data / ODD), "--out", str(tmp_path / "m.html")]) == 0
    assert (tmp_path / "m.html").is_file() and capsys.readouterr().err == ""


def test_errors_go_nowhere_where_nobody_reads(tmp_path, monkeypatch):
    piped(monkeypatch, "stdout", "stderr")
    assert main(["run", "x", "--data", str(tmp_path / "gone"), "--out", "o"]) == 2


def test_a_bar_that_nobody_sees_ends_the_command(monkeypatch, capsys):
    def bar(args):
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(doctor, "main", bar)
    assert main(["doctor"]) == 128 + 13 and capsys.readouterr().err == ""


@pytest.mark.parametrize("error", [(28, "No space left on device"), (5, "Input/output error")])
def test_an_output_that_takes_nothing(data, monkeypatch, capsys, error):
    class Full(io.StringIO):
        def flush(self):
            raise OSError(*error)

        def fileno(self):
            return os.dup(2)

    monkeypatch.setattr(sys, "stdout", Full())
    assert main(["data", "check", str(data)]) == 2
    told = capsys.readouterr().err
    assert told == f"asdkit data: the output cannot be written ({error[1]}): make room for it\n"


@pytest.mark.parametrize("arguments", ["--help", "--version"])
@pytest.mark.parametrize("kind", ["closed pipe", "ascii", "none"])
def test_as_a_program(arguments, kind):
    reader, writer = os.pipe()
    os.close(reader)
    own = {"PYTHONPATH": str(runtime.home()), "PYTHONIOENCODING": "ascii:strict"}
    done = subprocess.run(
        [sys.executable, "-m", "asdkit", arguments], env=os.environ | own, stderr=subprocess.PIPE,
        stdout=writer if kind == "closed pipe" else None if kind == "none" else subprocess.DEVNULL,
        preexec_fn=(lambda: os.close(1)) if kind == "none" else None,
    )  # fmt: skip
    os.close(writer)
    assert done.returncode == 0 and (kind == "none" or done.stderr == b"")
    assert b"Traceback" not in done.stderr and b"Exception" not in done.stderr


# --- pictures

X, Y = RNG.normal(size=(60, 3)), np.arange(60) % 2
MAP = projection.pca_map(X)
DRAWN = {
    "sphere": lambda one, two: figures.sphere(X, Y, np.eye(3)[:2], names=[one, two], title=one),
    "circle": lambda one, two: figures.circle(X[:, :2], Y, np.eye(2), names=[one, two], title=two),
    "scale_history": lambda one, two: figures.scale_history({one: [3, 2], two: [2, 1]}, title=one),
    "loss_histories": lambda one, two: figures.loss_histories({one: [3, 2], two: [2, 1]}),
    "embedding_map": lambda one, two: figures.embedding_map(MAP, np.array([one, two])[Y]),
    "map_row": lambda one, two: figures.map_row({one: MAP, two: MAP}, np.array([one, two])[Y]),
    "log_mel": lambda one, two: figures.log_mel(RNG.normal(size=(128, 30)), title=one + two),
    "explorer": lambda one, two: figures.explorer_figure(
        MAP.xy, *figures.explorer_groups(np.array([one, two])[Y]), title=one
    ),
}  # fmt: skip


def drawn(name, kind):
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing|Matplotlib currently does not support")
        figure = DRAWN[name](HOSTILE[kind], "pump")
        before = figure.alt
        assert figure.png().startswith(b"\x89PNG") and figure.alt == before
    words = ", ".join(" ".join(plain.shown(line).split()) for line in HOSTILE[kind].split("\n"))
    assert words in figure.alt and "pump" in figure.alt and figure.alt.encode("utf-8")


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_picture_shows_a_name_as_it_is(kind):
    drawn("scale_history", kind)


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("kind", ["formula", "bytes", "underscore"])
def test_every_kind_of_picture_shows_names(name, kind):
    drawn(name, kind)


def test_names_at_ticks_in_legends_and_texts_are_no_formulas():
    figure = Picture()
    ax = figure.subplots()
    for name in HOSTILE.values():
        ax.plot([1], [1], label=entry(name or "none"))
        ax.text(1, 1, name)
    ax.set_yticks(range(len(HOSTILE)), HOSTILE.values())
    ax.set(title=FORMULA, xlabel=BYTES, ylabel=FORMULA, xscale="log")
    figure.suptitle(FORMULA)
    figure.legend(title=FORMULA)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        figure.png()
        figure.savefig(io.BytesIO(), format="svg")
    shown = [text.get_text() for text in figure.legends[0].get_texts()]
    assert len(shown) == len(HOSTILE) and " _fan" in shown and FORMULA in shown
    assert r"a\xffb" in [label.get_text() for label in ax.get_yticklabels()]
    assert any("mathdefault" in label.get_text() and label.get_parse_math()
               for label in ax.get_xticklabels())  # fmt: skip


# --- pages


@every("kind", HOSTILE)
def test_a_player_and_a_picture_in_a_page(kind):
    name = HOSTILE[kind]
    sound = encode(np.zeros(800), 16_000)
    for text in (Player({name: sound})._repr_html_(), picture(b"PNG", name)):
        assert "<script" not in text and "<img src=x" not in text and text.encode("utf-8")
        assert text.count('"') % 2 == 0
    assert html.escape(plain.shown(name)) in Player({name: sound})._repr_html_()


@every("kind", HOSTILE)
def test_a_button_bears_a_name(kind):
    row = buttons("names", [HOSTILE[kind], "pump"], "pump", "names")
    row.value = HOSTILE[kind]
    assert row.value == HOSTILE[kind]
    assert "".join(row._options_labels).encode("utf-8")


SOME = ("escape", "line break", "tags", "closing", "formula", "bytes", "underscore", "empty")


@pytest.mark.parametrize("kind", SOME)
def test_the_words_of_a_view_are_no_markup(kind):
    name = HOSTILE[kind]
    view = views.CostView({name: 100.0}, {name: 1000})
    assert html.escape(plain.shown(name)) in view.text.value and TAGS not in view.text.value
    assert view.image.value.count("<") == 1 and (view.text.value + view.image.value).encode("utf-8")
    assert "\n" not in repr(view) and repr(view).encode("utf-8")


@pytest.mark.parametrize("kind", SOME)
def test_a_table_of_results_with_hostile_columns_and_cells(kind):
    name = HOSTILE[kind] or "none"
    table = pd.DataFrame({name: [name, "b"], "state": [name, "c"], "auc": [0.6, 0.7],
                          "low": [0.5, 0.6], "high": [0.7, 0.8]})  # fmt: skip
    view = views.TableView(table, filters=[name, "state"])
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing|Matplotlib currently does not support")
        view.set(**{plain.sendable(name): name})
    assert len(view.state["rows"]) == 1
    assert all(cell.encode("utf-8") for row in view.sort.rows for cell in row)


@pytest.mark.parametrize("kind", SOME)
def test_an_explorer_of_hostile_names(kind, tmp_path):
    name = HOSTILE[kind]
    part = name.replace("/", "|") or "none"  # of a group, which a slash parts
    clips = pd.DataFrame({"name": [name, *map(str, range(29))], "machine": [part] * 29 + ["b"],
                          "section": part, "domain": name,
                          "attributes": f"{name}_{name}"})  # fmt: skip
    view = views.MapExplorer.from_scenes(
        {name or "loss": {0: views.Scene(projection.pca_map(X[:30]), x=X[:30])}}, clips
    )
    view.set(picked=0, selected=[0, 1])
    for words in (view.text.value, view.table.value, view.csv(), str(view.scatter.looks)):
        assert words.encode("utf-8")
    assert TAGS not in view.text.value + view.table.value
    text = view.to_html(tmp_path / "m.html", name, [name]).read_text(encoding="utf-8")
    assert text.count("<script") == text.count("</script>") == 2 and TAGS not in text


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_selection_is_no_formula_to_a_spreadsheet(start):
    clips = pd.DataFrame({"name": [f"{start}1+1", *map(str, range(29))]})
    view = views.MapExplorer.from_arrays(X[:30], clips).set(selected=[0])
    named = pd.read_csv(io.StringIO(view.csv()))["name"].item()
    assert named == f"'{start}1+1".replace("\r", "\n")
