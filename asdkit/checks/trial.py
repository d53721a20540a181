"""The learner's function, called on every probe beside the reference."""

import copy
import inspect
import re
import traceback
import warnings
from functools import cached_property

import numpy as np

from . import words

FLOAT32 = 1e-4  # what rounding to 24 bits leaves after a sum, a logarithm or a small matrix


EXPLAINED = [
    ("broadcast|non-singleton", "Two shapes do not fit: keepdims=True keeps the axis of a mean or "
                                "norm, and [:, None] makes a column of a row."),
    ("truth value|Boolean value", "np.maximum, np.where and & take arrays value by value; "
                                  "max, if and 'and' take a single one."),
]  # fmt: skip


class Stopped(Exception):
    """The learner's function raised, whatever kind of input it got."""


class Trial:
    """Keeps the answers to all probes, the right ones, and the kind of input that they take."""

    def __init__(self, learner, reference, probes, tolerance):
        self.learner, self.reference, self.asked = learner, reference, tolerance
        self.names = _names(learner, reference, len(probes[0]))
        self._convert, self.answers = _answers(learner, probes, self.names)
        # a reference must see the same rounded numbers, or a value at a threshold changes sides
        self.probes = [_rounded(probe) for probe in probes] if self._convert is _singles else probes
        right = [np.asarray(reference(*probe)) for probe in self.probes]
        self.logical = all(value.dtype == bool for value in right)
        self.right = [value.astype(float) for value in right]

    @property
    def untouched(self):
        return any(answer is Ellipsis for answer in self.answers)

    @cached_property
    def mine(self):
        return [numbers(answer) for answer in self.answers]

    @cached_property
    def tolerance(self):
        """The exercise's own, or float32's where every value fits into a float32."""
        with np.errstate(all="ignore"):
            single = all(np.array_equal(m, m.astype(np.float32)) for m in self.mine)
        return max(self.asked, FLOAT32) if single else self.asked

    def close(self, mine, right):
        """Say of each value whether it is the right one."""
        return np.isclose(mine, right, rtol=self.tolerance, atol=self._small, equal_nan=True)

    @cached_property
    def _small(self):
        """The difference that counts nothing between values near 0."""
        largest = max((np.abs(value).max(initial=0) for value in self.right), default=0)
        return self.tolerance * (min(1.0, largest) or 1.0)

    def same(self, mine, right):
        """Say whether two lists of values agree, in their shapes too."""
        return all(m.shape == r.shape and self.close(m, r).all() for m, r in zip(mine, right))

    def is_from(self, function):
        """Say whether the answers are those of a function with the reference's arguments."""
        with np.errstate(all="ignore"):  # a mistake may be one that overflows
            theirs = (np.asarray(function(*p), dtype=float) for p in self.probes)
            return self.same(self.mine, theirs)  # up to the first that differs

    def ask(self, probe):
        """Call the learner's function once more; None where it stops or gives no numbers."""
        with np.errstate(all="ignore"):
            return _quiet(lambda: numbers(self.learner(*self._convert(probe))))

    def expect(self, probe, change=tuple):
        """Return the right answer to another input; None where there is none."""
        with np.errstate(all="ignore"):
            found = _quiet(lambda: np.asarray(self.reference(*change(probe)), dtype=float))
        return found if found is not None and np.isfinite(found).all() else None

    def entry(self, place, axis, row):
        """Cut one entry along an axis out of a probe, and ask for it alone.

        Return its inputs, which of them run along the axis, the right answer and the learner's;
        None where the right answer needs the other entries too, or the learner's function stops.
        """
        right, probe = self.right[place], self.probes[place]
        count = right.shape[axis] if right.ndim > axis else 0
        along = [np.ndim(some) > axis and np.shape(some)[axis] == count for some in probe]
        if count < 2 or not any(along):
            return None
        part = tuple(
            np.take(some, [row], axis=axis) if runs else some for some, runs in zip(probe, along)
        )
        wanted, given = self.expect(part), self.ask(part)
        alone = np.take(right, [row], axis=axis)
        if wanted is None or given is None or not self.same([wanted], [alone]):
            return None
        return (part, along, wanted, given) if given.shape == wanted.shape else None


def numbers(answer):
    """Read an answer as an array of float64.

    Raises: TypeError or ValueError where it holds no numbers.
    """
    if isinstance(answer, (list, tuple)):
        return np.asarray([numbers(value) for value in answer], dtype=float)
    return np.asarray(answer.detach().cpu() if hasattr(answer, "detach") else answer, dtype=float)


def _quiet(call):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return call()
        except Exception:  # an input that no probe has may stop any function
            return None


def _answers(learner, probes, names):
    """Find whether the function takes arrays or tensors; return its answers to all probes."""
    errors = []
    for convert in (copy.deepcopy, _tensors, _singles):
        answers = []
        try:
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # numpy warns of tensors before it refuses them
                for probe in probes:
                    answers.append(learner(*convert(probe)))
            return convert, answers
        except Exception as error:  # whatever the learner's code raises is told in words
            errors.append((error, probes[len(answers)]))
    raise Stopped(_told(learner, *_telling(errors), names))


def _telling(errors):
    """Choose the error of the kind of input that the function is written for."""
    arrays, tensors, singles = errors
    if "double" in str(tensors[0]).lower():  # float32 and float64 met: not the learner's fault
        tensors = singles
    for found in (arrays, tensors):
        if not isinstance(found[0], (AttributeError, TypeError)):
            return found
    for_tensors = any(word in str(arrays[0]) for word in ("ndarray", "Tensor", "dim"))
    return tensors if for_tensors else arrays


def _told(learner, error, probe, names):
    name, code = getattr(learner, "__name__", ""), getattr(learner, "__code__", None)
    frames = [
        frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.name == name
    ]
    line = f", in line {frames[-1] - code.co_firstlineno + 1} of it" if frames and code else ""
    said = f"your function stopped with {type(error).__name__}{line}: {error}"
    why = next((f" {told}" for sign, told in EXPLAINED if re.search(sign, str(error))), "")
    return f"{said.strip().rstrip('.')}. It got {words.sizes(probe, names)}.{why}"


def _names(learner, reference, count):
    """Name the arguments as the learner does, else as the reference does."""
    for function in (learner, reference):
        try:
            parameters = inspect.signature(function).parameters.values()
        except (TypeError, ValueError):
            continue
        named = [
            p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.POSITIONAL_ONLY)
        ]
        if len(named) >= count:
            return named[:count]
    return [f"argument {place + 1}" for place in range(count)]


def _tensors(probe):
    import torch

    return tuple(
        torch.tensor(value) if isinstance(value, np.ndarray)
        else value.item() if isinstance(value, np.generic)
        else value
        for value in probe
    )  # fmt: skip


def _singles(probe):
    import torch

    return tuple(
        value.float() if torch.is_tensor(value) and value.is_floating_point() else value
        for value in _tensors(probe)
    )


def _rounded(probe):
    return tuple(
        value.astype(np.float32).astype(float)
        if isinstance(value, np.ndarray) and value.dtype == float
        else value
        for value in probe
    )
