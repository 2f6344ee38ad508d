"""`biokv robustness`: one parameter of the spiking network swept."""

from __future__ import annotations

from typing import Annotated

import typer

from .one_sentence import one_sentence_errors
from .picture_options import Format, StyleName, Width
from .shared_options import (
    Anyway,
    Debug,
    DryRun,
    EngineName,
    FactorNames,
    Force,
    Hue,
    InOrder,
    Mechanisms,
    Out,
    PanelOf,
    Patterns,
    ProtocolName,
    Record,
    RecordTrials,
    Resume,
    Seed,
    Settings,
    Threshold,
    Trials,
    ValuePatterns,
    Workers,
    XAxis,
    Zip,
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
) -> None:  # fmt: skip
    """Sweep one imperfection of the spiking network and draw accuracy against it, beside the rate twin's.

    Twenty pairs unless told. Every knob has values of its own; the comparison is that of `biokv compare`.
    """
    from ..network.settings import knob_setting
    from .typed_plan import was_typed
    from .typed_study import typed_study
    from .typed_workers import carry_out

    swept = knob_setting(knob, values)
    said = [swept] if was_typed(ctx, "knob", "values") else []
    study = typed_study(ctx, compare=True, settings=[swept, *set], typed_settings=[*set, *said],
                        defaults={"n_pairs": 20}, suffix=f"-{knob}")  # fmt: skip
    carry_out(ctx, study)
