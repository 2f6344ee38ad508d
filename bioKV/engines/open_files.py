"""How many workers a process may have by the number of files that it may open."""

from __future__ import annotations

import errno
import os

PER_WORKER = 4  # two pipes, the file of its errors, and one that is read or written
BESIDE = 60  # a compiled program opens some 40 at once, under the same limit; to start one and remove folders is less


def workers_by_files(workers: int) -> int:
    """So many workers, or as many as there are file descriptors for: fewer do the same more slowly.

    Raises RuntimeError, naming the limit, if there are too few for one.
    """
    free = _free(BESIDE + PER_WORKER * workers)
    if free < BESIDE + PER_WORKER:
        limit = f", now {os.sysconf('SC_OPEN_MAX')}" if hasattr(os, "sysconf") else ""
        raise RuntimeError(f"the spiking memory needs to open {BESIDE + PER_WORKER} more files at once, and this"
                           f" process may open {free}; a higher limit would do (ulimit -n{limit})")  # fmt: skip
    return min(workers, (free - BESIDE) // PER_WORKER)


def _free(most: int) -> int:
    """How many files, up to `most`, can be opened beside those that are."""
    opened: list[int] = []
    try:
        while len(opened) < most:
            opened.append(os.open(os.devnull, os.O_RDONLY))
    except OSError as problem:
        if problem.errno not in (errno.EMFILE, errno.ENFILE):
            raise
    finally:
        for number in opened:
            os.close(number)
    return len(opened)
