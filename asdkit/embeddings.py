"""Embeddings of clips in one ``.npz`` file: written by the commands, read whoever wrote them."""

import io
import zipfile
import zlib
from pathlib import Path

import numpy as np

from . import digest, given
from .drafts import whole
from .tables import checked
from .tensorfile import there

WORDS = ("name", "path", "machine", "section", "group", "domain", "split", "attributes")
NUMBERS = ("label", "score", "angle")
END = b"PK\5\6"  # begins the last 22 bytes of an archive without a comment
FAULTS = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, KeyError,
    OverflowError,
)  # fmt: skip


def write(path, x, clips, **numbers):
    """Write embeddings, and what is known of their clips, to a file that holds no pickled object.

    The arrays, a row a clip: ``x`` the embeddings; ``name``; ``path``, absolute; ``machine``,
    ``section``, ``group`` (machine/section), ``domain``, ``split`` and ``attributes``, words, ""
    where unknown; ``label`` 0 normal, 1 anomaly, -1 unknown; ``score`` and ``angle`` in radians.

    Shapes: ``x`` (N, D), or (N, R, D) of several rows a clip, of which the mean is written;
        ``clips``, a table of N rows; ``numbers`` such as ``score`` (N,).
    Raises: ValueError for embeddings or numbers that are not finite, or not one of each clip;
        OSError, with the cure, where the file cannot be written.
    Choices: the comment of the archive, its end, is a digest of all of it.
    """
    also = "domain", "split", "label", "attributes"
    clips = checked(clips, "path", "machine", "section", also=also)
    x = _single(x, len(clips))
    numbers = {given.choice(name, "the name of a number", NUMBERS): given.column(values, name,
               like=clips) for name, values in numbers.items()}  # fmt: skip
    own = {name: clips[name].astype(object).where(clips[name].notna(), "").astype(str)
           for name in WORDS if name in clips}  # fmt: skip
    own["group"] = own["machine"] + "/" + own["section"]
    folder = own["machine"] + "/" + (own["split"] + "/" if "split" in own else "")
    own["name"] = folder + [Path(path).name for path in clips["path"]]
    own["path"] = [str(Path(path).absolute()) for path in clips["path"]]
    if "label" in clips:
        numbers["label"] = clips["label"].fillna(-1).astype(np.int8)
    arrays = {name: np.asarray(own[name], dtype=str) for name in WORDS if name in own}
    arrays |= {name: np.asarray(values) for name, values in numbers.items()}
    with whole(path) as draft, draft.open("wb+") as file:
        np.savez_compressed(file, x=x, **arrays)
        with zipfile.ZipFile(file, "a") as archive:
            archive.comment = digest.BLANK.encode()
        digest.stamp(file, file.seek(0, 2) - digest.LENGTH)


def _single(x, count):
    """Embeddings (N, D) in float32, those of several rows a clip as their mean."""
    found = given.array(x, "x")
    if found.ndim not in (2, 3) or len(found) != count or not found.size:
        raise ValueError(
            f"x has the shape {found.shape} beside {count} clips: give embeddings (N, D), one of "
            "each clip"
        )
    if np.abs(found).max() > np.finfo(np.float32).max:
        raise ValueError("x holds numbers beyond those of float32: look for a broken training")
    x = found.astype(np.float32)
    return x.mean(axis=1) if x.ndim == 3 else x


def read(path):
    """Read embeddings and what is known of their clips.

    Shapes: -> dict of ``x`` (N, D) and those of the arrays of ``write`` that the file holds, (N,),
        and ``xy`` (N, 2) where it brings a map of its own. In a file of another program the only
        array of numbers in two dimensions is x; other arrays are left.
    Raises: FileNotFoundError where there is no file; ValueError where it is no ``.npz``, was
        changed after asdkit wrote it, holds Python objects, no embeddings or several that could be
        meant, arrays that do not belong together, NaN, or labels that are none.
    Choices: a file of another program has no digest; the archive's own sums tell where it is
        damaged.
    Notebook: 15_train_on_gpu
    """
    arrays = _arrays(path)
    if "x" not in arrays:
        flat = [name for name, array in arrays.items()
                if array.ndim == 2 and array.dtype.kind in "fiu" and name != "xy"]  # fmt: skip
        if len(flat) != 1:
            told = " and ".join(flat) or "none"
            raise ValueError(
                f"{path} has no array x, and of those that could be embeddings (N, D) there "
                f"{'are ' + told if flat else 'is none'}: save it with np.savez(path, x=...)"
            )
        arrays["x"] = arrays.pop(flat[0])
    x = arrays["x"]
    if x.ndim != 2 or x.dtype.kind not in "fiu" or not x.size:
        raise ValueError(f"{path}: x is {x.shape} of {x.dtype}: embeddings are (N, D) numbers")
    return _checked(path, arrays)


def _checked(path, arrays):
    """Return the arrays that are known by their names, which belong together."""
    x = arrays["x"]
    known = {name: arrays[name] for name in ("x", "xy", *WORDS, *NUMBERS) if name in arrays}
    for name, array in known.items():
        wanted = {"x": x.shape, "xy": (len(x), 2)}.get(name, (len(x),))
        if array.shape != wanted:
            raise ValueError(
                f"{path}: {name} is {array.shape} beside x of {x.shape}: it must be {wanted}"
            )
        if (array.dtype.kind not in "US") if name in WORDS else (array.dtype.kind not in "fiub"):
            what = "words" if name in WORDS else "numbers"
            raise ValueError(f"{path}: {name} holds {array.dtype}, not {what}: convert it")
        if name not in (*WORDS, "label") and not np.isfinite(array).all():
            raise ValueError(f"{path}: {name} holds NaN or infinity: leave it or these clips out")
    if not np.isin(np.nan_to_num(known.get("label", 0), nan=-1), (-1, 0, 1)).all():
        raise ValueError(f"{path}: label holds other numbers than 0, 1 and -1: convert it")
    return {name: array.astype(str) if name in WORDS else array for name, array in known.items()}


def _arrays(path):
    """Return all arrays of a file."""
    path = there(path, "an .npz file of embeddings")
    if not zipfile.is_zipfile(path):
        raise ValueError(
            f"{path} is no .npz file: save embeddings with np.savez(path, x=...), or write it "
            "again where it was cut short"
        )
    arrays = {}
    try:
        if not _is_whole(path):
            raise zipfile.BadZipFile
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                data = archive.read(name)  # of which the sum is checked, whatever its name
                if name.endswith(".npy"):
                    arrays[name.removesuffix(".npy")] = _array(path, name, data)
    except FAULTS as error:
        if str(error).startswith(str(path)):
            raise
        raise ValueError(f"{path} is damaged or cut short: write it again") from error
    return arrays


def _is_whole(path):
    """Whether a file is what was written, as far as it tells; without a comment it does not."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(size - 22, 0))
        end = file.read()
        bare = end.startswith(END) and end.endswith(b"\0\0")
        return bare or digest.holds(file, max(size - digest.LENGTH, 0))


def _array(path, name, data):
    name = name.removesuffix(".npy")
    try:
        return np.load(io.BytesIO(data), allow_pickle=False)
    except MemoryError as error:
        raise ValueError(f"{path}: {name} promises more than it holds: write it again") from error
    except ValueError as error:  # of objects, which would have to be unpickled
        if "allow_pickle" not in str(error):
            raise
        raise ValueError(
            f"{path}: {name} holds Python objects, which are not read: save words as "
            "np.array(words, str)"
        ) from error
