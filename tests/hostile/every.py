"""Many cases in one test, where a test of its own would cost each more than to try it does."""

import functools
import inspect
import reprlib


def every(names, cases):
    """As ``parametrize``, but within one test: the first case that fails is named."""
    names = [names] if isinstance(names, str) else names
    cases = [(case,) if len(names) == 1 else case for case in cases]
    assert cases, "there is no case to try"

    def folded(test):
        @functools.wraps(test)
        def tried(**fixtures):
            for case in cases:
                try:
                    test(**dict(zip(names, case, strict=True)), **fixtures)
                except BaseException as error:
                    error.add_note(f"The case is {', '.join(map(_called, case))}.")
                    raise

        taken = inspect.signature(test).parameters.values()
        tried.__signature__ = inspect.Signature([own for own in taken if own.name not in names])
        return tried

    return folded


def _called(value):
    return repr(value) if isinstance(value, str) else reprlib.repr(value)  # which is short
