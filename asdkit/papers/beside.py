"""The reader's own numbers beside the published ones."""

from collections import defaultdict
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd
import scipy

from .. import given, systems
from ..tables import checked
from ..traces import RESULTS
from .published import SUMMARY, numbers, stored

OWN = ["system", "backend", "data", "epochs"]
BESIDE = (
    "table", "row", *OWN, "machine", "metric", "published_data", "published", "published_low",
    "published_high", "own", "low", "high", "seeds", "rule", "differs",
)  # fmt: skip
TOLD = {"name", "paper", "front", "trials", "epochs", "shares"}
POOLED = "own ids are averaged, as the official rule has it, and the authors' script pools them"
RULES = {  # how a table takes means: areas (R, I) of R seeds and I ids, their types (I,) -> (R,)
    "over ids": lambda areas, types: areas.mean(axis=1),
    "harmonic over ids": lambda areas, types: scipy.stats.hmean(areas, axis=1),
    "pooled ids, then over types": lambda areas, types: _over_types(areas, types, np.mean),
    "worst id, then over types": lambda areas, types: _over_types(areas, types, np.min),
}


def compare(results):
    r"""Published and own numbers side by side, in %: a row for each published mean that a result
    stands beside.

    Own means follow the rule of the table. Over R seeds they have the interval
    $\bar a \pm t\,s_a/\sqrt R$, and so have published ones over the trials of [AP].

    Paper: [SCA] Tables II to V, [AP] Table 1, [NAM] Tables 1 to 3.
    Shapes: the ``results.csv`` of ``asdkit sweep``, a row a system, backend, data set, seed and id
        -> DataFrame ``table row system backend data epochs machine metric``; ``published_data
        published published_low published_high``; ``own low high seeds``; ``rule`` and ``differs``.
    Raises: ValueError for columns that are missing, an id that stands twice, one that a seed lacks,
        or an area that is no share.
    Choices: a result stands beside a row with whose system it shares name, loss, mixing and
        backend; other settings may differ, and ``differs`` names them. What no table prints has
        its means over ids and a gap beside them. Areas within a domain are left out. [NAM]'s script
        pools the ids of a type, which takes scores: own ids are averaged, then types. One seed has
        no interval.
    Notebook: 13_compare_losses, 15_train_on_gpu
    """
    results = _checked(results)
    lines = []
    for key, own in results.groupby(OWN, sort=False, dropna=False):
        key = dict(zip(OWN, key))
        beside = [line for place in _places(key) for line in _lines(key, own, *place)]
        lines += beside or list(_alone(key, own))
    return pd.DataFrame(lines, columns=list(BESIDE))


@lru_cache
def _facts():
    return stored("tables").set_index("table").to_dict("index")


@lru_cache
def _comparable():
    """The numbers that own areas can stand beside, by table and row."""
    told = numbers()
    told = told[told["domain"].isin(["", "both"]) & told["data"].ne(SUMMARY)]
    found = defaultdict(list)
    for number in told[told["metric"].isin(["auc", "pauc", "mauc"])].itertuples():
        found[number.table, number.row].append(number)
    return found


def _checked(results):
    if not isinstance(results, pd.DataFrame):
        raise ValueError(
            f"results is {given.told(results)}: give the results.csv of 'asdkit sweep' as a table"
        )
    absent = [name for name in RESULTS if name not in results.columns]
    if absent:
        raise ValueError(
            f"the table of results has no column {', '.join(absent)}: give the results.csv of "
            "'asdkit sweep', or make these columns"
        )
    results = checked(results.reset_index(drop=True), "machine", "section")
    ids = [*OWN, "seed", "machine", "section"]
    twice = results[results.duplicated(ids)]
    if len(twice):
        raise ValueError(f"{_which(twice.iloc[0])} stands twice in the results: remove one")
    for name in ("epochs", "clips", "auc", "pauc"):
        if len(results) and not pd.api.types.is_numeric_dtype(results[name]):
            raise ValueError(f"{name} of the results holds no numbers: read it with pd.read_csv")
    areas = results[["auc", "pauc"]].to_numpy(float)
    strange = results[~((areas >= 0) & (areas <= 1)).all(axis=1)]
    if len(strange):
        raise ValueError(f"{_which(strange.iloc[0])} has an area that is no share of 1: mend it")
    for _, own in results.groupby(OWN, dropna=False):
        ids = own[["machine", "section"]].drop_duplicates()
        if len(own) != len(ids) * own["seed"].nunique(dropna=False):
            raise ValueError(
                f"{own.iloc[0]['system']} lacks ids in one of its seeds: finish the sweep first"
            )
    return results


