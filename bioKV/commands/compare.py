"""`biokv compare`: the spiking network beside its rate twin."""

from __future__ import annotations

import typer

from .one_sentence import one_sentence_errors
from .picture_options import Format, StyleName, Width
from .shared_options import (
    Anyway,
    ClusterName,
    Debug,
    DryRun,
    EngineName,
    FactorNames,
    Force,
    Hue,
    InOrder,
    Jobs,
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
    Scheduler,
    Seed,
    Settings,
    Threshold,
    Trials,
    ValuePatterns,
    Walltime,
    Workers,
    XAxis,
    Zip,
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
    scheduler: Scheduler = None,
    cluster: ClusterName = None,
    jobs: Jobs = None,
    walltime: Walltime = None,
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
    width: Width = None,
    format: Format = "png,pdf",
    style: StyleName = "print",
    record: Record = None,
    record_trials: RecordTrials = "0",
    dry_run: DryRun = False,
    debug: Debug = False,
) -> None:
    """Compare the spiking network with its rate twin, which gets the plateaus that happened in the spiking one."""
    from .typed_study import typed_study
    from .typed_workers import carry_out

    carry_out(ctx, typed_study(ctx, compare=True))
