"""How the organizers of 2020, 2022 and 2023 name and describe a clip, for the synthetic ones."""

import csv

YEARS = (2020, 2022, 2023)


def domains(year):
    """The domains that a data set of that year has: one in 2020, later two.

    Shapes: a tuple of names.
    Notebook: 01_machine_sounds
    """
    return ("source",) if year == 2020 else ("source", "target")


def limit(year, ids):
    """How many clips of a kind an id may have, as their numbers have 8 digits in 2020 and 4 digits later.

    Shapes: a number; in 2023 the ids of a machine share one section and so its numbers.
    Notebook: 01_machine_sounds
    """
    return {2020: 10**8, 2022: 10**4, 2023: 10**4 // ids}[year]


def attributes(clip, year):
    """The pairs of parameter and value that describe a clip; the id is one of them in 2023, where all are section 00.

    Shapes: a ``Clip`` -> a list of pairs of strings, empty for 2020.
    Notebook: 01_machine_sounds
    """
    if year == 2020:
        return []
    pairs = [("speed", f"{clip.speed:03d}"), ("load", f"{clip.load:03d}"), ("mic", clip.mic), ("noise", clip.noise)]
    return [("id", f"{clip.section:02d}")] * (year == 2023) + [(key, str(value)) for key, value in pairs]


def path(clip, year, ids):
    """The path of a clip below the root of its data set, named as in that year.

    Paper: the layouts of DCASE task 2: ``normal_id_00_00000000.wav``, from 2021 on
        ``section_00_source_train_normal_0000_<attribute>_<value>.wav``, both in ``<machine>/<train or test>``.
    Shapes: a ``Clip`` and the number of ids a machine has -> a string.
    Choices: the ids of 2023 take the numbers in turn, so that a larger data set keeps the names of a smaller one.
    Notebook: 01_machine_sounds
    """
    folder = f"{clip.machine}/{clip.split}"
    if year == 2020:
        return f"{folder}/{clip.label}_id_{clip.section:02d}_{clip.number:08d}.wav"
    section, number = (0, clip.number * ids + clip.section) if year == 2023 else (clip.section, clip.number)
    said = "_".join(word for pair in attributes(clip, year) for word in pair)
    return f"{folder}/section_{section:02d}_{clip.domain}_{clip.split}_{clip.label}_{number:04d}_{said}.wav"


def describe(root, clips, year):
    """Write ``<machine>/attributes_<section>.csv`` beside the clips, as the organizers do from 2022 on.

    Shapes: a list of ``Clip``; the columns are ``file_name,d1p,d1v,d2p,d2v`` and so on.
    Notebook: 01_machine_sounds
    """
    if year == 2020:
        return
    files = {}
    for clip in clips:
        section = clip.section if year == 2022 else 0
        pairs = attributes(clip, year)
        files.setdefault((clip.machine, section), []).append([clip.path, *(word for pair in pairs for word in pair)])
    for (machine, section), rows in files.items():
        head = ["file_name", *(f"d{k}{part}" for k in range(1, len(rows[0]) // 2 + 1) for part in "pv")]
        with (root / machine / f"attributes_{section:02d}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows([head, *sorted(rows)])
