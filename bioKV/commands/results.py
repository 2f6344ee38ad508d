"""`biokv results`: tables, verdicts and pictures of finished runs, again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .one_sentence import folder, one_sentence_errors
from .picture_options import Format, StyleName, Width, typed_style
from .shared_options import Debug, Margin, PatternMargin, margins_of
from .typed_plan import was_typed

Folders = Annotated[
    list[Path],
    typer.Argument(parser=folder, metavar="DIR", help="Folders of runs, of which several are read as one study, or of"
                   " one figure.", show_default=False),
]  # fmt: skip
Into = Annotated[
    Path | None,
    typer.Option("--out", parser=folder, metavar="PATH", help="Folder for pictures (default: that of the run; of"
                 " several runs none are drawn without).", show_default=False),
]  # fmt: skip
X = Annotated[str, typer.Option("--x", metavar="OPTION", help="The option along x.", show_default="the first")]
Hue = Annotated[str, typer.Option("--hue", metavar="OPTION", help="The option in colours.", show_default="the second")]
Panel = Annotated[
    str, typer.Option("--panel", metavar="OPTION", help="The option in panels.", show_default="the third")
]
OF_STUDIES = ("x", "hue", "panel", "margin", "pattern_margin", "parquet")
Parquet = Annotated[bool, typer.Option("--parquet", help="Write results.parquet too (extra: parquet).")]


@one_sentence_errors
def results(
    ctx: typer.Context,
    folders: Folders,
    out: Into = None,
    margin: Margin = 0.02,
    pattern_margin: PatternMargin = 0.05,
    x: X = "",
    hue: Hue = "",
    panel: Panel = "",
    width: Width = None,
    format: Format = "png,pdf",
    style: StyleName = "print",
    parquet: Parquet = False,
    debug: Debug = False,
) -> None:
    """Print the tables and verdicts of finished runs again, and draw their pictures anew; nothing is run.

    The options of --x, --hue and --panel are some that vary in the study. A figure of the paper (`biokv figure`) is
    drawn alone: it takes none of them, no margin and no --parquet.

    \b
    Examples:
      biokv results runs/grid
      biokv results runs/grid --x corruption --hue n_pairs
      biokv results runs/monday runs/tuesday --out runs/both
      biokv results runs/figure-2a --width 85mm --format svg
    """
    from ..paper.again import figure_of, show_figure
    from ..studies.again import show_results

    figures = {one: name for one in folders if (name := figure_of(one))}
    if figures:
        (one, name), *_ = figures.items()
        if len(folders) > 1:
            raise ValueError(f"{one} is of `biokv figure {name}`, which is drawn alone; give this folder by itself, or"
                             " leave it out")  # fmt: skip
        check_alone(ctx, name)
        show_figure(one, name, out, typed_style(ctx.params))
        return
    typed = {"x": x, "hue": hue, "panel": panel}
    axes = {axis: name.replace("-", "_") for axis, name in typed.items() if name}
    show_results(folders, out, margins_of(margin, pattern_margin), axes, parquet=parquet,
                 style=typed_style(ctx.params))  # fmt: skip


def check_alone(ctx: typer.Context, figure: str) -> None:
    """Raise ValueError for an option that was typed and that a figure has no use for."""
    for name in OF_STUDIES:
        if was_typed(ctx, name):
            raise ValueError(f"--{name.replace('_', '-')} is for studies; figure {figure} takes --width, --format,"
                             " --style and --out")  # fmt: skip
