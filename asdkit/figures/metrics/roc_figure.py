"""ROC curves of several scores on the same clips, and the strip that the pAUC looks at."""

from sklearn.metrics import roc_curve

from ...metrics import auc, pauc
from ..style import GRAY, SERIES, Picture, entry, plain
from .threshold_lab import scored


def roc_figure(label, scores, p=0.1):
    """Draw the ROC curve of each score, and beside it the strip up to the false alarm rate p.

    Shapes: label (N,), a dict of a name -> score (N,).
    Raises: ValueError where there is no score, or as ``threshold_state`` does.
    Choices: ties make a slanted line, since their order is not known: the area below it counts each
        tie one half.
    Example:
        >>> figures.roc_figure([0, 0, 1, 1], {"ours": [0.1, 0.4, 0.35, 0.8]}).alt
        '2 panels, ... ROC curves (n = 2 normal, 2 anomalies). ... pAUC 0.737: from 0 to 1.'
    Notebook: 03_scores_and_metrics
    """
    if not scores or len(scores) > len(SERIES):
        raise ValueError(f"there are {len(scores)} scores: draw 1 to {len(SERIES)}")
    figure = Picture(height=3.6)
    whole, strip = figure.subplots(1, 2)
    for look, (name, score) in zip(SERIES, scores.items()):
        label, score = scored(label, score)
        curve = roc_curve(label, score, drop_intermediate=False)[:2]
        words = f"{name}: AUC {auc(label, score):.3f}, pAUC {pauc(label, score, p):.3f}"
        for ax in (whole, strip):
            ax.plot(
                *curve, color=look.color, linestyle=look.line, linewidth=1.8, label=entry(words)
            )
    for ax in (whole, strip):
        ax.axvspan(0, p, color=GRAY, alpha=0.18, linewidth=0)
        ax.plot([0, 1], [0, 1], color=GRAY, linestyle=":", linewidth=1)
        ax.set(ylim=(0, 1.02), xlabel="false alarm rate", ylabel="hit rate")
        plain(ax)
    whole.set(
        xlim=(0, 1),
        title=f"ROC curves (n = {(label == 0).sum()} normal, {(label == 1).sum()} anomalies)",
    )
    strip.set(xlim=(0, p), title=f"the strip of the pAUC, p = {p:.3g}")
    figure.legend(
        *whole.get_legend_handles_labels(), loc="outside lower center", frameon=False, fontsize=9
    )
    return figure
