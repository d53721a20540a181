"""The cells that views need: what they stand on stays, what only looks at it goes."""

from types import SimpleNamespace

import numpy as np
import pytest
from needed import needed

TRAINED = "train = load()\nepochs = 3"
VIEW = "view = views.Lab(runs)\nview"


@pytest.mark.parametrize(
    "between",
    [
        "runs['b'] = 2",  # a part is assigned
        "runs.best = 1",
        "runs += [1]",
        "del runs[0]",
        "for one in more:\n    runs.append(one)",
        "if more:\n    runs = 1",
        "with open(path) as file:\n    runs = file.read()",
        "shuffle(runs)\nprint(1)",  # a call whose value nobody takes
        "runs.update(a=1)\nprint(1)",
        "view.set(a=1)",  # the driver of a view that stands above
        "print(view.set(a=1))",
        "views.listen(one)",
    ],
)
def test_what_changes_a_name_is_needed(between):
    above = "view = views.Lab(0)" if "view." in between else "pass"
    assert 2 in needed([above, "runs = fit()", between, VIEW])


@pytest.mark.parametrize(
    "between",
    [
        "checks.same(runs, other)\nprint(1)",
        "print(runs)\nother = 1",
        "table = compare(runs)\ntable",
        "runs.mean()",  # what a cell shows
        "def solution(runs):\n    runs['b'] = 2",  # a name of its own
        "other = [runs for runs in many]",
        "other = {key: value for key, value in runs.items()}",
        "class Own:\n    def fit(self, runs):\n        return runs",
    ],
)
def test_what_only_looks_is_not(between):
    assert needed(["runs = fit()", between, VIEW]) == [0, 2]


def test_the_last_cell_above_that_binds_a_name_is_meant():
    assert needed(["a = 1", "a = 2", "views.listen(a)", "a = 3"]) == [1, 2]
    assert needed(["a = 1", "a = a + 1", "views.listen(a)"]) == [0, 1, 2]
    assert needed(["a = 1", "a = 2\nviews.listen(a)"]) == [1]
    assert needed(["a = 1", "for a in (1, 2):\n    b = a\n    views.listen(a, b)"]) == [1]
    assert needed(["b = 1", "for a in few:\n    if a:\n        b = 2\n    views.listen(b)"]) == [
        0,
        1,
    ]


def test_functions_bring_what_they_read_where_they_are_used():
    cells = ["scale = 1", "def f(x):\n    return g(x) * scale", "def g(y):\n    return y + late",
             "late = 2", "unused = f(3)", "views.listen(f(1))", "late = 4"]  # fmt: skip
    assert needed(cells) == [0, 1, 2, 3, 5]
    assert needed(["late = 1", "h = lambda x: x + late", "views.listen(h(1))"]) == [0, 1, 2]


def test_a_function_that_moves_a_view_moves_it():
    cells = [VIEW.replace("runs", "0"), "def at(a):\n    return view.set(a)", "table = at(1)",
             "state = view.state", "print(state)"]  # fmt: skip
    assert needed([*cells, "view"]) == [0, 1, 2, 3, 5]
    assert needed(cells) == [0]  # what moves nobody sees


def test_imports_and_seeds_are_kept():
    cells = ["import numpy as np\nimport asdkit\nfrom asdkit import views", "asdkit.seed(0)\nn = 3",
             "unused = np.ones(3)", "views.listen(asdkit.load(n))"]  # fmt: skip
    assert needed(cells) == [0, 1, 3]


def test_a_lesson_without_views_needs_nothing():
    assert needed([TRAINED, "from asdkit import checks", "pass"]) == []


def test_a_call_changes_what_its_function_may_change():
    cells = ["runs = []", "def add(x):\n    runs.append(x)", "add(1)\nprint(2)", VIEW]
    assert needed(cells) == [0, 1, 2, 3]
    cells[1] = "def add(x):\n    return [*runs, x]"
    assert needed(cells) == [0, 3]


def test_a_module_is_changed_by_its_seed_alone():
    cells = ["import numpy as np", "a = np.ones(3)\nb = a", "np.put(b, 0, 2)\nprint(1)",
             "np.random.seed(0)\nprint(1)", "np.array([*'seeds']).max()",
             "views.listen(np.random.random())"]  # fmt: skip
    assert needed(cells) == [0, 3, 5]
    assert needed([*cells[:-1], "views.listen(np.sum(b))"]) == [0, 1, 2, 3, 5]


def seen(cells):
    """What views are given when cells run one after another."""
    found = []
    names = {"views": SimpleNamespace(listen=lambda *given: found.append(list(given)))}
    for cell in cells:
        exec(cell, names)
    return found


def test_alone_the_needed_cells_give_views_what_all_give_them():
    shapes = ["{a} = [*{b}, 1]", "{a} = {b} + {c}", "if len({b}) % 2:\n    {a} = [*{c}]",
              "{a} += {c}", "{a}.append(len({b}))\n{a}", "{a} = f{b}({c})",
              "{a}[:] = {b}[:2] + {c}[:2]",
              "def f{a}(k):\n    return [*k[:2], len({b})]", "views.listen(len({b}), sum({c}))",
              "for k in ({b}, {c}):\n    {a} = k[-3:]\n    {c} = [*{a}]"]  # fmt: skip
    start = ["a, b, c = [1], [2], [3, 4]"] + [f"def f{name}(k):\n    return [*k]" for name in "abc"]
    rng, left_out = np.random.default_rng(0), 0
    for _ in range(100):
        drawn = [
            rng.choice(shapes).format(**dict(zip("abc", rng.choice([*"abc"], 3))))
            for _ in range(12)
        ]
        cells = [*start, *drawn, "views.listen(a)"]
        kept = [cells[at] for at in needed(cells)]
        assert seen(kept) == seen(cells)
        left_out += len(cells) - len(kept)
    assert left_out > 300
