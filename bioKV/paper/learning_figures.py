"""`biokv figure 3c` and `3d`: how the rules of fig. 3 were learned, several trainings each."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from ..analysis.colours import THIRD_FACTOR
from ..analysis.style import PRINT, Style
from ..learning.jax_extra import require_jax
from ..progress import bar
from ..stopping import stopped_as
from ..studies.pictures import plain_matplotlib, save_figure
from ..studies.record import noted, provenance
from ..studies.results import make_writable
from .learned_rules import SEEDS, history

FIGURES = {
    "3c": "Loss and accuracy while the rules of figs. 3a and 3d are learned; a line a training.",
    "3d": "Slopes and offsets of the four terms while they are learned from a near-zero start (with fig. C4's).",
}
KINDS = ("sequential", "random p=4/N")  # p = 0.1 with the 40 slots of these figures
LAST = 50  # steps whose mean is printed


def run_learning_figure(figure: str, folder: Path, command: str, *, force: bool,
                        style: Style = PRINT) -> None:  # fmt: skip
    """Learn what is not in the cache, and draw: history.csv, run.json and the picture, in a style.

    Raises ValueError if JAX is not installed, or the folder holds a figure and force is not set.
    """
    require_jax()
    if (folder / "history.csv").exists() and not force:
        raise ValueError(f"{folder} already holds results; choose another --out, or add --force (replace)")
    make_writable(folder)
    record = {"commands": [command], "figure": figure, "training_seeds": SEEDS, **provenance(("jax", "optax"))}
    tables = []
    stopped = f"stopped; the rules that were learned are kept, and figure {figure} goes on from there (--force)"
    with stopped_as(stopped), noted(folder, record), bar(f"figure {figure}", len(KINDS) * len(SEEDS)) as advance:
        for kind in KINDS:
            for seed in SEEDS:
                table = history(kind, seed)
                table.insert(0, "third_factor", kind)
                table.insert(1, "training_seed", seed)
                tables.append(table)
                advance(len(tables))
        everything = pd.concat(tables, ignore_index=True)
        everything.to_csv(folder / "history.csv", index=False)
    print(summary(figure, everything))
    pictures = draw(figure, everything, folder / f"figure-{figure}", style)
    print(f"wrote {folder}/history.csv, run.json, {', '.join(path.name for path in pictures)}")


def draw(figure: str, table: pd.DataFrame, stem: Path, style: Style = PRINT) -> list[Path]:
    """The picture as files. 3c: loss and accuracy. 3d: a panel for each term, those of a third factor after each
    other."""
    from ..analysis.learning_curves import TERMS, plot_term, plot_training
    from ..analysis.sheet import legend_of_all, sheet
    from ..analysis.style import panel_letters

    trainings = {kind: [t for _, t in rows.groupby("training_seed")] for kind, rows in table.groupby("third_factor")}
    with plain_matplotlib(style):
        if figure == "3c":
            picture, axes = sheet(2, style, least_mm=70, height_mm=55)
            for column, ax in zip(("loss", "accuracy"), axes, strict=True):
                for kind, dashes in zip(KINDS, ("-", "--"), strict=True):
                    plot_training(trainings[kind], column, ax, THIRD_FACTOR[kind.split()[0]], kind, dashes)
            axes[1].set_ylim(0.45, 1.0)
        else:
            picture, axes = sheet(2 * len(TERMS), style, least_mm=40, height_mm=44)
            for i, ax in enumerate(axes):
                kind, term = KINDS[i // len(TERMS)], list(TERMS)[i % len(TERMS)]
                plot_term(trainings[kind], term, ax)
                ax.set(ylabel="" if i % len(TERMS) else f"{kind}\nslope and offset")
        legend_of_all(picture, axes)
        panel_letters(axes)
        return save_figure(picture, stem, style)


def summary(figure: str, table: pd.DataFrame) -> str:
    """What is printed: for each training the loss and accuracy at its end, and the ratios that tell what it found.
    Only products of scales are identified, so slopes and offsets count in proportion to each other."""
    lines = [f"figure {figure}: trainings of {table['step'].max() + 1} steps; loss and accuracy of the last {LAST}"]
    for (kind, seed), rows in table.groupby(["third_factor", "training_seed"], sort=False):
        end, last = rows.iloc[-1], rows.tail(LAST)
        ratios = {"b_fk/a_fk": end.b_fk / end.a_fk, "a_gk/b_gk": end.a_gk / end.b_gk, "b_fv/a_fv": end.b_fv / end.a_fv,
                  "b_gv/a_gv": end.b_gv / end.a_gv}  # fmt: skip
        found = "  ".join(f"{name} {value:+.3f}" for name, value in ratios.items())
        reached = f"loss {last.loss.mean():6.3f}, accuracy {last.accuracy.mean():.3f}"
        lines.append(f"  {kind:13} training {seed}: {reached}; {found}")
    return "\n".join(lines)
