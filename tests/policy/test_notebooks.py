"""The rules of a notebook, over every notebook, and the rules themselves on bad ones."""

import importlib.util
import json
import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
SPEC = importlib.util.spec_from_file_location("refresh", ROOT / "notebooks" / "refresh.py")
refresh = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(refresh)

SECTIONS = [
    r"# \S", "## Before you start", "## Setup", r"## .+\?", "## Derivation",
    "## From equation to code",
    "## Train",  # where something is trained
    "## The signature figure", "## Interactive view", "## Where it breaks", "## Exercises",
    "## What we have shown",
    "## Further reading",
]  # fmt: skip
BRITISH = re.compile(
    r"\b(?:colour\w*|(?<!non)(?:normalis|optimis|visualis|summaris|regularis|initialis|standardis|generalis|recognis)"
    r"(?:e|ed|es|ing|ation)\w*|centres?|centred|behaviours?|analys(?:e|ed|ing)|labell(?:ed|ing)|modell(?:ed|ing)"
    r"|neighbours?|favour\w*|licence|grey|metres?|travell(?:ed|ing)|cancell(?:ed|ing))\b",
    re.IGNORECASE,
)
INDEXES = re.compile(r"https?://[^\s)]*/simple\b[\w./-]*|https?://[^\s)]+\.whl")
STUB = re.compile(r"^\s+return \.\.\.\s*$", re.MULTILINE)
RULES = []


def rule(check):
    """A function from a notebook and its folder to the list of what is wrong."""
    RULES.append(check)
    return check


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def markdown_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def tagged(notebook, tag):
    return [cell for cell in notebook.cells if tag in cell.metadata.get("tags", [])]


def headings(notebook):
    """Title and section headings, each with the number of its cell."""
    return [
        (number, line.strip())
        for number, cell in enumerate(notebook.cells)
        if cell.cell_type == "markdown"
        for line in re.sub(r"```.*?```", "", cell.source, flags=re.DOTALL).splitlines()
        if re.match(r"##? ", line)
    ]


def section(notebook, name):
    """The cells from one section heading up to the next."""
    starts = headings(notebook)
    first = next((number for number, line in starts if re.fullmatch(name, line)), None)
    if first is None:
        return []
    last = next((number for number, _ in starts if number > first), len(notebook.cells))
    return notebook.cells[first:last]


def lines(cell):
    return [line for line in cell.source.splitlines() if line.strip()]


def prose(source):
    """What a markdown cell says in words: no formulas, code, answers, tables, links or headings."""
    for part in (
        r"```.*?```",
        r"<details.*?</details>",
        r"\$\$.*?\$\$",
        r"\\begin\{.*?\\end\{\w+\*?\}",
        r"\$[^$]+\$",
    ):
        source = re.sub(part, " ", source, flags=re.DOTALL)
    source = re.sub(r"^(?:#+ .*|\|.*)$", " ", source, flags=re.MULTILINE)
    source = re.sub(r"`[^`]*`|\]\([^)]*\)|<[^>]+>", " ", source)
    return re.findall(r"[^\W\d_][\w'-]*", source)


@rule
def sections_in_order(notebook, folder):
    found = [line for _, line in headings(notebook)]
    wanted_ones = [wanted for wanted in SECTIONS if wanted != "## Train" or wanted in found]
    faults = []
    if len(found) != len(wanted_ones):
        faults.append(f"{len(found)} headings of level 1 and 2, not {len(wanted_ones)}: {found}")
    for wanted, line in zip(wanted_ones, found):
        if not re.match(wanted if wanted == SECTIONS[0] else wanted + "$", line):
            faults.append(f"heading {line!r} stands where {wanted!r} belongs")
    return faults


@rule
def sizes(notebook, folder):
    cells, code, text = notebook.cells, code_cells(notebook), markdown_cells(notebook)
    if not code:
        return ["no code cell"]
    faults = []
    if not 40 <= len(cells) <= 90:
        faults.append(f"{len(cells)} cells, not 40 to 90")
    if not 0.35 <= len(text) / len(cells) <= 0.65:
        faults.append(f"{len(text) / len(cells):.0%} of the cells are prose, not 35 to 65 %")
    for cell in text:
        if len(prose(cell.source)) > 80:
            faults.append(
                f"a cell of {len(prose(cell.source))} words, more than 80: {lines(cell)[0]!r}"
            )
    if len(json.dumps(notebook, ensure_ascii=False, indent=1).encode()) > 500_000:
        faults.append("more than 500 kB")
    return faults


