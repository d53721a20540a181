"""``asdkit teach --without-solutions``: what a student gets, and whose files stay."""

import ast
import builtins
import re
import subprocess
from pathlib import Path

import nbformat
import numpy as np
import pytest
import torch

from asdkit import checks, drafts, runtime
from asdkit.__main__ import main
from asdkit.commands import student

ROOT = Path(__file__).resolve().parents[2]
LESSONS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
BEHIND = re.compile(r"tests/|\.ci/|notebooks/teaching/")  # with answers, or of no use to a student
TARGET = re.compile(r"\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")
ANSWERS = {
    "angle_to_center": "np.arccos(np.clip(x @ center / (np.linalg.norm(x, axis=1)"
    " * np.linalg.norm(center)), -1, 1))",
    "wished_scale": "(np.log(classes - 1) + np.log(p / (1 - p))) / np.cos(angle)",
    "fuse": "-log_probability.sum(axis=0)",
}


def cells_of(path):
    return nbformat.read(path, as_version=4).cells


def code_of(path):
    return [cell for cell in cells_of(path) if cell.cell_type == "code"]


def is_solution(cell):
    return "solution" in cell.metadata.get("tags", [])


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The student copy of this clone."""
    out = tmp_path_factory.mktemp("class") / "for students" / "course"
    assert main(["teach", "--without-solutions", str(out)]) == 0
    return out


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A small clone of one lesson, beside which ``student.copy`` can be tried."""
    home = tmp_path / "clone"
    pages = {
        "README.md": "[teach](notebooks/teaching/plans.md) [terms](notebooks/terms.md#a) "
        "[run](tests/) [gone](nowhere.md) [out](https://a.b/c) ![p](data/p.png)",
        "notebooks/terms.md": "[page](teaching/plans.md) [library](../asdkit/a.py)",
        "notebooks/teaching/plans.md": "the answers",
        "tests/test_a.py": "", "asdkit/a.py": "", "asdkit/__pycache__/a.pyc": "",
        "data/p.png": "", "data/cache/big": "", "data/toy.toml": "", "private.txt": "",
    }  # fmt: skip
    for name, text in pages.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text)
    lesson = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("%time a = 1")])
    nbformat.write(lesson, home / "notebooks" / "20_mine.ipynb")
    monkeypatch.setattr(runtime, "home", lambda: home)
    return home


def tree(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*") if path.is_file()
    }  # fmt: skip


