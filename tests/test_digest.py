"""The digest of a file within it: the SHA-256 of all its bytes, its own characters zeros."""

import hashlib
import io

import pytest

from asdkit import digest


def stamped(before, after):
    file = io.BytesIO(before + digest.BLANK.encode() + after)
    digest.stamp(file, len(before))
    return file.getvalue()


@pytest.mark.parametrize("after", [b"", b"end", bytes(range(256)) * 40])
@pytest.mark.parametrize("before", [b"", b"head "])
def test_it_is_the_sum_of_the_whole_file(before, after, monkeypatch):
    monkeypatch.setattr(digest, "BLOCK", 1000)  # so that a file is of several blocks, the last cut
    data, place = stamped(before, after), len(before)
    told = data[place : place + 64].decode()
    assert told == hashlib.sha256(before + b"0" * 64 + after).hexdigest()
    assert data[:place] == before and data[place + 64 :] == after
    assert digest.holds(io.BytesIO(data), place)


def test_any_other_byte_anywhere_is_found():
    data = stamped(b"head ", b" and what follows")
    for place in range(len(data)):
        for other in {0, 255, data[place] ^ 0x20} - {data[place]}:
            changed = data[:place] + bytes([other]) + data[place + 1 :]
            assert not digest.holds(io.BytesIO(changed), 5), place


def test_a_digest_in_capitals_is_another():
    data = stamped(b"head ", b"")
    capital = data[:5] + data[5:].upper()
    assert capital != data and not digest.holds(io.BytesIO(capital), 5)


@pytest.mark.parametrize("data", [b"", b"head", b"head " + b"0" * 63, b"head " + b"0" * 64])
def test_a_short_or_unstamped_file_has_none(data):
    assert not digest.holds(io.BytesIO(data), 5)
