"""Docstrings say what a function does and its shapes; their examples are right."""

import doctest
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import numpy as np
import pytest
import torch

import asdkit

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = {path.stem: path for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")}
FIELD = re.compile(r"^ *(Paper|Shapes|Raises|Choices|Notebook): +(.+)$", re.MULTILINE)
ORDER = ("Paper", "Shapes", "Raises", "Choices", "Example", "Notebook")
SECTION = re.compile(rf"^ *({'|'.join(ORDER)}):", re.MULTILINE)
LINES = 5
BRICKS = (
    "runtime", "plain", "memory", "drafts", "held", "owned", "given", "given_tensors", "tables",
    "digest",
    "tensorfile", "tablefile", "contents",
)  # fmt: skip
SHAPELESS = {
    "runtime": "budgets, seeds, devices and folders: no tensors",
    "figures.Look": "a color, a marker, a line and a hatch",
    "figures.Picture": "takes a width and a height",
    "views.Player": "takes the bytes that hear and listen made",
    "checks.Verdict": "takes words",
    "sound.toy": "its table is the one that sound.index describes",
    "train.Run": "what training leaves; it says the shape of its snapshots in words",
    "train.adam": "parameters of a module to an optimizer",
    "train.adam_two_rates": "parameters of a module to an optimizer",
    "train.adamw": "parameters of a module to an optimizer",
    "systems.Cell": "names and settings",
    "systems.Detector": "its methods say theirs",
    "systems.Network": "its methods say theirs",
    "systems.Part": "names and settings",
    "systems.find": "a name to a part",
    "systems.part": "a name and settings",
    "systems.Source": "a name and a folder",
    "systems.System": "a recipe: names and numbers",
    "systems.names": "names only",
    "systems.get": "a name to a recipe",
    "systems.load": "a path to a detector",
    "systems.told": "a line of words to a recipe",
    "systems.choices_of": "words to choices",
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
        own = [
            name
            for name, thing in vars(module).items()
            if getattr(thing, "__module__", None) == module.__name__
        ]
        for name in getattr(module, "__all__", [name for name in own if not name.startswith("_")]):
            thing = getattr(module, name)
            if inspect.isclass(thing) or inspect.isfunction(thing):
                yield part, name, thing


EXPORTED = list(exported())  # in one test a rule: thousands of tests take a minute to collect


def fields(thing):
    return dict(FIELD.findall(inspect.getdoc(thing) or ""))


def test_each_says_what_it_does_in_a_sentence():
    faults = []
    for part, name, thing in EXPORTED:
        lead = (thing.__doc__ or "").strip().split("\n\n")[0]
        if len(lead.split()) < 3 or not re.search(r"[.:$]\s*$", lead):
            faults.append(f"asdkit.{part}.{name} starts with no sentence: {lead!r}")
    assert not faults


def test_each_names_its_shapes():
    faults = [
        f"asdkit.{part}.{name} has no line 'Shapes:'"
        for part, name, thing in EXPORTED
        if not (part in SHAPELESS or f"{part}.{name}" in SHAPELESS)
        and not issubclass_of_exception(thing)
        and "Shapes" not in fields(thing)
    ]
    assert not faults


def issubclass_of_exception(thing):
    return inspect.isclass(thing) and issubclass(thing, Exception)


@pytest.mark.parametrize("exempt", SHAPELESS)
def test_no_exemption_outlives_its_name(exempt):
    part, _, name = exempt.partition(".")
    module = importlib.import_module(f"asdkit.{part}")
    assert not name or hasattr(module, name), (
        f"{exempt} is exempt from 'Shapes:' and no longer exists"
    )


def test_the_notebook_of_each_names_it_or_its_file():
    texts = {stem: path.read_text(encoding="utf-8") for stem, path in NOTEBOOKS.items()}
    faults = []
    for part, name, thing in EXPORTED:
        file = Path(inspect.getsourcefile(inspect.unwrap(thing))).relative_to(ROOT).as_posix()
        for stem in filter(NOTEBOOKS.__contains__, fields(thing).get("Notebook", "").split(", ")):
            if file not in texts[stem] and not re.search(rf"\b{name}\b", texts[stem]):
                faults.append(f"{stem} names neither {part}.{name} nor {file}")
    assert not faults


@pytest.mark.parametrize(
    "stem",
    sorted(NOTEBOOKS) or [pytest.param("", marks=pytest.mark.skip("there is no notebook yet"))],
)
def test_library_files_of_a_notebook_name_it(stem):
    text = NOTEBOOKS[stem].read_text(encoding="utf-8")
    for file in sorted(set(re.findall(r"\basdkit/[\w/]+\.py\b", text))):
        source = ROOT / file
        assert source.is_file(), f"{stem} names {file}, which does not exist"
        assert source.name == "__init__.py" or stem in source.read_text(encoding="utf-8"), (
            f"{file} does not name {stem}"
        )


class Example(doctest.DocTestParser):
    """Reads the section ``Example:`` alone: the next section is no output of it."""

    def get_examples(self, string, name="<string>"):
        section = re.search(
            r"^ *Example:\s*?\n(.*?)(?=^ *Notebook:|\Z)", string, re.MULTILINE | re.DOTALL
        )
        return super().get_examples(section[1], name) if section else []


def documented():
    """Every docstring of asdkit, with the examples in it."""
    finder = doctest.DocTestFinder(parser=Example(), exclude_empty=False)
    for module in pkgutil.walk_packages(asdkit.__path__, "asdkit."):
        yield from (
            found for found in finder.find(importlib.import_module(module.name)) if found.docstring
        )


DOCUMENTED = list(documented())
EXAMPLES = [
    pytest.param(found, id=found.name.removeprefix("asdkit."))
    for found in DOCUMENTED
    if found.examples
]


def test_the_notebooks_that_docstrings_name_are_of_the_course():
    faults = []
    for found in DOCUMENTED:
        notebooks = dict(FIELD.findall(found.docstring)).get("Notebook")
        for stem in notebooks.split(", ") if notebooks else ():
            if stem not in NOTEBOOKS:
                faults.append(f"{found.name}: no notebook is called {stem!r}")
    assert not faults


def test_sections_stand_in_one_order():
    faults = []
    for found in DOCUMENTED:
        sections = SECTION.findall(found.docstring)
        if sections != sorted(set(sections), key=ORDER.index):
            faults.append(f"{found.name}: {sections}")
    assert not faults


@pytest.mark.parametrize("found", EXAMPLES)
def test_the_example_is_right(found, tmp_path, monkeypatch):
    """Run as after the imports of a notebook, in an empty folder, on the built-in data that all
    tests share.
    """
    lines = [line for example in found.examples for line in example.source.splitlines()]
    lines = [line for line in lines if not line.startswith(("import ", "from "))]
    assert len(lines) <= LINES, (
        f"{found.name}: an example has at most {LINES} lines beside its imports"
    )
    assert not any(doctest.SKIP in example.options for example in found.examples)
    parts = {part: importlib.import_module(f"asdkit.{part}") for part in (*asdkit._PARTS, *BRICKS)}
    found.globs.clear()
    found.globs.update(parts, asdkit=asdkit, np=np, torch=torch)
    monkeypatch.chdir(tmp_path)
    told = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    with torch.random.fork_rng([]):
        runner.run(found, out=told.append, clear_globs=False)
    assert not runner.failures, "".join(told)
