"""Progress below a notebook's cell, by IPython's own display: it needs no widgets."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from html import escape
from typing import Any

from .pace import Pace

MOMENT = 2.0  # seconds for which nobody asks how long it takes


class NotebookBar:
    """A bar below a cell, which stays in a saved notebook as it ended.

    Parameters
    ----------
    label : str
        What takes long.
    total : float
        How much there is to do, in any unit.
    display : callable
        IPython's.
    """

    def __init__(self, label: str, total: float, display: Callable[..., Any]):
        self.label, self.when, self.pace = label, "0 %", Pace(total, 100)
        self.shown = display(self, display_id=True)

    def __call__(self, done: float, says: str = "") -> None:
        """Move the bar, if another hundredth is done.

        Parameters
        ----------
        done : float
            How much of the total is done.
        says : str
            A label from now on instead of the one before.
        """
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

    Returns
    -------
    callable or None
    """
    ipython = sys.modules.get("IPython")  # a notebook has loaded it
    shell = ipython.get_ipython() if ipython else None
    if getattr(shell, "kernel", None) is None or type(shell).__module__.startswith("spyder"):
        return None
    return sys.modules["IPython.display"].display


def shown_in_a_notebook(label: str) -> Callable[[float], None]:
    """A bar below the cell if something takes more than a moment; nothing outside a notebook.

    Parameters
    ----------
    label : str
        What takes long.

    Returns
    -------
    callable
        To be called with the share that is done, from 0 to 1.
    """
    display, begin = display_of_notebook(), time.monotonic()
    bars: list[NotebookBar] = []

    def told(share: float) -> None:
        if display and not bars and time.monotonic() - begin > MOMENT:
            bars.append(NotebookBar(label, 1.0, display))
        for shown in bars:
            shown(share)

    return told
