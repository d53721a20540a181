"""Where an answer differs from the right one, shown on the smallest probe that fails."""

import numpy as np

from . import words

NOT_FINITE = [
    ("NaN", np.isnan, "rounding can carry an argument just outside its range, so clip it, "
                      "and divide by no zero."),
    ("minus infinity", np.isneginf, "this is the logarithm of 0."),
    ("infinite", np.isinf, "an exponential overflows, so take the largest exponent out of it "
                           "first, or something is divided by zero."),
]  # fmt: skip


def difference(trial):
    """Say for which inputs which value is wrong, by how much, and how many are.

    Where one entry of the inputs is enough to be wrong, it shows that one alone.
    """
    off = [~trial.close(mine, right) for mine, right in zip(trial.mine, trial.right)]
    place = _smallest(trial, off)
    first = tuple(np.argwhere(off[place])[0])
    found = trial.entry(place, 0, first[0]) if first else None
    if found and not trial.same([found[3]], [found[2]]):
        probe, _, right, mine = found
    else:
        probe, right, mine = (some[place] for some in (trial.probes, trial.right, trial.mine))
    wrong = ~trial.close(mine, right)
    first = tuple(np.argwhere(wrong)[0])
    told = words.apart(*(_value(trial, values[first]) for values in (mine, right)))
    text = (
        f"for {words.inputs(probe, trial.names)} a value is {told[0]}{words.place(first)} "
        f"and must be {told[1]}"
    )
    total, bad = sum(some.size for some in off), sum(some.sum() for some in off)
    if total > len(off):
        text += (
            f"; {bad} of all {total} values differ"
            if bad < total
            else f"; all {total} values differ"
        )
    passed = sum(not some.any() for some in off)
    return f"{text}; {passed} of {len(off)} inputs tried are right." if passed else f"{text}."


def not_finite(trial):
    """Say how many values are NaN or infinite, what makes such values, and where."""
    values = np.concatenate([np.ravel(mine) for mine in trial.mine])
    for kind, test, why in NOT_FINITE:
        off = [test(mine) & np.isfinite(right) for mine, right in zip(trial.mine, trial.right)]
        count = sum(some.sum() for some in off)
        if count:
            place = _smallest(trial, off)
            where = words.place(np.argwhere(off[place])[0])
            return (
                f"{count} of your {len(values)} values {'is' if count == 1 else 'are'} {kind}: "
                f"{why} It happens{where} for {words.inputs(trial.probes[place], trial.names)}."
            )
    return None


def _value(trial, value):
    return bool(value) if trial.logical and value in (0, 1) else value


def _smallest(trial, off):
    """The failing probe with the fewest values, which a learner can work through by hand."""
    sizes = [sum(map(np.size, probe)) for probe in trial.probes]
    return min((i for i, some in enumerate(off) if some.any()), key=sizes.__getitem__)
