"""`biokv robustness`: one parameter of the spiking network swept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .one_sentence import one_sentence_errors
from .shared_options import (
    Debug,
    EngineName,
    FactorNames,
    Force,
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
def robustness(
    ctx: typer.Context,
    protocol: ProtocolName,
    knob: Annotated[str, typer.Option(help="The parameter of the spiking memory that is swept.")]
    = "release_failure",
    values: Annotated[str | None, typer.Option(help="Its values, with their unit, comma-separated.",
                                               show_default=False)] = None,
    third_factor: FactorNames = ["sequential"],  # noqa: B006
    trials: Trials = 40,
    seed: Seed = 0,
    engine: EngineName = "auto",
    workers: Workers = None,
    out: Out = None,
    set: Settings = [],  # noqa: B006
    force: Force = False,
    resume: Resume = False,
    patterns: Patterns = None,
    debug: Debug = False,
) -> None:  # fmt: skip
    """Sweep one imperfection of the spiking network and draw accuracy against it, beside the rate twin's.

    Twenty pairs unless told. Every knob has values of its own; the comparison is that of `biokv compare`.
    """
    from ..network.settings import knob_setting
    from ..studies.patterns import load_patterns
    from ..studies.plan import Plan
    from ..studies.run import run_study
    from .protocol_options import parse_options

    swept = knob_setting(knob, values)
    options = parse_options(protocol, ctx.args, {"n_pairs": 20} if patterns is None else {}, [swept, *set])
    own = load_patterns(patterns, protocol, options)
    plan = Plan(protocol, ("spiking", "rate"), tuple(third_factor), options, trials, seed, engine, True, own)
    folder = out or Path("runs") / f"robustness-{protocol}-{knob}"
    run_study(plan, folder, typed(), force=force, resume=resume, workers=workers)
