"""The pages of the teacher: their parts, minutes that add up, and only what a lesson has."""

import functools
import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "notebooks" / "teaching"
LESSONS = {path.stem: path for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))}
PARTS = [
    "Goal", "Before", "What students get wrong", "Minutes", "Stop and ask", "Skip", "Discuss",
]  # fmt: skip
STATED = re.compile(r"Reading \d+ minutes, running \d+, exercises (\d+): (\d+) in all")
WRONG = re.compile(r"(?ms)^\d\. \*\*.+?\n   - \*Ask\*: .+?\n   - \*Right\*: .+?\n   - \*Wrong\*: ")
STEER = re.compile(r"(?ms)^\d\. \*.+?\*\n   - \*Steer to\*: (.+?)(?=^\d\. |\Z)")
COUNTED = re.compile(r"\d|\b(?:none|one|two|three|four|five|six|seven|eight|nine|ten|half|twice)\b")
PRECISE = re.compile(r"(?<![\d.])\d+\.\d\d+(?!\d|\.\d)")
LONGEST, WIDEST = 90, 125
RULES = []


def rule(check):
    """A function from a page and its lesson to what is wrong."""
    RULES.append(check)
    return check


def prose(lesson):
    return "\n\n".join(cell.source for cell in lesson.cells if cell.cell_type == "markdown")


def headings(lesson, level="##+"):
    return re.findall(rf"^{level} (.+)$", prose(lesson), re.MULTILINE)


def part(page, name):
    found = re.search(rf"(?ms)^## {name}\n(.*?)(?=^## |\Z)", page)
    return found[1] if found else ""


def rows(page):
    """The table of minutes: a list of the section and three numbers."""
    lines = re.findall(r"^\| (.+?) \| (\d+) \| (\d+) \| (\d+) \|$", part(page, "Minutes"), re.M)
    return [(name, *map(int, numbers)) for name, *numbers in lines]


def numbers(lesson):
    """All numbers that a lesson says or prints."""
    text = [cell.source for cell in lesson.cells]
    for cell in lesson.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            text += [output.get("text", ""), data.get("text/plain", "")]
            text.append(output.get("metadata", {}).get("image/png", {}).get("alt", ""))
    return {float(number) for number in re.findall(r"\d+\.\d+|\d+", "\n".join(text))}


@rule
def its_parts_stand_in_order(page, lesson, stem):
    found = re.findall(r"^## (.+)$", page, re.MULTILINE)
    if found != PARTS:
        yield f"parts {found}, not {PARTS}"
    if not page.startswith(f"# Teaching lesson {stem[:2]}: ") or f"](../{stem}.ipynb)" not in page:
        yield "no title and link of its lesson"


@rule
def it_is_short(page, lesson, stem):
    lines = page.splitlines()
    if len(lines) > LONGEST:
        yield f"{len(lines)} lines, more than {LONGEST}"
    wide = [line for line in lines if len(line) > WIDEST]
    yield from (f"a line of {len(line)} characters: {line[:40]!r}" for line in wide)


@rule
def three_mistakes_are_shown_by_a_question(page, lesson, stem):
    found = len(WRONG.findall(part(page, "What students get wrong")))
    if found != 3:
        yield f"{found} mistakes with *Ask*, *Right* and *Wrong*, not 3"


@rule
def minutes_are_those_of_the_lesson(page, lesson, stem):
    *sections, talk, whole = rows(page) or [("", 0, 0, 0)] * 2
    exercises, stated = map(int, STATED.search(prose(lesson)).groups())
    names = [name for name, *_ in sections]
    if names != headings(lesson, "##") or (talk[0], whole[0]) != ("Stops and discussion", "all"):
        yield f"rows of {names}, not of the sections of the lesson"
    if whole[1] != stated:
        yield f"{whole[1]} minutes alone, and the lesson states {stated}"
    if dict((name, alone) for name, alone, *_ in sections).get("Exercises") != exercises:
        yield f"exercises do not take the {exercises} minutes that the lesson states"
    for place in (1, 2, 3):
        added = sum(row[place] for row in [*sections, talk])
        if added != whole[place]:
            yield f"a column adds up to {added}, and says {whole[place]}"


