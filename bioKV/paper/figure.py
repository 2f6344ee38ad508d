"""What `biokv figure` does: measure a panel, hold it against the reference, write tables and pictures."""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from ..analysis.capacity import Slope, capacity_slope
from ..analysis.curve_agreement import CurveAgreement, agreement, standard_error
from ..analysis.intervals import fraction_interval, t_interval
from ..analysis.reference import reference_rows
from ..analysis.style import ONE_COLUMN, PRINT, TWO_COLUMNS, Style
from ..checks import check_count
from ..engines.children import cores, in_parallel, run_child
from ..engines.choose import choose_engine
from ..learning.jax_extra import require_jax
from ..progress import bar, say_to_stderr
from ..stopping import stopped_as
from ..studies.earlier import remove_earlier
from ..studies.pictures import plain_matplotlib, save_figure
from ..studies.record import noted, provenance
from ..studies.results import make_writable
from ..whole_file import replacing
from .learning_figures import FIGURES as LEARNING_FIGURES
from .memories_of import all_memories, check_twice, choose_memories, find_panel
from .panel import COLUMNS, Measured, Panel, accuracies
from .panels import LEARNS, PANELS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIGURE_COLUMNS = ("figure", "model", "x_name", "x", "mean", "ci95_low", "ci95_high", "n_trials",
                  "reference_mean", "reference_low", "reference_high")  # fmt: skip
AGREEMENT_COLUMNS = ("figure", "model", *CurveAgreement._fields)
SLOPE_COLUMNS = ("figure", "model", *Slope._fields)
LONGEST_EPISODE = 10_000  # presentations; no panel has longer ones, and what is longer runs on the other engine
FEW = 100  # trials per point; below, the spread of a few that went wrong says little of how sure a mean is
LONGEST = ("2b", "3a", "3b")  # begun first; 3a learns what 3b, 3c and 3d need too
CHILD = [sys.executable, "-m", "bioKV", "figure"]


class Point(NamedTuple):
    """What was measured of one curve (of the panel's i-th, one subset) at one x."""

    curve: int
    model: str
    subset: str
    x: Any
    measured: Measured
    reference: str


def measure(panel: Panel, seed: int, trials: int | None = None) -> Iterator[Point]:
    """Every curve of a panel at every x. trials: at each x, instead of the curves' own number."""
    for number, curve in enumerate(panel.curves):
        for x_index, x in enumerate(panel.xs):
            found = (curve.measure or accuracies)(curve, seed, x_index, x, trials or curve.trials)
            for model, subset, reference in zip(curve.models(), curve.subsets, curve.references(), strict=True):
                yield Point(number, model, subset, x, found[subset], reference)


def trial_rows(panel: Panel, point: Point, engine: str = "") -> list[tuple]:
    """Rows of results.csv (panel.COLUMNS), one per trial. engine : of the spiking memory."""
    curve, found = panel.curves[point.curve], point.measured
    ran = engine if curve.memory == "spiking" else ""
    first = (curve.protocol, curve.memory, curve.third_factor, ran, panel.x_name, point.x)
    return [
        (*first, trial, point.subset, curve.quantity, value)
        for trial, value in zip(found.trials.tolist(), found.values.tolist(), strict=True)
    ]


def figure_table(panel: Panel, points: list[Point]) -> pd.DataFrame:
    """figure.csv: one row per curve and x, with the oracle's value where there is one.

    A noise-free capacity is one number from n_trials trials a probe, without an interval.
    """
    reference = {(row.model, row.x): row for row in reference_rows(panel.figure).itertuples()}
    rows = []
    for point in points:
        values = point.measured.values
        is_fraction = panel.curves[point.curve].quantity == "accuracy"
        found = fraction_interval(values, point.measured.part) if is_fraction else t_interval(values)
        interval, n = ((found.low, found.high), found.n) if len(values) > 1 else ((None, None), point.measured.n)
        row = reference.get((point.reference, point.x))
        theirs = (None,) * 3 if row is None else (row.mean, row.ci95_low, row.ci95_high)
        rows.append((panel.figure, point.model, panel.x_name, point.x, found.mean, *interval, n, *theirs))
    return pd.DataFrame(rows, columns=list(FIGURE_COLUMNS))


