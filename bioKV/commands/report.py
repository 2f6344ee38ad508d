"""`biokv report`: finished runs as one HTML page, to send."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .one_sentence import folder, one_sentence_errors
from .shared_options import Debug, Margin, PatternMargin, margins_of

Runs = Annotated[
    list[Path],
    typer.Argument(parser=folder, metavar="RUN", help="Folder of a run; several make one report.", show_default=False),
]
Page = Annotated[
    Path | None,
    typer.Option("--out", parser=folder, metavar="FILE.html", help="The page (default: report.html in RUN; of several"
                 " runs it must be given).", show_default=False),
]  # fmt: skip


@one_sentence_errors
def report(
    runs: Runs,
    out: Page = None,
    margin: Margin = 0.02,
    pattern_margin: PatternMargin = 0.05,
    debug: Debug = False,
) -> None:
    """Write one self-contained HTML page of finished runs: tables, curves, spikes, provenance, how to run them again.

    It needs bokeh, which the extra report of bioKV installs. Nothing is run. A run with --record shows its spikes.

    \b
    Examples:
      biokv report runs/first
      biokv report runs/first runs/compare --out runs/both.html
    """
    from ..report.page import write_report

    print(f"wrote {write_report(runs, out, margins_of(margin, pattern_margin))}")