def test_all_but_answers_is_handed_out(course):
    command = ["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard", "-z"]
    listing = subprocess.run(command, capture_output=True, text=True)
    if listing.returncode:
        pytest.skip("this is no git checkout")
    names = {name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()}
    copied = tree(course)
    assert set(copied) == {name for name in names if not BEHIND.match(name)}
    for name in set(copied):
        if not name.endswith((".ipynb", ".md")):
            assert copied[name] == (ROOT / name).read_bytes(), name


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_solutions_are_gone_and_all_else_stays(course, path):
    handed = [cell.source for cell in cells_of(course / "notebooks" / path.name)]
    gone = [cell for cell in cells_of(path) if cell.source not in handed]
    assert [cell.source for cell in cells_of(path) if cell not in gone] == handed
    solutions = [cell for cell in code_of(path) if is_solution(cell)]
    others = [cell.source.splitlines()[0] for cell in gone if not is_solution(cell)]
    assert [cell for cell in gone if is_solution(cell)] == solutions and solutions
    expected = ["clip = np.arange(len(test)).repeat(309)  # whose vector it is"]
    assert others == (expected if path.stem == "04_autoencoders" else [])
    text = (course / "notebooks" / path.name).read_text(encoding="utf-8")
    assert ": right. " not in text and "# Solution of" not in text


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_no_cell_needs_what_a_solution_gave(course, path):
    def loaded(tree):
        return {
            node.id for node in ast.walk(tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        }  # fmt: skip

    known = set(dir(builtins)) | {"display"}
    for cell in code_of(course / "notebooks" / path.name):
        cell_tree = ast.parse(cell.source)
        given = {
            getattr(node, name)
            for node in ast.walk(cell_tree) for name in ("id", "name", "arg", "asname")
            if isinstance(getattr(node, name, None), str)
            and not isinstance(getattr(node, "ctx", None), ast.Load)
        }  # fmt: skip
        known |= {name.split(".")[0] for name in given}
        assert loaded(cell_tree) <= known, cell.source


def stubs(course, name=r"\w+"):
    """The cells of the copy in which a function of that name waits for its answer."""
    cells = [cell for path in LESSONS for cell in code_of(course / "notebooks" / path.name)]
    waits = rf"(?ms)^def {name}\(.*^\s+return \.\.\.$"
    return [cell.source for cell in cells if re.search(waits, cell.source)]


def verdict(source):
    """What the check says, which is the last line of such a cell."""
    *answer, check = ast.parse(source).body
    space = {"np": np, "torch": torch, "checks": checks}
    exec(compile(ast.Module(answer, []), "answer", "exec"), space)
    return eval(compile(ast.Expression(check.value), "check", "eval"), space)


def test_each_check_still_meets_its_untouched_stub(course):
    found = stubs(course)
    assert len(found) > 3 * len(LESSONS)
    assert {verdict(source).state for source in found} == {"not attempted"}


@pytest.mark.parametrize("name, answer", ANSWERS.items())
def test_a_check_tells_right_from_wrong_in_the_copy(course, name, answer):
    (source,) = stubs(course, name)
    assert verdict(source.replace("return ...", f"return {answer}")).state == "right"
    assert verdict(source.replace("return ...", f"return 2 * ({answer})")).state == "wrong"


def test_links_of_the_copy_lead_somewhere(course):
    for path in [*course.rglob("*.md"), *(course / "notebooks").glob("*.ipynb")]:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".ipynb":
            cells = [cell for cell in cells_of(path) if cell.cell_type == "markdown"]
            text = "\n\n".join(cell.source for cell in cells)
        text = re.sub(r"```.*?```|\$[^$]+\$", "", text, flags=re.DOTALL)
        for target in map("".join, TARGET.findall(text)):
            if not re.match(r"\w+:|#", target):
                assert (path.parent / target.split("#")[0]).exists(), f"{path.name}: {target}"


def test_a_link_to_what_stays_behind_is_its_words(clone, tmp_path):
    out = tmp_path / "out"
    assert main(["teach", "--without-solutions", str(out)]) == 0
    assert (out / "README.md").read_text() == (
        "teach [terms](notebooks/terms.md#a) run [gone](nowhere.md) [out](https://a.b/c) "
        "![p](data/p.png)"
    )
    assert (out / "notebooks/terms.md").read_text() == "page [library](../asdkit/a.py)"
    assert set(tree(out)) == {
        "README.md", "notebooks/terms.md", "notebooks/20_mine.ipynb", "asdkit/a.py", "data/p.png",
        "data/toy.toml",
    }  # fmt: skip


def test_what_uses_a_solution_goes_with_it_and_what_gives_its_names_anew_stays():
    new = nbformat.v4.new_code_cell
    cells = [
        new("def answer(x):\n    return x", metadata={"tags": ["solution"]}),
        new("table = answer(1)"), new("print(table)"), new("table = 2"), new("print(table)"),
        new("def f(answer):\n    return answer"),
    ]  # fmt: skip
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"asdkit": {"source": "sha256:0"}})
    kept = student.without_solutions(notebook)
    assert [cell.source for cell in kept.cells] == [cell.source for cell in cells[3:]]
    assert "asdkit" not in kept.metadata


@pytest.mark.parametrize("kind", ["file", "folder with work", "link to work"])
def test_a_students_work_stays(clone, tmp_path, refused, kind):
    out, work = tmp_path / "out", tmp_path / "work"
    work.mkdir()
    (work / "00_start_here.ipynb").write_text("solved")
    if kind == "file":
        out.write_text("mine")
    elif kind == "folder with work":
        out = work
    else:
        out.symlink_to(work)
    before = tree(tmp_path)
    told = refused(main(["teach", "--without-solutions", str(out)]))
    assert str(out) in told and "give" in told and tree(tmp_path) == before


def test_an_empty_folder_and_what_a_killed_call_left_are_taken(clone, tmp_path):
    out, draft = tmp_path / "out", tmp_path / f"{drafts.MARK}{'0' * 16}"
    out.mkdir()
    draft.mkdir()
    assert main(["teach", "--without-solutions", str(out)]) == 0
    assert (out / "README.md").is_file() and not draft.exists()


def test_nothing_half_written_is_left(clone, tmp_path, refused):
    (clone / "notebooks" / "20_mine.ipynb").write_text("{")
    before = tree(tmp_path)
    told = refused(main(["teach", "--without-solutions", str(tmp_path / "out")]))
    assert "20_mine.ipynb is no notebook: open it in JupyterLab and save it" in told
    assert tree(tmp_path) == before and not (tmp_path / "out").exists()


def test_a_place_that_cannot_be(clone, tmp_path, refused):
    (tmp_path / "file").write_text("")
    told = refused(main(["teach", "--without-solutions", str(tmp_path / "file" / "out")]))
    assert "cannot be a folder, as" in told and "file is a file: give another folder" in told


def test_a_copy_is_of_all_lessons(clone, tmp_path, refused):
    command = ["teach", "--without-solutions", str(tmp_path / "out"), "20_mine.ipynb"]
    assert "copies all lessons: leave the notebooks out" in refused(main(command))
