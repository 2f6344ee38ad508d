"""`biokv compare`: the spiking network beside its rate twin."""

from __future__ import annotations

from pathlib import Path

import typer

from .one_sentence import one_sentence_errors
from .shared_options import (
    Debug,
    EngineName,
    FactorNames,
    Force,
    Margin,
    Out,
    Patterns,
    ProtocolName,
    Resume,
    Seed,
    Settings,
    Trials,
    Workers,
    typed,
)


@one_sentence_errors
def compare(
    ctx: typer.Context,
    protocol: ProtocolName,
    third_factor: FactorNames = ["sequential"],  # noqa: B006
    trials: Trials = 20,
    seed: Seed = 0,
    engine: EngineName = "auto",
    workers: Workers = None,
    out: Out = None,
    margin: Margin = 0.02,
    force: Force = False,
    resume: Resume = False,
    set: Settings = [],  # noqa: B006
    patterns: Patterns = None,
    debug: Debug = False,
) -> None:
    """Compare the spiking network with its rate twin, which gets the plateaus that happened in the spiking one."""
    from ..studies.patterns import load_patterns
    from ..studies.plan import Plan
    from ..studies.run import run_study
    from .protocol_options import parse_options

    if not 0 < margin < 1:
        raise ValueError(f"margin must lie between 0 and 1, in accuracy; got {margin}")
    options = parse_options(protocol, ctx.args, settings=set)
    own = load_patterns(patterns, protocol, options)
    plan = Plan(protocol, ("spiking", "rate"), tuple(third_factor), options, trials, seed, engine, True, own)
    run_study(
        plan,
        out or Path("runs") / f"compare-{protocol}",
        typed(),
        force=force,
        resume=resume,
        workers=workers,
        margin=margin,
    )
