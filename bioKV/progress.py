"""What is said while something takes long: lines and bars on standard error."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import escape
from typing import Any

Say = Callable[[str], None]
Share = Callable[[float], None]
NARROWEST = 60  # columns of a terminal in which a bar says all it has to say
MOMENT = 2.0  # seconds for which nobody asks how long it takes


def say_to_stderr(line: str) -> None:
    """One line for a person."""
    print(line, file=sys.stderr, flush=True)


@contextmanager
def bar(label: str, total: float) -> Iterator[Callable[..., None]]:
    """A progress bar with the time left; call what it yields with how much of the total is done, and, if it says more
    than before, a new label. In a notebook it is below the cell. In a file, on a terminal that only prints and on a
    narrow one, where a bar cannot move or be read, there is a line for every tenth."""
    if display := display_of_notebook():
        yield NotebookBar(label, total, display)
        return
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


class Pace:
    """How far something is, and how long it still takes at the pace of the last three tenths."""

    def __init__(self, total: float, parts: int, clock: Callable[[], float] = time.monotonic):
        self.total, self.parts, self.clock = total, parts, clock
        self.begin, self.share = clock(), 0.0
        # of a resumed run much is done at once: the pace of its beginning is no guide
        self.past = deque([(self.begin, 0.0)], maxlen=3 * parts // 10 + 1)

    def told(self, done: float) -> str:
        """Told how much is done; "" unless another part of the total is, else the percentage and the times."""
        part = int(self.parts * done / self.total + 1e-9)
        if part <= int(self.parts * self.past[-1][1] + 1e-9):
            return ""
        now, share = self.clock(), min(done / self.total, 1.0)
        before, begun = self.past[0]
        self.past.append((now, share))
        self.share = share
        left = (now - before) / (share - begun) * (1 - share)
        when = f"elapsed {_clock_face(now - self.begin)}" + (f", left {_clock_face(left)}" if share < 1 else "")
        return f"{100 * part // self.parts} %, {when}"


class Tenths:
    """A line for every tenth of the total."""

    def __init__(self, label: str, total: float, say: Say = say_to_stderr, clock: Callable[[], float] = time.monotonic):
        self.label, self.say, self.pace = label, say, Pace(total, 10, clock)

    def __call__(self, done: float, says: str = "") -> None:
        """Told how much is done."""
        if when := self.pace.told(done):
            self.say(f"{says or self.label} {when}")


class NotebookBar:
    """A bar below a cell, by IPython's own display: it needs no widgets, and stays in a saved notebook as it ended."""

    def __init__(self, label: str, total: float, display: Callable[..., Any]):
        self.label, self.when, self.pace = label, "0 %", Pace(total, 100)
        self.shown = display(self, display_id=True)

    def __call__(self, done: float, says: str = "") -> None:
        """Told how much is done."""
        if when := self.pace.told(done):
            self.label, self.when = says or self.label, when
            self.shown.update(self)

    def __repr__(self) -> str:
        return f"{self.label} {self.when}"

    def _repr_html_(self) -> str:
        return f"<progress max='1' value='{self.pace.share:.2f}'></progress> {escape(repr(self))}"


def display_of_notebook() -> Callable[..., Any] | None:
    """IPython's display, where a notebook's kernel runs this; None in a script and in a terminal.

    Spyder's console is none: it cannot change what it has shown.
    """
    ipython = sys.modules.get("IPython")  # a notebook has loaded it
    shell = ipython.get_ipython() if ipython else None
    if getattr(shell, "kernel", None) is None or type(shell).__module__.startswith("spyder"):
        return None
    return sys.modules["IPython.display"].display


def shown_in_a_notebook(label: str) -> Share:
    """Told the share that is done: a bar below the cell if it takes more than a moment; nothing outside a notebook."""
    display, begin = display_of_notebook(), time.monotonic()
    bars: list[NotebookBar] = []

    def told(share: float) -> None:
        if display and not bars and time.monotonic() - begin > MOMENT:
            bars.append(NotebookBar(label, 1.0, display))
        for shown in bars:
            shown(share)

    return told


def _clock_face(seconds: float) -> str:
    return str(timedelta(seconds=round(seconds)))