@rule
def code_fits_a_page(notebook, folder):
    wide = [
        line
        for cell in code_cells(notebook)
        for line in cell.source.splitlines()
        if len(line) > 100
    ]
    return [f"a line of {len(line)} characters, more than 100: {line[:40]!r}" for line in wide]


@rule
def setup_is_one_short_cell(notebook, folder):
    code = [cell for cell in section(notebook, "## Setup") if cell.cell_type == "code"]
    if len(code) != 1:
        return [f"{len(code)} code cells in the setup, not 1"]
    return (
        [f"a setup of {len(lines(code[0]))} lines, more than 10"]
        if len(lines(code[0])) > 10
        else []
    )


@rule
def prediction_before_the_signature_figure(notebook, folder):
    cells = section(notebook, "## The signature figure")
    before = []
    for cell in cells:
        if cell.cell_type == "code":
            break
        before.append(cell.source)
    text = "\n".join(before)
    return (
        []
        if "<details>" in text and "</details>" in text
        else ["no folded prediction before the signature figure"]
    )


@rule
def each_prediction_has_an_answer(notebook, folder):
    """Under the question, folded, after an empty line: without one, its formulas stay raw."""
    asked = [
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "markdown" and "**Predict" in cell.source
    ]
    folded = re.compile(r"<details>\s*<summary>.+?</summary>\n\n.+?</details>", re.DOTALL)
    return [f"no folded answer to {source[:40]!r}" for source in asked if not folded.search(source)]


@rule
def exercises(notebook, folder):
    cells = section(notebook, "## Exercises")
    code = [cell for cell in cells if cell.cell_type == "code"]
    stubs = [cell for cell in code if STUB.search(cell.source)]
    solutions = [cell for cell in code if "solution" in cell.metadata.get("tags", [])]
    checks = set(re.findall(r"checks\.(ex_\d\d_\d)", "\n".join(cell.source for cell in code)))
    faults = []
    if not 3 <= len(stubs) <= 5:
        faults.append(f"{len(stubs)} stubs that return ..., not 3 to 5")
    if len(checks) != len(stubs):
        faults.append(f"{len(checks)} checks for {len(stubs)} stubs")
    for check in sorted(checks):
        if not any(check in cell.source for cell in solutions):
            faults.append(f"no solution cell runs checks.{check}")
        if not any(check in cell.source for cell in code if cell not in solutions):
            faults.append(f"checks.{check} runs on no stub")
    for cell in tagged(notebook, "solution"):
        if not cell.metadata.get("jupyter", {}).get("source_hidden"):
            faults.append(f"a solution that is not folded: {lines(cell)[0]!r}")
    return faults


@rule
def executed_from_top_to_bottom(notebook, folder):
    counts = [cell.execution_count for cell in code_cells(notebook)]
    return (
        []
        if counts == [*range(1, len(counts) + 1)]
        else [f"execution counts are not 1 to {len(counts)}: {counts}"]
    )


@rule
def outputs_are_clean(notebook, folder):
    faults = ["widget state in the metadata"] if "widgets" in notebook.metadata else []
    for cell in code_cells(notebook):
        for output in cell.outputs:
            if output.output_type == "error":
                faults.append(f"an error is stored: {output.ename}")
            if output.get("name") == "stderr":
                faults.append(f"stderr is stored: {output.text[:60]!r}")
            faults += [
                f"a widget is stored: {kind}"
                for kind in output.get("data", {})
                if "jupyter.widget" in kind
            ]
            for text in refresh.shown(output):
                faults += [
                    f"{fault} in an output"
                    for fault, pattern in refresh.FAULTS.items()
                    if pattern.search(text)
                ]
    return faults


@rule
def no_path_of_one_machine(notebook, folder):
    pattern = refresh.FAULTS["an absolute path"]
    return [
        f"an absolute path in {lines(cell)[0]!r}"
        for cell in notebook.cells
        if pattern.search(cell.source)
    ]


@rule
def exact_tables_are_few(notebook, folder):
    compared = tagged(notebook, "nbval-check-output")
    faults = (
        [f"{len(compared)} cells tagged nbval-check-output, more than 2"]
        if len(compared) > 2
        else []
    )
    faults += [
        "a compared cell without an execution count is never compared"
        for cell in compared
        if not cell.get("execution_count")
    ]
    return faults


