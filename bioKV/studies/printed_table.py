"""A table on the terminal."""

from __future__ import annotations

MOST = 60  # rows of a table that are printed
WIDTH = 112  # narrower, every interval would take two lines


def print_table(title: str, columns: list[str], rows: list[list[str]], rest: str = "") -> None:
    """Print a table as wide as the terminal, or WIDTH if that is narrower.

    Parameters
    ----------
    title : str
        What stands above it.
    columns : list of str
        Their names.
    rows : list of list of str
        What stands in them; the first MOST are printed.
    rest : str
        Where all rows are, if there are more.
    """
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    shown = Table(title=title, box=SIMPLE, pad_edge=False, title_justify="left")
    for column in columns:
        shown.add_column(column.replace("third_factor", "third factor"))
    for row in rows[:MOST]:
        shown.add_row(*row)
    console = Console()
    console.width = max(console.width, WIDTH)
    if console.measure(shown, options=console.options.update(max_width=10 * WIDTH)).maximum > console.width:
        shown.padding = (0, 1, 0, 0)  # columns closer to each other
    console.print(shown)
    if len(rows) > MOST:
        print(f"these are the first {MOST} of {len(rows)} rows; {rest}")
