"""What a check says of an exercise, and in which order it looks for what is wrong."""

from typing import NamedTuple

from . import differences, relations, retries, shapes
from .trial import Stopped, Trial

SIGNS = {"right": "✓", "wrong": "✗", "not attempted": "·"}


class Verdict(NamedTuple):
    """Says ``right``, ``wrong`` with a hint, or ``not attempted``; it is true only if right.

    Example:
        >>> checks.Verdict("00.1", "wrong", "this is the cosine.")
        ✗ Exercise 00.1: this is the cosine.
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
    exercise, learner, reference, probes, mistakes=(), rescale=None, tolerance=1e-6, right="",
    alternatives=(),
):  # fmt: skip
    """Call the learner's function on each probe beside the reference, and say what differs.

    It looks, in this order, for an untouched stub, an exception, a wrong type, one of the
    ``mistakes``, a wrong shape, a relation of the values to the right ones (sign, factor, offset,
    order), a mistaken input, a forgotten axis, a dependence on the norm of inputs, and NaN. Else
    it shows the smallest probe that fails.

    Shapes: ``probes`` a list of argument tuples; ``mistakes`` pairs of a hint and a function with
        the reference's arguments; ``rescale`` takes a probe's arguments to others with the same
        right answer; ``alternatives`` functions that are right as well -> Verdict.
    Choices: a function may be for numpy or for torch: probes come as arrays, then as tensors, then
        as float32 tensors. Answers in float32 are compared to 1e-4 at best.
    Example:
        >>> checks.examine("1", lambda x: -x, lambda x: x, probes=[(np.array([1.0, 2.0]),)])
        ✗ Exercise 1: the sign is flipped: every value is the right one times -1.
    """
    if not callable(learner):
        return Verdict(
            exercise, "wrong", "hand over the function itself, by its name and without calling it."
        )
    try:
        trial = Trial(learner, reference, probes, tolerance)
    except Stopped as stopped:
        return Verdict(exercise, "wrong", str(stopped))
    if trial.untouched:
        return Verdict(exercise, "not attempted")
    if found := shapes.no_numbers(trial):
        return Verdict(exercise, "wrong", found)
    if any(trial.is_from(function) for function in (reference, *alternatives)):
        return Verdict(exercise, "right", right)
    return Verdict(exercise, "wrong", _hint(trial, mistakes, rescale))


def _hint(trial, mistakes, rescale):
    return (
        next((hint for hint, mistake in mistakes if trial.is_from(mistake)), None)
        or shapes.wrong_shape(trial)
        or relations.relation(trial)
        or retries.other_inputs(trial)
        or retries.forgotten_axis(trial)
        or (rescale and retries.norm(trial, rescale))
        or differences.not_finite(trial)
        or retries.without_effect(trial)
        or differences.difference(trial)
    )
