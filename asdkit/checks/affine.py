"""Answers that are a factor or a term away from the right ones, and what that term may be."""

import numpy as np

NEARLY = 1e-3  # of the largest value: what an epsilon or a rounded constant changes
FACTORS = [
    (180 / np.pi, "these are degrees, the answer is wanted in radians."),
    (np.pi / 180, "these are radians, the answer is wanted in degrees."),
    (np.log(10), "the natural logarithm stands where log10 is wanted."),
    (1 / np.log(10), "log10 stands where the natural logarithm is wanted."),
    (np.log(2), "the natural logarithm stands where log2 is wanted."),
    (1 / np.log(2), "log2 stands where the natural logarithm is wanted."),
    (np.log(10) / 10, "the natural logarithm stands where decibels are wanted: 10 log10."),
    (10 / np.log(10), "decibels stand where the natural logarithm is wanted."),
    (2 * np.pi, "every value is 2 pi times the right one."),
    (1 / (2 * np.pi), "every value is the right one divided by 2 pi."),
    (np.sqrt(2), "every value is sqrt(2) times the right one."),
    (1 / np.sqrt(2), "every value is the right one divided by sqrt(2)."),
    (2.0, "every value is 2 times the right one: a factor 2 is too many, or a half is missing."),
    (0.5, "every value is half of the right one: a factor 2 is missing, or a half too many."),
    (10.0, "every value is 10 times the right one: a factor 10 is too many."),
    (0.1, "every value is a tenth of the right one: a factor 10 is missing (bels for decibels)."),
    (100.0, "these are percent, the answer is wanted as a share."),
    (60.0, "every value is 60 times the right one: minutes for seconds?"),
    (1 / 60, "every value is 1/60 of the right one: seconds for minutes?"),
    (1000.0, "every value is 1000 times the right one: look at the unit (milli, kilo)."),
    (0.001, "every value is 1/1000 of the right one: look at the unit (milli, kilo)."),
]
BY_LENGTH = [
    (lambda n: n, "a sum stands where a mean is wanted: divide by {n}."),
    (lambda n: 1 / n, "a mean stands where a sum is wanted: it is divided by {n}."),
    (np.sqrt, "every value is too large by the square root of {n}."),
    (lambda n: 1 / np.sqrt(n), "every value is too small by the square root of {n}."),
    (lambda n: n / (n - 1),
     "the divisor is 1 less than {n}, and must be it (ddof=0, correction=0)."),
    (lambda n: (n - 1) / n, "the divisor is {n}, and must be 1 less (ddof=1, correction=1)."),
    (lambda n: np.sqrt(n / (n - 1)),
     "the divisor of the variance is 1 less than {n}, and must be it (ddof=0, correction=0)."),
    (lambda n: np.sqrt((n - 1) / n),
     "the divisor of the variance is {n}, and must be 1 less (ddof=1, correction=1)."),
]  # fmt: skip
BY_NUMBER = [
    (lambda s: s, "every value is {n} times the right one: that factor is too many."),
    (lambda s: 1 / s, "every value is the right one divided by {n}: that factor is missing."),
    (lambda s: s**2, "every value is {n} squared times the right one."),
    (lambda s: 1 / s**2, "every value is the right one divided by {n} squared."),
]
ADDED_LENGTH = [
    (np.log, "the logarithm of {n} is too many: a sum stands for a mean inside a logarithm."),
    (lambda n: -np.log(n),
     "the logarithm of {n} is missing: a mean stands for a sum inside a logarithm."),
]  # fmt: skip
ADDED_NUMBER = [
    (lambda s: s, "every value is the right one plus {n}."),
    (lambda s: -s, "every value is the right one minus {n}."),
]
SUMS = [
    (1.0, "this is 1 minus the right value."),
    (np.pi, "this is pi minus the right value."),
    (np.pi / 2, "this is pi / 2 minus the right value."),
]


def multiple(trial, mine, right):
    """Name the factor between the values and the right ones, the same one or one a probe."""
    factors = []
    for m, r in zip(trial.mine, trial.right):
        factor = np.vdot(m, r) / np.vdot(r, r)
        if not np.isfinite(factor) or not factor or not trial.close(m / factor, r).all():
            return None
        factors.append(factor)
    factor, factors = factors[0], np.array(factors)
    if not trial.close(mine / factor, right).all():
        return _by_input(trial, factors, BY_LENGTH, BY_NUMBER)
    if abs(factor - 1) < NEARLY:
        return None
    return (
        _known(factor, trial)
        or _by_input(trial, factors, BY_LENGTH, BY_NUMBER)
        or f"every value is {factor:.4g} times the right one: "
        "look for a factor too many or too few."
    )


def _known(factor, trial):
    if np.isclose(factor, -1, rtol=_slack(trial)):
        return "the sign is flipped: every value is the right one times -1."
    for known, hint in FACTORS:
        if np.isclose(abs(factor), known, rtol=_slack(trial)):
            return hint if factor > 0 else f"the sign is flipped, and more: up to it, {hint}"
    return None


def _slack(trial):
    return min(10 * trial.tolerance, 2e-3)


def _by_input(trial, values, by_length, by_number):
    """Find a length or a number among the inputs that explains one value for each probe."""
    for place, name in enumerate(trial.names):
        inputs = [probe[place] for probe in trial.probes]
        axes = min(map(np.ndim, inputs))
        for axis in range(axes):
            lengths = np.array([float(np.shape(some)[axis]) for some in inputs])
            n = f"the length of {name}" if axes == 1 else f"the length of axis {axis} of {name}"
            if found := _explained(trial, values, lengths, by_length, n):
                return found
        if not any(map(np.ndim, inputs)):
            found = _explained(trial, values, np.array(inputs, dtype=float), by_number, name)
            if found:
                return found
    return None


def _explained(trial, values, inputs, functions, name):
    for function, hint in functions:
        told = function(inputs)
        if np.allclose(values, told, rtol=_slack(trial), atol=trial.tolerance):
            return hint.format(n=name)
    return None


def offset(trial, mine, right):
    """Name the term between the values and the right ones, the same one or one a probe."""
    offsets = np.array([(m - r).mean() for m, r in zip(trial.mine, trial.right)])
    if not all(
        trial.close(m - term, r).all() for m, term, r in zip(trial.mine, offsets, trial.right)
    ):
        return None
    term = offsets[0]
    if not trial.close(mine - term, right).all():
        return _by_input(trial, offsets, ADDED_LENGTH, ADDED_NUMBER)
    for one, told in ((1, "one too many"), (-1, "one too few")):
        if np.isclose(term, one, rtol=_slack(trial)):
            return f"off by one: every value is {told}."
    return _by_input(trial, offsets, ADDED_LENGTH, ADDED_NUMBER) or (
        f"every value is the right one {'plus' if term > 0 else 'minus'} {abs(term):.4g}: "
        "look for a term too many or too few."
    )


def complement(trial, mine, right):
    """Name the constant that each value and the right one add up to."""
    if trial.logical and trial.close(mine + right, 1).all():
        return "True and False are swapped."
    return next((hint for total, hint in SUMS if trial.close(mine, total - right).all()), None)


def line(trial, mine, right):
    """Name factor and term where it takes both."""
    if len(np.unique(right)) < 4:
        return None
    slope, start = np.polyfit(right, mine, 1)
    if abs(slope) < NEARLY or not trial.close(mine, slope * right + start).all():
        return None
    sign = "plus" if start > 0 else "minus"
    return f"every value is {slope:.4g} times the right one, {sign} {abs(start):.4g}."
