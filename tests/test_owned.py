"""What a command has written is told from what others have."""

import os
import signal

import pytest

from asdkit.owned import check, owned

NAMES = ("scores.csv", "report.csv")


@pytest.fixture
def work(tmp_path):
    """Write one file, or what ``act`` does, as a command of some identity."""

    def call(act=lambda: (tmp_path / "scores.csv").write_text("scores"), names=NAMES, **identity):
        with owned(tmp_path / "run.json", tmp_path, names, **{"seed": 0} | identity):
            act()

    return call


def test_it_goes_on_with_its_own(work, tmp_path):
    work()
    work(lambda: (tmp_path / "report.csv").write_text("report"))
    work()
    assert check(tmp_path / "run.json", tmp_path, NAMES).keys() == set(NAMES)


@pytest.mark.parametrize("name", [*NAMES, "run.json"])
@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_what_was_there_before_stays(work, tmp_path, name, kind):
    place = tmp_path / name
    {"file": place.touch, "folder": place.mkdir, "link": lambda: place.symlink_to("no")}[kind]()
    with pytest.raises(ValueError, match=f"{name} is there already.*move it away, or give another"):
        work()
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_what_was_changed_since_stays(work, tmp_path):
    work()
    (tmp_path / "scores.csv").write_text("mine")
    with pytest.raises(ValueError, match=r"scores.csv is not as this command left it: move it"):
        work()
    (tmp_path / "scores.csv").rename(tmp_path / "mine.csv")
    work()
    assert (tmp_path / "mine.csv").read_text() == "mine"


def test_another_identity_is_named(work):
    work(settings={"dims": (1, 2)})
    work(settings={"dims": [1, 2]})  # as JSON has it
    with pytest.raises(ValueError, match="is of a call with another settings: give another folder"):
        work(settings={"dims": (1, 3)})
    with pytest.raises(ValueError, match="is of a call with another seed"):
        work(seed=1, settings={"dims": (1, 3)})


def test_where_nothing_came_to_be_there_is_no_note(work, tmp_path):
    with pytest.raises(KeyError):
        work(lambda: {}["no"])
    assert list(tmp_path.iterdir()) == []
    work()
    work(lambda: (tmp_path / "scores.csv").unlink(), seed=0)
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_the_names_that_are_new_stays(work, tmp_path):
    work()
    (tmp_path / "third.csv").write_text("mine")
    with pytest.raises(ValueError, match=r"third.csv is there already, and not of this command"):
        work(names=(*NAMES, "third.csv"))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the killed process is a fork")
def test_a_killed_process_has_told_what_is_its_own(work, tmp_path):
    def die():
        (tmp_path / "scores.csv").write_text("half")
        os.kill(os.getpid(), signal.SIGKILL)

    if not (child := os.fork()):
        work(die)
    os.waitpid(child, 0)
    work()
    assert (tmp_path / "scores.csv").read_text() == "scores"
