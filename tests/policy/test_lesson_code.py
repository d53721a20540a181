"""The code of lessons: cells that say one thing, in names that mean the same in all of them."""

import ast
import re
import statistics
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
COMMENT = re.compile(r"(^|\s)#.*$", re.MULTILINE)
LINES, TOKENS, MEDIAN = 12, 160, 60
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
NAMES = {  # another name of what all lessons call the same
    "heard": "train", "known": "train", "X": "inputs", "X_test": "inputs_test",
    "x_train": "x", "groups": "group", "scale_": "scale",
}  # fmt: skip
MINUTES = re.compile(
    r"\*\*Time\.\*\* Reading (\d+) minutes, running (\d+), exercises (\d+): (\d+) in all\."
)
LABEL = re.compile(r"\*\*Exercise (\d\d\.\d)\*\* \((?:easy|medium|hard), (\d+) minutes")
RULES = []


def rule(check):
    """A function from the cells of a notebook to the list of what is wrong."""
    RULES.append(check)
    return check


def code(cells):
    return [cell for cell in cells if cell.cell_type == "code"]


def is_solution(cell):
    return "solution" in cell.metadata.get("tags", [])


def tokens(source):
    """How many words and signs a cell has, those of its strings too, comments apart."""
    return len(re.findall(r"\w+|[^\w\s]", COMMENT.sub("", source)))


def comprehensions(source):
    """The most comprehensions in one statement; those of a compound one count where they stand."""
    return max(map(_comprehensions, ast.walk(ast.parse(source))), default=0)


def _comprehensions(node):
    if not isinstance(node, ast.stmt):
        return 0
    blocks = ("body", "orelse", "finalbody", "handlers")
    own = [value for name, value in ast.iter_fields(node) if name not in blocks]
    flat = [item for value in own for item in (value if isinstance(value, list) else [value])]
    return sum(
        isinstance(inner, COMPREHENSIONS)
        for item in flat if isinstance(item, ast.AST) for inner in ast.walk(item)
    )  # fmt: skip


def assigned(source):
    """The names that a cell gives to something at its top level."""
    for statement in ast.parse(source).body:
        for node in ast.walk(statement) if not hasattr(statement, "body") else []:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id
        if isinstance(statement, ast.ImportFrom | ast.Import):
            yield from (alias.asname or alias.name for alias in statement.names)
        if isinstance(statement, ast.FunctionDef):
            yield statement.name


@rule
def a_cell_is_short(cells):
    taught = [cell.source for cell in code(cells) if not is_solution(cell)]
    faults = []
    for source in taught:
        first, count = source.splitlines()[0], len([*filter(str.strip, source.splitlines())])
        if count > LINES:
            faults.append(f"a code cell of {count} lines, more than {LINES}: {first!r}")
        if tokens(source) > TOKENS:
            faults.append(f"a cell of {tokens(source)} tokens, more than {TOKENS}: {first!r}")
    median = statistics.median(map(tokens, taught))
    if median > MEDIAN:
        faults.append(f"the median code cell has {median} tokens, more than {MEDIAN}")
    return faults


@rule
def a_statement_says_one_thing(cells):
    faults = []
    for cell in code(cells):
        first = cell.source.splitlines()[0]
        if comprehensions(cell.source) > 1:
            faults.append(f"two comprehensions in one statement, in the cell {first!r}")
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Expr) and isinstance(node.value, COMPREHENSIONS):
                faults.append(f"a comprehension for its side effects, in the cell {first!r}")
            if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Tuple):
                faults.append(f"a tuple built to take one of it, in the cell {first!r}")
    return faults


@rule
def names_mean_the_same_in_all_lessons(cells):
    found = [name for cell in code(cells) for name in assigned(cell.source)]
    faults = [f"{name} is called {NAMES[name]} in all lessons" for name in found if name in NAMES]
    if any(
        isinstance(node, ast.ImportFrom) and node.module == "asdkit"
        and any(alias.name == "train" for alias in node.names)
        for cell in code(cells) for node in ast.walk(ast.parse(cell.source))
    ):  # fmt: skip
        faults.append("train is the table of training clips: call asdkit.train.fit by its name")
    return faults


@rule
def a_proof_shows_something(cells):
    return [
        f"a cell that asserts and shows nothing: {cell.source.splitlines()[0]!r}"
        for cell in code(cells)
        if re.search(r"^\s*(?:assert |same\(|torch\.testing|np\.testing)", cell.source, re.M)
        and not cell.outputs
    ]


@rule
def minutes_add_up(cells):
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    stated = MINUTES.search(text)
    if not stated:
        return ["no '**Time.** Reading A minutes, running B, exercises C: D in all.'"]
    reading, running, exercises, total = map(int, stated.groups())
    labels = sum(int(minutes) for _, minutes in LABEL.findall(text))
    faults = []
    if labels != exercises:
        faults.append(f"{exercises} minutes of exercises are stated, their labels say {labels}")
    if reading + running + exercises != total:
        faults.append(f"{reading}, {running} and {exercises} minutes are not {total}")
    return faults


