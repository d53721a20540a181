"""What the header of a sound file promises, held against the file: libsndfile reads what is there
of a cut one, and says nothing.
"""

from pathlib import Path

OPEN = 2**31 - 2**16  # from here on a size that a recorder has left open, as it streamed
SLACK = 1024  # bytes behind the samples of which a header need not know
TAGS = (b"ID3", b"TAG", b"APE")  # of players, which may be as long as a picture
FORMS = {  # with the order of their bytes
    b"RIFF": "little", b"RIFX": "big", b"RF64": "little", b"BW64": "little", b"FORM": "big",
}  # fmt: skip


def whole(path):
    """Check that a file holds the samples that its header promises, and no more.

    Raises: ValueError for a file that is cut short, or holds more samples than its header says.
    Choices: WAV (RIFF, RIFX, RF64), W64, AIFF, AU, CAF, Ogg and MP3; FLAC tells it by itself. A
        size that was left open, as by a recorder that streams, promises nothing.
    """
    path = Path(path)
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(40)
        promised, rest = _promised(file, head, size)
    if promised > size:
        raise ValueError(
            f"{path} is cut short, its header promises more: copy it again or remove it"
        )
    if rest > SLACK and rest > 0.01 * size:
        raise ValueError(
            f"{path} holds {rest} bytes more than its header promises, which would not be heard: "
            "export it again, or remove it"
        )


def _promised(file, head, size):
    """How many bytes a file must have, and how many follow that belong to nothing."""
    form = head[:4]
    if form in FORMS and head[8:11] in (b"WAV", b"AIF"):
        return _chunks(file, head, size, FORMS[form])
    if form == b"riff":  # W64
        return int.from_bytes(head[16:24], "little"), 0
    if form == b".snd":  # AU
        start, data = (int.from_bytes(head[at : at + 4], "big") for at in (4, 8))
        return (start + data if data < OPEN else 0), 0
    if form == b"caff":
        return _caf(file, size), 0
    if form == b"OggS":
        return _ogg(file, size), 0
    if form[:3] == b"ID3" or form[:1] == b"\xff":
        return _mp3(file, head), 0
    return 0, 0


def _chunks(file, head, size, order):
    """The end of the samples in a file of chunks, and how many bytes follow that are no chunk."""
    told, samples, long, at = int.from_bytes(head[4:8], order), 0, None, 12
    while at + 8 <= size:
        file.seek(at)
        name, length = file.read(4), int.from_bytes(file.read(4), order)
        if name == b"ds64":  # of RF64, whose other sizes are left open
            told, long = (int.from_bytes(file.read(8), order) for _ in range(2))
        if name in (b"data", b"SSND"):
            if length >= OPEN and long is None:
                return 0, 0
            length = long if length >= OPEN else length
            samples = at + 8 + length
        end = at + 8 + length + length % 2
        if name.startswith(TAGS) or (end > size and not samples):
            at = size
        elif end > size + 1 or not name.isascii() or not name.decode().isprintable():
            break  # no chunk
        else:
            at = end
    if told < OPEN or long is not None:
        # of 8, as some writers count a last padding byte and leave it out
        samples = max(samples, told + 7)
    return samples, size - at


def _caf(file, size):
    at = 8
    while at + 12 <= size:
        file.seek(at)
        name, length = file.read(4), int.from_bytes(file.read(8), "big", signed=True)
        if length < 0:  # of samples that were streamed
            return 0
        at += 12 + length
        if name == b"data":
            break
    return at


def _ogg(file, size):
    """The size of an Ogg file whose last page is whole and says so; one more than it has if not."""
    start = max(0, size - 2**17)
    file.seek(start)
    end = file.read()
    at = end.rfind(b"OggS")
    if at < 0 or at + 27 > len(end) or not end[at + 5] & 4:
        return size + 1
    count = end[at + 26]
    return start + at + 27 + count + sum(end[at + 27 : at + 27 + count])


def _mp3(file, head):
    """What the note of an encoder in the first frame tells of the bytes that follow."""
    start = 0
    if head[:3] == b"ID3":
        start = 10 + sum((byte & 127) << 7 * (3 - place) for place, byte in enumerate(head[6:10]))
    file.seek(start)
    frame = file.read(64)
    at = max(frame.find(b"Xing"), frame.find(b"Info"))
    if at < 0 or not frame[at + 7] & 2:
        return 0
    skip = 4 if frame[at + 7] & 1 else 0
    return start + int.from_bytes(frame[at + 8 + skip : at + 12 + skip], "big")
