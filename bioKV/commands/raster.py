"""`biokv raster`: the spikes of one trial, and its task."""

from __future__ import annotations

from pathlib import Path

import typer

from .one_sentence import one_sentence_errors
from .picture_options import Format, StyleName, Width, typed_style
from .raster_options import (
    Neurons,
    Order,
    Populations,
    Presentations,
    TaskAlone,
    TimeOf,
    Trial,
    neurons_of,
    populations_of,
    presentations_of,
    time_of,
)
from .shared_options import (
    Debug,
    EngineName,
    Force,
    InOrder,
    Mechanisms,
    OneFactorName,
    Out,
    Patterns,
    ProtocolName,
    Seed,
    Settings,
    Threshold,
    ValuePatterns,
    typed,
)


@one_sentence_errors
def raster(
    ctx: typer.Context,
    protocol: ProtocolName,
    third_factor: OneFactorName = "sequential",
    seed: Seed = 0,
    engine: EngineName = "auto",
    out: Out = None,
    force: Force = False,
    set: Settings = [],  # noqa: B006
    mechanism: Mechanisms = [],  # noqa: B006
    patterns: Patterns = None,
    value_patterns: ValuePatterns = None,
    threshold: Threshold = None,
    in_order: InOrder = False,
    populations: Populations = "input,feedforward,interneuron,hidden,output",
    neurons: Neurons = [],  # noqa: B006
    time: TimeOf = None,
    presentations: Presentations = None,
    trial: Trial = 0,
    order: Order = "written",
    task: TaskAlone = False,
    width: Width = None,
    format: Format = "png,pdf",
    style: StyleName = "print",
    debug: Debug = False,
) -> None:
    """Draw one trial: its spikes (raster, with a caption in raster.txt), rates after onsets (psth), and its task.

    The raster has all populations with their rates, plateaus, the gate, and per recall how many entries came right.
    Unless options say otherwise the trial is a short one, of any protocol.

    \b
    Examples:
      biokv raster autoassociative --n-pairs 4
      biokv raster sequence --n-patterns 4 --third-factor random
    """
    from ..studies.raster import Shown, draw_raster
    from .protocol_options import SHORT
    from .typed_plan import typed_plan, was_typed

    pictures = typed_style(ctx.params)
    for name in ("populations", "neurons", "time", "order") if task else ():
        if was_typed(ctx, name):
            raise ValueError(f"--task draws no spikes, so that it takes no --{name}; leave one of the two away")
    show = Shown(trial, populations_of(populations), neurons_of(neurons), time_of(time),
                 presentations_of(presentations), order, task)  # fmt: skip
    plan = typed_plan(protocol, ctx, settings=set, mechanism=mechanism, patterns=patterns,
                      value_patterns=value_patterns, threshold=threshold, in_order=in_order, defaults=SHORT,
                      memories=("spiking",), third_factors=(third_factor,), trials=1, seed=seed,
                      engine=engine)  # fmt: skip
    draw_raster(plan, out or Path("runs") / f"raster-{plan.name}", typed(), force=force, show=show,
                style=pictures)  # fmt: skip
