"""What a check says of an exercise, and how it finds out."""

import copy
import traceback
from typing import NamedTuple

import numpy as np

SIGNS = {"right": "✓", "wrong": "✗", "not attempted": "·"}


class Verdict(NamedTuple):
    """Says ``right``, ``wrong`` with a hint, or ``not attempted``; it is true only if right.

    Example:
        >>> checks.Verdict("00.1", "wrong", "this is the cosine.")
        ✗ Exercise 00.1: this is the cosine.
    Notebook: 00_start_here
    """

    exercise: str
    state: str
    message: str = ""

    def __bool__(self):
        return self.state == "right"

    def __repr__(self):
        said = self.message if self.state == "wrong" else f"{self.state}. {self.message}".strip()
        return f"{SIGNS[self.state]} Exercise {self.exercise}: {said}"


def examine(
    exercise, learner, reference, probes, mistakes=(), rescale=None, tolerance=1e-6, right=""
):
    """Call the learner's function on each probe beside the reference, and say what differs.

    It looks, in this order, for an untouched stub, an exception, a wrong type or shape, one of the
    ``mistakes``, a flipped sign, a constant factor, a dependence on the norm of inputs, and NaN.

    Shapes: ``probes`` a list of argument tuples; ``mistakes`` pairs of a hint and a function with
        the reference's arguments; ``rescale`` takes a probe's arguments to others with the same
        right answer -> Verdict.
    Choices: a function may be for numpy or for torch: probes come as arrays, then as tensors.
    Example:
        >>> checks.examine("1", lambda x: -x, lambda x: x, probes=[(np.array([1.0, 2.0]),)])
        ✗ Exercise 1: the sign is flipped: every value is the right one times -1.
    Notebook: 00_start_here
    """
    if not callable(learner):
        return Verdict(
            exercise, "wrong", "hand over the function itself, by its name and without calling it."
        )
    expected = [np.asarray(reference(*probe), dtype=float) for probe in probes]
    try:
        call, answers = _answers(learner, probes)
    except _Stopped as stopped:
        return Verdict(exercise, "wrong", str(stopped))
    if any(answer is Ellipsis for answer in answers):
        return Verdict(exercise, "not attempted")
    for answer, right_answer, probe in zip(answers, expected, probes):
        if found := _wrong_kind(answer, right_answer, probe):
            return Verdict(exercise, "wrong", found)
    answers = [_array(answer) for answer in answers]
    if _same(answers, expected, tolerance):
        return Verdict(exercise, "right", right)
    hint = _known(answers, probes, mistakes, tolerance) or _proportional(
        answers, expected, tolerance
    )
    hint = hint or (rescale and _norm(call, answers, probes, rescale, tolerance))
    return Verdict(exercise, "wrong", hint or _difference(answers, expected, probes, tolerance))


class _Stopped(Exception):
    """The learner's function raised, as array and as tensor function."""


def _answers(learner, probes):
    """Find whether the learner's function takes arrays or tensors; return its answers to all
    probes.
    """
    errors = []
    for convert in (copy.deepcopy, _tensors):

        def call(probe, convert=convert):
            with np.errstate(all="ignore"):
                return learner(*convert(probe))

        try:
            return call, [call(probe) for probe in probes]
        except Exception as error:  # whatever the learner's code raises is told in words
            errors.append(error)
    error = next(
        (error for error in errors if not isinstance(error, (AttributeError, TypeError))),
        errors[-1],
    )
    frames = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.name == _name(learner)
    ]
    code = getattr(learner, "__code__", None)
    line = f", in line {frames[-1] - code.co_firstlineno + 1} of it" if frames and code else ""
    raise _Stopped(f"your function stopped with {type(error).__name__}{line}: {error}")


def _tensors(probe):
    import torch

    return tuple(torch.tensor(value) if isinstance(value, np.ndarray) else value for value in probe)


def _name(learner):
    return getattr(learner, "__name__", "")


def _array(answer):
    return np.asarray(answer.detach().cpu() if hasattr(answer, "detach") else answer, dtype=float)


def _flat(answers):
    return np.concatenate([np.ravel(answer) for answer in answers])


def _wrong_kind(answer, expected, probe):
    """Say what is wrong with the type or the shape of one answer."""
    if answer is None:
        return "your function returns None: end it with 'return' and the result."
    try:
        values = _array(answer)
    except (TypeError, ValueError):
        return f"your function returns {type(answer).__name__}, not numbers."
    if values.shape != expected.shape:
        wanted = f"shape {expected.shape}" if expected.ndim else "a single number"
        return f"{_shapes(probe)} must give {wanted}, yours gives shape {values.shape}."
    return None


def _shapes(probe):
    return "inputs of " + ", ".join(
        f"shape {np.shape(value)}" if np.ndim(value) else "a number" for value in probe
    )


def _same(answers, expected, tolerance):
    return all(
        np.allclose(answer, right, rtol=tolerance, atol=tolerance)
        for answer, right in zip(answers, expected)
    )


def _known(answers, probes, mistakes, tolerance):
    for hint, mistake in mistakes:
        if _same(
            answers, [np.asarray(mistake(*probe), dtype=float) for probe in probes], tolerance
        ):
            return hint
    return None


def _proportional(answers, expected, tolerance):
    mine, right = _flat(answers), _flat(expected)
    factor = np.dot(mine, right) / np.dot(right, right)
    if not tolerance < abs(factor) < np.inf or not np.allclose(
        mine / factor, right, rtol=tolerance, atol=tolerance
    ):
        return None
    if np.isclose(factor, -1, atol=tolerance):
        return "the sign is flipped: every value is the right one times -1."
    if np.isclose(factor, 180 / np.pi, rtol=1e-3):
        return "these are degrees, the answer is wanted in radians."
    return (
        f"every value is {factor:.4g} times the right one: look for a factor too many or too few."
    )


def _norm(call, answers, probes, rescale, tolerance):
    before = _flat(answers)
    after = _flat([_array(call(rescale(*probe))) for probe in probes])
    both = np.isfinite(before) & np.isfinite(after)
    if np.allclose(before[both], after[both], rtol=tolerance, atol=tolerance):
        return None
    return "your result changes with the length of the vectors: L2-normalize them first, x / |x|."


def _difference(answers, expected, probes, tolerance):
    values = _flat(answers)
    if np.isnan(values).any():
        nan = f"{np.isnan(values).sum()} of your {len(values)} values are NaN"
        return (
            f"{nan}: rounding can carry an argument just outside its range, "
            "so clip it, and divide by no zero."
        )
    if np.isinf(values).any():
        return (
            "a value is infinite: an exponential overflows, "
            "so take the largest exponent out of it first."
        )
    for answer, right, probe in zip(answers, expected, probes):
        off = ~np.isclose(answer, right, rtol=tolerance, atol=tolerance)
        if off.any():
            first = tuple(np.argwhere(off)[0])
            told = f"a value is {answer[first]:.4g} and must be {right[first]:.4g}."
            return f"for {_shapes(probe)} {told}"
    return None
