"""A digest of a file within that file, so that a change since it was written is found on reading.

The digest is the SHA-256 of all bytes of the file, its own 64 characters taken as zeros: names,
shapes, padding and the digest itself count as the numbers do.
"""

import hashlib

LENGTH = 64  # characters
BLANK = "0" * LENGTH
BLOCK = 2**20  # bytes that are in memory at a time


def stamp(file, place):
    """Write the digest of an open file over the blanks that stand at a place in it."""
    told = _digest(file, place)
    file.seek(place)
    file.write(told)


def holds(file, place):
    """Whether an open file has its own digest at a place: that it is what was written."""
    file.seek(place)
    return file.read(LENGTH) == _digest(file, place)


def _digest(file, place):
    file.seek(0)
    told = hashlib.sha256(file.read(place) + BLANK.encode())
    file.seek(place + LENGTH)
    while block := file.read(BLOCK):
        told.update(block)
    return told.hexdigest().encode()
