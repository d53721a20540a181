"""A tree as the folders in it that hold clips, with a sentence for what is left out of them."""

import os
import unicodedata
from pathlib import Path

from ..plain import shown
from .names import FOLDERS

CLIP = ".wav"
OTHERS = (".flac", ".mp3", ".ogg", ".opus", ".m4a", ".aac", ".wma", ".aif", ".aiff", ".au", ".w64")
NO_TEXT = ("Cc", "Cs")  # control characters, and bytes that are no UTF-8
NAMELESS = "has characters in its name that are no text: rename it"


class Walk:
    """Each folder below a root that holds clips; ``faults`` and ``notes`` take a sentence each.

    ``homes`` are the names of folders that hold clips and no other folders; a pattern has none.

    Shapes: ``found`` is a list of a folder and the names of its clips.
    Choices: what starts with a dot is passed over. A link to a folder is followed, after all
        folders that lie here themselves; one that leads to what is read already, or around it, is
        noted and left.
    """

    def __init__(self, root, faults, notes, ending=CLIP, homes=FOLDERS):
        self.faults, self.notes, self.ending, self.homes = faults, notes, ending, homes
        self.found, self.todo, self.links = [], [], []
        self.seen = {_identity(folder) for folder in Path(root).resolve().parents}
        if _is_text(str(root)):
            self.todo.append(os.fspath(root))
        else:
            self._fault(root, NAMELESS)
        while self.todo or self.links:
            self._try(self._enter, self.todo.pop() if self.todo else self.links.pop(0))
        self._leave_nested()

    def _try(self, step, what):
        try:
            return step(what)
        except OSError as error:
            told = f"cannot be opened ({error.strerror}): make it readable, or remove it"
            self._fault(getattr(what, "path", what), told)
            return None

    def _enter(self, folder):
        own = _identity(folder)
        if own in self.seen:
            self.notes.append(
                f"{folder} leads to a folder that is read already, or that holds this one: it is "
                "left out, so remove the link"
            )
            return
        self.seen.add(own)
        with os.scandir(folder) as entries:
            files = [entry.name for entry in entries if self._try(self._is_file, entry)]
        clips = sorted(name for name in files if name.lower().endswith(self.ending))
        if clips:
            self.found.append((folder, clips))
        if Path(folder).name.lower() in self.homes:
            self._note(folder, clips, [name for name in files if name.lower().endswith(OTHERS)])

    def _is_file(self, entry):
        """Whether an entry is a file, that may be a clip; a folder is put on the list."""
        named = entry.name.lower().endswith(self.ending)
        if entry.name.startswith("."):
            return False
        if entry.is_dir() and named and Path(entry.path).parent.name in self.homes:
            self._fault(entry.path, "is a folder, and is named like a clip: rename it")
        elif (entry.is_dir() or named) and not _is_text(entry.name):
            self._fault(entry.path, NAMELESS)
        elif entry.is_dir():
            (self.links if entry.is_symlink() else self.todo).append(entry.path)
        elif entry.is_file():
            return True
        elif named or entry.is_symlink():
            self._fault(entry.path, "is a pipe, a device or a link that leads nowhere: remove it")
        return False

    def _note(self, folder, clips, others):
        if others:
            self.notes.append(
                f"{folder} holds sound files that do not end in {CLIP} and are left out "
                f"({len(others)}, first {min(others)}): convert them, or remove them"
            )
        elif not clips:
            self.notes.append(f"{folder} holds no clips: fill it, or remove it")

    def _leave_nested(self):
        folders = [Path(folder) for folder, _ in self.found]
        homes = {folder for folder in folders if folder.name in self.homes}
        for folder, clips in sorted(self.found):
            for outer in homes & set(Path(folder).parents):
                told = f"lies within the clips of {outer}: move {folder} out of it"
                self._fault(Path(folder, clips[0]), told)
                self.found.remove((folder, clips))
                break
        self.found.sort()

    def _fault(self, path, told):
        self.faults.append(f"{shown(path)} {told}")


def _is_text(name):
    plain = name.isascii() and name.isprintable()
    return plain or not any(unicodedata.category(letter) in NO_TEXT for letter in name)


def _identity(folder):
    told = Path(folder).stat()
    return told.st_dev, told.st_ino
