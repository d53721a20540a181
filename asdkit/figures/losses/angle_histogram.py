"""Angles to the own center: the picture in which the losses are compared."""

import numpy as np

from ..style import LOOKS, Picture, finite, histograms, plain


def angle_histogram(normal, anomaly, title="Angle to the own center", limit=90, bins=45):
    r"""Draw the angles of normal clips and anomalies to their own center, and the gap of medians.

    The gap is $\mathrm{median}(\theta_\mathrm{anomaly}) - \mathrm{median}(\theta_\mathrm{normal})$.

    Shapes: normal (N,) and anomaly (M,), in radians; drawn in degrees.
    Raises: ValueError where a group is empty or not finite, an angle lies outside 0 to pi, or
        ``limit`` is not 90 or 180.
    Choices: the axis ends at 90 or 180 degrees and each histogram is a density, so that losses
        compare at a glance. Angles beyond 90 degrees widen an axis of 90 to 180: none is left out.
    Example:
        >>> figures.angle_histogram(np.radians([5, 10]), np.radians([30, 50])).alt
        'Angle to the own center (n = 2 normal, 2 anomalies). ... gap of the medians, +32.5°.'
    Notebook: 00_start_here
    """
    groups = {"normal": degrees(normal, "normal"), "anomaly": degrees(anomaly, "anomaly")}
    if limit not in (90, 180):
        raise ValueError(f"limit is 90 or 180 degrees, not {limit}")
    if max(values.max() for values in groups.values()) > 90:
        limit = 180
    figure = Picture()
    ax = figure.subplots()
    histograms(ax, groups["normal"], groups["anomaly"], np.linspace(0, limit, bins + 1))
    ax.set_ylim(0, 1.2 * ax.get_ylim()[1])
    medians = {name: float(np.median(values)) for name, values in groups.items()}
    for name, median in medians.items():
        look = LOOKS[name]
        ax.axvline(median, color=look.color, linestyle=look.line, linewidth=1.2, ymax=0.9)
    gap = medians["anomaly"] - medians["normal"]
    height = 0.9 * ax.get_ylim()[1]
    arrow = {"arrowstyle": "->", "color": "black", "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", (medians["anomaly"], height), (medians["normal"], height), arrowprops=arrow)
    told = f"gap of the medians\n{gap:+.1f}°"
    figure.legend(loc="outside right upper", title=told, frameon=False)
    ax.set(xlim=(0, limit), xlabel="angle to the own center in degrees", ylabel="share per degree")
    ax.set_xticks(range(0, limit + 1, limit // 6))
    normals, anomalies = (len(values) for values in groups.values())
    ax.set_title(f"{title} (n = {normals} normal, {anomalies} anomalies)")
    plain(ax)
    return figure


def degrees(angle, name):
    """Convert radians to degrees, and refuse what is not finite or not between 0 and pi."""
    angle = finite(angle, name)
    if angle.min() < 0 or angle.max() > np.pi + 1e-6:
        raise ValueError(
            f"{name} holds angles from {angle.min():.3g} to {angle.max():.3g}: "
            "pass radians, from 0 to pi"
        )
    return np.degrees(angle)
