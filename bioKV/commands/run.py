"""`biokv run`: a protocol on memories, as a table and a figure."""

from __future__ import annotations

from pathlib import Path

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
    MemoryNames,
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
def run(
    ctx: typer.Context,
    protocol: ProtocolName,
    memory: MemoryNames = ["rate"],  # noqa: B006
    third_factor: FactorNames = ["sequential"],  # noqa: B006
    trials: Trials = 20,
    seed: Seed = 0,
    engine: EngineName = "auto",
    workers: Workers = None,
    out: Out = None,
    force: Force = False,
    resume: Resume = False,
    anyway: Anyway = False,
    set: Settings = [],  # noqa: B006
    mechanism: Mechanisms = [],  # noqa: B006
    patterns: Patterns = None,
    value_patterns: ValuePatterns = None,
    threshold: Threshold = None,
    in_order: InOrder = False,
    debug: Debug = False,
) -> None:
    """Run a protocol on memories: a table, and accuracy with 95 % intervals.

    The protocol's arguments and the memory's (--n-slots, --p) are options too, e.g. --n-pairs 5,10,20; one of them
    may be a comma-separated list and is the x axis. `biokv doctor` lists the protocols with their options.
    """
    from ..studies.run import run_study
    from .typed_plan import typed_names, typed_plan

    plan = typed_plan(protocol, ctx.args, settings=set, mechanism=mechanism, patterns=patterns,
                      value_patterns=value_patterns, threshold=threshold, in_order=in_order, memories=tuple(memory),
                      third_factors=tuple(third_factor), trials=trials, seed=seed, engine=engine)  # fmt: skip
    folder = out or Path("runs") / f"run-{plan.name}"
    run_study(plan, folder, typed(), force=force, resume=resume, workers=workers, typed=typed_names(ctx, set),
              anyway=anyway)
