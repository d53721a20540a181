"""A mixed clip on the arc between its two centers, where it stands and where each class sees it."""

import numpy as np

from ..style import CLASSES, GRAY, LOOKS, Picture


def margin_arcs(lam, rest, margins, title="A mixed clip at rest"):
    r"""Draw the clip at rest between two centers at right angles, a panel a share, with the margins
    that both classes add to its angle.

    A thick line leads from the clip to where a class sees it: farther away by its margin, at
    $\theta_i + m_i$ from i, and at $\theta_j + m_j$ from j, which are the sums beside it.

    Shapes: ``lam`` (K,); ``rest`` (K,) angles to the first center and ``margins`` (2, K), in
        radians.
    Raises: ValueError where the shapes do not fit.
    Notebook: 16_your_own_loss
    """
    lam, rest, margins = (np.asarray(some, float) for some in (lam, rest, margins))
    if lam.ndim != 1 or not len(lam) or rest.shape != lam.shape or margins.shape != (2, len(lam)):
        raise ValueError(
            f"lam {lam.shape}, rest {rest.shape} and margins {margins.shape}: give (K,), (K,) and "
            "(2, K)"
        )
    figure = Picture(width=1.0 + 2.8 * len(lam), height=3.4)
    panels = figure.subplots(1, len(lam), squeeze=False)[0]
    for ax, share, angle, pair in zip(panels, lam, rest, margins.T):
        _panel(ax, angle, pair)
        left, right = np.degrees([angle, np.pi / 2 - angle])
        ax.set_title(f"lambda = {share:g}: {left:.0f}° to i, {right:.0f}° to j", fontsize=10)
    figure.suptitle(f"{title} (n = {len(lam)} shares)", fontsize=11)
    handles, words = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, words, loc="outside lower center", ncols=3, frameon=False, fontsize=9)
    return figure


def _panel(ax, angle, pair):
    around = np.linspace(-np.pi / 4, 3 * np.pi / 4, 100)  # what a margin of 45 degrees reaches
    ax.plot(np.cos(around), np.sin(around), color=GRAY, linewidth=0.8)
    center = LOOKS["center"]
    for name, at in (("i", 0.0), ("j", np.pi / 2)):
        ax.plot([0, np.cos(at)], [0, np.sin(at)], color=GRAY, linewidth=0.8)
        ax.plot(np.cos(at), np.sin(at), center.marker, color=center.color, markersize=12)
        ax.text(1.22 * np.cos(at), 1.22 * np.sin(at), name, ha="center", va="center")
    ax.plot(
        np.cos(angle), np.sin(angle), "o", color="black", markersize=8, zorder=3, label="the clip"
    )
    for side in zip("ij", (0.0, np.pi / 2), pair, CLASSES[3:], ((1.06, 1.28), (0.94, 0.72))):
        _seen(ax, angle, *side)
    ax.set(xlim=(-0.75, 1.4), ylim=(-0.75, 1.4), aspect="equal")
    ax.set_axis_off()


def _seen(ax, angle, name, center, margin, look, radii):
    """The way from the clip to where a class sees it, with the sum that leads there."""
    away = angle - center  # from the clip's class, either way around
    path = center + np.sign(away or 1.0) * (abs(away) + np.linspace(0, margin, 40))
    line, words = radii
    ax.plot(line * np.cos(path), line * np.sin(path), color=look.color, linewidth=2.5)
    x, y = np.cos(path[-1]), np.sin(path[-1])
    ax.plot(
        line * x, line * y, look.marker, color=look.color, markersize=7, linestyle="",
        label=f"where the class of {name} sees it",
    )  # fmt: skip
    own, added, total = np.degrees([abs(away), margin, abs(away) + margin])
    told = f"{own:.0f}° + {added:.0f}°\n= {total:.0f}°" if margin else ""
    side = "left" if name == "i" else "right"
    ax.text(words * x, words * y, told, color=look.color, fontsize=8, ha=side, va="center")
