"""What is said while something takes long: lines and bars on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .importing import importing
from .notebook_bar import NotebookBar, display_of_notebook
from .pace import Pace

Say = Callable[[str], None]
Share = Callable[[float], None]
NARROWEST = 60  # columns of a terminal in which a bar says all it has to say


def say_to_stderr(line: str) -> None:
    """Write one line for a person.

    Parameters
    ----------
    line : str
        Without a line break.
    """
    print(line, file=sys.stderr, flush=True)


@contextmanager
def bar(label: str, total: float) -> Iterator[Callable[..., None]]:
    """Show a progress bar with the time left, on standard error.

    In a file, on a terminal that only prints and on a narrow one, where a bar cannot move or be read, it is a line for
    every tenth. In a notebook it is below the cell.

    Parameters
    ----------
    label : str
        What takes long.
    total : float
        How much there is to do, in any unit.

    Yields
    ------
    callable
        To be called with how much of the total is done, and, if it says more than before, a new label.
    """
    if display := display_of_notebook():
        yield NotebookBar(label, total, display)
        return
    with importing():
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
    moves = sys.stderr is not None and sys.stderr.isatty()  # rich takes a file for a terminal if $FORCE_COLOR is set
    if not moves or not console.is_interactive or console.is_dumb_terminal or console.width < NARROWEST:
        yield Tenths(label, total)
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


class Tenths:
    """A line for every tenth of the total, with the time elapsed and the time left.

    Parameters
    ----------
    label : str
        What takes long.
    total : float
        How much there is to do, in any unit.
    say : callable
        Takes each line.
    clock : callable
        Returns the time, in seconds.
    """

    def __init__(self, label: str, total: float, say: Say = say_to_stderr, clock: Callable[[], float] = time.monotonic):
        self.label, self.say, self.pace = label, say, Pace(total, 10, clock)

    def __call__(self, done: float, says: str = "") -> None:
        """Say a line if another tenth is done.

        Parameters
        ----------
        done : float
            How much of the total is done.
        says : str
            A label for this line instead of the first one.
        """
        if when := self.pace.told(done):
            self.say(f"{says or self.label} {when}")
