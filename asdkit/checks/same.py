"""A proof on random input: what was derived by hand is what the library computes."""

import numpy as np


def same(by_hand, library, rtol=None, atol=None, names=("by hand", "library")):
    r"""Show two results beside each other, and stop where they differ.

    They agree where $|a - b| \le \mathrm{atol} + \mathrm{rtol}\,|b|$ in every value.

    Shapes: two numbers, arrays or tensors of one shape; ``names`` of the two sides. Of several
        values the first is printed, and how many there are.
    Raises: AssertionError, with the largest difference, where they differ, in their shape too.
    Choices: both tolerances are 1e-9 in float64, and 1e-5 where a side has float32.
    Example:
        >>> checks.same(np.exp([1.0, 2.0]), torch.tensor([1.0, 2.0], dtype=torch.float64).exp())
        by hand 2.718282, library 2.718282: the first of 2 equal values
    """
    a, b = _array(by_hand), _array(library)
    coarse = 1e-5 if {a.dtype, b.dtype} & {np.dtype("float32"), np.dtype("complex64")} else 1e-9
    limits = {"rtol": coarse if rtol is None else rtol, "atol": coarse if atol is None else atol}
    np.testing.assert_allclose(a, b, err_msg=f"{names[0]} and {names[1]} differ", **limits)
    if a.shape != b.shape:
        raise AssertionError(f"{names[0]} has the shape {a.shape}, {names[1]} {b.shape}")
    if a.size == 0:
        raise AssertionError(f"{names[0]} and {names[1]} are empty: that proves nothing")
    rest = f": the first of {a.size} equal values" if a.size > 1 else ""
    print(f"{names[0]} {a.flat[0]:.6f}, {names[1]} {b.flat[0]:.6f}{rest}")


def _array(value):
    value = value.detach().cpu().numpy() if hasattr(value, "detach") else value
    return np.asarray(value)
