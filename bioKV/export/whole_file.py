"""Writing a file all at once: a cut never leaves half of one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """A path beside a file to write to, with the same ending; what lies there then becomes the file.

    Parameters
    ----------
    path : str or Path
        The file.

    Yields
    ------
    Path
        Where to write.

    Raises
    ------
    ValueError
        If there is no such folder, or nothing may be written there.
    """
    path = Path(path)
    new = path.with_name(f".{os.getpid()}.new.{path.name}")
    try:
        yield new
        new.replace(path)
    except OSError as problem:
        raise ValueError(f"cannot write {path}: {problem.strerror or problem}") from None
    finally:
        new.unlink(missing_ok=True)
