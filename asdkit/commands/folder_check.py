"""What ``asdkit data check`` tells of a folder: a table of its clips, the faults and their cures,
and notes.
"""

import warnings

import scipy

from .. import controls, metrics, sound, systems
from ..plain import say, say_table
from ..sound.audit import audit
from ..sound.clips import survey
from ..systems.recordings import contradictions

RATE = 16_000
SHOWN = 20  # lines of one kind
CURES = {
    "level only": "keep normalize_level in the front of a system",
    "DC offset": "keep normalize_level in the front of a system, which removes it",
    "crest": "no part of a front removes it",
}
LEAK = 0.6  # lower end of the interval of the AUC of the level alone, above which it is told,
CHANCE = 0.01  # unless so few clips are as far apart by chance more often than this


def check(root, pattern=None):
    """Print what the folder holds and what is wrong with it; the number of faults.

    Raises: FileNotFoundError for a folder that is missing or holds no clips.
    """
    clips, faults, notes = survey(root, pattern)
    if len(clips):
        say_table(_counts(clips))
        say()
        measured = audit(clips)
        faults += [fault for fault in measured["fault"] if fault]
        faults += _copies(clips, measured) + _strangers(clips)
        notes += _forms(clips, measured) + _refusals(clips)
        notes += [] if faults else _leaks(clips, measured)
    for kind, lines in (("FAULT", faults), ("note ", notes)):
        for line in lines[:SHOWN]:
            say(kind, line)
        if len(lines) > SHOWN:
            say(kind, f"... and {len(lines) - SHOWN} more")
    say(f"{root}: {len(clips)} clips, faults: {len(faults)}, notes: {len(notes)}")
    return len(faults)


def _counts(clips):
    words = {0: "normal", 1: "anomaly"}
    kind = (
        clips["split"]
        + " "
        + clips["label"].map(words, na_action="ignore").astype(object).fillna("unlabeled")
    )
    domain = clips["domain"].fillna("unknown")
    return (
        clips.groupby(["machine", "section", domain, kind.rename("clips")])
        .size()
        .unstack(fill_value=0)
    )


def _copies(clips, measured):
    digests = measured["digest"].dropna()
    test = clips.loc[digests.index, "split"] == "test"
    known = dict(zip(digests[~test], clips.loc[test.index[~test], "path"]))
    twins = digests[test].map(known).dropna()
    return [
        f"{clips.at[row, 'path']} is the same recording as {twin}, which is no test clip: remove "
        "one of them"
        for row, twin in twins.items()
    ] + contradictions(clips.loc[test.index[test]], digests[test])


def _strangers(clips):
    """Machines and sections with test clips and nothing to learn from: the controls and backends
    refuse them.
    """
    group, train = sound.groups(clips), clips["split"] == "train"
    counts = (
        group[(clips["split"] == "test") & ~group.isin(group[train])].value_counts().sort_index()
    )
    return [
        f"{name} has {count} test clips and no training clips: add normal clips to its folder "
        "train, or remove them"
        for name, count in counts.items()
    ]


def _forms(clips, measured):
    """What ``sound.load`` repairs, with a warning; it is told here before a night of training."""
    read = measured.dropna()
    notes = [
        f"{len(rows)} clips have {rate:g} Hz and are resampled to {RATE} Hz, first "
        f"{clips.at[rows.index[0], 'path']}"
        for rate, rows in read.groupby("rate")
        if rate != RATE
    ]
    several = read.index[read["channels"] > 1]
    if len(several):
        notes.append(
            f"{len(several)} clips have several channels, of which the first is taken, "
            f"first {clips.at[several[0], 'path']}"
        )
    for machine, seconds in read["seconds"].round(1).groupby(clips.loc[read.index, "machine"]):
        if seconds.nunique() > 1:
            spans = ", ".join(
                f"{count} of {length:g} s"
                for length, count in seconds.value_counts().head(4).items()
            )
            notes.append(
                f"the clips of {machine} differ in length ({spans}): all are cut or repeated to "
                "one length"
            )
    again = measured["digest"].dropna().duplicated() & (clips["split"] != "test")
    if again.any():
        notes.append(
            f"{again.sum()} clips repeat another, first {clips.loc[again, 'path'].iloc[0]}"
        )
    return notes


def _refusals(clips):
    """The systems that will not take these training clips as they are, each reason once."""
    train, told = clips[clips["split"] == "train"], {}
    for name in systems.names() if len(train) else []:
        try:
            systems.check_training(train, systems.get(name).task)
        except ValueError as error:
            told.setdefault(str(error), []).append(name)
    return [
        f"{', '.join(names)} will refuse these clips: {reason}" for reason, names in told.items()
    ]


def _leaks(clips, measured):
    """The controls by which a label leaks: none of them says anything about a machine."""
    train, test = (
        clips[clips["split"] == "train"],
        clips[(clips["split"] == "test") & clips["label"].notna()],
    )
    if not len(train) or test["label"].nunique() < 2:
        return []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of repairs, which the notes tell
        scores = controls.scores(train, test, min(10.0, measured["seconds"].max()))
    group, label, notes = sound.groups(test).to_numpy(), test["label"].to_numpy(), []
    for control, cure in CURES.items():
        report = metrics.report(test.assign(domain=None), scores[control]).drop_duplicates(
            ["machine", "section"]
        )
        notes += [
            f"the {control.removesuffix(' only')} alone finds the anomalies of "
            f"{row.machine}/{row.section}, "
            f"AUC {row.auc:.2f} [{row.auc_low:.2f}, {row.auc_high:.2f}]: {cure}, and compare with "
            "this control"
            for row in report[report["auc_low"] > LEAK].itertuples()
            if _chance(label, scores[control], group == f"{row.machine}/{row.section}") < CHANCE
        ]
    return notes


def _chance(label, score, own):
    """How often as many normal and anomalous clips as its own are ranked this well by chance."""
    bad, normal = (score[own & (label == kind)] for kind in (1, 0))
    return scipy.stats.mannwhitneyu(bad, normal, alternative="greater").pvalue
