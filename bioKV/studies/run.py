"""What the commands do: options from text, a study into its folder, tables and pictures at its end."""

from __future__ import annotations

import inspect
import json
import signal
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pandas as pd

from ..memory import check_sizes
from ..network.settings import read_setting
from ..progress import bar, say_to_stderr
from . import study
from .plan import Plan, check_plan, draw_episode, length_option, make_memory, protocol_options
from .results import RunFolder, describe, make_writable, recorded_plan, spent

OPTION_TYPES = {"n_slots": int, "p": float, "stability_threshold": float, "key_stability_threshold": float,
                "decay": float, "rule": str}  # fmt: skip
# what makes one trial short enough to be seen whole, where nothing else is typed
SHORT = {"n_pairs": 4, "n_patterns": 5, "n_steps": 16, "delay": 3, "n_flashbulb": 1}


def parse_options(protocol: str, words: list[str], defaults: dict[str, Any] | None = None,
                  settings: Iterable[str] = ()) -> dict[str, Any]:  # fmt: skip
    """`--n-pairs 5,10 --corruption=0.6` -> {"n_pairs": [5, 10], "corruption": 0.6}, by the protocol's signature.

    defaults : for options that were not given; those that neither protocol nor memory has are left out.
    settings : what came after --set. Raises ValueError for an option the protocol does not have, one without a value
    or given twice, or a value of another type or unit.
    """
    known = {name: _type(parameter) for name, parameter in protocol_options(protocol).items()} | OPTION_TYPES
    options: dict[str, Any] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if not word.startswith("--"):
            raise ValueError(f"{word!r} does not belong to an option; options look like --n-pairs 5,10,20")
        flag, equals, text = word[2:].partition("=")
        name = flag.replace("-", "_")
        if name not in known:
            listed = ", ".join("--" + n.replace("_", "-") for n in known)
            raise ValueError(f"{protocol} has no option --{flag}; it has {listed}")
        if name in options:
            raise ValueError(f"--{flag} was given twice; one comma-separated list makes it the x axis")
        if not equals:
            if not rest or rest[0].startswith("--"):
                raise ValueError(f"--{flag} needs a value")
            text = rest.pop(0)
        values = [_read(flag, part, known[name]) for part in text.split(",")]
        options[name] = values if "," in text else values[0]
    for text in settings:
        name, setting = read_setting(text)
        if name in options:
            raise ValueError(f"--set {name} was given twice; one comma-separated list makes it the x axis")
        options[name] = setting
    for name, value in (defaults or {}).items():
        if name in known:
            options.setdefault(name, value)
    return options


def _type(parameter: inspect.Parameter) -> type:
    kinds = get_args(parameter.annotation) or (parameter.annotation,)  # of `int | None`, int
    return next((kind for kind in kinds if kind in (int, float, bool, str)), str)


def _read(flag: str, text: str, kind: type) -> Any:
    text = text.strip()
    try:
        if kind is bool:
            return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[text.lower()]
        return kind(text)
    except (ValueError, KeyError):
        wanted = {int: "a whole number", float: "a number", bool: "true or false"}.get(kind, kind.__name__)
        raise ValueError(f"--{flag} must be {wanted}; got {text!r}") from None


def load_patterns(path: Path | None, protocol: str, options: dict[str, Any]) -> np.ndarray | None:
    """One's own patterns from .csv or .npy; sets key_dim, and how many the protocol stores or shows (n_pairs,
    n_patterns or n_steps) to all of them, unless that was given.

    Returns (P, d), one pattern a row; None without a path. `options` is changed in place.
    Raises ValueError if the file cannot be read as a table of numbers.
    """
    if path is None:
        return None
    try:
        if path.suffix == ".npy":
            patterns = np.load(path, allow_pickle=False)
        elif path.suffix == ".csv":
            patterns = np.loadtxt(path, delimiter=",", ndmin=2)
        else:
            raise ValueError("its name must end in .csv or .npy")
        patterns = np.asarray(patterns, dtype=float)
    except (OSError, ValueError) as problem:
        raise ValueError(f"cannot read patterns from {path}: {problem}") from None
    if patterns.ndim != 2 or patterns.size == 0:
        raise ValueError(f"{path} must hold a table with one pattern a row; it has shape {patterns.shape}")
    known = protocol_options(protocol)
    if "key_dim" in known:
        options.setdefault("key_dim", patterns.shape[1])
    count = next((name for name in ("n_pairs", "n_patterns", "n_steps") if name in known), None)
    if count and protocol != "correlated":  # whose patterns are all made from the first row
        options.setdefault(count, len(patterns))
    return patterns


