"""How the values of an answer relate to the right ones, and what that says of the mistake."""

import numpy as np

from . import affine, differences, words

TRANSFORMS = [
    (np.square, "this is the square of the right value: take the square root."),
    (np.sqrt, "this is the square root of the right value: square it, or leave the root out."),
    (lambda v: 1 / v, "this is 1 over the right value: the fraction is upside down."),
    (np.abs, "the sign is lost: this is the absolute value of the right one."),
    (np.log, "this is the natural logarithm of the right value."),
    (lambda v: -np.log(v), "this is minus the logarithm of the right value."),
    (np.log10, "this is log10 of the right value."),
    (lambda v: 10 * np.log10(v), "this is the right value in decibels."),
    (np.exp, "this is the exponential of the right value: a logarithm is missing."),
    (lambda v: np.exp(-v), "this is exp(-value) of the right value: minus a logarithm is missing."),
    (lambda v: 10 ** (v / 10), "this is the right value as a ratio: it is wanted in decibels."),
    (np.cos, "this is the cosine of the right value: take the arc cosine."),
    (np.arccos, "this is the arc cosine of the right value: leave it out."),
    (np.round, "this is the right value, rounded to an integer."),
    (np.floor, "this is the right value, cut to an integer."),
]


@np.errstate(all="ignore")
def relation(trial):
    """Say by which simple relation the values follow from the right ones, if there is one."""
    mine, right = (np.concatenate(list(map(np.ravel, some))) for some in (trial.mine, trial.right))
    if not np.isfinite(mine).all() or len(np.unique(right)) < 2:
        return None
    for look in (
        _constant, affine.multiple, _nearly, affine.offset, affine.complement, _transformed,
        affine.line, _moved,
    ):  # fmt: skip
        if found := look(trial, mine, right):
            return found
    return None


def _constant(trial, mine, right):
    if np.ptp(mine) > 0:
        return None
    value = words.number(bool(mine[0]) if trial.logical else mine[0])
    return f"every value you return is {value}, whatever the inputs are."


def _nearly(trial, mine, right):
    for m, r in zip(trial.mine, trial.right):
        if np.abs(m - r).max(initial=0) > affine.NEARLY * np.abs(r).max(initial=0):
            return None
    gap = mine - right
    largest = np.abs(gap).max()
    told = f"nearly right, off by {largest:.2g} at most"
    if np.ptp(gap) < 1e-3 * largest:
        told = f"every value is the right one {'plus' if gap[0] > 0 else 'minus'} {largest:.2g}"
    code = getattr(trial.learner, "__code__", None)
    small = [c for c in code.co_consts if isinstance(c, float) and 0 < c <= 1e-3] if code else []
    cause = (
        f"the {small[0]:g} in it" if small else "a small number added, a rounded one, or float32"
    )
    return f"{told}: {cause} makes it differ. {words.sentence(differences.difference(trial))}"


def _transformed(trial, mine, right):
    if np.isin(mine, (0, 1)).all():  # any map of two values would do
        return None
    return next((hint for f, hint in TRANSFORMS if trial.close(mine, f(right)).all()), None)


def _moved(trial, mine, right):
    pairs = [(m, r) for m, r in zip(trial.mine, trial.right) if r.size > 1]
    alone = [(m, r) for m, r in zip(trial.mine, trial.right) if r.size <= 1]
    if not pairs or not all(trial.close(m, r).all() for m, r in alone):
        return None
    if all(m.ndim > 1 and m.shape == m.T.shape and trial.close(m.T, r).all() for m, r in pairs):
        return "the axes are swapped: this is the transpose of the right answer."
    if len(np.unique(right)) < 3:  # so many orders look alike
        return None
    if all(trial.close(m[::-1], r).all() for m, r in pairs):
        return "these are the right values in reverse order."
    for step, told in ((1, "late"), (-1, "early")):
        if all(trial.close(np.roll(m, -step, axis=0), r).all() for m, r in pairs):
            return f"these are the right values, one place too {told}."
    if all(trial.close(np.sort(m, axis=None), np.sort(r, axis=None)).all() for m, r in pairs):
        shown = words.sentence(differences.difference(trial))
        return f"these are the right values in another order. {shown}"
    return None