@rule
def a_plan_fits(page, lesson, stem):
    *sections, _, whole = rows(page) or [("", 0, 0, 0)] * 2
    if whole[2] > 90 or whole[3] > 45:
        yield f"plans of {whole[2]} and {whole[3]} minutes, more than 90 and 45"
    for name, alone, long, short in sections:
        if not short <= long <= alone:
            yield f"{name!r} takes longer in a plan than alone"


@rule
def it_stops_where_the_lesson_has_a_heading(page, lesson, stem):
    stops = re.findall(r"(?ms)^- (.+?)(?=^- |\Z)", part(page, "Stop and ask"))
    if len(stops) < 3:
        yield f"{len(stops)} places to stop, fewer than 3"
    for stop in stops:
        named = re.match(r"\*\*(.+?)\*\*, ", stop)
        if not named or named[1] not in headings(lesson):
            yield f"it stops at no heading of the lesson: {stop[:50]!r}"
        if not re.search(r'"[^"]+\?"', stop):
            yield f"a stop without its question: {stop[:50]!r}"


@rule
def it_names_no_section_of_another_lesson(page, lesson, stem):
    every = {name for other in LESSONS.values() for name in headings(read(other))}
    named = every & set(re.findall(r"\*([^*\n]+)\*", page.replace("**", "")))
    yield from (f"its lesson has no section {name!r}" for name in named - set(headings(lesson)))


@rule
def it_says_what_to_skip(page, lesson, stem):
    bullets = re.findall(r"^- At (\d+) minutes: \S", part(page, "Skip"), re.MULTILINE)
    if bullets != ["45", "90"]:
        yield f"what to skip at {bullets} minutes, not at 45 and 90"


@rule
def what_is_skipped_saves_minutes(page, lesson, stem):
    home = ("Exercises", "Further reading")
    long, short = (sum(row[n] for row in rows(page)[:-2] if row[0] not in home) for n in (2, 3))
    if short >= long:
        yield f"at 45 minutes its sections take {short} minutes, at 90 they take {long}"


@rule
def what_goes_home_is_what_the_plan_leaves_out(page, lesson, stem):
    minutes = dict(re.findall(r"\*\*Exercise (\d\d\.\d)\*\* \(\w+, (\d+) minutes", prose(lesson)))
    long = part(page, "Skip").partition("- At 90 minutes: ")[2]
    home = re.match(r"exercises? ((?:\d\d\.\d(?: and )?)+) goe?s? home", long)
    left = sum(int(minutes.pop(number, 0)) for number in home[1].split(" and ")) if home else 0
    planned = {name: at_90 for name, _, at_90, _ in rows(page)}.get("Exercises", 0)
    if planned != sum(map(int, minutes.values())):
        yield f"{planned} minutes of exercises at 90, and {left} go home"


@rule
def two_discussions_with_a_number(page, lesson, stem):
    steers = STEER.findall(part(page, "Discuss"))
    if len(steers) != 2:
        yield f"{len(steers)} discussions with an answer to steer to, not 2"
    yield from ("a discussion without a number" for text in steers if not COUNTED.search(text))


@rule
def its_exercises_exist(page, lesson, stem):
    known = set(re.findall(r"\*\*Exercise (\d\d\.\d)\*\*", prose(lesson)))
    for named in re.findall(r"[Ee]xercises? ((?:\d\d\.\d(?:, | and )?)+)", page):
        for number in set(re.findall(r"\d\d\.\d", named)) - known:
            yield f"there is no exercise {number}"


@rule
def a_precise_number_is_one_of_the_lesson(page, lesson, stem):
    known = numbers(lesson)
    for number in PRECISE.findall(re.sub(r"\]\([^)]*\)", "", page)):
        digits = len(number.partition(".")[2])
        if not any(float(number) in (round(one, digits), one) for one in known):
            yield f"the lesson neither says nor prints {number}"


@functools.cache
def read(path):
    return nbformat.read(path, as_version=4)


