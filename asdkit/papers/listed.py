"""Own and published means as one list, to sort and filter."""

import pandas as pd

from .. import given, systems

COLUMNS = [
    "system", "source", "network", "data", "backend", "auc", "low", "high", "seeds", "epochs",
    "table",
]  # fmt: skip


def listed(beside, metric="auc"):
    """The table of ``compare`` as one list: a row each own mean and each published one, in %.

    Shapes: -> DataFrame ``system source network data backend auc low high seeds epochs table``;
        ``source`` is "own" or "published", ``table`` names the printed row.
    Raises: ValueError for another table, or a metric that is none.
    Choices: means over all machine types. Own rows follow one rule, the mean over ids, where a
        table has that rule or none prints the system; else that of the table. A published mean
        stands once for each network and backend that is beside it, without its settings.
    Notebook: 13_compare_losses
    """
    if not isinstance(beside, pd.DataFrame) or not {"published", "rule"} <= set(beside):
        raise ValueError(f"beside is {given.told(beside)}: give the table of papers.compare")
    given.choice(metric, "metric", ("auc", "pauc", "mauc"))
    rows = beside[beside["machine"].eq("all") & beside["metric"].eq(metric)]
    known = {name: _described(name) for name in rows["system"].unique()}
    facts = [known[name] for name in rows["system"]]
    facts = pd.DataFrame(facts, rows.index, columns=["name", "network", "short"])
    rows = rows.assign(**facts)
    order = rows["rule"].ne("over ids").sort_values(kind="stable").index
    own = rows.loc[order].drop_duplicates(["system", "backend", "data", "epochs"]).sort_index()
    own = own.assign(source="own", auc=own["own"], table="")
    own["system"] = own["short"]
    theirs = rows[rows["published"].notna()].assign(source="published")
    theirs = theirs.assign(
        system=theirs["name"], data="DCASE " + theirs["published_data"].astype(str),
        auc=theirs["published"], low=theirs["published_low"], high=theirs["published_high"],
        table=theirs["table"].astype(str) + ": " + theirs["row"].astype(str),
        seeds=float("nan"), epochs=float("nan"),
    ).drop_duplicates(["table", "data"])  # fmt: skip
    return pd.concat([own, theirs])[COLUMNS].reset_index(drop=True)


def _described(told):
    """The name of a system, its network, and its label."""
    try:
        encoder = systems.told(told).encoder
        network = encoder.name if encoder else "none"
    except ValueError:  # a control that is no system
        network = "none"
    return {"name": told.split()[0], "network": network, "short": systems.label(told)}
