"""Standard output and standard error of a command: whatever becomes of them, the work is done to its end."""

from __future__ import annotations

import codecs
import errno
import io
import os
import sys
from typing import Any, TextIO

PLAIN = {"±": "+-", "–": "-", "—": "-", "×": "x", "…": "...", "→": "->", "≤": "<=", "≥": ">="}
NOBODY_READS = (errno.EPIPE, errno.EINVAL)  # the second is what Windows says


class Forgiving(io.RawIOBase):
    """A stream below another that takes everything. What cannot be written any more is dropped, and why is kept."""

    def __init__(self, raw: Any):
        self.raw = raw
        self.problem: OSError | None = None

    def writable(self) -> bool:
        """Yes."""
        return True

    def fileno(self) -> int:
        """Of the stream below."""
        return self.raw.fileno()

    def isatty(self) -> bool:
        """Of the stream below."""
        return self.raw.isatty()

    def write(self, data: Any) -> int:
        """As the stream below does, or not at all."""
        if self.problem is None:
            try:
                return self.raw.write(data)
            except OSError as problem:
                self.problem = problem
        return len(data)


def prepare_streams() -> None:
    """From here on printing raises nothing, whether a stream is closed, is read no further, is on a full disk or has
    no letter for what is printed."""
    codecs.register_error("plain", _plainly)
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:  # closed, so that the next file that is opened would get its number, and what others print
            os.open(os.devnull, os.O_RDWR)
    sys.stdout, sys.stderr = _forgiving(sys.stdout), _forgiving(sys.stderr)


def unwritten() -> str:
    """Why standard output lacks some of what was printed; empty if it has all, or if nobody reads it further."""
    sys.stdout.flush()
    buffer: Any = sys.stdout.buffer
    problem = buffer.raw.problem
    return "" if problem is None or problem.errno in NOBODY_READS else problem.strerror


def _forgiving(stream: TextIO | None) -> TextIO:
    if stream is None:  # closed when the process began
        return io.TextIOWrapper(io.BufferedWriter(Forgiving(io.FileIO(os.devnull, "w"))), "utf-8", "plain")
    buffer: Any = stream.buffer
    new = io.BufferedWriter(Forgiving(getattr(buffer, "raw", buffer)))
    return io.TextIOWrapper(new, stream.encoding, "plain", line_buffering=True)


def _plainly(problem: UnicodeError) -> tuple[str, int]:
    """What is printed in the place of letters that an encoding does not have."""
    assert isinstance(problem, UnicodeEncodeError)
    letters = problem.object[problem.start : problem.end]
    return "".join(PLAIN.get(c) or c.encode("ascii", "backslashreplace").decode() for c in letters), problem.end