def faults_of(page, stem):
    lesson = read(LESSONS[stem])
    return [f"{check.__name__}: {fault}" for check in RULES for fault in check(page, lesson, stem)]


def page_of(stem):
    return (FOLDER / f"{stem}.md").read_text(encoding="utf-8")


def test_each_lesson_has_a_page():
    assert sorted(path.stem for path in FOLDER.glob("[0-9][0-9]_*.md")) == sorted(LESSONS)


@pytest.mark.parametrize("stem", LESSONS)
def test_a_page_keeps_the_rules(stem):
    faults = faults_of(page_of(stem), stem)
    assert not faults, "\n".join([stem, *faults])


BAD = {
    "not ['Goal'": lambda page: page.replace("## Skip", "## Leave out"),
    "no title": lambda page: page.replace("lesson 00", "lesson 01"),
    "more than 90": lambda page: page + "\n" * 90,
    "a line of": lambda page: page.replace("## Goal\n", "## Goal\n" + "word " * 30),
    "2 mistakes": lambda page: page.replace("*Wrong*", "*False*", 1),
    "not of the sections": lambda page: page.replace("| Train |", "| Training |"),
    "the lesson states": lambda page: re.sub(r"\| all \| \d+", "| all | 5", page),
    "adds up to": lambda page: re.sub(r"(\| Train \| )(\d+)", r"\g<1>1\2", page),
    "minutes that the lesson": lambda page: re.sub(r"(\| Exercises \| )\d+", r"\g<1>7", page),
    "more than 90 and 45": lambda page: re.sub(r"(\| all .*) \d+ \|", r"\1 46 |", page),
    "longer in a plan": lambda page: re.sub(r"(\| Setup \| )\d+", r"\g<1>0", page),
    "fewer than 3": lambda page: re.sub(r"(?m)^- \*\*.*$", "", page),
    "no heading of the lesson": lambda page: page.replace("- **Train**", "- **Training**"),
    "without its question": lambda page: page.replace('"', ""),
    "no section 'The cheat'": lambda page: page + "*The cheat*",
    "its sections take": lambda page: re.sub(r"(\| \d+ \| )(\d+) \| \d+ \|", r"\1\2 | \2 |", page),
    "what to skip": lambda page: page.replace("- At 90 minutes", "- At 95 minutes"),
    "go home": lambda page: page.replace(
        "90 minutes: nothing", "90 minutes: exercise 00.1 goes home"
    ),
    "1 discussions": lambda page: page.replace("*Steer to*", "*Answer*", 1),
    "no exercise 00.7": lambda page: page.replace("00.3", "00.7"),
    "nor prints 0.98761": lambda page: page + "It has 0.98761.",
}


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_page_is_found(fault):
    page = page_of("00_start_here")
    assert BAD[fault](page) != page
    assert fault in "\n".join(faults_of(BAD[fault](page), "00_start_here"))


def test_the_index_has_each_page_and_its_minutes():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    for stem, path in LESSONS.items():
        minutes = STATED.search(prose(read(path)))[2]
        title = re.search(r"^# \d\d (.+)$", prose(read(path)), re.MULTILINE)[1]
        assert f"| [{stem[:2]}]({stem}.md) | [{title}](../{path.name}) | {minutes} |" in text


def test_the_plans_have_a_place_for_each_lesson():
    for plan in (FOLDER / "plans.md").read_text(encoding="utf-8").split("\n## ")[2:4]:
        assert {stem[:2] for stem in LESSONS} <= set(re.findall(r"\b\d\d\b", plan)), plan[:20]


def test_the_survey_has_a_key_for_each_question():
    questions, key = (FOLDER / "survey.md").read_text(encoding="utf-8").split("\n## Key\n")
    asked = [int(number) for number in re.findall(r"^(\d+)\. ", questions, re.MULTILINE)]
    answered = re.findall(r"^\| (\d+) \| .+ \| \[\d\d\]\(\.\./.+\) \|$", key, re.MULTILINE)
    assert asked == [*range(1, len(asked) + 1)] and len(answered) == len(asked) - 3
    assert [int(number) for number in answered] == asked[:-3] and 8 <= len(answered) <= 10
