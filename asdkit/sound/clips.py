"""File names of DCASE 2020 to 2025 -> one table, a row a clip."""

import re
from pathlib import Path

import pandas as pd

COLUMNS = ["path", "machine", "section", "domain", "split", "label", "attributes", "year"]

NAMES_2020 = re.compile(r"(?:(?P<label>normal|anomaly)_)?id_(?P<section>\d\d)_\d{8}")
NAMES_2021 = re.compile(
    r"section_(?P<section>\d\d)_(?P<domain>source|target)_(?P<split>train|test|supplemental)"
    r"_(?P<label>normal|anomaly|clean|noise)_\d{4}(?:_(?P<attributes>.+))?"
)
NAMES_EVALUATION = re.compile(r"section_(?P<section>\d\d)_\d{4}")
GRAMMARS = (NAMES_2020, NAMES_2021, NAMES_EVALUATION)
FOLDERS = {
    "train": "train", "test": "test", "source_test": "test", "target_test": "test", "supplemental": "supplemental",
}  # fmt: skip
LABELS = {"normal": 0, "anomaly": 1}


def index(root):
    """Read the folder tree of a data set: one row a clip, everything known from names and folders alone.

    Paper: the layouts of DCASE task 2, 2020 to 2025: ``<machine>/<train or test>/<clip>.wav``, at any depth below root.
    Shapes: a DataFrame with columns ``path machine section domain split label attributes year``; ``label`` 0 normal,
        1 anomaly, missing where the organizers keep it.
    Raises: FileNotFoundError for a folder that is missing or holds no clips; ValueError for a name or folder of
        another layout, a test clip, an anomaly or a clip without label in ``train``, and two clips of one name.
    Choices: clips of 2020 have no domain, so all are ``source``; the year is read from the folders (``dcase2023``),
        else 2020 or 2021 by the layout, else 2022, whose layout and rule later years keep.
    Notebook: 00_start_here
    """
    root = Path(root)
    if not root.is_dir():
        raise FileNotFoundError(f"{root} is no folder: give the folder that holds the machines' folders")
    paths = sorted(path for path in root.rglob("*") if path.suffix.lower() == ".wav")
    if not paths:
        raise FileNotFoundError(
            f"{root} holds no .wav files: give a folder with <machine>/train and <machine>/test below it"
        )
    clips = pd.DataFrame([_row(path) for path in paths], columns=COLUMNS)
    clips["label"] = clips["label"].astype("Int64")
    _check_names(clips)
    return clips


def classes(clips):
    """The auxiliary class of each clip: its machine and section and, where names carry them, attributes and domain.

    Paper: [SCA] IV-A (machine type x id) and [AP] (machine, section, attributes and domain together).
    Shapes: a table of N clips -> Series of N strings.
    Notebook: 00_start_here
    """
    own = clips["machine"] + "/" + clips["section"]
    extra = clips["domain"].fillna("") + "_" + clips["attributes"]
    return (own + "/" + extra).rename("class")


def groups(clips):
    """The machine and section of each clip: what is known of a test clip, and what a backend is fitted to.

    Shapes: a table of N clips -> Series of N strings such as ``valve/00``.
    Notebook: 00_start_here
    """
    return (clips["machine"] + "/" + clips["section"]).rename("group")


def _row(path):
    folder = path.parent.name
    if folder not in FOLDERS:
        raise ValueError(f"{path} lies in '{folder}': move it to <machine>/train or <machine>/test")
    match = next(filter(None, (grammar.fullmatch(path.stem) for grammar in GRAMMARS)), None)
    if match is None:
        raise ValueError(
            f"{path} fits no name of DCASE 2020 to 2025: rename it like "
            "section_00_source_train_normal_0000_<attribute>_<value>.wav"
        )
    name = match.groupdict()
    _check_split(path, FOLDERS[folder], name)
    year = _year(path, folder, old=match.re is NAMES_2020)
    domain = "source" if year == 2020 else name.get("domain")
    attributes = name.get("attributes") or ""
    label = LABELS.get(name.get("label"))
    machine = path.parent.parent.name
    return str(path), machine, name["section"], domain, FOLDERS[folder], label, attributes, year


def _check_split(path, split, name):
    if split == "train" and name.get("split", "train") == "test":
        raise ValueError(f"{path} is a test clip among the training clips: move it to the folder test")
    if split == "train" and name.get("label") == "anomaly":
        raise ValueError(f"{path} is an anomaly among the training clips: move it to the folder test")
    if split == "train" and name.get("label") != "normal":
        raise ValueError(f"{path} is not named normal, and train holds normal clips only: rename it or move it")
    if split == "test" and name.get("split", "test") == "train":
        raise ValueError(f"{path} is a training clip in the folder test: move it to the folder train")


def _year(path, folder, old):
    if old:
        return 2020
    named = [int(year) for part in path.parent.parts for year in re.findall(r"(?<!\d)202[1-5](?!\d)", part)]
    if named:
        return named[-1]
    return 2021 if folder in ("source_test", "target_test") else 2022


def _check_names(clips):
    names = clips["machine"] + "/" + clips["split"] + "/" + clips["path"].map(lambda path: Path(path).name)
    for _, paths in clips["path"].groupby(names):
        if len(paths) > 1:
            raise ValueError(
                f"{paths.iloc[0]} and {paths.iloc[1]} are two clips of one name: "
                "remove one, or index one data set at a time"
            )
