"""What a page of the docs keeps of a benchmark, so that its picture is drawn again without measuring.

A benchmark that draws prints its table and draws what it has printed; with `--from PAGE` it reads the lines between
`<!-- output of: ... --picture FILE -->` and `<!-- end -->` of that page instead.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

BLOCK = re.compile(r"<!-- output of: (.+?) -->\n(.*?)<!-- end -->", re.DOTALL)


def add_picture_options(parser: argparse.ArgumentParser) -> None:
    """--picture and --from."""
    parser.add_argument("--picture", type=Path, metavar="FILE", help="draw the table there (.png)")
    parser.add_argument("--from", dest="page", type=Path, metavar="PAGE",
                        help="draw what this page of the docs keeps of the command that draws --picture; measures"
                             " nothing")  # fmt: skip


def parsed(parser: argparse.ArgumentParser) -> argparse.Namespace:
    """The options of the command line; --from without --picture is refused."""
    given = parser.parse_args()
    if given.page and not given.picture:
        parser.error("--from draws a picture: say which with --picture FILE, as on the page")
    return given


def lines_of(given: argparse.Namespace, measured: Iterable[str]) -> list[str]:
    """The lines of the table: those that the page keeps, else the measured ones, printed as they come."""
    if given.page:
        try:
            return kept(given.page, given.picture)
        except (ValueError, OSError) as error:
            raise SystemExit(str(error)) from None
    lines = []
    for line in measured:
        print(line, flush=True)
        lines += line.splitlines()
    return lines


def kept(page: Path, picture: Path) -> list[str]:
    """The output on a page of the command that draws a picture of this name. Raises ValueError if there is none."""
    for command, output in BLOCK.findall(page.read_text(encoding="utf-8")):
        words = command.split()
        if "--picture" in words and Path(words[words.index("--picture") + 1]).name == picture.name:
            return output.splitlines()
    raise ValueError(f"{page} keeps no output of a command that draws {picture.name}")


def rows_of(lines: Iterable[str]) -> Iterator[list[str]]:
    """The cells of the rows of Markdown tables, heads included."""
    for line in lines:
        if line.startswith("|") and not line.startswith("|--"):
            yield [cell.strip().strip("`") for cell in line.strip()[1:-1].split("|")]