@rule
def outputs_belong_to_the_sources(notebook, folder):
    if refresh.is_current(notebook, "course"):
        return []
    return ["the outputs do not belong to these sources at budget course: run 'make notebooks'"]


@rule
def numbers_hold_on_two_threads(notebook, folder):
    if notebook.metadata.get("asdkit", {}).get("threads") == [1, 2]:
        return []
    return ["its prose was not compared with a run on two threads: run 'make notebooks'"]


@rule
def links_lead_somewhere(notebook, folder):
    text = "\n".join(cell.source for cell in markdown_cells(notebook))
    text = re.sub(r"\$[^$]+\$", "", text)
    targets = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r"(?:src|href)=\"([^\"]+)\"", text)
    files = re.findall(r"`((?:asdkit|notebooks|data|tests)/[\w./-]+\.\w+)`", text)
    faults = []
    for target in targets:
        if (
            not re.match(r"https?://|#|mailto:|data:|attachment:", target)
            and not (folder / target.split("#")[0]).exists()
        ):
            faults.append(f"a link to {target}, which does not exist")
    faults += [
        f"it names {file}, which does not exist" for file in files if not (ROOT / file).exists()
    ]
    faults += [f"a link to a package index: {match}" for match in INDEXES.findall(text)]
    return faults


@rule
def images_have_a_text(notebook, folder):
    text = "\n".join(cell.source for cell in markdown_cells(notebook))
    faults = [
        f"an image without alternative text: {target}"
        for target in re.findall(r"!\[\s*\]\(([^)]+)\)", text)
    ]
    faults += [
        f"an image without alternative text: {tag}"
        for tag in re.findall(r"<img\b[^>]*>", text)
        if not re.search(r"alt=\"[^\"]+\"", tag)
    ]
    return faults


@rule
def american_spelling(notebook, folder):
    text = "\n".join(cell.source for cell in notebook.cells)
    return [f"British spelling: {word}" for word in BRITISH.findall(text)]


def good():
    """A notebook that keeps every rule, made of as little as possible."""
    new, say, run = (
        nbformat.v4.new_notebook(),
        nbformat.v4.new_markdown_cell,
        nbformat.v4.new_code_cell,
    )
    titles = ["# A title", *SECTIONS[1:3], "## What is it?", *SECTIONS[4:]]
    for title in titles:
        new.cells.append(say(f"{title}\nSome words."))
        if title == "## The signature figure":
            new.cells.append(
                say("**Predict.** What?\n\n<details><summary>Answer</summary>\n\nSo.\n</details>")
            )
        if title == "## Exercises":
            for number in (1, 2, 3):
                new.cells.append(run(f"def f(x):\n    return ...\n\nchecks.ex_99_{number}(f)"))
                hidden = {"tags": ["solution"], "jupyter": {"source_hidden": True}}
                new.cells.append(run(f"checks.ex_99_{number}(lambda x: x)", metadata=hidden))
        elif title not in ("# A title", "## Before you start"):
            new.cells += [run("a = 1")] if title == "## Setup" else [run("a = 1"), run("b = 2")]
    new.cells.append(say("The end."))
    return executed(new)


def executed(notebook):
    for number, cell in enumerate(code_cells(notebook), start=1):
        cell.execution_count = number
    notebook.metadata["asdkit"] = {
        "source": refresh.source_hash(notebook), "budget": "course", "threads": [1, 2],
    }  # fmt: skip
    return notebook


def faults_of(notebook, folder=ROOT / "notebooks"):
    return [f"{check.__name__}: {fault}" for check in RULES for fault in check(notebook, folder)]


@pytest.mark.parametrize(
    "path", NOTEBOOKS or [None], ids=lambda path: path.stem if path else "none yet"
)
def test_notebook_keeps_the_rules(path):
    if path is None:
        pytest.skip("there is no notebook yet")
    faults = faults_of(nbformat.read(path, as_version=4))
    assert not faults, "\n".join([path.name, *faults])


def first_code(notebook):
    return code_cells(notebook)[1]


def swap(notebook):
    cells = notebook.cells
    train, derive = (
        next(n for n, cell in enumerate(cells) if cell.source.startswith(title))
        for title in ("## Train", "## Deriv")
    )
    cells[train], cells[derive] = cells[derive], cells[train]


