"""What an explorer reads and writes: files of embeddings, and a page that works alone."""

from pathlib import Path

import pandas as pd

from .. import embeddings
from .page import write_page


class Portable:
    """The files of an explorer."""

    @classmethod
    def from_npz(cls, path, **choices):
        """Explore the embeddings of a file, of ``asdkit run`` or of any program.

        Only ``x`` (N, D), or one single array of that form, has to be there. Others are known by
        their names, a row a clip: ``name``, ``path`` of the recording, taken from the folder of
        the file where it is relative, ``machine``, ``section``, ``group``, ``domain``, ``split``
        ("train" or "test") and ``attributes``, all words and "" where unknown; ``label`` 0 normal,
        1 anomaly, -1 unknown; ``score``; ``angle`` in radians; ``xy`` (N, 2), a map of its own.

        Shapes: ``choices`` as for ``from_arrays``, and instead of what the file holds.
        Raises: FileNotFoundError and ValueError as ``embeddings.read`` does, and ValueError as
            ``from_arrays`` does.
        Notebook: 14_embedding_explorer
        """
        known = embeddings.read(path)
        words = {name: known[name] for name in embeddings.WORDS if name in known}
        clips = pd.DataFrame(words, index=range(len(known["x"]))).replace({"": None})
        if "path" in clips:
            home = Path(path).absolute().parent
            clips["path"] = [None if own is None else str(home / own) for own in clips["path"]]
        if {"machine", "section"} <= set(clips):
            clips = clips.drop(columns="group", errors="ignore")
        clips = clips.fillna({name: "unknown" for name in ("machine", "section", "group")})
        given = {"map": known.get("xy")} | {
            name: known[name] for name in embeddings.NUMBERS if name in known
        }
        return cls.from_arrays(known["x"], clips, **given | choices)

    def to_html(self, path, title=None, about=(), megabytes=20.0):
        """Write the explorer as it is now to one page, which opens from the disk with no kernel and
        no network, and still plays, colors, lassoes, scrubs and saves its selection as CSV.

        Shapes: ``about``, sentences that stand above the map.
        Raises: ValueError where the points alone are larger than ``megabytes``; OSError, with the
            cure, where the file cannot be written.
        Choices: where the page would be larger than ``megabytes``, its sounds are cut to two
            thirds, then to one third of their seconds, then fewer clips have sound and picture:
            what is selected first, then any. The page says so, and so does a warning. Names of
            clips are in it, paths are not.
        Notebook: 14_embedding_explorer
        """
        return write_page(self, path, title, about, megabytes)