def run_study(plan: Plan, out: Path, command: str, *, force: bool, resume: bool, workers: int | None,
              margin: float = 0.02) -> pd.DataFrame:  # fmt: skip
    """Run a plan into a folder and draw it; returns the table, with the columns study.COLUMNS.

    out : gets results.csv, which grows with the run, and run.json; at the end accuracy.png and accuracy.pdf, and
        comparison.csv for a plan with replay. A summary is printed.
    command : goes into run.json. force : replace results that are there. resume : go on with them; a plan in which only
        the command and protocol were typed becomes the one in run.json.
    workers : processes at a time of the spiking memory, None takes all cores.
    margin : of equivalence, a difference of accuracies, above 0; it matters with replay only.
    On Ctrl-C or SIGTERM what is finished stays (exit code 130).
    Raises ValueError if the plan cannot be carried out, if it has replay and fewer than 2 trials, if workers is not a
    whole number above 0, or if `out` cannot be written, holds results already (without force or resume) or has none of
    this plan to resume. Raises RuntimeError if compiling or an engine fails. What was finished before an error stays.
    """
    if resume and plan == untyped(plan):
        plan = recorded_plan(out, plan)
    check_plan(plan)
    if plan.replay and plan.trials < 2:
        raise ValueError(f"a comparison needs at least 2 trials; got {plan.trials}")
    if workers is not None:
        check_sizes(workers=workers)
    chosen = study.engine_and_reason(plan, workers)  # looks at the cache too: what it refuses comes before any file
    folder = RunFolder(out, plan, command, force=force, resume=resume)
    if chosen:
        engine, reason = chosen
        if folder.engine and plan.engine == "auto":
            engine, reason = folder.engine, "as when the run began"
        plan = plan._replace(engine=engine)
        say_to_stderr(f"spiking engine: {engine} ({reason})")
    folder.begin([plan.engine] if chosen else [])
    with stop_on_terminate():
        try:
            with bar(plan.protocol, 1.0) as advance:
                for chunk in study.run(plan, folder.done, workers=workers, say=say_to_stderr, progress=advance):
                    folder.add(chunk)
        except KeyboardInterrupt:
            folder.finish("interrupted")
            say_to_stderr(f"stopped; the finished trials are in {folder.table}, and --resume goes on from there")
            sys.exit(130)
        except BaseException:
            with suppress(ValueError):  # a full disk must not hide what went wrong
                folder.finish("failed")
                if len(folder.read()):
                    say_to_stderr(f"the trials finished before are in {folder.table}; --resume goes on from there")
            raise
    table = folder.read()
    folder.finish("finished")
    written = [folder.table, folder.record, *_draw(plan, table, folder.path, margin)]
    _print_summary(plan, table, folder.path, margin)
    print("wrote " + ", ".join(str(path) for path in written))
    return table


def untyped(plan: Plan) -> Plan:
    """The plan of the same command and protocol when nothing else is typed."""
    memories = ("spiking", "rate") if plan.replay else ("rate",)
    return Plan(plan.protocol, memories, replay=plan.replay)


class stop_on_terminate:
    """SIGTERM ends a run as Ctrl-C does. Raises ValueError outside the main thread."""

    def __enter__(self):
        self.before = signal.signal(signal.SIGTERM, signal.default_int_handler)

    def __exit__(self, *problem):
        signal.signal(signal.SIGTERM, self.before)


def _draw(plan: Plan, table: pd.DataFrame, folder: Path, margin: float) -> list[Path]:
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    from ..analysis.curves import gaps, plot_accuracy, plot_gap

    written = []
    if plan.replay:
        figure, (left, right) = plt.subplots(1, 2, figsize=(8.2, 4.2), layout="constrained")
        plot_accuracy(table, left)
        plot_gap(table, margin, right)
        gaps(table, margin).to_csv(folder / "comparison.csv", index=False)
        written.append(folder / "comparison.csv")
    else:
        figure, ax = plt.subplots(figsize=(4.6, 4.2), layout="constrained")
        plot_accuracy(table, ax)
    written += save_figure(figure, folder / "accuracy")
    return written


def save_figure(figure, stem: Path) -> list[Path]:
    """Write a figure as PNG (200 dots per inch) and PDF, and close it; returns the two paths. stem : without suffix."""
    import matplotlib.pyplot as plt

    paths = [stem.with_suffix(".png"), stem.with_suffix(".pdf")]
    for path in paths:
        figure.savefig(path, dpi=200)
    plt.close(figure)
    return paths


