"""`biokv figure`: a figure of the paper."""

from __future__ import annotations

from pathlib import Path

import typer

from .one_sentence import one_sentence_errors
from .picture_options import Format, StyleName, Width, typed_style
from .shared_options import (
    Debug,
    FigureMemories,
    FigureName,
    FigureTrials,
    Force,
    Out,
    ResumeFigure,
    Seed,
    Workers,
    typed,
)


@one_sentence_errors
def figure(
    ctx: typer.Context,
    name: FigureName,
    trials: FigureTrials = None,
    memory: FigureMemories = [],  # noqa: B006
    seed: Seed = 0,
    width: Width = None,
    format: Format = "png,pdf",
    style: StyleName = "print",
    workers: Workers = None,
    out: Out = None,
    force: Force = False,
    resume: ResumeFigure = False,
    debug: Debug = False,
) -> None:
    """Measure a figure of the paper with rate memories and draw it beside the authors' curves.

    "all" draws every figure but 5c into a folder of its own, some at a time (--workers); "age", "blackout",
    "width", "connections", "bounded" and "stability" are ours. For 3a to 3d rules are learned, a quarter of a minute
    each (3b: minutes at N = 160), and kept; 5c trains controllers, a minute each.
    Both take the extra "learn" (JAX).
    """
    from ..checks import check_count
    from ..paper.figure import run_all_figures, run_figure
    from ..paper.learning_figures import FIGURES as LEARNING_FIGURES

    pictures = typed_style(ctx.params)
    if workers is not None:
        check_count("workers", workers)
    if resume and name.lower() != "5c":
        raise ValueError(f"figure {name.lower()} is measured anew every time; --resume is for 5c, which trains")
    if name.lower() in LEARNING_FIGURES:
        if trials is not None or memory or seed:
            raise ValueError(f"figure {name.lower()} shows the same trainings always: no --trials, --memory or --seed")
        from ..paper.learning_figures import run_learning_figure

        run_learning_figure(name.lower(), out or Path("runs") / f"figure-{name.lower()}", typed(), force=force,
                            style=pictures)  # fmt: skip
    elif name.lower() == "5c":
        from ..paper.copy_paste import run_copy_paste

        folder = out or Path("runs") / "figure-5c"
        run_copy_paste(folder, typed(), trials, tuple(memory), seed, force=force, resume=resume,
                       style=pictures)  # fmt: skip
    elif name.lower() == "all":
        run_all_figures(out or Path("runs"), trials, tuple(memory), seed, workers, force=force, style=pictures)
    else:
        folder = out or Path("runs") / f"figure-{name.lower()}"
        run_figure(name.lower(), folder, typed(), trials, tuple(memory), seed, force=force, style=pictures)
