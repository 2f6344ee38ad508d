"""`biokv look`: inside one trial."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .one_sentence import one_sentence_errors
from .picture_options import Format, StyleName, Width, typed_style
from .shared_options import (
    Debug,
    EngineName,
    Force,
    InOrder,
    Mechanisms,
    OneFactorName,
    Out,
    Patterns,
    ProtocolName,
    Seed,
    Settings,
    Threshold,
    ValuePatterns,
    typed,
)


@one_sentence_errors
def look(
    ctx: typer.Context,
    protocol: ProtocolName,
    third_factor: OneFactorName = "sequential",
    seed: Seed = 0,
    engine: EngineName = "auto",
    out: Out = None,
    force: Force = False,
    activity: Annotated[
        bool,
        typer.Option("--activity", help="Draw how each population fires instead: intervals, rates, CVs, synchrony."
                     " Needs Elephant, of the extra neo."),
    ] = False,
    set: Settings = [],  # noqa: B006
    mechanism: Mechanisms = [],  # noqa: B006
    patterns: Patterns = None,
    value_patterns: ValuePatterns = None,
    threshold: Threshold = None,
    in_order: InOrder = False,
    width: Width = None,
    format: Format = "png,pdf",
    style: StyleName = "print",
    debug: Debug = False,
) -> None:
    """Look inside one trial: membranes and dendrites, weights before and after a write, spike shares and softmax.

    With --activity: its interspike intervals, rates, CVs and synchrony, population by population, and a table of them.
    Unless options say otherwise the trial is a short one, of any protocol.

    \b
    Examples:
      biokv look autoassociative
      biokv look correlated --n-pairs 20 --set input_irregularity=1
      biokv look autoassociative --activity --regime irregular
    """
    pictures = typed_style(ctx.params)
    from ..studies.look import draw_look
    from ..studies.look_activity import draw_activity
    from .protocol_options import SHORT
    from .typed_plan import typed_plan

    longer = {**SHORT, "n_pairs": 20, "n_patterns": 20, "n_steps": 60}  # no need to see every presentation
    plan = typed_plan(protocol, ctx, settings=set, mechanism=mechanism, patterns=patterns,
                      value_patterns=value_patterns, threshold=threshold, in_order=in_order, defaults=longer,
                      replay=True, memories=("spiking", "rate"), third_factors=(third_factor,), trials=1, seed=seed,
                      engine=engine)  # fmt: skip
    draw, suffix = (draw_activity, "-activity") if activity else (draw_look, "")
    draw(plan, out or Path("runs") / f"look-{plan.name}{suffix}", typed(), force=force, style=pictures)
