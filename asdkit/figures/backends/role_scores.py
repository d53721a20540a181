"""Distance against posterior: what equation 5 of [DDC] blends, and what its alpha decides."""

import numpy as np
import scipy
from matplotlib.ticker import NullLocator
from scipy.special import expit, logit

from ... import given
from ...backends import RoleFusion
from ...metrics import auc
from ..style import GRAY, LOOKS, Picture, plain

HALVES = (0.0, 0.5, 1.0)
ALPHAS = np.arange(101) / 100
SURE = 1e-6  # as near to 0 and 1 as a probability is drawn
NEAR = 0.01  # of d', below which its axis is linear
GRID, LINES = 41, 9
ENDS = {0: "distance alone", -1: "probability alone"}


def role_scores(evidence, label, alpha=0.5, known=None, title="Distance against posterior"):
    r"""Draw the scaled distance of test clips against $1 - p$ with lines of equal score, and the
    AUC against alpha.

    $$s = \alpha (1 - p) + (1 - \alpha) d'$$

    Paper: [DDC] eq. 5.
    Shapes: ``evidence`` (N, 2) of ``loss.evidence``, ``label`` (N,) 0 normal, 1 anomaly; ``known``
        (M, 2), the evidence of the normal training clips, or None.
    Raises: ValueError as ``RoleFusion`` and ``auc`` do.
    Choices: d' is that of ``RoleFusion``: scaled over the test clips as in the paper, or with
        ``known`` over the normal training clips. The curve is the AUC of the same test clips, so
        an alpha read off its top is chosen on their labels. The abscissa is even in the log-odds
        of 1 - p, and the ordinate in the logarithm of d' above 0.01: most clips are near to c_p
        and surely normal, and would lie on one spot. So lines of equal score are bent.
    Example:
        >>> evidence = [[0.9, 1.0], [0.2, 3.0], [0.8, 5.0], [0.1, 4.0]]
        >>> figures.role_scores(evidence, label=[0, 0, 1, 1], alpha=1.0).axes[0].get_title()
        'alpha = 1.00: AUC 0.750\nn = 2 normal, 2 anomalies'
    Notebook: 09_binary_and_centroids
    """
    state = score_state(evidence, label, alpha, known)
    figure = Picture(width=8.5, height=3.8)
    scores, areas = figure.subplots(1, 2)
    draw_scores(scores, state)
    draw_areas(areas, state)
    figure.suptitle(title, fontsize=11)
    handles, words = scores.get_legend_handles_labels()
    figure.legend(
        handles, words, loc="outside lower center", ncols=len(words), frameon=False, fontsize=9
    )
    return figure


def score_state(evidence, label, alpha, known=None):
    """Compute what ``role_scores`` draws.

    Shapes: as ``role_scores`` -> dict of ``alpha``; (N,) ``label scaled blamed score``, where
        ``scaled`` is d' and ``blamed`` is 1 - p; ``auc``; (101,) ``alphas aucs``.
    Choices: the AUCs of all alphas come from ranks at once, as one call each would take longer
        than a redraw may. A tie counts one half, where [DDC] eq. 6 counts it 0.
    """
    RoleFusion(alpha).check()
    evidence, label = given.rows(evidence, "evidence"), given.column(label, "label")
    judge = RoleFusion(0.0, "test" if known is None else "train")
    known = evidence if known is None else given.rows(known, "known")
    scaled = judge.fit(known).score(evidence)  # d' alone
    blamed = 1.0 - evidence[:, 0]
    score = alpha * blamed + (1.0 - alpha) * scaled  # [DDC] eq. 5
    blends = ALPHAS[:, None] * blamed + (1.0 - ALPHAS[:, None]) * scaled  # (101, N)
    return {
        "alpha": float(alpha), "label": label, "scaled": scaled, "blamed": blamed, "score": score,
        "auc": auc(label, score), "alphas": ALPHAS, "aucs": _areas(label, blends),
    }  # fmt: skip