def hold_against_reference(panel: Panel, points: list[Point]) -> pd.DataFrame:
    """A row for each curve that has a reference: largest difference, chi-square, its points and p.

    A standard error is taken no smaller than half a step of the value (half a pattern of all that were asked): where
    errors are that rare, their number is a small Poisson number and its measured spread says little. There is a
    difference but no test without trials to repeat (noise-free capacity), and none for the spiking memory: the
    reference is of rate memories, which it may differ from by a margin; `biokv compare` tests that.
    """
    rows = []
    for model, reference in {point.model: point.reference for point in points}.items():
        theirs = reference_rows(panel.figure, reference)
        ours = sorted((p for p in points if p.model == model), key=lambda p: p.x)
        ours = [p for p in ours if p.x in set(theirs["x"])]
        if not ours:
            continue
        theirs = theirs[theirs["x"].isin([p.x for p in ours])]
        mean = np.array([p.measured.values.mean() for p in ours])
        n_theirs = theirs["n_trials"].to_numpy()
        in_spikes = panel.curves[ours[0].curve].memory == "spiking"
        if in_spikes or np.isnan(n_theirs).any() or any(len(p.measured.values) < 2 for p in ours):
            largest = float(np.abs(mean - theirs["mean"]).max())
            rows.append((panel.figure, model, largest, np.nan, len(ours), np.nan))
            continue
        n = np.array([len(p.measured.values) for p in ours])
        half_step = 0.5 * np.array([p.measured.unit.mean() for p in ours])
        spread = np.array([p.measured.values.std(ddof=1) for p in ours])
        error = np.maximum(spread / np.sqrt(n), half_step / n)
        their_error = standard_error(theirs["mean"], theirs["ci95_high"], n_theirs)
        found = agreement(mean, error, theirs["mean"], np.maximum(their_error, half_step / n_theirs))
        rows.append((panel.figure, model, *found))
    return pd.DataFrame(rows, columns=list(AGREEMENT_COLUMNS))


def slopes(panel: Panel, points: list[Point]) -> pd.DataFrame:
    """A row for each capacity curve: the regression, with intercept, of capacity on size. Empty for other figures."""
    rows = []
    for model in dict.fromkeys(p.model for p in points if panel.slopes):
        mine = [p for p in points if p.model == model]
        sizes = np.concatenate([np.full(len(p.measured.values), p.x) for p in mine])
        rows.append((panel.figure, model, *capacity_slope(sizes, np.concatenate([p.measured.values for p in mine]))))
    return pd.DataFrame(rows, columns=list(SLOPE_COLUMNS))


def check_request(trials: int | None, seed: int) -> None:
    """Raise ValueError for numbers that no figure can be made with."""
    if trials is not None and trials < 2:
        raise ValueError(f"a figure needs at least 2 trials for its intervals; got {trials}")
    check_count("seed", seed, least=0)
    if trials is not None:
        check_count("trials", trials)


def has_jax() -> bool:
    """Whether rules can be learned here."""
    return find_spec("jax") is not None and find_spec("optax") is not None


def prepare(folder: Path, force: bool) -> None:
    """Make the folder. Raises ValueError if it cannot be written, or holds results and force is not set."""
    if ((folder / "results.csv").exists() or (folder / "run.json").exists()) and not force:
        raise ValueError(f"{folder} already holds results; choose another --out, or add --force (replace)")
    make_writable(folder)
    remove_earlier(folder)