def _print_summary(plan: Plan, table: pd.DataFrame, folder: Path, margin: float) -> None:
    from rich.console import Console
    from rich.table import Table

    from ..analysis.curves import gaps, summary

    console = Console()
    x_name = table.x_name.iloc[0]
    subsets = table.subset.nunique() > 1
    shown = Table(title=f"accuracy, mean over {plan.trials} trials [95 % interval]")
    for column in ("third factor", "memory", x_name, *(["subset"] if subsets else []), "accuracy"):
        shown.add_column(column)
    for row in summary(table).itertuples():
        found = f"{row.mean:.4f} [{row.low:.4f}, {row.high:.4f}]" if row.trials > 1 else f"{row.mean:.4f} (one trial)"
        shown.add_row(row.third_factor, row.memory, str(row.x), *([row.subset] if subsets else []), found)
    console.print(shown)
    if not plan.replay:
        return
    paired = gaps(table, margin)
    shown = Table(title="spiking minus rate, paired by trial, the same plateaus in both")
    subset = ["subset"] if subsets else []
    for column in ("third factor", x_name, *subset, "gap [95 % interval]", f"p of ±{margin:g}"):
        shown.add_column(column)
    for row in paired.itertuples():
        gap = f"{row.gap:+.4f} [{row.low:+.4f}, {row.high:+.4f}]"
        of = [row.subset] if subsets else []
        shown.add_row(row.third_factor, str(row.x), *of, gap, f"{row.p_equivalence:.2g}")
    console.print(shown)
    means = table[table.memory == "spiking"].groupby(["third_factor", "x", "quantity"]).value.mean()
    shown = Table(title="a recall in spikes: against the softmax, and what it costs")
    for column in ("third factor", x_name, "argmax", "excess KL", "votes", "spikes", "syn. events"):
        shown.add_column(column)
    for row in paired.drop_duplicates(["third_factor", "x"]).itertuples():
        of = means[row.third_factor][row.x]
        shown.add_row(
            row.third_factor,
            str(row.x),
            f"{of['argmax_share']:.3f}",
            f"{of['excess_kl']:.3f}",
            f"{of['votes_per_recall']:.1f}",
            f"{of['spikes_per_recall']:.0f}",
            f"{of['synaptic_events_per_recall']:.0f}",
        )
    console.print(shown)
    quantities = means.groupby(level="quantity")
    rates = Table(title="firing rates in Hz, 99th percentile")
    for column in ("population", "storing", "recalling"):
        rates.add_column(column)
    for population in ("input", "feedforward", "hidden", "interneuron", "output"):
        rates.add_row(
            population,
            *(f"{quantities.max()[f'peak_rate_{population}_{phase}_hz']:.0f}" for phase in ("store", "recall")),
        )
    console.print(rates)
    missed, extra = quantities.mean()["missed_plateaus"], quantities.mean()["extra_plateaus"]
    print(f"dendritic spikes missed per presentation: {missed:.4g}, too many: {extra:.4g}")
    for factor in plan.third_factors:
        of = means[factor].groupby(level="quantity").mean()
        happened, expected = of["plateaus_per_presentation"], of["expected_plateaus"]
        print(f"plateaus per presentation, {factor}: {happened:.3f}, expected {expected:g}")
    worst = paired.p_equivalence.max()
    verdict = "equivalent" if worst < 0.05 else "not shown to be equivalent"
    tests = f"two one-sided t tests, largest p = {worst:.2g}"
    print(f"verdict: spiking and rate are {verdict} within ±{margin:g} at every point ({tests})")


def draw_raster(plan: Plan, out: Path, command: str, *, force: bool) -> None:
    """The first trial of a plan on the spiking memory, recorded and drawn as out/raster.png and out/raster.pdf.

    Prints the trial's accuracy. There is no run.json, so `command` is not kept. force : replace a raster that is there.
    Raises ValueError if the plan cannot be carried out, if an option is a list, if there are more than 60
    presentations, or if `out` cannot be written or holds a raster already (without force).
    Raises RuntimeError if compiling or the engine fails.
    """
    import matplotlib

    matplotlib.use("agg")
    from ..analysis.accuracy import accuracy
    from ..analysis.raster import NEEDED, plot_raster
    from ..randomness import study_streams

    check_plan(plan)
    if any(isinstance(value, list | tuple) for value in plan.options.values()):
        raise ValueError("a raster shows one trial; give every option a single value")
    cell = study.cells(plan)[0]
    if cell.n_steps > 60:
        raise ValueError(f"a raster of {cell.n_steps} presentations cannot be read; at most 60 fit"
                         f" (a smaller {length_option(plan.protocol)})")  # fmt: skip
    if ((out / "raster.png").exists() or (out / "run.json").exists()) and not force:
        raise ValueError(f"{out} already holds a raster or other results; another --out or --force (replace) would do")
    make_writable(out)
    started = time.time()
    episode = draw_episode(plan, cell.options, 0, 0)
    memory = make_memory(plan, "spiking", cell.third_factor, cell.options, episode, None, None)
    with stop_on_terminate(), bar("raster", 1.0) as advance:
        response = memory.respond(
            episode, study_streams(plan.seed, 0, 0)[1:], NEEDED, say=say_to_stderr, progress=advance
        )
    axes = plot_raster(response, episode)
    written = [*save_figure(axes[0].figure, out / "raster"), out / "run.json"]
    record = describe(plan, command) | {"engine": [cell.engine], "state": "finished", **spent(started)}
    (out / "run.json").write_text(json.dumps(record, indent=2) + "\n")
    print(f"accuracy in this trial: {float(accuracy(response, episode)):.4f}")
    print("wrote " + ", ".join(str(path) for path in written))
