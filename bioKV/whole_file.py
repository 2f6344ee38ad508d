"""Writing a file all at once: a cut never leaves half of one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .checks import path_of


@contextmanager
def replacing(path: str | Path, then: str = "") -> Iterator[Path]:
    """A path beside it to write to, with the same ending; what lies there then becomes the file.

    Parameters
    ----------
    path : str or Path
        The file that is to be there in the end, or as it was if anything goes wrong.
    then : str
        The end of the sentence if it cannot be written: what is kept, and what to do.

    Yields
    ------
    Path
        A name in the same folder, hidden and of this process alone.

    Raises
    ------
    ValueError
        If it is no path, there is no such folder, or nothing may be written there.
    """
    path = path_of("path", path)
    if not path.name:  # of . and /
        raise ValueError(f"cannot write to {path}: it is a folder{then}")
    new = path.with_name(f".{os.getpid()}.new.{path.name}")
    try:
        yield new
        new.replace(path)
    except OSError as problem:
        raise ValueError(f"cannot write to {path}: {problem.strerror or problem}{then}") from None
    finally:
        with suppress(OSError):  # of a name that the system cannot have
            new.unlink(missing_ok=True)
