"""A tree as the folders in it that hold clips, with a sentence for what is left out of them."""

import os
import unicodedata
from pathlib import Path

from .names import FOLDERS

CLIP = ".wav"
OTHERS = (".flac", ".mp3", ".ogg", ".opus", ".m4a", ".aac", ".wma", ".aif", ".aiff", ".au", ".w64")
NO_TEXT = ("Cc", "Cs")  # control characters, and bytes that are no UTF-8


class Walk:
    """Each folder below a root that holds clips; ``faults`` and ``notes`` take a sentence each.

    Shapes: ``found`` is a list of a folder and the names of its clips.
    Choices: what starts with a dot is passed over. A link to a folder is followed, after all
        folders that lie here themselves; one that leads to what is read already, or around it, is
        noted and left.
    """

    def __init__(self, root, faults, notes):
        self.faults, self.notes = faults, notes
        self.found, self.todo, self.links = [], [os.fspath(root)], []
        self.seen = {_identity(folder) for folder in Path(root).resolve().parents}
        while self.todo or self.links:
            folder = self.todo.pop() if self.todo else self.links.pop(0)
            try:
                self._enter(folder)
            except OSError as error:
                self._fault(folder, f"cannot be opened ({error.strerror}): make it readable")
        self.found.sort()
        self._nested()

    def _enter(self, folder):
        own = _identity(folder)
        if own in self.seen:
            self.notes.append(
                f"{folder} leads to a folder that is read already, or that holds this one: it is "
                "left out, so remove the link"
            )
            return
        self.seen.add(own)
        of_clips, clips, others = Path(folder).name.lower() in FOLDERS, [], []
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name.lower()
                if name.startswith("."):
                    continue
                if name.endswith(CLIP) and self._is_clip(entry, of_clips):
                    clips.append(entry.name)
                elif not name.endswith(CLIP):
                    self._look_at(entry)
                    others += [entry.path] if name.endswith(OTHERS) else []
        if clips:
            self.found.append((folder, sorted(clips)))
        if of_clips:
            self._left_out(folder, clips, sorted(others))

    def _is_clip(self, entry, of_clips):
        """Whether a name that ends as that of a clip is one."""
        if entry.is_dir() and not of_clips:
            self._look_at(entry)
        elif entry.is_dir():
            self._fault(entry.path, "is a folder, and is named like a clip: rename it")
        elif not entry.is_file():
            self._fault(entry.path, "is a pipe, a device or a link that leads nowhere: remove it")
        elif not _is_text(entry.name):
            self._fault(entry.path, "has characters in its name that are no text: rename it")
        else:
            return True
        return False

    def _look_at(self, entry):
        """Put a folder on the list."""
        if entry.is_dir() and not _is_text(entry.name):
            self._fault(entry.path, "has characters in its name that are no text: rename it")
        elif entry.is_dir():
            (self.links if entry.is_symlink() else self.todo).append(entry.path)
        elif entry.is_symlink() and not entry.is_file():
            self._fault(entry.path, "is a link that leads nowhere: mend it, or remove it")

    def _left_out(self, folder, clips, others):
        if others:
            self.notes.append(
                f"{len(others)} sound files in {folder} are left out, as they are no {CLIP} files, "
                f"first {others[0]}: convert them, or remove them"
            )
        elif not clips:
            self.notes.append(f"{folder} holds no clips: fill it, or remove it")

    def _nested(self):
        folders = [Path(folder) for folder, _ in self.found]
        homes = {folder for folder in folders if folder.name in FOLDERS}
        for folder, clips in self.found:
            for outer in homes & set(Path(folder).parents):
                told = f"lies within the clips of {outer}: move {folder} out of it"
                self._fault(Path(folder, clips[0]), told)

    def _fault(self, path, told):
        path = str(path)
        self.faults.append(f"{path if _is_text(path) else ascii(path)} {told}")


def _is_text(name):
    plain = name.isascii() and name.isprintable()
    return plain or not any(unicodedata.category(letter) in NO_TEXT for letter in name)


def _identity(folder):
    told = Path(folder).stat()
    return told.st_dev, told.st_ino
