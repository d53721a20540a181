"""Mistakes that show when the learner's function, or the reference, gets other inputs."""

import itertools

import numpy as np

ROWS = 6  # of a probe, which the learner's function gets alone
INSTEAD = [
    ("the sign of {n} is flipped.", lambda v: -v),
    ("{n} is in radians already, and is converted to them once more.", np.radians),
    ("{n} is converted to degrees: sine and cosine take radians.", np.degrees),
    ("1 - {n} stands where {n} is wanted.", lambda v: 1 - v),
    ("off by one: {n} + 1 stands where {n} is wanted.", lambda v: v + 1),
    ("off by one: {n} - 1 stands where {n} is wanted.", lambda v: v - 1),
    ("1 / {n} stands where {n} is wanted.", lambda v: 1 / v),
    ("2 {n} stands where {n} is wanted.", lambda v: 2 * v),
    ("half of {n} stands where {n} is wanted.", lambda v: v / 2),
    ("the square of {n} stands where {n} is wanted.", np.square),
    ("the square root of {n} stands where {n} is wanted.", np.sqrt),
    ("{n} counts as 0 here, whatever it is.", lambda v: 0 * v),
    ("{n} counts as 1 here, whatever it is.", lambda v: 0 * v + 1),
]


def other_inputs(trial):
    """Say if the answers are right for other inputs: two of them swapped, or one changed."""
    count = len(trial.names)
    for one, two in itertools.combinations(range(count), 2):
        order = list(range(count))
        order[one], order[two] = two, one
        if _is(trial, lambda probe, order=order: tuple(probe[place] for place in order)):
            return f"{trial.names[one]} and {trial.names[two]} are swapped."
    for place, (hint, change) in itertools.product(range(count), INSTEAD):
        if _is(trial, lambda probe, i=place, to=change: _with(probe, i, to(probe[i]))):
            return hint.format(n=trial.names[place])
    return None


def _with(probe, place, value):
    return (*probe[:place], value, *probe[place + 1 :])


def _is(trial, change):
    for mine, probe in zip(trial.mine, trial.probes):
        found = trial.expect(probe, change)
        if found is None or not trial.same([mine], [found]):
            return False
    return True


def forgotten_axis(trial):
    """Say if a value changes with others beside it where the right one does not."""
    if not all(np.isfinite(mine).all() for mine in trial.mine):
        return None
    for axis in range(max(right.ndim for right in trial.right)):
        found = [_alone(trial, place, axis) for place in range(len(trial.probes))]
        found = [some for some in found if some]
        if not any(changes for _, changes, _ in found):
            continue
        names = " and ".join(found[0][0])
        if all(right for _, _, right in found):
            return (
                f"alone, each entry along axis {axis} of {names} gets its right value, beside "
                "others not: an axis is forgotten, a sum, mean, maximum or norm runs over all."
            )
        return (
            f"a value changes with the other entries along axis {axis} of {names}, and must not: "
            "a sum, mean, maximum or norm runs over them. Look at its axis."
        )
    return None


def _alone(trial, place, axis):
    """Return the inputs that run along an axis, and whether an entry alone changes, and is right.

    None where the right answer needs all entries.
    """
    mine = trial.mine[place]
    changes, correct, along = False, True, ()
    rows = mine.shape[axis] if mine.ndim > axis else 0
    if rows < 2:
        return None
    for row in range(min(rows, ROWS)):
        found = trial.entry(place, axis, row)
        if found is None:
            return None
        _, along, wanted, given = found
        changes |= not trial.same([given], [np.take(mine, [row], axis=axis)])
        correct &= trial.same([given], [wanted])
    return [name for name, runs in zip(trial.names, along) if runs], changes, correct


def norm(trial, rescale):
    """Say if the answers change where the inputs are longer vectors of the same directions."""
    for mine, probe in zip(trial.mine, trial.probes):
        after = trial.ask(rescale(*probe))
        if after is None or after.shape != mine.shape:
            return None
        both = np.isfinite(mine) & np.isfinite(after)
        if not trial.close(mine[both], after[both]).all():
            return (
                "your result changes with the length of the vectors: "
                "L2-normalize them first, x / |x|."
            )
    return None


def without_effect(trial):
    """Name an input on which the right answer depends and the learner's does not."""
    for place, name in enumerate(trial.names):
        moved = False
        for mine, right, probe in zip(trial.mine, trial.right, trial.probes):
            other = _with(probe, place, _other(probe[place]))
            wanted, given = trial.expect(other), trial.ask(other)
            if wanted is None or given is None or not np.array_equal(given, mine, equal_nan=True):
                break
            moved |= not trial.same([wanted], [right])
        else:
            if moved:
                return f"your result does not depend on {name}, and the right one does."
    return None


def _other(value):
    """Another input of the same kind: a list in reverse order, a number a little smaller.

    Fractions get smaller in a list too: a median or a sum asks for no order.
    """
    if np.ndim(value):
        fractions = isinstance(value, np.ndarray) and value.dtype.kind == "f" and (value % 1).any()
        return 0.9 * value[::-1] if fractions else value[::-1]
    return value + 1 if isinstance(value, (int, np.integer)) else 0.9 * value
