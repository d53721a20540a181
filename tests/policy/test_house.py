"""The house: a light import, one list of packages, imports down the pipeline, short files."""

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FILES = sorted((ROOT / "asdkit").rglob("*.py"))

ORDER = (
    "runtime", "table_headers", "plain", "memory", "drafts", "held", "owned", "given",
    "given_tensors", "tables",
    "digest", "tensorfile", "tablefile", "contents", "sound", "features", "mixup", "encoders",
    "losses", "train", "backends", "metrics", "systems", "controls", "score_tables", "traces",
    "embeddings", "neighborhoods", "maps", "map_file", "projection", "map_controls", "experiment",
    "machines", "papers", "explanations", "exchanges", "explain", "figures", "views", "checks",
    "commands", "__main__",
)  # fmt: skip
STAGES = {
    "sound": set(), "features": set(), "mixup": set(), "encoders": set(), "losses": {"mixup"},
    "backends": set(), "metrics": set(), "checks": set(),
}  # fmt: skip
BRICKS = {
    "runtime", "plain", "memory", "drafts", "held", "owned", "given", "given_tensors", "tables",
    "digest", "tensorfile", "tablefile", "contents",
}  # fmt: skip
SHOWN_BY = {"figures", "views", "commands", "__main__"}
TOP = {
    "README.md", "environment.yml", "pyproject.toml", "constraints.txt", "Makefile", "LICENSE",
    "CITATION.cff", "CHANGELOG.md",
    ".ci", ".gitignore", "asdkit", "notebooks", "tests", "data",
}  # fmt: skip
ELSEWHERE = {"benchmarks", "browser", "hostile", "notebooks", "policy", "recordings"}
MIRRORS = [
    path for path in sorted((ROOT / "tests").rglob("*.py"))
    if path.name != "conftest.py" and path.relative_to(ROOT / "tests").parts[0] not in ELSEWHERE
]  # fmt: skip
HOSTS = re.compile(
    r"https?://[^\s)]*/simple\b|https?://[^\s)]+\.whl|index-url|find-links", re.IGNORECASE
)
MACHINE = re.compile(r"(?<![\w.)|:-])/(?:home/\w+|root|work|Users/\w+)/\w")
EXAMPLES = {
    "tests/policy/test_house.py",
    "tests/policy/test_notebooks.py",
    "tests/notebooks/test_refresh.py",
}


