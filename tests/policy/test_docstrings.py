"""Docstrings say what a function does, its shapes and its notebook; notebooks and library name each other."""

import importlib
import inspect
import re
from pathlib import Path

import pytest

import asdkit

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = {path.stem: path for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")}
FIELD = re.compile(r"^ *(Paper|Shapes|Raises|Choices|Notebook): +(.+)$", re.MULTILINE)
SHAPELESS = {
    "runtime": "budgets, seeds, devices and folders: no tensors",
    "figures.Look": "a color, a marker, a line and a hatch",
    "figures.Picture": "takes a width and a height",
    "views.Player": "takes the bytes that hear and listen made",
    "checks.Verdict": "takes words",
    "sound.toy": "its table is the one that sound.index describes",
    "train.Run": "what training leaves; it says the shape of its snapshots in words",
    "train.adam": "parameters of a module to an optimizer",
    "train.within": "picks entries of a dict by their names",
    "systems.System": "a recipe: names and numbers",
    "systems.names": "names only",
    "systems.get": "a name to a recipe",
    "systems.load": "a path to a detector",
}  # fmt: skip


def exported():
    """Every public function and class of the parts, by part and name."""
    for part in ("runtime", *asdkit._PARTS):
        try:
            module = importlib.import_module(f"asdkit.{part}")
        except ModuleNotFoundError as error:
            if error.name != f"asdkit.{part}":
                raise
            continue
        own = [name for name, thing in vars(module).items() if getattr(thing, "__module__", None) == module.__name__]
        for name in getattr(module, "__all__", [name for name in own if not name.startswith("_")]):
            thing = getattr(module, name)
            if inspect.isclass(thing) or inspect.isfunction(thing):
                yield part, name, thing


EXPORTED = [pytest.param(part, name, thing, id=f"{part}.{name}") for part, name, thing in exported()]


def fields(thing):
    return dict(FIELD.findall(inspect.getdoc(thing) or ""))


@pytest.mark.parametrize(("part", "name", "thing"), EXPORTED)
def test_it_says_what_it_does_in_a_sentence(part, name, thing):
    lead = (thing.__doc__ or "").strip().split("\n\n")[0]
    assert len(lead.split()) >= 3 and re.search(r"[.:$]\s*$", lead), (
        f"asdkit.{part}.{name} starts with no sentence: {lead!r}"
    )


@pytest.mark.parametrize(("part", "name", "thing"), EXPORTED)
def test_it_names_its_notebook(part, name, thing):
    notebooks = fields(thing).get("Notebook", "")
    assert notebooks, f"asdkit.{part}.{name} has no line 'Notebook: NN_name'"
    assert re.fullmatch(r"\d\d_[a-z_]+(?:, \d\d_[a-z_]+)*", notebooks), (
        f"asdkit.{part}.{name}: no notebook is called {notebooks!r}"
    )


@pytest.mark.parametrize(("part", "name", "thing"), EXPORTED)
def test_it_names_its_shapes(part, name, thing):
    if part in SHAPELESS or f"{part}.{name}" in SHAPELESS or issubclass_of_exception(thing):
        return
    assert "Shapes" in fields(thing), f"asdkit.{part}.{name} has no line 'Shapes:'"


def issubclass_of_exception(thing):
    return inspect.isclass(thing) and issubclass(thing, Exception)


@pytest.mark.parametrize("exempt", SHAPELESS)
def test_no_exemption_outlives_its_name(exempt):
    part, _, name = exempt.partition(".")
    module = importlib.import_module(f"asdkit.{part}")
    assert not name or hasattr(module, name), f"{exempt} is exempt from 'Shapes:' and no longer exists"


@pytest.mark.parametrize(("part", "name", "thing"), EXPORTED)
def test_its_notebook_names_it_or_its_file(part, name, thing):
    file = Path(inspect.getsourcefile(thing)).relative_to(ROOT).as_posix()
    for stem in filter(NOTEBOOKS.__contains__, fields(thing).get("Notebook", "").split(", ")):
        text = NOTEBOOKS[stem].read_text(encoding="utf-8")
        assert re.search(rf"\b{name}\b", text) or file in text, f"{stem} names neither {part}.{name} nor {file}"


@pytest.mark.parametrize(
    "stem", sorted(NOTEBOOKS) or [pytest.param("", marks=pytest.mark.skip("there is no notebook yet"))]
)
def test_library_files_of_a_notebook_name_it(stem):
    text = NOTEBOOKS[stem].read_text(encoding="utf-8")
    for file in sorted(set(re.findall(r"\basdkit/[\w/]+\.py\b", text))):
        source = ROOT / file
        assert source.is_file(), f"{stem} names {file}, which does not exist"
        assert source.name == "__init__.py" or stem in source.read_text(encoding="utf-8"), (
            f"{file} does not name {stem}"
        )