@rule
def solutions_are_apart(cells):
    stubs = [cell.source for cell in code(cells) if re.search(r"return \.\.\.$", cell.source, re.M)]
    names = {name for source in stubs for name in assigned(source)}
    faults = []
    for cell in filter(is_solution, code(cells)):
        first, hidden = cell.source.splitlines()[0], cell.metadata.get("jupyter", {})
        if not re.match(r"# Solution of exercise \d\d\.\d", first):
            faults.append(f"a solution that does not say so: {first!r}")
        if not hidden.get("outputs_hidden"):
            faults.append(f"a solution whose verdict is not folded: {first!r}")
        overwritten = names & set(assigned(cell.source))
        faults += [f"a solution overwrites the student's {name}" for name in sorted(overwritten)]
    return faults


@rule
def an_open_question_and_the_terms(cells):
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    faults = []
    open_question = (
        r"\*\*Open question\.?\*\*.*?<details>\s*<summary>.+?</summary>\n\n.+?</details>"
    )
    if not re.search(open_question, text, re.DOTALL):
        faults.append("no '**Open question**' with a folded answer")
    if "](terms.md" not in text:
        faults.append("no link to terms.md")
    return faults


def faults_of(cells):
    return [f"{check.__name__}: {fault}" for check in RULES for fault in check(cells)]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_code_of_a_lesson_keeps_the_rules(path):
    faults = faults_of(nbformat.read(path, as_version=4).cells)
    assert not faults, "\n".join([path.name, *faults])


def good():
    """A lesson of one exercise that keeps every rule."""
    say, run = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell
    hidden = {"tags": ["solution"], "jupyter": {"source_hidden": True, "outputs_hidden": True}}
    return [
        say("**Time.** Reading 20 minutes, running 1, exercises 5: 26 in all.\n\n[x](terms.md)"),
        run("from asdkit import sound\n\ntrain = [clip for clip in sound.toy()]"),
        run("same(train, train)", outputs=[nbformat.v4.new_output("stream", text="same")]),
        say("**Exercise 99.1** (easy, 5 minutes, eq. 1). Double it."),
        run("def double(x):\n    return ...\n\ncheck(double)"),
        run("# Solution of exercise 99.1\ndef solution(x):\n    return 2 * x", metadata=hidden),
        say("**Open question.** Why?\n\n<details><summary>Answer</summary>\n\nSo.\n</details>"),
    ]


LONG = "value = " + " + ".join("1" * 90)
BAD = {
    "lines, more than": lambda c: c[1].update(source="a = 1\n" * 13),
    "of 181 tokens, more": lambda c: c[1].update(source=LONG),
    "the median code cell": lambda c: [cell.update(source=LONG) for cell in code(c)],
    "two comprehensions": lambda c: c[1].update(source="[[a for a in b] for b in c]"),
    "side effects": lambda c: c[1].update(source="[print(a) for a in b]"),
    "a tuple built": lambda c: c[1].update(source="a = (b(), c)[1]"),
    "heard is called train": lambda c: c[1].update(source="heard = 1"),
    "call asdkit.train.fit": lambda c: c[1].update(source="from asdkit import sound, train"),
    "asserts and shows nothing": lambda c: c[2].update(outputs=[]),
    "no '**Time": lambda c: c[0].update(source="[x](terms.md)"),
    "their labels say": lambda c: c[3].update(source="**Exercise 99.1** (easy, 10 minutes)."),
    "are not 26": lambda c: c[0].update(source=c[0].source.replace("Reading 20", "Reading 30")),
    "does not say so": lambda c: c[5].update(source="def solution(x):\n    return 2 * x"),
    "is not folded": lambda c: c[5].metadata["jupyter"].pop("outputs_hidden"),
    "overwrites the student's double": lambda c: c[5].update(
        source="# Solution of exercise 99.1\ndef double(x):\n    return 2 * x"
    ),
    "no '**Open": lambda c: c[6].update(source="**Open question.** Why?"),
    "no link to terms": lambda c: c[0].update(source=c[0].source.replace("](terms.md", "](a.md")),
}


def test_a_good_lesson_passes():
    assert faults_of(good()) == []


@pytest.mark.parametrize("fault", BAD)
def test_bad_code_is_found(fault):
    cells = good()
    BAD[fault](cells)
    assert fault in "\n".join(faults_of(cells))


def test_comprehensions_of_a_block_count_apart():
    assert comprehensions("for a in [b for b in c]:\n    d = [e for e in a]") == 1
    assert comprehensions("def f(a):\n    return {b: [c for c in b] for b in a}") == 2
