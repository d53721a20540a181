"""Cases of one test: all are tried, and the one that fails is named."""

import inspect

import pytest
from every import every


def test_each_case_is_tried_with_what_the_test_is_given():
    tried = []

    @every("name", {"a": 1, "b": 2})
    @every(("size", "end"), [(1, None), (2, None)])
    def test(name, given, size, end):
        tried.append((name, given, size, end))

    assert list(inspect.signature(test).parameters) == ["given"]
    test(given=7)
    assert tried == [("a", 7, 1, None), ("a", 7, 2, None), ("b", 7, 1, None), ("b", 7, 2, None)]


def test_the_case_that_fails_is_named():
    @every(("name", "make"), [("good", int), ("bad", list)])
    def test(name, make):
        assert make() == 0

    with pytest.raises(AssertionError) as failed:
        test()
    assert failed.value.__notes__ == ["The case is 'bad', <class 'list'>."]


def test_cases_that_are_none_or_too_short_are_no_test():
    with pytest.raises(AssertionError, match="no case"):
        every("name", [])
    with pytest.raises(ValueError, match="shorter"):
        every(("name", "size"), [("a",)])(lambda name, size: None)()