def run_figure(figure: str, folder: Path, command: str, trials: int | None = None, memories: tuple[str, ...] = (),
               seed: int = 0, *, force: bool = False, style: Style = PRINT) -> None:  # fmt: skip
    """Measure one figure into a folder: results.csv, figure.csv, agreement.csv, run.json, the picture; print how well
    it agrees. Raises ValueError, before anything runs, where a figure or memory is unknown or would not fit."""
    panel = choose_memories(find_panel(figure), memories)
    check_request(trials, seed)
    if any(curve.takes_jax for curve in panel.curves):
        if "learned" in memories or figure in LEARNS or has_jax():
            require_jax()
        else:
            say_to_stderr(f'figure {figure}: no learned memory for lack of JAX (pip install "bioKV[learn]")')
            panel = panel._replace(curves=tuple(curve for curve in panel.curves if not curve.takes_jax))
    engine = ""
    if "spiking" in panel.memories():
        engine, reason = choose_engine("auto", LONGEST_EPISODE)
        say_to_stderr(f"spiking engine: {engine} ({reason})")
    prepare(folder, force)
    record = {"commands": [command], "figure": figure, "seed": seed, "trials": trials or "each curve's own",
              "memories": panel.memories(), "engine": [engine] if engine else [], **provenance()}  # fmt: skip
    with stopped_as(f"stopped; figure {figure} is measured anew next time (--force)"):
        with noted(folder, record):
            table, held, lines = tables(panel, folder, seed, trials, engine)
        print(printed(panel, table, held, lines))
        pictures = draw(panel, table, lines, folder / f"figure-{figure}", style)
    names = ", ".join(path.name for path in pictures)
    print(f"wrote {folder}/figure.csv, results.csv, agreement.csv, run.json, {names}")


def tables(panel: Panel, folder: Path, seed: int, trials: int | None, engine: str
           ) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:  # fmt: skip
    """Measure a panel; its results.csv, figure.csv, agreement.csv and slopes.csv, and the last three as tables."""
    points: list[Point] = []
    total = sum(len(curve.subsets) for curve in panel.curves) * len(panel.xs)
    with open(folder / "results.csv", "w", newline="") as file, bar(f"figure {panel.figure}", total) as advance:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for point in measure(panel, seed, trials):
            writer.writerows(trial_rows(panel, point, engine))
            points.append(point)
            advance(len(points))
    table, held, lines = figure_table(panel, points), hold_against_reference(panel, points), slopes(panel, points)
    with replacing(folder / "figure.csv") as new:
        table.to_csv(new, index=False)
    with replacing(folder / "agreement.csv") as new:
        held.to_csv(new, index=False)
    if len(lines):
        with replacing(folder / "slopes.csv") as new:
            lines.to_csv(new, index=False)
    return table, held, lines


def printed(panel: Panel, table: pd.DataFrame, held: pd.DataFrame, lines: pd.DataFrame) -> str:
    """What is printed of a figure: one line per curve with a reference, one per slope, and a note of few trials."""
    said = [f"figure {panel.figure}: against the reference"] if len(held) else [f"figure {panel.figure}: no reference"]
    for row in held.itertuples():
        p = f"chi-square p = {row.p:.3g} ({row.n_points} points)"
        p = "no chi-square: one value per point, or spikes" if np.isnan(row.p) else p
        said.append(f"  {row.model:28} largest difference {row.largest_difference:.4f}, {p}")
    for row in lines.itertuples():
        interval = f"[{row.low:.4f}, {row.high:.4f}]"
        said.append(f"  {row.model:28} capacity = {row.slope:.4f} {interval} N {row.intercept:+.2f}")
    tested = table[table.model.isin(held[held.p.notna()].model)]
    if len(tested) and tested.n_trials.min() < FEW:
        said.append(f"note: with fewer than {FEW} trials per point a chi-square is often far too small")
    return "\n".join(said)


def plot_figure(panel: Panel, table: pd.DataFrame, lines: pd.DataFrame | None = None,
                style: Style = PRINT) -> Figure:  # fmt: skip
    """A panel beside the authors' curves, with an Axes for each of its groups.

    Parameters
    ----------
    panel : Panel
        What was measured.
    table : DataFrame
        Its rows of figure.csv, as `figure_table` gives them.
    lines : DataFrame, optional
        Lines through capacities, as `slopes` gives them.
    style : Style
        In which it is drawn.

    Returns
    -------
    Figure
        Of pyplot, not saved and not shown.
    """
    from ..analysis.panels import Look, plot_panel
    from ..analysis.sheet import explain, sheet
    from ..analysis.style import figure_style, panel_letters

    usual = ONE_COLUMN if len(panel.groups) == 1 else TWO_COLUMNS
    authors = reference_rows(panel.figure, source="authors' code")
    shown = [(group, title) for group, title in enumerate(panel.groups) if _looks(panel, group, Look)]
    with figure_style(style.name):
        figure, axes = sheet(len(shown), style, usual_mm=usual, least_mm=40 if len(shown) > 2 else 70,
                             height_mm=46 if len(shown) > 2 else 58)  # fmt: skip
        for (group, title), ax in zip(shown, axes, strict=True):
            plot_panel(table, _looks(panel, group, Look), authors, ax, y_label=panel.y_label, legend=False,
                       slopes=lines if lines is not None and len(lines) else None)  # fmt: skip
            ax.set_title(title)
            if panel.x_label:
                ax.set_xlabel(panel.x_label)
        explain(figure, axes, style, usual_mm=usual)
        panel_letters(axes)
    return figure


