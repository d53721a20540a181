"""What a clip costs at each place between two centroids: what equations 2 and 3 of [DDC] reward."""

import numpy as np
import torch

from ...losses import ANOMALY, NORMAL, OUTLIER
from ...losses.binary import check_numbers
from ...losses.centroids import DDCSAD, DSAD
from ..style import GRAY, LOOKS, Picture, plain

ROLES = {  # role -> its name, color and line
    NORMAL: ("normal", LOOKS["normal"].color, LOOKS["normal"].line),
    OUTLIER: ("outlier", GRAY, ":"),
    ANOMALY: ("anomaly", LOOKS["anomaly"].color, LOOKS["anomaly"].line),
}
KINDS = {"DSAD, one center": (DSAD, "eq. 2"), "DDCSAD, two centers": (DDCSAD, "eq. 3")}
STEPS = 2001
NEAR = 1.5  # no cheapest place of eq. 3 lies farther than 1 from its centroid
SHOWN = (1e-2, 1e3)  # of cost; the poles go on


def centroid_costs(gap=2.0, eta=2.0, eps=1e-6):
    r"""Draw what a clip of each role costs against its place on the line through both centroids,
    and how high the pole is at a centroid with and without epsilon.

    Paper: [DDC] eq. 2 and 3.
    Shapes: ``gap`` is $\|c_p - c_n\|$; ``eta`` and ``eps`` as ``DDCSAD`` takes them.
    Raises: ValueError for a gap that is not positive, and as ``DDCSAD`` does.
    Choices: the place is 0 at c_p and ``gap`` at c_n; DSAD knows c_p alone. A dot is the cheapest
        place of a role. On the right the distance to c_p has a log axis: without epsilon the line
        goes on forever, with it the cost ends at 1 / eps.
    Example:
        >>> titles = [ax.get_title() for ax in figures.centroid_costs(gap=4.0).axes]
        >>> titles[0]
        'DSAD, one center (eq. 2)\ncheapest: normal 0.00, others ever farther'
    Notebook: 09_binary_and_centroids
    """
    check_numbers(eps, gap=gap, eta=eta)
    figure = Picture(width=9.5, height=3.9)
    axes = figure.subplots(1, 3, width_ratios=(5, 5, 4))
    for ax, kind in zip(axes, KINDS):
        _draw_places(ax, kind, gap, eta, eps)
    _draw_pole(axes[2], gap, eps)
    handles, words = axes[0].get_legend_handles_labels()
    figure.legend(
        handles, words, loc="outside lower center", ncols=len(words), frameon=False, fontsize=9
    )
    figure.suptitle(
        f"Cost of one clip (n = 1), centroids {gap:g} apart, eta = {eta:g}, eps = {eps:g}",
        fontsize=11,
    )
    return figure


def cost_at(place, role, kind, gap=2.0, eta=2.0, eps=1e-6):
    """What a clip of a role costs at places on the line through both centroids.

    Shapes: ``place`` (P,), 0 at c_p and ``gap`` at c_n; ``kind`` a key of ``KINDS`` -> (P,).
    """
    make, _ = KINDS[kind]
    loss = make(dim=1, eta=eta, eps=eps).double().eval()
    x = torch.as_tensor(place, dtype=torch.float64)[:, None]
    loss.centers.copy_(torch.tensor([[0.0], [gap]], dtype=x.dtype)[: len(loss.centers)])
    return loss.each(x, torch.full((len(x),), role)).numpy()


def _draw_places(ax, kind, gap, eta, eps):
    reach = max(gap, NEAR)
    place = np.unique([*np.linspace(-reach, gap + reach, STEPS), 0.0, gap])
    cheapest = []
    for role, (name, color, line) in ROLES.items():
        cost = cost_at(place, role, kind, gap, eta, eps)
        ax.plot(place, cost, color=color, linestyle=line, linewidth=1.8, label=name)
        least = cost.argmin()
        if 0 < least < len(place) - 1:  # at the edge the cost still falls
            ax.plot(place[least], max(cost[least], SHOWN[0]), "o", color=color, clip_on=False)
            cheapest.append(f"{name} {place[least]:.2f}")
    others = "" if len(cheapest) == len(ROLES) else ", others ever farther"
    names = ["cₚ", "cₙ"] if kind != next(iter(KINDS)) else ["c"]
    for at, name in zip((0.0, gap), names):
        ax.axvline(at, color=GRAY, linewidth=0.6)
        ax.text(at, SHOWN[1], name, ha="center", va="bottom", fontsize=10)
    ax.set(yscale="log", ylim=SHOWN, xlabel="place on the line, in units of z", ylabel="cost")
    told = f"cheapest: {', '.join(cheapest)}{others}"
    ax.set_title(f"{kind} ({KINDS[kind][1]})\n{told}", fontsize=8.5, pad=16)
    plain(ax)


def _draw_pole(ax, gap, eps):
    far = np.geomspace(1e-6 * gap, gap, 200)
    kind, role = next(iter(KINDS)), OUTLIER
    for value, line in {0.0: "--", eps: "-"}.items():
        name = f"eps = {value:g}" if value else "without eps"
        ax.plot(far, cost_at(far, role, kind, gap, 1.0, value), line, color="black", label=name)
    ax.set(xscale="log", yscale="log", xlabel="distance in units of z")
    ax.set_ylabel("cost of an outlier")
    ax.set_title("close to the center, DSAD\n(log axes)", fontsize=8.5, pad=16)
    ax.legend(frameon=False, fontsize=9)
    plain(ax)
