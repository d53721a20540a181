"""notebooks/refresh.py: runs, cleans, stores, and refuses with a sentence."""

import importlib.util
import json
from pathlib import Path

import nbformat
import pytest

PATH = Path(__file__).resolve().parents[2] / "notebooks" / "refresh.py"
SPEC = importlib.util.spec_from_file_location("refresh", PATH)
refresh = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(refresh)

NOISY = """\
import os, sys, time, ipywidgets
print("warning", file=sys.stderr)
budget, progress = os.environ["ASDKIT_BUDGET"], os.environ["ASDKIT_PROGRESS"]
print(budget, progress, os.path.basename(os.getcwd()), flush=True)
time.sleep(1)  # a second message of the same stream
print(os.environ["OMP_NUM_THREADS"], "thread")
ipywidgets.IntSlider()"""


def write(folder, name, *sources):
    cells = [nbformat.v4.new_markdown_cell("# A title"), *map(nbformat.v4.new_code_cell, sources)]
    path = folder / f"{name}.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def outputs_of(notebook):
    return [
        output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs
    ]


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """A notebook that warns and shows a widget, after a refresh."""
    folder = tmp_path_factory.mktemp("notebooks")
    path = write(folder, "noisy", "x = 1", NOISY, "x + 1")
    ids = [cell.id for cell in nbformat.read(path, as_version=4).cells]
    assert refresh.main(["--folder", str(folder)]) == 0
    return path, ids


def test_outputs_are_clean(stored):
    path, ids = stored
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    outputs = outputs_of(notebook)
    assert [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"] == [
        1,
        2,
        3,
    ]
    assert [output.output_type for output in outputs] == [
        "stream",
        "execute_result",
        "execute_result",
    ]
    assert outputs[0].text == f"course 0 {path.parent.name}\n1 thread\n"
    assert list(outputs[1].data) == ["text/plain"] and "IntSlider" in outputs[1].data["text/plain"]
    assert outputs[2].data["text/plain"] == "2"
    assert [cell.id for cell in notebook.cells] == ids
    assert "widgets" not in notebook.metadata and notebook.metadata.kernelspec.name == "python3"
    assert not any("execution" in cell.metadata for cell in notebook.cells)


def test_format_is_stable(stored):
    path, _ = stored
    text = path.read_text()
    assert text.endswith("}\n") and text.splitlines()[1].startswith(' "')
    assert json.loads(text)["metadata"]["asdkit"]["budget"] == "course"
    assert not list(path.parent.glob("*.part"))


def test_check_tells_a_changed_source(stored, tmp_path, capsys):
    path, _ = stored
    copy = tmp_path / path.name
    copy.write_text(path.read_text())
    assert refresh.main(["--folder", str(tmp_path), "--check"]) == 0
    notebook = nbformat.read(copy, as_version=4)
    notebook.cells[0].source = "# Another title"
    nbformat.write(notebook, copy)
    assert refresh.main(["--folder", str(tmp_path), "--check"]) == 1
    assert "noisy.ipynb is out of date" in capsys.readouterr().out


def test_a_failing_notebook_is_refused_and_left_alone(tmp_path, capsys):
    path = write(tmp_path, "failing", "x = 1", "x / 0", "x")
    before = path.read_text()
    assert refresh.main(["--folder", str(tmp_path), "failing"]) == 1
    assert (
        "failing.ipynb: cell 3 ('x / 0') raised ZeroDivisionError: division by zero"
        in capsys.readouterr().err
    )
    assert path.read_text() == before


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("data in /home/me/data", "an absolute path"),
        ("C:\\data", "an absolute path"),
        ("<object at 0x7f00aa00bb00>", "an object's address"),
    ],
)
def test_what_differs_between_machines_is_refused(text, fault):
    output = nbformat.v4.new_output("stream", name="stdout", text=text)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("f()", outputs=[output])])
    with pytest.raises(refresh.Refused, match=f"cell 1 shows {fault}"):
        refresh.clean(notebook, "some.ipynb", "course")


def test_a_large_notebook_is_refused(tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("x" * 600_000)])
    with pytest.raises(refresh.Refused, match="over 500"):
        refresh.store(notebook, tmp_path / "large.ipynb")
    assert not list(tmp_path.iterdir())


def test_an_unknown_name_is_an_error(tmp_path, capsys):
    with pytest.raises(SystemExit):
        refresh.main(["--folder", str(tmp_path), "99_nowhere"])
    assert "there is no 99_nowhere.ipynb" in capsys.readouterr().err


def notebook_of(prose, printed):
    cell = nbformat.v4.new_code_cell("a", outputs=[nbformat.v4.new_output("stream", text=printed)])
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(prose), cell])


@pytest.mark.parametrize(
    ("prose", "first", "second", "found"),
    [
        ("It rises by 0.05.", "lead 0.049", "lead 0.061", ["0.05"]),
        ("It rises by 0.05.", "lead 0.049", "lead 0.052", []),
        ("It falls by -1.5 dB.", "-1.50", "1.50", ["-1.5"]),
        ("A tenth, 72.7 %, is", "0.7268", "0.7271", []),
        ("A tenth, 72.7 %, is", "0.7268", "0.7209", ["72.7"]),
        ("12 machines, 8 of them", "8 of 12 machines", "9 of 12 machines", ["8"]),
        ("The paper says 92.57, and $s = 30$ in `f(7)`", "s = 30, 7", "nothing", []),
        ("It takes 2,223,872 parameters", "2,223,872", "2,223,872", []),
        ("as the paper (3.2) does; it rises by 1.5", "3.2 and 1.5", "2.9 and 1.4", ["1.5"]),
        ("* **Time.** Reading 30 minutes\n\n30 clips", "30", "31", ["30"]),
        ("* **Time.** Reading 30 minutes\n\nall clips", "30", "31", []),
    ],
)
def test_numbers_of_the_prose_that_a_second_run_does_not_print(prose, first, second, found):
    assert refresh.unsteady(notebook_of(prose, first), notebook_of(prose, second)) == found


def test_prose_that_depends_on_the_threads_is_refused(tmp_path, capsys):
    threads = "import os\nprint(os.environ['OMP_NUM_THREADS'], 'threads')"
    path = write(tmp_path, "unsteady", threads)
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source = "# A title\nIt runs on 1 thread."
    nbformat.write(notebook, path)
    assert refresh.main(["--folder", str(tmp_path)]) == 1
    assert "on two threads no cell prints 1, which the prose says" in capsys.readouterr().err
    assert "threads" not in nbformat.read(path, as_version=4).metadata["asdkit"]
    assert refresh.main(["--folder", str(tmp_path), "--once", "unsteady"]) == 0