def tracked():
    """The files of the kit: what git keeps or would keep, or everything where there is no git."""
    command = ["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard", "-z"]
    listing = subprocess.run(command, capture_output=True, text=True)
    if listing.returncode:
        pytest.skip("this is no git checkout")
    return [ROOT / name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


def part_of(path):
    inside = path.relative_to(ROOT / "asdkit").parts
    return inside[0].removesuffix(".py")


def imports(tree, package):
    """The parts of asdkit that a source imports, anywhere in it; ``package`` is where it lies."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            targets = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = [*package[: len(package) - node.level + 1]] if node.level else []
            base += node.module.split(".") if node.module else []
            targets = [base if len(base) > 1 else [*base, alias.name] for alias in node.names]
        else:
            continue
        yield from (target[1] for target in targets if target[0] == "asdkit" and len(target) > 1)


@cache
def parsed(path):
    """The tree of a source, which several rules walk."""
    return ast.parse(path.read_text(encoding="utf-8"))


def named(path):
    return path.relative_to(ROOT).as_posix()


def test_import_is_light_and_fast():
    script = (
        "import sys, time; start = time.perf_counter(); import asdkit;"
        "print(time.perf_counter() - start);"
        "print(sorted({'torch', 'umap', 'numpy', 'matplotlib', 'ipywidgets'} & set(sys.modules)))"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.split("\n")
        for _ in range(5)
    ]
    assert runs[0][1] == "[]"
    assert min(float(run[0]) for run in runs) < 0.2


def test_environment_is_the_same_list():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    *conda, pip = environment["dependencies"]
    assert pip == {"pip": ["-c constraints.txt", '-e ".[test]"']}
    names = {re.split(r"[=<>]", name)[0]: name for name in conda}
    assert set(names) == {"python", "pip"}
    # conda takes the newest patch of a minor version
    assert SpecifierSet(PROJECT["requires-python"]).contains(names["python"].split("=")[-1] + ".99")


def test_the_citation_is_of_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == PROJECT["version"] and citation["license"] == PROJECT["license"]
    assert citation["authors"] == PROJECT["authors"]
    assert f"## {PROJECT['version']}\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def requirements():
    extras = PROJECT["optional-dependencies"]
    return [
        Requirement(line) for lines in (PROJECT["dependencies"], *extras.values()) for line in lines
    ]


@pytest.mark.parametrize("requirement", requirements(), ids=lambda requirement: requirement.name)
def test_dependency_is_pinned_within_its_range(requirement):
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    pins = {canonicalize_name(name): version for name, version in pins.items()}
    name = canonicalize_name(requirement.name)
    assert name in pins, f"{requirement.name} is not pinned in constraints.txt"
    assert requirement.specifier.contains(pins[name]), (
        f"{name}=={pins[name]} does not satisfy {requirement}"
    )


def test_imports_run_down_the_pipeline():
    for path in FILES:
        keeps_to_the_order(path)


def keeps_to_the_order(path):
    part = part_of(path)
    if part == "__init__":
        return
    assert part in ORDER, f"{named(path)} has no place in the pipeline: {' '.join(ORDER)}"
    package = ("asdkit", *path.relative_to(ROOT / "asdkit").parts[:-1])
    for other in set(imports(parsed(path), package)) - {part, "__version__"}:
        assert other in ORDER, (
            f"{named(path)} imports asdkit.{other}, which has no place in the pipeline"
        )
        assert ORDER.index(other) < ORDER.index(part) or part in SHOWN_BY, (
            f"{named(path)} imports upward: {other}"
        )
        if part in STAGES:
            assert other in STAGES[part] | BRICKS, (
                f"{named(path)} imports {other}: the stages do not know one another"
            )
        if other in ("figures", "views"):
            assert part in SHOWN_BY, (
                f"{named(path)} imports {other}: only notebooks and commands show pictures"
            )


def test_the_import_reader_sees_every_form():
    forms = {
        "import asdkit.sound": {"sound"},
        "from asdkit import losses": {"losses"},
        "from asdkit.train import fit": {"train"},
        "from .. import metrics, views": {"metrics", "views"},
        "from ..mixup import Mix": {"mixup"},
        "def f():\n    from ..systems import get": {"systems"},
        "from .groups import unit\nfrom . import cosine": {"backends"},
        "import numpy\nfrom torch import nn": set(),
    }
    for text, found in forms.items():
        assert set(imports(ast.parse(text), ("asdkit", "backends"))) == found, text


@pytest.mark.parametrize("path", [path for path in FILES if path.name == "__init__.py"], ids=named)
def test_a_package_offers_each_name_once(path):
    text = path.read_text(encoding="utf-8")
    offered = re.search(r"__all__ = \[(.*?)\]", text, re.DOTALL)
    names = re.findall(r"\"(\w+)\"", offered[1]) if offered else []
    assert [name for name in sorted(set(names)) if names.count(name) > 1] == []


def test_files_and_functions_are_short():
    faults = []
    for path in FILES:
        if len(path.read_text(encoding="utf-8").splitlines()) > 250:
            faults.append(f"{named(path)} has more than 250 lines")
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = node.end_lineno - node.lineno + 1
                if length > 40:
                    faults.append(f"{named(path)}: {node.name} has {length} lines, more than 40")
    assert not faults


def test_no_file_is_named_for_nothing():
    nothing = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert [
        named(path) for path in FILES if {part.removesuffix(".py") for part in path.parts} & nothing
    ] == []


def test_a_test_lies_where_its_file_does():
    """``losses/test_margin.py`` tries ``losses/margin.py``; ``test_losses.py``, the folder, and
    ``test_systems_needs.py`` too.
    """
    faults = []
    for path in MIRRORS:
        parent = path.parent.relative_to(ROOT / "tests").as_posix().removesuffix("/answers")
        name, folder = path.stem.removeprefix("test_"), ROOT / "asdkit" / parent
        files = {found.stem.strip("_") for found in folder.glob("*.py")} | {folder.name}
        if name not in files and not name.startswith(f"{folder.name}_"):
            faults.append(f"{named(path)} tries no file of {named(folder)}/, nor the folder")
    assert not faults


def test_ruff_finds_nothing():
    ruff = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "."], cwd=ROOT, capture_output=True, text=True
    )
    assert ruff.returncode == 0, ruff.stdout[-4000:]


def test_top_of_the_house():
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} <= TOP


def test_no_host_and_no_path_of_one_machine():
    faults = []
    for path in tracked():
        if named(path) in EXAMPLES or path.suffix in (".png", ".wav", ".ogg", ".safetensors"):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        faults += [
            f"{named(path)}: {found.group()}"
            for rule in (HOSTS, MACHINE)
            for found in rule.finditer(text)
        ]
    assert not faults
