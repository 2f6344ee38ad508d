"""What is printed at the end of a study."""

from __future__ import annotations

import pandas as pd

from .plan import Plan


def print_summary(plan: Plan, table: pd.DataFrame, margin: float) -> None:
    """Tables of accuracy, and of a comparison its gaps, votes, rates and verdict."""
    from rich.console import Console
    from rich.table import Table

    from ..analysis.curves import gaps, summary

    console = Console()
    x_name = table.x_name.iloc[0]
    subsets = table.subset.nunique() > 1
    shown = Table(title=f"accuracy, mean over {plan.trials} trials [95 % interval]")
    for column in ("third factor", "memory", x_name, *(["subset"] if subsets else []), "accuracy"):
        shown.add_column(column, overflow="fold")
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
        shown.add_column(column, overflow="fold")
    for row in paired.itertuples():
        gap = f"{row.gap:+.4f} [{row.low:+.4f}, {row.high:+.4f}]"
        of = [row.subset] if subsets else []
        shown.add_row(row.third_factor, str(row.x), *of, gap, f"{row.p_equivalence:.2g}")
    console.print(shown)
    means = table[table.memory == "spiking"].groupby(["third_factor", "x", "quantity"]).value.mean()
    shown = Table(title="a recall in spikes: against the softmax, and what it costs")
    for column in ("third factor", x_name, "argmax", "excess KL", "votes", "spikes", "syn. events"):
        shown.add_column(column, overflow="fold")
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
