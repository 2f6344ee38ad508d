"""`biokv raster`: the spikes of one trial."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .one_sentence import one_sentence_errors
from .shared_options import Debug, EngineName, Force, Out, Patterns, ProtocolName, Seed, Settings, typed


@one_sentence_errors
def raster(
    ctx: typer.Context,
    protocol: ProtocolName,
    third_factor: Annotated[str, typer.Option(help="sequential, random or least_recently_used.")] = "sequential",
    seed: Seed = 0,
    engine: EngineName = "auto",
    out: Out = None,
    force: Force = False,
    set: Settings = [],  # noqa: B006
    patterns: Patterns = None,
    debug: Debug = False,
) -> None:
    """Draw the spikes of one trial: all populations, plateaus, the gate, and target beside recalled value.

    Unless options say otherwise the trial is a short one, of any protocol.
    """
    from ..studies.patterns import load_patterns
    from ..studies.plan import Plan
    from ..studies.raster import draw_raster
    from .protocol_options import SHORT, parse_options

    options = parse_options(protocol, ctx.args, SHORT if patterns is None else {}, set)
    own = load_patterns(patterns, protocol, options)
    plan = Plan(protocol, ("spiking",), (third_factor,), options, 1, seed, engine, False, own)
    draw_raster(plan, out or Path("runs") / f"raster-{protocol}", typed(), force=force)
