"""A table of AUCs as a picture: a dot and an interval for each machine, section and domain."""

import numpy as np

from ..style import GRAY, LOOKS, SERIES, Look, Picture, entry, plain

COLUMNS = ["machine", "section", "auc", "auc_low", "auc_high"]
DOMAINS = {
    "source": LOOKS["source"],
    "target": LOOKS["target"],
    "both": Look("#000000", "D", "-", ""),
}


def auc_table(table, title="AUC of each machine", by="domain"):
    """Draw the AUC of each machine as a dot with its interval, a color for each domain.

    Shapes: a DataFrame with columns ``machine section domain auc auc_low auc_high``, a row a dot,
        as ``metrics.report`` returns it. With ``by`` another column, such as the name of a
        detector, tells the dots apart.
    Raises: ValueError where no row has an AUC, a column is lacking, or an interval does not hold
        its AUC.
    Choices: the axis keeps 0 to 1. A domain other than ``source`` and ``target`` is drawn as
        ``both``; a row without an AUC keeps its line, empty.
    Notebook: 00_start_here, 03_scores_and_metrics
    """
    rows, drawn = _checked(table, by)
    looks = DOMAINS if by == "domain" else dict(zip(table[by].unique(), SERIES, strict=False))
    names = [name for name in looks if (drawn[by] == name).any()]
    figure = Picture(height=max(2.0, 1.2 + len(rows) * (0.14 + 0.14 * len(names))))
    ax = figure.subplots()
    ax.axvline(0.5, color=GRAY, linestyle=":", linewidth=1.2, label="chance, 0.5")
    for number, name in enumerate(names):
        own = drawn[drawn[by] == name]
        place = own["row"].map(rows.index) + 0.24 * (number - (len(names) - 1) / 2)
        reach = [own["auc"] - own["auc_low"], own["auc_high"] - own["auc"]]
        look = looks[name]
        ax.errorbar(
            own["auc"], place, xerr=reach, fmt=look.marker, color=look.color, markersize=7,
            capsize=3, linewidth=1.5,
            label=entry(f"{name}, n = {len(own)}, mean {own['auc'].mean():.3f}"),
        )  # fmt: skip
    ax.set_yticks(range(len(rows)), rows)
    ax.set(xlim=(0, 1.02), ylim=(len(rows) - 0.5, -0.5))
    ax.set(xlabel="AUC with its 95 % interval", ylabel="machine")
    ax.set_title(f"{title} (n = {len(rows)})")
    long = max(len(str(name)) for name in names) > 10  # beside the axes it would take half of them
    place = "outside lower center" if long else "outside right upper"
    figure.legend(loc=place, frameon=False, fontsize=9, title=by, alignment="left")
    plain(ax)
    return figure


def _checked(table, by):
    """Return the names of the rows in order, and the rows that can be drawn."""
    wanted = [*COLUMNS[:2], by, *COLUMNS[2:]]
    lacking = [column for column in wanted if column not in table]
    if lacking:
        raise ValueError(
            f"auc_table takes the columns {', '.join(wanted)}; the table lacks {', '.join(lacking)}"
        )
    table = table.assign(row=table["machine"].astype(str) + " " + table["section"].astype(str))
    if by == "domain":
        table["domain"] = table["domain"].where(table["domain"].isin(["source", "target"]), "both")
    elif table[by].nunique() > len(SERIES):
        raise ValueError(
            f"{table[by].nunique()} values of {by!r} cannot be told apart: show up to {len(SERIES)}"
        )
    drawn = table[np.isfinite(table["auc"].to_numpy(dtype=float))]
    if drawn.empty:
        raise ValueError(
            "no row of the table has an AUC: that takes normal clips and anomalies of one section"
        )
    if not drawn["auc"].between(drawn["auc_low"], drawn["auc_high"]).all():
        raise ValueError(
            "an interval does not hold its own AUC: "
            "auc_low <= auc <= auc_high must hold in each row"
        )
    return list(dict.fromkeys(table["row"])), drawn
