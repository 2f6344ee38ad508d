"""Options that several commands have, and how each is read and explained."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from ..checks import check_margin
from . import completing
from .one_sentence import decimal, folder, whole

WHOLE: Any = {"parser": whole, "metavar": "INTEGER"}
ProtocolName = Annotated[
    str,
    typer.Argument(metavar="PROTOCOL", autocompletion=completing.protocols, help="A task: the name of a file in"
                   " protocols/, or the path of one's own."),
]  # fmt: skip
ProtocolOrPlan = Annotated[
    str,
    typer.Argument(metavar="PROTOCOL", autocompletion=completing.protocols, help="A task: the name of a file in"
                   " protocols/, or the path of one's own; or a plan, study.toml, in which the options typed beside it"
                   " replace its own."),
]  # fmt: skip
MemoryNames = Annotated[
    list[str],
    typer.Option("--memory", metavar="NAME", autocompletion=completing.memories, help="rate, spiking, hopfield, bam,"
                 " tvt, learned (--rule), or the path of one's own; again for more."),
]  # fmt: skip
FactorNames = Annotated[
    list[str],
    typer.Option("--third-factor", metavar="NAME", autocompletion=completing.third_factors, help="sequential, random or"
                 " least_recently_used; again for more."),
]  # fmt: skip
OneFactorName = Annotated[
    str,
    typer.Option("--third-factor", metavar="NAME", autocompletion=completing.third_factors, help="sequential, random or"
                 " least_recently_used."),
]  # fmt: skip
Trials = Annotated[int, typer.Option(**WHOLE, help="Independent trials of every combination.")]
Seed = Annotated[int, typer.Option(**WHOLE, help="Every trial draws from this and its own number.")]
EngineName = Annotated[
    str,
    typer.Option("--engine", metavar="NAME", autocompletion=lambda: ["auto", "compiled", "numpy"], help="auto (compiled"
                 " where a C++ compiler works), compiled or numpy."),
]  # fmt: skip
Workers = Annotated[
    int | None, typer.Option(**WHOLE, help="Processes at a time (default: all cores).", show_default=False)
]
Scheduler = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Run on the workers of the Dask scheduler at tcp://HOST:8786.",
                 show_default=False),
]  # fmt: skip
ClusterName = Annotated[
    str | None,
    typer.Option("--cluster", metavar="NAME", autocompletion=lambda: ["slurm", "pbs", "sge", "lsf"], help="Run in jobs"
                 " of a batch system, slurm, pbs, sge or lsf, as Dask's jobqueue.yaml describes them.",
                 show_default=False),
]  # fmt: skip
Jobs = Annotated[int | None, typer.Option(**WHOLE, help="Jobs at a time, of --cluster.", show_default=False)]
Walltime = Annotated[
    str | None, typer.Option(metavar="TIME", help="Of each job of --cluster, such as 1h.", show_default=False)
]
Out = Annotated[
    Path | None,
    typer.Option(parser=folder, metavar="PATH", help="Folder for results and pictures (default: runs/ and the"
                 " command's name).", show_default=False),
]  # fmt: skip
Force = Annotated[bool, typer.Option("--force", help="Replace results that are there.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the run in --out; its options need no retyping.")]
Anyway = Annotated[
    bool, typer.Option("--anyway", help="Resume though versions, the engine or an input file have changed since.")
]
Patterns = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="One's own patterns, one per row, +1 and -1 or 0 and 1: .csv, .tsv, .npy or .npz,"
                 " or letters, the example.", show_default=False),
]  # fmt: skip
ValuePatterns = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="The value of each pattern, in the same row (labels of images), for"
                 " heteroassociative.", show_default=False),
]  # fmt: skip
Threshold = Annotated[
    float | None,
    typer.Option(parser=decimal, metavar="FLOAT", help="What is above it in one's own patterns becomes +1, all else"
                 " -1.", show_default=False),
]  # fmt: skip
InOrder = Annotated[
    bool,
    typer.Option("--in-order", help="Take the first of one's own patterns in every trial, in their order, and not a"
                 " random choice in random order."),
]  # fmt: skip
Settings = Annotated[
    list[str],
    typer.Option("--set", metavar="NAME=VALUE", autocompletion=completing.settings, help="A parameter of the spiking"
                 " memory, with its unit, e.g. release_failure=0.3 or tau_drive=30ms; again for more.",
                 show_default=False),
]  # fmt: skip
Mechanisms = Annotated[
    list[str],
    typer.Option("--mechanism", metavar="FILE.py", autocompletion=completing.mechanisms, help="A mechanism of one's own"
                 " for the spiking network, or the name of a built-in one; again for more.", show_default=False),
]  # fmt: skip
Zip = Annotated[
    list[str],
    typer.Option("--zip", metavar="NAME,NAME", help="Options whose lists go together, value by value, and make no grid;"
                 " again for more.", show_default=False),
]  # fmt: skip
XAxis = Annotated[
    str | None,
    typer.Option("--x", metavar="NAME", autocompletion=completing.varied, show_default=False,
                 help="The option along x (default: the first list)."),
]  # fmt: skip
Hue = Annotated[
    str | None,
    typer.Option("--hue", metavar="NAME", autocompletion=completing.varied, show_default=False,
                 help="The option of colours (default: the second list)."),
]  # fmt: skip
PanelOf = Annotated[
    str | None,
    typer.Option("--panel", metavar="NAME", autocompletion=completing.varied, show_default=False,
                 help="The option of panels (default: the third list)."),
]  # fmt: skip
Record = Annotated[
    str | None,
    typer.Option("--record", metavar="NAME,NAME", autocompletion=completing.kept_populations, help="Populations of the"
                 " spiking memory whose spikes are kept: input, feedforward, hidden, interneuron, output, dendrite.",
                 show_default=False),
]  # fmt: skip
RecordTrials = Annotated[
    str, typer.Option("--record-trials", metavar="N,N", help="The trials whose spikes are kept, from 0.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check everything, say how long it would take, and stop.")]
Margin = Annotated[
    float,
    typer.Option(parser=decimal, metavar="FLOAT", help="Margin of equivalence, of bits right and of silent recalls."),
]
PatternMargin = Annotated[
    float, typer.Option(parser=decimal, metavar="FLOAT", help="Margin of equivalence, of whole patterns right.")
]
FigureName = Annotated[
    str,
    typer.Argument(metavar="FIGURE", autocompletion=completing.figures, help="2a, 2b, 3a to 3d, 4a, 4b, 4c,"
                   " c5, 5a, 5b, 5c, age, blackout, width, connections, bounded, stability, or all."),
]  # fmt: skip
FigureTrials = Annotated[
    int | None,
    typer.Option("--trials", **WHOLE, help="Trials at every x (default: each curve's own).", show_default=False),
]
FigureMemories = Annotated[
    list[str],
    typer.Option(
        "--memory",
        metavar="NAME",
        autocompletion=completing.memories,
        help="rate, hopfield, bam, tvt, learned, spiking; again for more (default: all but spiking).",
        show_default=False,
    ),
]
ResumeFigure = Annotated[bool, typer.Option("--resume", help="Keep the controllers in --out that are trained (5c).")]
Debug = Annotated[bool, typer.Option("--debug", help="Show where an error came from.")]


def typed() -> str:
    """The command as it was typed, for the record of the run."""
    return shlex.join(["biokv", *sys.argv[1:]])


def margins_of(margin: float, pattern_margin: float) -> dict[str, float]:
    """The margins of what a verdict looks at. Raises ValueError for one that is no difference of fractions."""
    for name, given in (("margin", margin), ("pattern-margin", pattern_margin)):
        check_margin(name, given)
    return {"accuracy": margin, "whole_patterns": pattern_margin, "silent": margin}
