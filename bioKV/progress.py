"""What is said while something takes long: lines and bars on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Say = Callable[[str], None]
Share = Callable[[float], None]


def say_to_stderr(line: str) -> None:
    """One line for a person."""
    print(line, file=sys.stderr, flush=True)


@contextmanager
def bar(label: str, total: float) -> Iterator[Callable[..., None]]:
    """A progress bar with the time left; call what it yields with how much of the total is done, and, if it says more
    than before, a new label. In a file, where bars do not move, a line for every tenth."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _tenths(label, total)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("elapsed"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, refresh_per_second=4) as progress:
        task = progress.add_task(label, total=total)
        yield lambda done, says=label: progress.update(task, completed=done, description=says)


def _tenths(label: str, total: float) -> Callable[..., None]:
    said = 0

    def advance(done: float, says: str = label) -> None:
        nonlocal said
        tenths = int(10 * done / total + 1e-9)
        if tenths > said:
            said = tenths
            say_to_stderr(f"{says} {10 * tenths} %")

    return advance
