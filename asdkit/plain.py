"""Words of others, such as names of files, as plain text: on a terminal they command nothing."""

import os
import sys
import unicodedata


def shown(words):
    r"""Words on one line, in which everything that a terminal would obey, or cannot show, is
    escaped.

    Choices: control and formatting characters, line breaks, and bytes of a name that are no UTF-8,
        as Python writes them.
    Example:
        >>> print(plain.shown("a\x1b[31m\nb"))
        a\x1b[31m\nb
    """
    words = str(words)
    return words if words.isprintable() else "".join(map(_escaped, words))


def sendable(words):
    r"""Words that can be written as UTF-8, without a lone half of a letter.

    Choices: what Python makes of a byte that is no UTF-8 is escaped.
    Example:
        >>> print(plain.sendable("pump\udcff"))
        pump\udcff
    """
    return str(words).encode("utf-8", "backslashreplace").decode("utf-8")


def say(*words, file=None):
    """Print words on one line of ``file``, standard output without one.

    Raises: OSError, with the cure, where the output cannot take them.
    Choices: what is between the words is theirs, and is escaped as ``shown`` does. Whoever stops
        reading does not stop the work: what is said then is lost.
    """
    stream = file or sys.stdout
    try:
        print(*map(shown, words), file=stream, flush=True)
    except BrokenPipeError:
        _close(stream)
    except OSError as error:
        raise OSError(
            f"the output cannot be written ({error.strerror}): make room for it"
        ) from error


def say_table(table):
    """Print a table, whose words are escaped as ``shown`` does.

    Shapes: a DataFrame.
    """
    for line in table.to_string().split("\n"):  # line breaks within a cell are escaped by pandas
        say(line)


def speak_any_alphabet():
    """Let the output escape what its encoding lacks, as on an ASCII terminal."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def hush():
    """Say what is left to say, if anybody still reads."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            _close(stream)


def _escaped(letter):
    if "\udc80" <= letter <= "\udcff":  # a byte that is no UTF-8
        return f"\\x{ord(letter) - 0xDC00:02x}"
    known = letter.isprintable() or unicodedata.category(letter) == "Zs"
    return letter if known else letter.encode("unicode_escape").decode()


def _close(stream):
    """Let a stream that nobody reads lead nowhere, and end without a word at the end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
