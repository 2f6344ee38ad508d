"""`biokv raster`: the spikes of one trial."""

from __future__ import annotations

from pathlib import Path

import typer

from .one_sentence import one_sentence_errors
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
def raster(
    ctx: typer.Context,
    protocol: ProtocolName,
    third_factor: OneFactorName = "sequential",
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
    debug: Debug = False,
) -> None:
    """Draw the spikes of one trial: all populations, plateaus, the gate, and target beside recalled value.

    Unless options say otherwise the trial is a short one, of any protocol.

    \b
    Examples:
      biokv raster autoassociative --n-pairs 4
      biokv raster sequence --n-patterns 4 --third-factor random
    """
    from ..studies.raster import draw_raster
    from .protocol_options import SHORT
    from .typed_plan import typed_plan

    plan = typed_plan(protocol, ctx, settings=set, mechanism=mechanism, patterns=patterns,
                      value_patterns=value_patterns, threshold=threshold, in_order=in_order, defaults=SHORT,
                      memories=("spiking",), third_factors=(third_factor,), trials=1, seed=seed,
                      engine=engine)  # fmt: skip
    draw_raster(plan, out or Path("runs") / f"raster-{plan.name}", typed(), force=force)
