"""Where a sweep's data come from: a folder of recordings, or a built-in set; their clips are named,
never sent.
"""

import hashlib
from pathlib import PurePath
from typing import NamedTuple

from .. import runtime, sound
from ..sound.synthetic.recipe import plan, read

IDENTITY = ("machine", "section", "domain", "split", "label", "attributes")


class Source(NamedTuple):
    """A data set by its name in the tables: a folder, whose own names a pattern may read, or a
    built-in set with so many training clips an id.

    Example:
        >>> systems.Source("toy", clips=8)
        Source(name='toy', folder=None, clips=8, pattern=None)
    """

    name: str
    folder: str | None = None
    clips: int | None = None
    pattern: str | None = None

    def clip(self, path):
        """How tables name a clip: by its file, and with its folders where a pattern reads them.

        Example:
            >>> source = systems.Source("press", "press", pattern="{label}/{id}.wav")
            >>> source.clip("press/ok/7.wav")
            'ok/7.wav'
        """
        path = PurePath(path)
        return path.relative_to(self.folder).as_posix() if self.pattern else path.name


def tables(source):
    """The training clips and the test clips, of which a larger built-in set has no more.

    Shapes: -> tables of M and N clips.
    Raises: ValueError where no test clips with labels are there, and as ``sound.index`` does.
    """
    if source.folder is not None:
        clips = sound.index(source.folder, source.pattern)
    else:
        known = plan(read(runtime.built_in()[source.name]))
        clips = sound.toy(_size(known) if source.clips is None else source.clips, source.name)
    train, test = clips[clips["split"] == "train"], clips[clips["split"] == "test"]
    if source.folder is None:
        wanted = {clip.path for clip in known}
        test = test[test["path"].map(as_planned).isin(wanted)]
    if not len(test) or test["label"].isna().any():
        told = source.folder or source.name
        raise ValueError(f"{told} holds no test clips with labels: give a folder that does")
    return train, test


def digest(train, test):
    """A short name of what the clips are, whatever the folder that they lie in.

    Shapes: tables of M and N clips -> text.
    """
    told = hashlib.sha256()
    for clips in (train, test):
        names = clips["path"].map(lambda path: PurePath(path).name)
        rows = clips[list(IDENTITY)].astype(str).assign(clip=names)
        told.update(rows.to_csv(index=False, lineterminator="\n").encode())
    return told.hexdigest()[:20]


def as_planned(path):
    """The end of a clip's path, as a recipe's plan has it."""
    return "/".join(PurePath(path).parts[-3:])


def _size(known):
    """How many training clips a plan has of each id."""
    own = [clip for clip in known if (clip.machine, clip.section) == known[0][:2]]
    return sum(clip.split == "train" for clip in own)
