"""``asdkit teach``: slides for these lessons or all, and whose files stay."""

from pathlib import Path

import pytest

from asdkit.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
LESSONS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))


def tree(folder):
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize(
    "command", [["teach"], ["teach", "--slides", "a", "--without-solutions", "b"]]
)
def test_one_of_both_is_asked_for(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main(command)
    assert ended.value.code == 2 and "--without-solutions" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["07_adacos", "07_adacos.ipynb", "notebooks/07_adacos.ipynb"])
def test_slides_of_one_lesson(tmp_path, capsys, name):
    out = tmp_path / "new" / "slides"
    assert main(["teach", "--slides", str(out), name]) == 0
    assert [path.name for path in out.iterdir()] == ["07_adacos.html"]
    assert "pages: 1, slides: 24" in capsys.readouterr().out


def test_slides_of_all_lessons_and_again(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    for _ in range(2):
        assert main(["teach", "--slides", str(tmp_path)]) == 0
        names = {f"{path.stem}.html" for path in LESSONS} | {"notes.txt"}
        assert {path.name for path in tmp_path.iterdir()} == names
    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("kind", ["file", "folder", "broken link"])
def test_a_page_of_another_stays(tmp_path, refused, kind):
    page = tmp_path / "01_machine_sounds.html"
    if kind == "file":
        page.write_text("<p>my own page</p>")
    elif kind == "folder":
        page.mkdir()
    else:
        page.symlink_to(tmp_path / "nowhere")
    before = [*tmp_path.iterdir()], tree(tmp_path)
    told = refused(main(["teach", "--slides", str(tmp_path), "00_start_here", page.stem]))
    assert f"{page} is there already" in told or "a link that leads nowhere" in told
    assert ([*tmp_path.iterdir()], tree(tmp_path)) == before


def test_a_lesson_that_is_not_there(tmp_path, refused):
    told = refused(main(["teach", "--slides", str(tmp_path / "out"), "77_nowhere.ipynb"]))
    assert "holds no 77_nowhere.ipynb: name one of its notebooks" in told
    assert not (tmp_path / "out").exists()


def test_slides_need_a_folder(tmp_path, refused):
    (tmp_path / "out").write_text("mine")
    told = refused(main(["teach", "--slides", str(tmp_path / "out"), "00_start_here"]))
    assert "out is a file: give another folder" in told


@pytest.mark.parametrize("choice", ["--slides", "--without-solutions"])
def test_an_empty_name_is_no_folder(choice, refused):
    assert f"{choice} is empty: give a folder" in refused(main(["teach", choice, ""]))
