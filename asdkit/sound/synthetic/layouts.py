"""How the organizers of 2020, 2022 and 2023 name and describe a clip."""

import csv

YEARS = (2020, 2022, 2023)


def domains(year):
    """Return the domains of a data set of that year: one in 2020, later two.

    Shapes: a tuple of names.
    """
    return ("source",) if year == 2020 else ("source", "target")


def limit(year, ids):
    """Return how many clips of a kind an id may have: numbers have 8 digits in 2020, later 4.

    Shapes: a number; in 2023 the ids of a machine share one section and so its numbers.
    """
    return {2020: 10**8, 2022: 10**4, 2023: 10**4 // ids}[year]


def attributes(clip, year):
    """Return the pairs of parameter and value that describe a clip; in 2023 the id is one of them.

    Shapes: a ``Clip`` -> a list of pairs of strings, empty for 2020.
    """
    if year == 2020:
        return []
    pairs = [
        ("speed", f"{clip.speed:03d}"),
        ("load", f"{clip.load:03d}"),
        ("mic", clip.mic),
        ("noise", clip.noise),
    ]
    return [("id", f"{clip.section:02d}")] * (year == 2023) + [
        (key, str(value)) for key, value in pairs
    ]


def path(clip, year, ids):
    """Return the path of a clip below the root of its data set, named as in that year.

    Paper: the layouts of DCASE task 2: ``normal_id_00_00000000.wav``, from 2021 on
        ``section_00_source_train_normal_0000_<attribute>_<value>.wav``, both in
        ``<machine>/<train or test>``.
    Shapes: a ``Clip`` and the number of ids a machine has -> a string.
    Choices: the ids of 2023 take the numbers in turn, so that a larger data set keeps the names of
        a smaller one.
    """
    folder = f"{clip.machine}/{clip.split}"
    if year == 2020:
        return f"{folder}/{clip.label}_id_{clip.section:02d}_{clip.number:08d}.wav"
    section, number = clip.section, clip.number
    if year == 2023:
        section, number = 0, clip.number * ids + clip.section
    said = "_".join(word for pair in attributes(clip, year) for word in pair)
    name = f"section_{section:02d}_{clip.domain}_{clip.split}_{clip.label}_{number:04d}_{said}.wav"
    return f"{folder}/{name}"


def describe(root, clips, year):
    """Write ``<machine>/attributes_<section>.csv`` beside the clips, as is done from 2022 on.

    Shapes: a list of ``Clip``; the columns are ``file_name,d1p,d1v,d2p,d2v`` and so on.
    """
    if year == 2020:
        return
    files = {}
    for clip in clips:
        section = clip.section if year == 2022 else 0
        pairs = attributes(clip, year)
        files.setdefault((clip.machine, section), []).append(
            [clip.path, *(word for pair in pairs for word in pair)]
        )
    for (machine, section), rows in files.items():
        head = [
            "file_name",
            *(f"d{k}{part}" for k in range(1, len(rows[0]) // 2 + 1) for part in "pv"),
        ]
        with (root / machine / f"attributes_{section:02d}.csv").open(
            "w", newline="", encoding="utf-8"
        ) as file:
            csv.writer(file, lineterminator="\n").writerows([head, *sorted(rows)])