def _which(line):
    return f"{line['system']} by {line['backend']} on {line['machine']} {line['section']}"


@lru_cache
def _known():
    """The published rows that a system of the kit stands for, each with that system."""
    rows = stored("rows")
    return [(row, systems.told(row["system"])) for _, row in rows.iterrows() if row["system"]]


def _places(key):
    """The published rows that a result stands beside, each with both systems."""
    try:
        ours = systems.told(key["system"])
        if ours.backend.name != key["backend"]:
            ours = replace(ours, backend=systems.find("backend", key["backend"]))
    except ValueError:  # a system or a backend that no paper has
        return
    yield from ((row, ours, theirs) for row, theirs in _known() if _core(ours) == _core(theirs))


def _core(system):
    """What a result must have alike to stand beside a row."""
    trials = {str(trial) for trial in system.trials}
    return system.name, system.loss, system.mixing, system.backend, trials


def _lines(key, own, row, ours, theirs):
    """A line for each number of the row that own areas stand beside."""
    facts, (areas, types) = _facts()[row["table"]], _areas(own)
    for number in _comparable()[row["table"], row["row"]]:
        ids = (types == _short(number.machine)) | (number.machine == "all")
        if ids.any():
            reach = _reach(number.std, int(facts["trials"])) if number.std > 0 else np.nan
            differs = [
                *_conditions(key, own, ours, facts, number.data), *_settings(ours, theirs),
                *([POOLED] if facts["rule"].startswith("pooled") else []),
                *filter(None, [row["note"]]),
            ]  # fmt: skip
            yield key | {
                "table": number.table, "row": number.row, "machine": number.machine,
                "metric": number.metric, "published_data": number.data, "published": number.value,
                "published_low": number.value - reach, "published_high": number.value + reach,
                **_mean(areas[number.metric][:, ids], types[ids], facts["rule"]),
                "differs": "; ".join(differs),
            }  # fmt: skip


def _alone(key, own):
    areas, types = _areas(own)
    for metric in ("auc", "pauc"):
        told = {"machine": "all", "metric": metric, "differs": "no table prints it"}
        yield key | told | _mean(areas[metric], types, "over ids")


def _areas(own):
    """Each metric's areas in %, (R, I) of R seeds and I ids, and the type of each id, (I,)."""
    own = own.sort_values(["seed", "machine", "section"])
    seeds = own["seed"].nunique(dropna=False)
    areas = {name: 100 * own[name].to_numpy().reshape(seeds, -1) for name in ("auc", "pauc")}
    types = [_short(machine) for machine in own["machine"]]
    return areas | {"mauc": areas["auc"]}, np.array(types[: len(own) // seeds])


def _short(machine):
    """One name for a type: [SCA]'s ToyConveyor is the kit's conveyor."""
    return machine.lower().removeprefix("toy")


def _over_types(areas, types, summary):
    return np.mean([summary(areas[:, types == one], axis=1) for one in np.unique(types)], axis=0)


def _mean(areas, types, rule):
    """The mean over seeds of what the rule makes of a seed's areas, with its interval."""
    values = RULES[rule](areas, types)  # (R,)
    mean, count = float(values.mean()), len(values)
    reach = _reach(values.std(ddof=1), count) if count > 1 else np.nan
    return {"own": mean, "low": mean - reach, "high": mean + reach, "seeds": count, "rule": rule}


def _reach(deviation, count, level=0.95):
    return float(scipy.stats.t.ppf((1 + level) / 2, count - 1) * deviation / np.sqrt(count))


def _conditions(key, own, ours, facts, data):
    """What differs in data and training, a phrase each."""
    yield f"data {key['data']}, not DCASE {data}"
    yield f"{own['clips'].median():.0f} training clips an id, not {facts['clips']}"
    if ours.loss is not None:
        if f"{key['epochs']:.0f}" != facts["epochs"]:
            yield f"{key['epochs']:.0f} epochs, not {facts['epochs']}"
        seeds = own["seed"].nunique()
        if str(seeds) != facts["trials"]:
            yield f"{seeds} seeds, not {facts['trials'] or 'told how many'}"
        if len(ours.trials) > len(_core(ours)[-1]):
            yield f"each an ensemble of {len(ours.trials)} networks"


def _settings(ours, theirs):
    """The choices of a system that the published one does not make."""
    if ours.front != theirs.front:
        yield f"front {', '.join(part.name for part in ours.front)}"
    for field in [field for field in systems.system.FIELDS if field not in TOLD]:
        own, other = getattr(ours, field), getattr(theirs, field)
        if own != other:
            own, other = (str(one).removeprefix("part") for one in (own, other))
            yield f"{field} {own}, not {other}"