def output(notebook, kind="stream", **content):
    first_code(notebook).outputs = [nbformat.v4.new_output(kind, **content)]


WIDGET = {
    "application/vnd.jupyter.widget-view+json": {"model_id": "0"},
    "text/plain": "IntSlider()",
}
BAD = {
    "stands where": swap,
    "headings of level 1 and 2": lambda n: n.cells.pop(0),
    "more than 80": lambda n: n.cells[1].update(source="## Before you start\n" + "word " * 90),
    "characters, more than 100": lambda n: first_code(n).update(source="a = " + "1" * 97),
    "not 40 to 90": lambda n: n.cells.extend(nbformat.v4.new_code_cell("a") for _ in range(60)),
    "are prose": lambda n: n.cells.extend(nbformat.v4.new_markdown_cell("a") for _ in range(40)),
    "more than 500 kB": lambda n: output(n, name="stdout", text="word " * 120_000),
    "in the setup": lambda n: n.cells.insert(3, nbformat.v4.new_code_cell("a = 1")),
    "more than 10": lambda n: code_cells(n)[0].update(source="import asdkit\n" * 11),
    "no folded prediction": lambda n: [
        cell.update(source=cell.source.replace("<details>", "")) for cell in n.cells
    ],
    "no folded answer to": lambda n: n.cells[0].update(
        source="# A title\n**Predict.** What comes out?"
    ),
    "stubs that return": lambda n: [
        cell.update(source=cell.source.replace("return ...", "pass")) for cell in n.cells
    ],
    "no solution cell runs": lambda n: tagged(n, "solution")[0].update(source="pass"),
    "not folded": lambda n: tagged(n, "solution")[0].metadata.pop("jupyter"),
    "runs on no stub": lambda n: [
        cell.update(source=cell.source.replace("\nchecks.ex_99_1(f)", "")) for cell in n.cells
    ],
    "counts are not": lambda n: first_code(n).update(execution_count=7),
    "an error is stored": lambda n: output(n, "error", ename="ValueError", evalue="", traceback=[]),
    "stderr is stored": lambda n: output(n, name="stderr", text="a warning"),
    "a widget is stored": lambda n: output(n, "display_data", data=WIDGET),
    "widget state": lambda n: n.metadata.update(widgets={}),
    "an absolute path in an output": lambda n: output(
        n, name="stdout", text="read /root/data/a.wav"
    ),
    'an absolute path in "open': lambda n: first_code(n).update(source="open('/home/me/a.wav')"),
    "nbval-check-output": lambda n: [
        cell.metadata.update(tags=["nbval-check-output"]) for cell in code_cells(n)[:3]
    ],
    "not compared with a run on two": lambda n: n.metadata["asdkit"].update(threads=[1]),
    "do not belong": lambda n: first_code(n).update(source="a = 2"),
    "which does not exist": lambda n: n.cells[0].update(
        source="# A title\n[there](99_nowhere.ipynb)"
    ),
    "it names asdkit/nowhere.py": lambda n: n.cells[0].update(
        source="# A title\n`asdkit/nowhere.py`"
    ),
    "package index": lambda n: n.cells[0].update(
        source="# A title\nhttps://index.example/simple/asdkit"
    ),
    "without alternative text": lambda n: n.cells[0].update(source="# A title\n![](../README.md)"),
    "British spelling: colour": lambda n: n.cells[0].update(source="# A title\nThe colour."),
}


def test_a_good_notebook_passes():
    assert faults_of(good()) == []


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_notebook_is_found(fault):
    notebook = good()
    BAD[fault](notebook)
    assert fault in "\n".join(faults_of(notebook))


def test_formulas_code_and_answers_are_no_prose():
    source = "# A title here\nTwo words $a b c$ `d e` \n$$ f g $$\n```\nh i\n```\n"
    source += "<details>j k</details> [end](a/b.md)"
    assert prose(source) == ["Two", "words", "end"]


def text_files():
    files = [
        ROOT / "README.md",
        *(ROOT / "asdkit").rglob("*.py"),
        *(ROOT / "notebooks").glob("*.py"),
    ]
    return [path for path in files if path.is_file()]


@pytest.mark.parametrize("path", text_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_american_spelling(path):
    assert BRITISH.findall(path.read_text(encoding="utf-8")) == []
