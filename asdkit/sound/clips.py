"""A folder of DCASE 2020 to 2026, or one like it, as one table with a row for each clip."""

import os
import unicodedata
import warnings
from pathlib import Path

import pandas as pd

from ..tables import checked
from . import attributes, names
from . import pattern as patterns
from .folders import Walk

COLUMNS = ["path", "machine", "section", "domain", "split", "label", "attributes", "year"]


def index(root, pattern=None):
    """Read the folder tree of a data set into a table with one row for each clip.

    ``pattern`` tells own names, such as ``{machine}/{split}/{label}_{id}.wav``.

    Paper: the layouts of DCASE task 2, 2020 to 2026: ``<machine>/<train or test>/<clip>.wav``, at
        any depth below root.
    Shapes: a DataFrame with columns ``path machine section domain split label attributes year``;
        ``label`` 0 normal, 1 anomaly, missing where the organizers keep it.
    Raises: FileNotFoundError for a folder that is missing or holds no clips; ValueError for a name
        or folder of another layout, a folder of clips within another, a test clip, an anomaly or a
        clip without label in ``train``, two clips or machines of one name but for its case, a name
        that contradicts its folder or its line in ``attributes_XX.csv``, what is named like a clip
        and is none, and as ``pattern.rows`` does. Lines there without a clip, folders without
        clips, sound files of other endings and links that lead back are warned of.
    Choices: clips of 2020 have no domain, so all are ``source``; the year is read from the folders
        (``dcase2023``), else 2020 or 2021 by the layout, else 2022, whose layout and rule later
        years keep; of several folders that name a year the nearest counts. An attribute nobody
        knows is kept as it is. Files and folders whose names start with a dot are no clips. The
        machine is the folder directly above ``train`` or ``test``, its letters in one form (NFC);
        linked folders are followed. ``pattern.Pattern`` says how a pattern is read, and
        ``pattern.rows`` what is taken for what it does not tell.
    Example:
        >>> from pathlib import Path
        >>> Path("fan/train").mkdir(parents=True)
        >>> Path("fan/train/section_00_source_train_normal_0000_speed_1.wav").touch()
        >>> sound.index(".")[["machine", "section", "attributes"]].values.tolist()
        [['fan', '00', 'speed_1']]
    Notebook: 00_start_here, 01_machine_sounds
    """
    clips, faults, notes = survey(root, pattern)
    if faults:
        rest = len(faults) - 1
        more = f" ({rest} more faults: 'asdkit data check' lists them)" if rest else ""
        raise ValueError(faults[0] + more)
    for note in notes:
        warnings.warn(note, stacklevel=2)
    return clips


def survey(root, pattern=None):
    """Return the table of a data set, a sentence for each fault, and one for each warning.

    ``index`` stops at the first fault.

    Shapes: a DataFrame as of ``index``, without the clips whose names cannot be read, and two lists
        of sentences.
    Raises: FileNotFoundError for a folder that is missing or holds no clips.
    """
    if not isinstance(root, str | os.PathLike) or not os.fspath(root):
        raise ValueError(f"root is {root!r}: give the folder that holds the machines' folders")
    root = Path(root)
    if not root.is_dir():
        raise FileNotFoundError(
            f"{root} is no folder: give the folder that holds the machines' folders"
        )
    if pattern is not None:
        rows, faults, notes = patterns.rows(root, pattern)
        clips = _table(rows)
        return clips, faults + list(_cases(clips)), notes
    rows, faults, notes = [], [], []
    for folder, files in Walk(root, faults, notes).found:
        _read(folder, files, rows, faults)
    if not rows and not faults:
        told = f" ({notes[0]})" if notes else ""
        raise FileNotFoundError(
            f"{root} holds no .wav files: give a folder with <machine>/train and <machine>/test "
            f"below it{told}"
        )
    clips = _table(rows)
    if not rows:
        return clips, faults, notes
    faults += _twins(clips)
    return attributes.join(clips, faults, notes), faults, notes


def classes(clips):
    """Return the auxiliary class of each clip: machine, section, and attributes and domain if
    named.

    Paper: [SCA] IV-A (machine type x id) and [AP] (machine, section, attributes and domain
        together).
    Shapes: a table of N clips -> Series of N strings.
    Raises: ValueError as ``tables.checked`` does.
    Example:
        >>> import pandas as pd
        >>> clip = {"machine": "fan", "section": "00", "domain": "source", "attributes": "speed_1"}
        >>> sound.classes(pd.DataFrame([clip])).item()
        'fan/00/source_speed_1'
    Notebook: 00_start_here
    """
    clips = checked(clips, "machine", "section", "domain", "attributes", least=0)
    own = clips["machine"] + "/" + clips["section"]
    extra = clips["domain"].fillna("") + "_" + clips["attributes"]
    return (own + "/" + extra).rename("class")


def groups(clips):
    """Return the machine and section of each clip, which are known of a test clip too.

    Shapes: a table of N clips -> Series of N strings such as ``valve/00``.
    Raises: ValueError as ``tables.checked`` does.
    Example:
        >>> import pandas as pd
        >>> sound.groups(pd.DataFrame([{"machine": "fan", "section": "00"}])).item()
        'fan/00'
    Notebook: 00_start_here
    """
    clips = checked(clips, "machine", "section", least=0)
    return (clips["machine"] + "/" + clips["section"]).rename("group")


def split(clips):
    """The clips to train on, and those to test with.

    Shapes: a table of N clips -> two tables, of M and of at most N - M clips.
    Raises: ValueError where there is none of either, and as ``tables.checked`` does.
    Choices: supplemental clips are of neither.
    Example:
        >>> train, test = sound.split(sound.toy("smoke"))
        >>> len(train), len(test)
        (96, 192)
    """
    clips = checked(clips, "split", also=COLUMNS)
    parts = [clips[clips["split"] == name] for name in ("train", "test")]
    for name, part in zip(("training", "test"), parts):
        if part.empty:
            raise ValueError(f"there are no {name} clips in this table: give one that has both")
    return parts


def _read(folder, files, rows, faults):
    try:
        place = names.folder(folder)
    except ValueError as error:
        faults.append(f"{Path(folder, files[0])} {error}")  # once for a folder
        return
    for file in files:
        path = f"{place.path}{os.sep}{file}"
        try:
            rows.append((path, *names.read(file[:-4], place)))
        except ValueError as error:
            faults.append(f"{path} {error}")


def _table(rows):
    clips = pd.DataFrame(sorted(rows), columns=COLUMNS)
    return clips.astype({"label": "Int64"})


def _twins(clips):
    """Clips and machines that differ in case or in the form of their letters only."""
    name = clips["path"].str.rpartition(os.sep)[2].map(_plain)
    key = clips["machine"].map(_plain) + "/" + clips["split"] + "/" + name
    for _, paths in clips.loc[key.duplicated(keep=False), "path"].groupby(key):
        yield (
            f"{paths.iloc[0]} and {paths.iloc[1]} are two clips of one name: "
            "remove one, or index one data set at a time"
        )
    yield from _cases(clips)


def _cases(clips):
    """Machines that differ in case or in the form of their letters only."""
    for _, machines in clips.drop_duplicates("machine").groupby(clips["machine"].map(_plain)):
        if len(machines) > 1:
            first, second = machines["machine"].iloc[:2]
            yield (
                f"{machines['path'].iloc[0]} is of {first}, and {machines['path'].iloc[1]} of "
                f"{second}, which differ in case only: rename one of the folders"
            )


def _plain(name):
    return (name if name.isascii() else unicodedata.normalize("NFC", name)).casefold()
