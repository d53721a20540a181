"""Features on disk: computed once, found again by what the clips hold and how the feature is set."""

import contextlib
import hashlib
import os
import uuid
import warnings
import zlib
from functools import cache
from pathlib import Path

import torch
from torch import nn

from ..runtime import cache as cache_folder
from ..tensorfile import read_tensors, write_tensors

SUFFIX = ".safetensors"
KIND = "feature"
SETTING = int | float | str | None


class Store:
    """A folder of features that were computed before: ``store(waves, feature)``, or ``store.get(key, make)``.

    Shapes: waves (N, T) -> what the feature makes of them.
    Raises: ValueError for a feature that is not made of parts of ``asdkit.features``, since its settings are not known.
    Choices: a file is named after the hash of its clips, of the feature's settings and of the code of this package, so
        that nothing old is ever found. It holds a checksum: one that is damaged, or of something else, is computed
        again with a warning. Several processes may share a folder: a file is whole or not there, and of two that are
        made at once either stays. Beyond ``limit`` bytes those go first that were used longest ago. Where the folder
        cannot be written, a warning says so, and the feature is computed as if there were no store. To hash waves takes
        nearly as long as a log-mel: where there are files, ``get(key(paths, ...), make)`` is what saves time.
    Example:
        >>> import tempfile
        >>> store, waves = features.Store(tempfile.mkdtemp()), torch.randn(2, 16000)
        >>> x, again = store(waves, features.LogMel()), store(waves, features.LogMel())
        >>> torch.equal(x, again), store.hits, store.misses
        (True, 1, 1)
    Notebook: 02_features
    """

    def __init__(self, folder=None, limit=2_000_000_000):
        self.folder = Path(folder) if folder else cache_folder() / "features"
        self.limit, self.hits, self.misses = limit, 0, 0

    def __call__(self, waves, feature):
        return self.get(key(waves, feature), lambda: feature(waves))

    def get(self, name, make):
        """The tensor stored under a name that ``key`` gave; where there is none, ``make()`` computes it.

        Shapes: as ``make`` returns, on the CPU.
        Notebook: 02_features
        """
        path = self.folder / f"{name}{SUFFIX}"
        found = _read(path, name)
        if found is not None:
            self.hits += 1
            with contextlib.suppress(OSError):
                os.utime(path)  # used now, so it goes last
            return found
        self.misses += 1
        made = make().detach().cpu().contiguous()
        try:
            fresh = path.with_name(f"{name}.{uuid.uuid4().hex}{SUFFIX}")  # two processes never share a draft
            write_tensors(fresh, {"x": made}, {KIND: f"{name} {_checksum(made)}"})
            fresh.replace(path)
            self._trim()
        except OSError as error:
            warnings.warn(f"this feature is not kept: {error}", stacklevel=3)
        return made

    @property
    def size(self):
        """The bytes on disk.

        Notebook: 02_features
        """
        return sum(size for _, size, _ in self._files())

    def clear(self):
        """Remove all that is stored; what a killed process left half done goes too.

        Notebook: 02_features
        """
        for _, _, path in self._files():
            path.unlink(missing_ok=True)
        return self

    def _files(self):
        """Date, size and path of each file of this store, the oldest first."""
        files = []
        for path in (*self.folder.glob(f"*{SUFFIX}"), *self.folder.glob(f".*{SUFFIX}.part")):
            with contextlib.suppress(FileNotFoundError):  # another process trims too
                files.append((path.stat().st_mtime, path.stat().st_size, path))
        return sorted(files)

    def _trim(self):
        files = self._files()
        beyond = sum(size for _, size, _ in files) - self.limit
        for _, size, path in files:
            if beyond <= 0:
                break
            path.unlink(missing_ok=True)
            beyond -= size


def key(clips, feature, **settings):
    """The name under which a feature of some clips is stored: a hash of their content, and of how it is computed.

    Shapes: ``clips`` waves (N, T), or the paths of sound files, whose bytes are read, which is quicker than decoding
        them; ``settings`` say how they were loaded, such as ``seconds=10.0``.
    Raises: ValueError for a feature that is not made of parts of ``asdkit.features``, such as a lambda; OSError where a
        file cannot be read.
    Example:
        >>> waves = torch.zeros(1, 16000)
        >>> name = features.key(waves, features.LogMel())
        >>> name == features.key(waves, features.LogMel()), name == features.key(waves, features.LogMel(mels=64))
        (True, False)
    Notebook: 02_features
    """
    told = hashlib.sha256(repr((_code(), sorted(settings.items()), list(_described(feature)))).encode())
    if isinstance(clips, torch.Tensor):
        told.update(repr((clips.dtype, tuple(clips.shape))).encode())
        told.update(_bytes(clips))
        return told.hexdigest()
    for path in clips:
        try:
            content = Path(path).read_bytes()
        except OSError as error:
            raise OSError(f"{path} cannot be read ({error.strerror}): index the folder again") from error
        told.update(len(content).to_bytes(8, "little"))
        told.update(content)
    return told.hexdigest()


def _described(feature):
    """All that tells one feature from another: names of classes and functions, settings, and fitted numbers."""
    package = __name__.rpartition(".")[0]
    known = type(feature) if isinstance(feature, nn.Module) else feature
    name = getattr(known, "__qualname__", "")
    if not getattr(known, "__module__", "").startswith(package) or "<" in name:
        raise ValueError(f"{feature!r} tells no settings to find it by: chain parts of asdkit.features")
    yield name
    if not isinstance(feature, nn.Module):
        return
    for attribute, value in sorted({**vars(feature), **feature._buffers, **feature._modules}.items()):
        if attribute == "steps":
            yield [list(_described(step)) for step in value]
        elif isinstance(value, nn.Module) and attribute != "parts":
            yield attribute, list(_described(value))
        elif isinstance(value, torch.Tensor):
            yield attribute, str(value.dtype), tuple(value.shape), hashlib.sha256(_bytes(value)).hexdigest()
        elif attribute[0] != "_" and attribute != "training" and isinstance(value, SETTING):
            yield attribute, value


@cache
def _code():
    """The hash of this package's code: what an older version computed is not found."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files) + torch.__version__.encode()).hexdigest()


def _bytes(tensor):
    return tensor.detach().cpu().contiguous().numpy().reshape(-1).view("uint8")


def _checksum(tensor):
    return zlib.crc32(_bytes(tensor))


def _read(path, name):
    if not path.exists():
        return None
    try:
        tensors, note = read_tensors(path, KIND)
        if note != f"{name} {_checksum(tensors['x'])}":
            raise ValueError("the checksum differs")
    except (OSError, ValueError, KeyError):
        if not path.exists():  # another process cleared it meanwhile
            return None
        warnings.warn(f"{path} is damaged or no feature of this store: it is computed again", stacklevel=4)
        return None
    return tensors["x"]
