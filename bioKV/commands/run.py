"""`biokv run`: a protocol on memories, as a table and a figure."""

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
    Mechanisms,
    MemoryNames,
    Out,
    PanelOf,
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
def run(
    ctx: typer.Context,
    protocol: ProtocolOrPlan,
    memory: MemoryNames = ["rate"],  # noqa: B006
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
    """Run a protocol on memories: a table, and accuracy with 95 % intervals.

    The protocol's arguments and the memory's (--n-slots, --p, --regime) are options too. Any of them may be a list
    (--n-pairs 5,10,20) or a range (10:100:10): every combination is run. `biokv run PROTOCOL --help` lists the
    protocol's.

    \b
    Examples:
      biokv run autoassociative --memory spiking --memory rate --n-pairs 5,10,20
      biokv run autoassociative --n-pairs 10:40:10 --corruption 0.3,0.6 --out runs/grid
      biokv run autoassociative --memory spiking --set release_failure=0,0.3
      biokv run studies/three-factors.toml --dry-run
    """
    from .typed_study import typed_study
    from .typed_workers import carry_out

    carry_out(ctx, typed_study(ctx))
