"""A table as it is shown, and on the terminal."""

from __future__ import annotations

from typing import NamedTuple

from ..importing import importing

MOST = 60  # rows of a table that are printed
WIDTH = 112  # narrower, every interval would take two lines


class Shown(NamedTuple):
    """A table as it is shown, in texts.

    Attributes
    ----------
    title : str
        What it is about.
    columns : list of str
        The names of its columns.
    rows : list of list of str
        Its cells.
    rest : str
        Where all rows are, for a reader who is shown the first ones of a long table.
    """

    title: str
    columns: list[str]
    rows: list[list[str]]
    rest: str = ""


def print_shown(one: Shown | str) -> None:
    """Print a sentence, or a table as wide as the terminal, or WIDTH if that is narrower.

    Parameters
    ----------
    one : Shown or str
        Of a long table the first MOST rows are printed.
    """
    with importing():
        from rich.box import SIMPLE
        from rich.console import Console
        from rich.table import Table

    if isinstance(one, str):
        print(one)
        return
    shown = Table(title=one.title, box=SIMPLE, pad_edge=False, title_justify="left")
    for column in one.columns:
        shown.add_column(column.replace("third_factor", "third factor"))
    for row in one.rows[:MOST]:
        shown.add_row(*row)
    console = Console()
    console.width = max(console.width, WIDTH)
    if console.measure(shown, options=console.options.update(max_width=10 * WIDTH)).maximum > console.width:
        shown.padding = (0, 1, 0, 0)  # columns closer to each other
    console.print(shown)
    if len(one.rows) > MOST:
        print(f"these are the first {MOST} of {len(one.rows)} rows; {one.rest}")