def draw(panel: Panel, table: pd.DataFrame, lines: pd.DataFrame, stem: Path, style: Style = PRINT) -> list[Path]:
    """The panels of a figure as files."""
    with plain_matplotlib(style):
        return save_figure(plot_figure(panel, table, lines, style), stem, style)


def _looks(panel: Panel, group: int, look: Callable[..., Any]) -> dict[str, Any]:
    """How the curves of a group are drawn, by the name of their model."""
    return {model: look(curve.label or curve.model, curve.colour, curve.line, subset)
            for curve in panel.curves if curve.group == group
            for model, subset in zip(curve.models(), curve.subsets, strict=True)}  # fmt: skip


def run_all_figures(out: Path, trials: int | None, memories: tuple[str, ...], seed: int, workers: int | None, *,
                    force: bool, style: Style = PRINT) -> None:  # fmt: skip
    """Every figure (that has one of the memories) into out/figure-NAME, each in a process of its own. Those for which a
    rule is learned are left out where JAX is not installed."""
    check_twice(memories)
    known = {name: all_memories(find_panel(name)) for name in PANELS} | {name: ["learned"] for name in LEARNING_FIGURES}
    for name in memories:
        if not any(name in has for has in known.values()):
            every = dict.fromkeys(memory for has in known.values() for memory in has)
            raise ValueError(f"no figure has a memory {name!r}; they have {', '.join(every)}")
    check_request(trials, seed)
    chosen = {name: [m for m in memories if m in has] for name, has in known.items()}
    names = sorted((n for n in known if chosen[n] or not memories), key=lambda n: n not in LONGEST)
    if not has_jax():
        learning = [name for name in names if name in (*LEARNS, *LEARNING_FIGURES)]
        if learning:
            say_to_stderr(f'left out for lack of JAX: {", ".join(learning)} (pip install "bioKV[learn]")')
        names = [name for name in names if name not in learning]
    for name in names:
        prepare(out / f"figure-{name}", force)
    started = time.time()
    printed: dict[int, str] = {}
    drawn = ["--style", style.name, "--format", ",".join(style.formats)]
    drawn += ["--width", f"{style.width_mm}mm"] if style.width_mm else []

    def run_one(i: int) -> str:
        options = []
        if names[i] not in LEARNING_FIGURES:
            options += [word for memory in chosen[names[i]] for word in ("--memory", memory)]
            options += ["--trials", str(trials)] if trials else []
            options += ["--seed", str(seed)]
        options += ["--out", str(out / f"figure-{names[i]}"), "--force", *drawn]
        said: list[str] = []
        code, errors = run_child([*CHILD, names[i], *options], on_line=said.append)
        if code:
            reason = errors.rpartition("biokv: ")[2]  # what comes before is its progress bar
            raise RuntimeError(f"figure {names[i]} failed: {' '.join(reason.split())[-500:]}")
        return "".join(said).rstrip()

    with bar("figures", len(names)) as advance:

        def done(i: int, said: str) -> None:
            printed[i] = said
            advance(len(printed))

        with stopped_as(f"stopped; the figures that were finished are in {out}"):
            in_parallel(run_one, len(names), min(workers or cores(), len(names)), done)
    for i in sorted(printed, key=lambda i: list(known).index(names[i])):
        print(printed[i])
    print(f"{len(names)} figures in {time.time() - started:.0f} s")

