"""A page that works alone: an explorer in one HTML file, with pictures and sounds inside."""

import base64
import hashlib
import html
import io
import json
import re
import warnings
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image

from .. import projection, runtime
from ..drafts import whole
from ..plain import sendable
from .clip_sounds import ClipSounds
from .clip_table import NEAREST

HERE = Path(__file__).parent
POLICY = (  # the page's own script and nothing of a network
    "default-src 'none'; script-src 'sha256-{}'; style-src 'unsafe-inline'; "
    "img-src data: blob:; media-src blob:; base-uri 'none'; form-action 'none'"
)
UNSENT = ("layout", "tabbable", "tooltip")  # traits of every widget, which the page has no use for
MEGABYTE = 1_000_000
SHORTER = (1, 2 / 3, 1 / 3)  # of the seconds of sound, tried in this order
NOTES = 1000  # bytes for sentences on what does not fit
TRIED = 12  # clips by which the size of all is told
SLACK = 0.97  # of the room, as sizes of clips differ
HOP = 512  # of LogMel
WIDE, QUALITY = 320, 60  # 10 s of frames, as a JPEG of about 7 kB
VIRIDIS = (255 * matplotlib.colormaps["viridis"](np.arange(256))[:, :3]).round().astype(np.uint8)


def write_page(explorer, path, title=None, about=(), megabytes=20.0, back=None):
    """Write an explorer as it is now to one file that needs no kernel and no network.

    Shapes: ``about``, sentences that stand above the map; ``back``, where the page is one of
        several, another of them and its name, to which its first link leads.
    Raises: ValueError where the points alone are larger than ``megabytes``; OSError, with the cure,
        where the file cannot be written.
    Choices: ``MapExplorer.to_html`` says what becomes of sounds that do not fit.
    """
    count, script = len(explorer.known.names), _script(explorer.scatter)
    title = f"Map of {count} clips" if title is None else title
    data, about = _facts(explorer), [_opening(explorer), *about]
    bare = _page(title, about, [], data | _nothing(explorer.sounds), script, back)
    size = len(bare.encode()) + NOTES + 6 * count  # of a clip: quotes, a comma and its length
    if size > megabytes * MEGABYTE:
        raise ValueError(
            f"the points alone take {size / MEGABYTE:.2g} MB: give megabytes=, or fewer clips or "
            "scenes"
        )
    media, notes = _media(explorer, megabytes * MEGABYTE - size, megabytes)
    for note in notes:
        warnings.warn(f"{path}: {note}", stacklevel=3)
    text = _page(title, about, notes, data | media, script, back)
    with whole(path) as draft:
        draft.write_text(text, encoding="utf-8", newline="\n")
    return Path(path)


def _page(title, about, notes, data, script, back):
    """Return the text of a page."""
    told = [f"<p>{html.escape(sendable(line))}</p>" for line in about]
    told += [f'<p class="note">{html.escape(sendable(note))}</p>' for note in notes]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    parts = {
        "policy": POLICY.format(digest), "title": html.escape(sendable(title)),
        "about": "\n".join(told), "data": _json(data), "script": script, "back": _link(back),
    }  # fmt: skip
    return re.sub("@@([a-z]+)@@", lambda found: parts[found[1]], _text("page.html"))


def _link(back):
    """Return the way to another page, of which a page that stands alone has none."""
    if back is None:
        return ""
    target, name = map(html.escape, back)
    return f'<nav aria-label="{name}"><a href="{target}">{name}</a></nav>'


def _text(name):
    return (HERE / name).read_text(encoding="utf-8")


def _script(scatter):
    """Return the script of the widget with what a kernel would answer below it."""
    return f"{scatter.get_state()['_esm']}\n{_text('page.js')}"


def _json(data):
    """Return data as JSON in which no text can end the element that holds it."""
    text = json.dumps(data, default=_bytes, allow_nan=False, separators=(",", ":"))
    return re.sub("[<>&]", lambda found: f"\\u{ord(found[0]):04x}", text)


def _bytes(value):
    if not isinstance(value, bytes | memoryview):
        raise TypeError(f"a page holds no {type(value).__name__}")
    return {"$bytes": _coded(value)}


def _coded(value):
    return base64.b64encode(bytes(value)).decode()


def _facts(explorer):
    """Return all of the page but sounds and pictures."""
    scenes, known, near = explorer.scenes, explorer.known, []
    every = np.arange(len(known.names))
    for scene in scenes.all:
        own = [(row + [-1] * NEAREST)[:NEAREST] for row in known.nearest(every, scene)]
        near.append(None if scene.x is None else _coded(np.array(own, dtype="<i4")))
    places = [(loss, epoch) for loss, own in enumerate(scenes.epochs) for epoch in range(len(own))]
    return {
        "traits": {name: value for name, value in explorer.scatter.get_state().items()
                   if not name.startswith("_") and name not in UNSENT},
        "label": _coded(known.label.astype(np.int8)),
        "nearest": NEAREST, "near": near,
        "cluster": [scene.cluster for scene in scenes.all],
        "where": [scenes.told(*place) for place in places],
        "places": [_places(scene) for scene in scenes.all],
    }  # fmt: skip


