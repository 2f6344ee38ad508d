"""The command line. Everything slow is imported inside the commands."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from .. import __version__
from .one_sentence import OneSentenceGroup, decimal, one_sentence_errors, whole

app = typer.Typer(
    cls=OneSentenceGroup, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)  # fmt: skip
WHOLE: Any = {"parser": whole, "metavar": "INTEGER"}
# a protocol's own options come from its function's arguments, so typer passes on what it does not know
PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}

ProtocolName = Annotated[str, typer.Argument(metavar="PROTOCOL", help="A task: the name of a file in protocols/.")]
MemoryNames = Annotated[
    list[str], typer.Option("--memory", help="rate, spiking, hopfield, bam, tvt, learned (--rule); again for more.")
]
FactorNames = Annotated[
    list[str], typer.Option("--third-factor", help="sequential, random or least_recently_used; again for more.")
]
Trials = Annotated[int, typer.Option(**WHOLE, help="Independent trials at every x.")]
Seed = Annotated[int, typer.Option(**WHOLE, help="Every trial draws from this and its own number.")]
EngineName = Annotated[str, typer.Option("--engine", help="auto, compiled or numpy.")]
Workers = Annotated[
    int | None, typer.Option(**WHOLE, help="Processes at a time (default: all cores).", show_default=False)
]
Out = Annotated[
    Path | None,
    typer.Option(help="Folder for results and pictures (default: runs/ and the command's name).", show_default=False),
]
Force = Annotated[bool, typer.Option("--force", help="Replace results that are there.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the run in --out; its options need no retyping.")]
Patterns = Annotated[
    Path | None, typer.Option(help="One's own patterns, .csv or .npy, one a row, +1 and -1.", show_default=False)
]
Settings = Annotated[
    list[str],
    typer.Option("--set", metavar="NAME=VALUE", help="A parameter of the spiking memory, with its unit, e.g."
                 " release_failure=0.3 or tau_drive=30ms; again for more.", show_default=False),
]  # fmt: skip
Margin = Annotated[float, typer.Option(parser=decimal, metavar="FLOAT", help="Margin of equivalence, in accuracy.")]
FigureName = Annotated[
    str,
    typer.Argument(metavar="FIGURE", help="2a, 2b, 3a to 3d, 4a, 4b, 4c, c5, 5a, 5b, 5c, age, blackout, or all."),
]
FigureTrials = Annotated[
    int | None,
    typer.Option("--trials", **WHOLE, help="Trials at every x (default: each curve's own).", show_default=False),
]
FigureMemories = Annotated[
    list[str],
    typer.Option(
        "--memory",
        help="rate, hopfield, bam, tvt, learned, spiking; again for more (default: all but spiking).",
        show_default=False,
    ),
]
ResumeFigure = Annotated[bool, typer.Option("--resume", help="Keep the controllers in --out that are trained (5c).")]
Debug = Annotated[bool, typer.Option("--debug", help="Show where an error came from.")]


def _say_version(asked: bool) -> None:
    if asked:
        print(f"bioKV {__version__}")
        raise typer.Exit


@app.callback()
def options_of_all(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say which bioKV this is and exit.")
    ] = False,
) -> None:
    """Key-value memory networks on spiking neurons, beside their rate model."""


@app.command(context_settings=PASS_ON, no_args_is_help=True)
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
    set: Settings = [],  # noqa: B006
    patterns: Patterns = None,
    debug: Debug = False,
) -> None:
    """Run a protocol on memories: a table, and accuracy with 95 % intervals.

    The protocol's arguments and the memory's (--n-slots, --p) are options too, e.g. --n-pairs 5,10,20; one of them
    may be a comma-separated list and is the x axis. `biokv doctor` lists the protocols with their options.
    """
    from ..studies.plan import Plan
    from ..studies.run import load_patterns, parse_options, run_study

    options = parse_options(protocol, ctx.args, settings=set)
    own = load_patterns(patterns, protocol, options)
    plan = Plan(protocol, tuple(memory), tuple(third_factor), options, trials, seed, engine, False, own)
    run_study(plan, out or Path("runs") / f"run-{protocol}", _command(), force=force, resume=resume, workers=workers)


@app.command(context_settings=PASS_ON, no_args_is_help=True)
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
    from ..studies.plan import Plan
    from ..studies.run import load_patterns, parse_options, run_study

    if not 0 < margin < 1:
        raise ValueError(f"margin must lie between 0 and 1, in accuracy; got {margin}")
    options = parse_options(protocol, ctx.args, settings=set)
    own = load_patterns(patterns, protocol, options)
    plan = Plan(protocol, ("spiking", "rate"), tuple(third_factor), options, trials, seed, engine, True, own)
    run_study(
        plan,
        out or Path("runs") / f"compare-{protocol}",
        _command(),
        force=force,
        resume=resume,
        workers=workers,
        margin=margin,
    )


@app.command(context_settings=PASS_ON, no_args_is_help=True)
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
    from ..studies.plan import Plan
    from ..studies.run import load_patterns, parse_options, run_study

    swept = knob_setting(knob, values)
    options = parse_options(protocol, ctx.args, {"n_pairs": 20} if patterns is None else {}, [swept, *set])
    own = load_patterns(patterns, protocol, options)
    plan = Plan(protocol, ("spiking", "rate"), tuple(third_factor), options, trials, seed, engine, True, own)
    folder = out or Path("runs") / f"robustness-{protocol}-{knob}"
    run_study(plan, folder, _command(), force=force, resume=resume, workers=workers)


@app.command(context_settings=PASS_ON, no_args_is_help=True)
@one_sentence_errors
def raster(
    ctx: typer.Context,
    protocol: ProtocolName,
    third_factor: Annotated[str, typer.Option(help="sequential, random or least_recently_used.")] = "sequential",
    seed: Seed = 0,
    engine: EngineName = "auto",
    out: Out = None,
    force: Force = False,
    set: Settings = [],  # noqa: B006
    patterns: Patterns = None,
    debug: Debug = False,
) -> None:
    """Draw the spikes of one trial: all populations, plateaus, the gate, and target beside recalled value.

    Unless options say otherwise the trial is a short one, of any protocol.
    """
    from ..studies.plan import Plan
    from ..studies.run import SHORT, draw_raster, load_patterns, parse_options

    options = parse_options(protocol, ctx.args, SHORT if patterns is None else {}, set)
    own = load_patterns(patterns, protocol, options)
    plan = Plan(protocol, ("spiking",), (third_factor,), options, 1, seed, engine, False, own)
    draw_raster(plan, out or Path("runs") / f"raster-{protocol}", _command(), force=force)


@app.command(context_settings=PASS_ON, no_args_is_help=True)
@one_sentence_errors
def look(
    ctx: typer.Context,
    protocol: ProtocolName,
    third_factor: Annotated[str, typer.Option(help="sequential, random or least_recently_used.")] = "sequential",
    seed: Seed = 0,
    engine: EngineName = "auto",
    out: Out = None,
    force: Force = False,
    set: Settings = [],  # noqa: B006
    patterns: Patterns = None,
    debug: Debug = False,
) -> None:
    """Look inside one trial: membranes and dendrites, weights before and after a write, spike shares and softmax.

    Unless options say otherwise the trial is a short one, of any protocol.
    """
    from ..studies.plan import Plan
    from ..studies.run import SHORT, load_patterns, parse_options
    from .look import draw_look

    longer = {**SHORT, "n_pairs": 20, "n_patterns": 20, "n_steps": 60}  # no need to see every presentation
    options = parse_options(protocol, ctx.args, longer if patterns is None else {}, set)
    own = load_patterns(patterns, protocol, options)
    plan = Plan(protocol, ("spiking", "rate"), (third_factor,), options, 1, seed, engine, True, own)
    draw_look(plan, out or Path("runs") / f"look-{protocol}", _command(), force=force)


@app.command(context_settings=PASS_ON, no_args_is_help=True)
@one_sentence_errors
def learn(
    ctx: typer.Context,
    protocol: ProtocolName,
    third_factor: Annotated[str, typer.Option(help="sequential or random.")] = "sequential",
    steps: Annotated[
        int | None, typer.Option(**WHOLE, help="Updates in all (default: 500).", show_default=False)
    ] = None,
    batch: Annotated[int, typer.Option(**WHOLE, help="Sequences at each step.")] = 8,
    learning_rate: Annotated[float, typer.Option(parser=decimal, metavar="FLOAT", help="Of Adam.")] = 1e-2,
    start: Annotated[str, typer.Option(help="near-zero, simple, or a rule's file.")] = "near-zero",
    train: Annotated[
        str, typer.Option(help="What is learned, comma-separated (default: all but axon).", show_default=False)
    ] = "",
    carry: Annotated[bool, typer.Option("--carry", help="Weights stay from sequence to sequence.")] = False,
    patience: Annotated[
        int | None, typer.Option(**WHOLE, help="Stop when so many steps brought nothing.", show_default=False)
    ] = None,
    device: Annotated[str, typer.Option(help="cpu or gpu.")] = "cpu",
    seed: Seed = 0,
    out: Out = None,
    force: Force = False,
    resume: Resume = False,
    debug: Debug = False,
) -> None:
    """Learn a plasticity rule on a protocol, by gradient descent (takes the extra "learn": JAX).

    The protocol's arguments, --n-slots and --p are options too. Of a comma-separated pair (--n-pairs 20,80, which is
    the default with 40 slots) every training sequence draws its own value, ends included. The rule goes to rule.json;
    `biokv run PROTOCOL --memory learned --rule FILE` measures it.
    """
    from ..studies.run import parse_options
    from .learn import TRAINABLE, Training, run_learning

    names = tuple(name.strip() for name in train.split(",")) if train else TRAINABLE
    training = Training(protocol, third_factor, parse_options(protocol, ctx.args), batch=batch, seed=seed,
                        learning_rate=learning_rate, start=start, trainable=names, carry=carry, patience=patience,
                        device=device)  # fmt: skip
    run_learning(training, steps, out or Path("runs") / f"learn-{protocol}", _command(), force=force, resume=resume)


@app.command(no_args_is_help=True)
@one_sentence_errors
def figure(
    name: FigureName,
    trials: FigureTrials = None,
    memory: FigureMemories = [],  # noqa: B006
    seed: Seed = 0,
    workers: Workers = None,
    out: Out = None,
    force: Force = False,
    resume: ResumeFigure = False,
    debug: Debug = False,
) -> None:
    """Measure a figure of the paper with rate memories and draw it beside the authors' curves.

    "all" draws every figure but 5c into a folder of its own, some at a time (--workers); "age" and "blackout"
    are ours. For 3a to 3d rules are learned, a quarter of a minute each, and kept; 5c trains controllers, minutes each.
    Both take the extra "learn" (JAX).
    """
    from ..checks import check_count
    from ..paper.figure import run_all_figures, run_figure
    from ..paper.learning_figures import FIGURES as LEARNING_FIGURES

    if workers is not None:
        check_count("workers", workers)
    if resume and name.lower() != "5c":
        raise ValueError(f"figure {name.lower()} is measured anew every time; --resume is for 5c, which trains")
    if name.lower() in LEARNING_FIGURES:
        if trials is not None or memory or seed:
            raise ValueError(f"figure {name.lower()} shows the same trainings always: no --trials, --memory or --seed")
        from ..paper.learning_figures import run_learning_figure

        run_learning_figure(name.lower(), out or Path("runs") / f"figure-{name.lower()}", _command(), force=force)
    elif name.lower() == "5c":
        from ..paper.copy_paste import run_copy_paste

        folder = out or Path("runs") / "figure-5c"
        run_copy_paste(folder, _command(), trials, tuple(memory), seed, force=force, resume=resume)
    elif name.lower() == "all":
        run_all_figures(out or Path("runs"), trials, tuple(memory), seed, workers, force=force)
    else:
        folder = out or Path("runs") / f"figure-{name.lower()}"
        run_figure(name.lower(), folder, _command(), trials, tuple(memory), seed, force=force)


@app.command()
@one_sentence_errors
def doctor(debug: Debug = False) -> None:
    """Say what works here: Python, packages, compiler, cache, protocols; and what to do about what does not."""
    from .doctor import examine

    for line in examine():
        print(line)


def _command() -> str:
    return shlex.join(["biokv", *sys.argv[1:]])


def main() -> Any:
    """The `biokv` command."""
    # one thread of linear algebra a process: the processes are what fills the cores
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    try:
        app(prog_name="biokv")
    except SystemExit as end:
        if end.code == 130 and "jax" in sys.modules:  # Ctrl-C: JAX may crash where Python is taken down under it
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(130)
        raise
