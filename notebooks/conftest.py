"""How pytest runs the notebooks: at budget smoke, without progress bars, and up to the first cell
that fails.
"""

import os

import pytest
import warm

from asdkit import runtime

os.environ.setdefault("ASDKIT_BUDGET", "smoke")
os.environ["ASDKIT_PROGRESS"] = "0"
os.environ.update(runtime.lesson_environment())

FAILED = pytest.StashKey[str]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Remember, for the notebook of a cell, that the cell failed."""
    report = yield
    if report.failed and item.path.suffix == ".ipynb":
        item.parent.stash.setdefault(FAILED, item.name)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item):
    """Start the kernel of a notebook warm; skip a cell after one that failed: what it would say is
    a consequence.
    """
    failed = item.parent.stash.get(FAILED, None)
    if failed:
        pytest.skip(f"{failed} of {item.path.name} failed before this cell")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in warm.variables().items():
            patch.setenv(name, value)
        return (yield)
