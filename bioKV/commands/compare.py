"""`biokv compare`: the spiking network beside its rate twin."""

from __future__ import annotations

import typer

from .one_sentence import one_sentence_errors
from .shared_options import (
    Anyway,
    Debug,
    DryRun,
    EngineName,
    FactorNames,
    Force,
    Hue,
    InOrder,
    Margin,
    Mechanisms,
    Out,
    PanelOf,
    PatternMargin,
    Patterns,
    ProtocolOrPlan,
    Record,
    RecordTrials,
    Resume,
    Seed,
    Settings,
    Threshold,
    Trials,
    ValuePatterns,
    Workers,
    margins_of,
    typed,
)


@one_sentence_errors
def compare(
    ctx: typer.Context,
    protocol: ProtocolOrPlan,
    third_factor: FactorNames = ["sequential"],  # noqa: B006
    trials: Trials = 20,
    seed: Seed = 0,
    engine: EngineName = "auto",
    workers: Workers = None,
    out: Out = None,
    margin: Margin = 0.02,
    pattern_margin: PatternMargin = 0.05,
    force: Force = False,
    resume: Resume = False,
    anyway: Anyway = False,
    set: Settings = [],  # noqa: B006
    mechanism: Mechanisms = [],  # noqa: B006
    patterns: Patterns = None,
    value_patterns: ValuePatterns = None,
    threshold: Threshold = None,
    in_order: InOrder = False,
    zip: Zip = [],  # noqa: B006
    x: XAxis = None,
    hue: Hue = None,
    panel: PanelOf = None,
    record: Record = None,
    record_trials: RecordTrials = "0",
    dry_run: DryRun = False,
    debug: Debug = False,
) -> None:
    """Compare the spiking network with its rate twin, which gets the plateaus that happened in the spiking one."""
    from ..studies.run import run_study
    from .typed_study import dry, typed_study

    margins = margins_of(margin, pattern_margin)
    plan = typed_plan(protocol, ctx.args, settings=set, mechanism=mechanism, patterns=patterns,
                      value_patterns=value_patterns, threshold=threshold, in_order=in_order, replay=True,
                      memories=("spiking", "rate"), third_factors=tuple(third_factor), trials=trials, seed=seed,
                      engine=engine)  # fmt: skip
    folder = out or Path("runs") / f"compare-{plan.name}"
    run_study(plan, folder, typed(), force=force, resume=resume, workers=workers, typed=typed_names(ctx, set),
              anyway=anyway, margins=margins)