def _opening(explorer):
    """Return what the page is, in sentences that hold in every scene."""
    return (
        f"Each of the {len(explorer.known.names):,} points is a clip; neighbors have similar "
        "embeddings. Click a point to hear it; neither network nor kernel is needed."
    )


def _places(scene):
    """Return how the places of a scene were made and what they keep, in sentences."""
    if not isinstance(scene.map, projection.Map):
        return ""
    kept = scene.map.overall
    return (
        f"Places: {scene.map.way}. The map keeps {kept['agreement']:.0%} of the {scene.map.k} "
        f"nearest neighbors in D dimensions (chance: {kept['chance']:.0%})."
    )


def _nothing(sounds):
    """Return what the page holds of sounds before any is read, with a reason where there is
    none.
    """
    count, missing = len(sounds.names), {}
    for row in range(count):
        try:
            sounds.there(row)
        except ValueError as error:
            missing[row] = str(error)
    return {"sounds": [""] * count, "pictures": [""] * count, "lengths": [0] * count,
            "missing": missing, "left": "", "scale": "", "heard": sounds.seconds}  # fmt: skip


def _media(explorer, room, megabytes):
    """Return sounds and pictures that take so many bytes, and sentences on what does not fit."""
    media, below = _nothing(explorer.sounds), f"so that the page stays below {megabytes:g} MB"
    rows = [row for row in range(len(media["sounds"])) if row not in media["missing"]]
    if not rows:
        return media, []
    rows = _order(rows, explorer.scatter)
    sounds, scale = _fitting(explorer.sounds, rows, room)
    media["heard"] = sounds.seconds
    media["scale"] = (
        f"0 to {sounds.sr / 2000:g} kHz (mel scale) upward, {scale[0]:.0f} to {scale[1]:.0f} dB "
        "from dark to bright"
    )
    taken = 0
    for row in runtime.progress(rows, "page", unit="clip"):
        ogg, jpeg, seconds = _heard(sounds, row, scale, media["missing"])
        room -= len(ogg) + len(jpeg) + len(media["missing"].get(row, ""))
        if room < 0:  # smaller ones that follow are left too: the order says which
            break
        taken += 1
        media["sounds"][row], media["pictures"][row] = ogg, jpeg
        media["lengths"][row] = round(seconds, 1)
    notes, left, seconds = [], len(rows) - taken, explorer.sounds.seconds
    if sounds.seconds < seconds:
        notes.append(f"sounds are {sounds.seconds:g} s long instead of {seconds:g} s, {below}")
    if left:
        media["left"] = f"left out, {below}"
        notes.append(f"{left:,} of {len(rows):,} sounds and their pictures are left out, {below}")
    return media, notes


def _order(rows, scatter):
    """Return rows in the order in which they are taken: what is chosen, then a random draw."""
    first = {*scatter.selected, scatter.picked}
    mixed = np.random.default_rng(0).permutation(rows).tolist()
    return sorted(mixed, key=lambda row: row not in first)


def _fitting(sounds, rows, room):
    """Return sounds of a length of which all fit, else the shortest, and the scale of pictures."""
    tried = rows[:: max(1, len(rows) // TRIED)][:TRIED]
    mels = [mel for mel in (_mel(sounds, row) for row in tried) if mel is not None]
    scale = np.percentile(np.concatenate([mel.ravel() for mel in mels] or [[0.0]]), [1, 99.9])
    for share in SHORTER:
        own = ClipSounds(sounds.audio, sounds.names, round(share * sounds.seconds, 2), sounds.sr)
        sizes = [sum(map(len, _heard(own, row, scale, {})[:2])) for row in tried]
        if np.mean(sizes) * len(rows) <= SLACK * room:
            break
    return own, scale


def _heard(sounds, row, scale, missing):
    """Return sound and picture of a clip as text and its seconds; a reason where there is none."""
    try:
        ogg, mel = sounds.ogg(row), sounds.mel(row).numpy()
    except (OSError, ValueError, RuntimeError) as error:
        own = sounds.path(row)  # which a page does not tell to whoever opens it
        missing[row] = str(error).replace(own, sounds.names[row]) if own else str(error)
        return "", "", 0
    return _coded(ogg), _coded(_jpeg(mel, *scale)), (mel.shape[1] - 1) * HOP / sounds.sr


def _mel(sounds, row):
    try:
        return sounds.mel(row).numpy()
    except (OSError, ValueError, RuntimeError):
        return None


def _jpeg(mel, low, high):
    """Return a log-mel as a picture, with no more frames than are seen."""
    share = np.clip((mel[::-1] - low) / max(high - low, 1e-9), 0, 1)
    gray = Image.fromarray((255 * share).round().astype(np.uint8))
    gray = gray.resize((min(WIDE, mel.shape[1]), len(mel)), Image.Resampling.BOX)
    memory = io.BytesIO()
    Image.fromarray(VIRIDIS[np.asarray(gray)]).save(memory, "JPEG", quality=QUALITY)
    return memory.getvalue()
