"""Looks: each meaning has its own, with color and without."""

from matplotlib.colors import to_rgb

from asdkit import figures


def test_looks_differ_in_color_and_without_color():
    looks = figures.LOOKS.values()
    for field in ("color", "marker"):
        assert len({getattr(look, field) for look in looks}) == len(figures.LOOKS)
    assert figures.LOOKS["normal"].hatch != figures.LOOKS["anomaly"].hatch
    assert figures.LOOKS["source"].line != figures.LOOKS["target"].line
    assert all(max(to_rgb(look.color)) < 0.95 for look in looks)
