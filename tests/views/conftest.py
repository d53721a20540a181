"""Pictures for tests that look at none."""

import itertools

import pytest

from asdkit.figures import Picture


@pytest.fixture
def unpainted(monkeypatch):
    """Pictures of no pixels, each with bytes of its own, to tell when one is drawn and its words;
    to paint one takes most of the time of a view.
    """
    numbers = itertools.count()
    monkeypatch.setattr(Picture, "png", lambda self, like=None: b"%d" % next(numbers))