def draw_scores(ax, state):
    """Draw the clips of a ``score_state``, and lines of equal score."""
    blamed, scaled = state["blamed"].clip(SURE, 1.0 - SURE), state["scaled"]
    counts = []
    for kind, name in enumerate(("normal", "anomaly")):
        own, look = state["label"] == kind, LOOKS[name]
        counts.append(int(own.sum()))
        ax.plot(
            blamed[own], scaled[own], look.marker, color=look.color, markersize=5, alpha=0.7,
            label=f"test: {name}", clip_on=False,
        )  # fmt: skip
    across, up = _field(blamed, scaled)
    field = state["alpha"] * across + (1.0 - state["alpha"]) * up[:, None]  # [DDC] eq. 5
    factor = 2.0 if field.max() > 20.0 * field.min() else 1.2
    levels = field.max() / factor ** np.arange(LINES, 0, -1)
    ax.contour(across, up, field, levels=levels[levels > field.min()], colors=GRAY, linewidths=0.6)
    ax.set_xscale("logit")
    ax.set_yscale("symlog", linthresh=NEAR, linscale=0.5)
    ax.set(xlim=across[[0, -1]], ylim=up[[0, -1]], ylabel="scaled distance d'\n(log axis)")
    ax.set_xlabel(f"1 - p (log-odds axis), gray: score × {factor:g} a line")
    ax.set_yticks([0.0, *10.0 ** np.arange(-2, np.ceil(np.log10(up[-1])))])
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter("{x:g}")
        axis.set_minor_locator(NullLocator())
    ax.set_title(
        f"alpha = {state['alpha']:.2f}: AUC {state['auc']:.3f}\n"
        f"n = {counts[0]} normal, {counts[1]} anomalies", fontsize=10,
    )  # fmt: skip
    plain(ax)


def _field(blamed, scaled):
    """Return places on both axes, even as these are drawn, around all clips."""
    odds = logit(blamed)
    half = 1.1 * max(np.ptp(odds) / 2.0, 0.5)
    ends = (odds.max() + odds.min()) / 2.0 + np.array([-half, half])
    low, high = min(-0.3, scaled.min() / NEAR), 1.6 * max(1.0, scaled.max()) / NEAR
    up = NEAR * np.sinh(np.linspace(np.arcsinh(low), np.arcsinh(high), GRID))
    return expit(np.linspace(*ends, GRID)), up


def draw_areas(ax, state):
    """Draw the AUC of a ``score_state`` against alpha, with both ends and the chosen alpha."""
    look, ends = LOOKS["center"], {place: state["aucs"][place] for place in ENDS}
    ax.axhline(0.5, color=GRAY, linestyle=":", linewidth=1.2)
    ax.axvline(state["alpha"], color=GRAY, linewidth=0.8)
    ax.plot(state["alphas"], state["aucs"], look.line, color=look.color, linewidth=1.6)
    ax.plot([0, 1], list(ends.values()), "s", color=look.color, mfc="white", clip_on=False)
    chosen = {"color": look.color, "markersize": 11, "label": "chosen alpha"}
    ax.plot(state["alpha"], state["auc"], look.marker, **chosen)
    low = min(0.4, state["aucs"].min())
    ax.set(xlim=(0, 1), ylim=(low - 0.05, 1.03), xlabel="alpha", ylabel="AUC", xticks=HALVES)
    ax.set_yticks(np.arange(np.ceil(10 * low), 11, 2) / 10)
    told = [f"{name} {ends[place]:.3f}" for place, name in ENDS.items()]
    ax.set_title("squares: " + ",\n".join(told), fontsize=10)
    plain(ax)


def _areas(label, scores):
    """Return the AUC of each row of scores, by the sum of the ranks of the anomalies."""
    ranks, anomaly = scipy.stats.rankdata(scores, axis=1), label == 1
    m, n = anomaly.sum(), (~anomaly).sum()
    return (ranks[:, anomaly].sum(axis=1) - m * (m + 1) / 2.0) / (m * n)
