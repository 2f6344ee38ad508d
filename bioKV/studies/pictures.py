"""Pictures of a study, as files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from .plan import Plan


@contextmanager
def plain_matplotlib() -> Iterator[None]:
    """Matplotlib without windows and with its own defaults inside; settings and backend are the caller's afterwards.

    So what a matplotlibrc, a notebook or a session has set changes no picture of ours, and cannot break one.
    """
    import matplotlib

    backend = dict.get(matplotlib.rcParams, "backend")  # without choosing one where none is chosen yet
    try:
        with matplotlib.rc_context():
            matplotlib.rcdefaults()
            matplotlib.use("agg")
            yield
    finally:
        if isinstance(backend, str):
            matplotlib.use(backend)


@plain_matplotlib()
def draw_accuracy(plan: Plan, table: pd.DataFrame, folder: Path, margins: dict[str, float] | None = None) -> list[Path]:
    """accuracy.png and .pdf: bits right, the measure that goes with it, and the gap for a plan with replay, and then
    comparison.csv; their paths."""
    import matplotlib.pyplot as plt

    from ..analysis.curves import plot_accuracy, plot_gap, plot_measure
    from ..analysis.tables import beside_bits, gaps

    written = []
    if plan.replay:
        gaps(table, margins).to_csv(folder / "comparison.csv", index=False)
        written.append(folder / "comparison.csv")
        figure, axes = plt.subplots(1, 3, figsize=(12.6, 4.6), layout="constrained")
        plot_gap(table, margins, axes[2])
    else:
        figure, axes = plt.subplots(1, 2, figsize=(8.4, 4.6), layout="constrained")
    plot_accuracy(table, axes[0])
    plot_measure(table, beside_bits(table), axes[1])
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
