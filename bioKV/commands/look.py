"""`biokv look`: inside one trial."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .one_sentence import one_sentence_errors
from .shared_options import Debug, EngineName, Force, Out, Patterns, ProtocolName, Seed, Settings, typed


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
    patterns: Patterns = None,
    debug: Debug = False,
) -> None:
    """Look inside one trial: membranes and dendrites, weights before and after a write, spike shares and softmax.

    Unless options say otherwise the trial is a short one, of any protocol.
    """
    from ..studies.look import draw_look
    from ..studies.patterns import load_patterns
    from ..studies.plan import Plan
    from .protocol_options import SHORT, parse_options

    longer = {**SHORT, "n_pairs": 20, "n_patterns": 20, "n_steps": 60}  # no need to see every presentation
    options = parse_options(protocol, ctx.args, longer if patterns is None else {}, set)
    own = load_patterns(patterns, protocol, options)
    plan = Plan(protocol, ("spiking", "rate"), (third_factor,), options, 1, seed, engine, True, own)
    draw_look(plan, out or Path("runs") / f"look-{protocol}", typed(), force=force)
