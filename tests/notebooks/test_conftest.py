"""A notebook under pytest stops at its first failing cell, and the next notebook runs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
CONFTEST, WARM = ROOT / "notebooks" / "conftest.py", ROOT / "tests" / "browser"


def write(path, *sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The outcome of one run over a notebook that breaks in its second of four cells, and a sound
    one.
    """
    folder = tmp_path_factory.mktemp("notebooks")
    shutil.copy(CONFTEST, folder)
    write(folder / "broken.ipynb", "a = 1", "a / 0", "a = 2", "a")
    environment = (
        'import os; assert os.environ["ASDKIT_BUDGET"] == "smoke" '
        'and os.environ["ASDKIT_PROGRESS"] == "0"'
    )
    write(folder / "sound.ipynb", environment, "1 + 1")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval-lax",
        "-ra",
        "-p",
        "no:cacheprovider",
    ]
    return subprocess.run(
        [*command, str(folder)],
        cwd=folder,
        capture_output=True,
        text=True,
        env=environ(),
        timeout=120,
    )


def environ():
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ASDKIT_", "PYTEST_"))
    }
    paths = filter(None, [str(WARM), kept.get("PYTHONPATH")])  # as pyproject.toml has it
    return kept | {"PYTHONPATH": os.pathsep.join(paths)}


def test_the_rest_of_a_broken_notebook_is_skipped(run):
    assert run.returncode == 1
    assert "1 failed, 3 passed, 2 skipped" in run.stdout


def test_the_reason_names_the_cell_and_the_notebook(run):
    assert "Cell 1 of broken.ipynb failed before this cell" in run.stdout
