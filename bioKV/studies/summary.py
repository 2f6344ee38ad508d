"""What is printed at the end of a study."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .plan import Plan

NAME = {"accuracy": "bits", "accuracy_ties_half": "ties as half", "whole_patterns": "whole patterns",
        "d_prime": "d'", "hits": "hits", "false_alarms": "false alarms", "silent": "silent"}  # fmt: skip


def print_summary(plan: Plan, table: pd.DataFrame, margins: dict[str, float] | None = None) -> None:
    """The measures of every memory, and of a comparison its gaps, votes, rates and verdict."""
    from rich.console import Console

    from ..analysis.tables import gaps
    from ..analysis.verdict import verdict

    console = Console()
    console.width = max(console.width, 112)  # narrower, every interval would take two lines
    console.print(_scores(plan, table))
    for line in _about_chance(table):
        print(line)
    if not plan.replay:
        return
    paired = gaps(table, margins)
    console.print(_gaps(table, paired))
    means = table[table.memory == "spiking"].groupby(["third_factor", "x", "quantity"], sort=False).value.mean()
    console.print(_recalls(table, paired, means))
    console.print(_rates(means))
    for line in _plateaus(plan, means):
        print(line)
    print(verdict(paired, table.x_name.iloc[0]))


def _table(title: str, columns: list[str]) -> Any:
    from rich.box import SIMPLE
    from rich.table import Table

    shown = Table(title=title, box=SIMPLE, pad_edge=False, title_justify="left")
    for column in columns:
        shown.add_column(column)
    return shown


def _place(table: pd.DataFrame) -> tuple[str, list[str]]:
    """The name of x, and the column of subsets where there is more than one."""
    return table.x_name.iloc[0], ["subset"] if table.subset.nunique() > 1 else []


def _scores(plan: Plan, table: pd.DataFrame) -> Any:
    from ..analysis.tables import beside_bits, summary

    x_name, subset = _place(table)
    others = ["whole_patterns"]
    if beside_bits(table) == "cosine":
        others = ["cosine"]
    elif beside_bits(table) == "d_prime":
        others += ["hits", "false_alarms", "d_prime"]
    shown = _table(
        f"mean over {plan.trials} trials [95 % interval]",
        ["third factor", "memory", x_name, *subset, "bits right", *(NAME.get(name, name) for name in others), "silent",
         "ties"],
    )  # fmt: skip
    keys = ["memory", "third_factor", "x", "subset"]
    found = {name: summary(table, name).set_index(keys) for name in ("accuracy", *others, "silent", "undecided")}
    for row in found["accuracy"].itertuples():
        memory, third_factor, x, part = row.Index
        cells = [_cell(found[name], row.Index) for name in ("accuracy", *others)]
        silent = found["silent"].loc[row.Index, "mean"]
        ties = found["undecided"].loc[row.Index, "mean"] - silent
        shown.add_row(third_factor, memory, str(x), *([part] if subset else []), *cells, f"{silent:.4f}", f"{ties:.4f}")
    return shown


def _cell(found: pd.DataFrame, at: tuple) -> str:
    if at not in found.index:
        return "-"
    row = found.loc[at]
    return f"{row['mean']:.4f}" + ("" if np.isnan(row.low) else f" [{row.low:.4f}, {row.high:.4f}]")


def _about_chance(table: pd.DataFrame) -> list[str]:
    from ..analysis.tables import chance, misleading

    guesses = chance(table)[["constant_guess", "stored_guess"]]
    ends = {
        name: f"{of.min():.3f}" + (f" to {of.max():.3f}" if of.max() - of.min() > 5e-4 else "")
        for name, of in guesses.items()
    }
    said = [f"chance: a constant guess has {ends['constant_guess']} of the bits right, the value of another pair"
            f" {ends['stored_guess']}"]  # fmt: skip
    if misleading(table):
        said.append("note: entries are mostly of one sign, so that bits right mislead; whole patterns and d' do not")
    return said


def _gaps(table: pd.DataFrame, paired: pd.DataFrame) -> Any:
    x_name, subset = _place(table)
    shown = _table("spiking minus rate, paired by trial, the same plateaus in both",
                   ["third factor", x_name, *subset, "of, margin", "gap [95 % interval]", "p", ""])  # fmt: skip
    tied = (table[table.quantity == "undecided"].value > 0).any()
    for row in paired.itertuples():
        if row.quantity == "accuracy_ties_half" and not tied:
            continue  # there are none, so that it is the gap of bits
        name = NAME.get(row.quantity, row.quantity)
        gap = f"{row.gap:+.4f}" + ("" if np.isnan(row.low) else f" [{row.low:+.4f}, {row.high:+.4f}]")
        tested = ["", ""]
        if row.outcome:
            name, tested = f"{name} ±{row.margin:g}", [f"{row.p_equivalence:.2g}", row.outcome]
        shown.add_row(row.third_factor, str(row.x), *([row.subset] if subset else []), name, gap, *tested)
    return shown


def _recalls(table: pd.DataFrame, paired: pd.DataFrame, means: pd.Series) -> Any:
    from ..analysis.agreement import kappa_of
    from ..analysis.tables import fitted_b

    shown = _table("a recall in spikes: against the rate memory, and what it costs",
                   ["third factor", table.x_name.iloc[0], "kappa", "largest slot", "b", "votes", "spikes",
                    "syn. events"])  # fmt: skip
    rate = table[(table.memory == "rate") & (table.quantity == "whole_patterns")]
    right = rate.groupby(["third_factor", "x"], sort=False).value.mean()
    fits = fitted_b(table)
    for row in paired.drop_duplicates(["third_factor", "x"]).itertuples():
        of, fit = means[row.third_factor][row.x], fits[row.third_factor, row.x]
        sure = fit.information > 0 and fit.information**-0.5 < 0.5
        both = right[row.third_factor, row.x], of["whole_patterns_both"]
        kappa = kappa_of(of["whole_patterns"], *both) if table.subset.nunique() == 1 else np.nan
        shown.add_row(
            row.third_factor, str(row.x), "-" if np.isnan(kappa) else f"{kappa:.2f}", f"{of['argmax_share']:.3f}",
            f"{fit.b:.2f} ± {1.96 * fit.information**-0.5:.2f}" if sure else "-", f"{of['votes_per_recall']:.1f}",
            f"{of['spikes_per_recall']:.0f}", f"{of['synaptic_events_per_recall']:.0f}",
        )  # fmt: skip
    return shown


def _rates(means: pd.Series) -> Any:
    shown = _table("firing rates in Hz, 99th percentile", ["population", "storing", "recalling"])
    largest = means.groupby(level="quantity").max()
    for population in ("input", "feedforward", "hidden", "interneuron", "output"):
        rates = (f"{largest[f'peak_rate_{population}_{phase}_hz']:.0f}" for phase in ("store", "recall"))
        shown.add_row(population, *rates)
    return shown


def _plateaus(plan: Plan, means: pd.Series) -> list[str]:
    of = means.groupby(level="quantity").mean()
    said = [f"dendritic spikes missed per presentation: {of['missed_plateaus']:.4g}, too many:"
            f" {of['extra_plateaus']:.4g}"]  # fmt: skip
    for factor in plan.third_factors:
        of = means[factor].groupby(level="quantity").mean()
        happened, expected = of["plateaus_per_presentation"], of["expected_plateaus"]
        said.append(f"plateaus per presentation, {factor}: {happened:.3f}, expected {expected:g}")
    return said
