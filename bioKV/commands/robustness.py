"""`biokv robustness`: one parameter of the spiking network swept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .one_sentence import one_sentence_errors
from .shared_options import (
    Anyway,
    Debug,
    EngineName,
    FactorNames,
    Force,
    InOrder,
    Mechanisms,
    Out,
    Patterns,
    ProtocolName,
    Resume,
    Seed,
    Settings,
    Threshold,
    Trials,
    ValuePatterns,
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
    mechanism: Mechanisms = [],  # noqa: B006
    force: Force = False,
    resume: Resume = False,
    anyway: Anyway = False,
    patterns: Patterns = None,
    value_patterns: ValuePatterns = None,
    threshold: Threshold = None,
    in_order: InOrder = False,
    debug: Debug = False,
) -> None:  # fmt: skip
    """Sweep one imperfection of the spiking network and draw accuracy against it, beside the rate twin's.

    Twenty pairs unless told. Every knob has values of its own; the comparison is that of `biokv compare`.
    """
    from ..network.settings import knob_setting
    from ..studies.run import run_study
    from .typed_plan import typed_names, typed_plan, was_typed

    swept = knob_setting(knob, values)
    plan = typed_plan(protocol, ctx.args, settings=[swept, *set], mechanism=mechanism, patterns=patterns,
                      value_patterns=value_patterns, threshold=threshold, in_order=in_order, replay=True,
                      defaults={"n_pairs": 20}, memories=("spiking", "rate"), third_factors=tuple(third_factor),
                      trials=trials, seed=seed, engine=engine)  # fmt: skip
    folder = out or Path("runs") / f"robustness-{plan.name}-{knob}"
    run_study(plan, folder, typed(), force=force, resume=resume, workers=workers,
              typed=typed_names(ctx, [*set, *[swept] * was_typed(ctx, "knob", "values")]),
              anyway=anyway)
