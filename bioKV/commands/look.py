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
    third_factor: Annotated[str, typer.Option(help="sequential, random or least_recently_used.")] = "sequential",
    seed: Seed = 0,
    engine: EngineName = "auto",
    out: Out = None,
    force: Force = False,
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

    Unless options say otherwise the trial is a short one, of any protocol.
    """
    pictures = typed_style(ctx.params)
    from ..studies.look import draw_look
    from .protocol_options import SHORT
    from .typed_plan import typed_plan

    longer = {**SHORT, "n_pairs": 20, "n_patterns": 20, "n_steps": 60}  # no need to see every presentation
    plan = typed_plan(protocol, ctx.args, settings=set, mechanism=mechanism, patterns=patterns,
                      value_patterns=value_patterns, threshold=threshold, in_order=in_order, defaults=longer,
                      replay=True, memories=("spiking", "rate"), third_factors=(third_factor,), trials=1, seed=seed,
                      engine=engine)  # fmt: skip
    draw_look(plan, out or Path("runs") / f"look-{plan.name}", typed(), force=force, style=pictures)
