"""What every hostile case is held to: one sentence that names what is wrong and how to mend it."""

import re

import pytest

ENDS = (ValueError, OSError)
ANOTHERS = re.compile(
    r"Traceback|0x[0-9a-f]{6}|object at|dtype=|NoneType|__\w+__|could not convert|must be str"
)


@pytest.fixture(scope="session")
def refused():
    """``refused(call, *words)`` runs a call that must be refused, and returns the sentence."""

    def ends(call, *words):
        with pytest.raises(ENDS) as caught:
            call()
        told = str(caught.value)
        assert type(caught.value) is not UnicodeDecodeError, told
        assert "\n" not in told and 15 <= len(told) <= 500, told
        assert not ANOTHERS.search(told), told
        for word in words:
            assert word in told, f"{word!r} is not told: {told}"
        return told

    return ends
