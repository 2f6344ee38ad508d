"""What is said of a study's results: its tables and sentences, and how they are printed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from .firing_summary import firing
from .printed_table import Shown, print_shown

NAME = {"accuracy": "bits", "accuracy_ties_half": "ties as half", "whole_patterns": "whole patterns",
        "d_prime": "d'", "hits": "hits", "false_alarms": "false alarms", "silent": "silent"}  # fmt: skip


def print_summary(table: pd.DataFrame, margins: dict[str, float] | None = None) -> None:
    """Print what `summed_up` says; of a long table the first rows.

    Parameters
    ----------
    table : pandas.DataFrame
        A study's (results.csv).
    margins : dict of str to float, optional
        As of `analysis.tables.gaps`.
    """
    for one in summed_up(table, margins):
        print_shown(one)


def summed_up(table: pd.DataFrame, margins: dict[str, float] | None = None, *, with_firing: bool = True
              ) -> Iterator[Shown | str]:  # fmt: skip
    """The measures of every memory, and of a comparison its gaps, votes, firing and verdict.

    Parameters
    ----------
    table : pandas.DataFrame
        A study's (results.csv).
    margins : dict of str to float, optional
        As of `analysis.tables.gaps`.
    with_firing : bool
        Whether the firing of a comparison is among it.

    Returns
    -------
    iterator of Shown or str
        Tables, and sentences beside them; of a comparison the verdict is the last.
    """
    from ..analysis.tables import gaps, is_comparison
    from ..analysis.verdict import verdict

    yield _scores(table)
    yield from _about_chance(table)
    if not is_comparison(table):
        return
    paired = gaps(table, margins)
    yield _gaps(table, paired)
    means = _means(table, "spiking").dropna(subset="votes_per_recall")  # which is of all subsets together
    yield _recalls(table, means)
    if with_firing:
        yield from firing(table)
    yield from _plateaus(means)
    yield verdict(paired)


def _places(table: pd.DataFrame) -> list[str]:
    """The columns that tell the rows of a printed table apart."""
    from ..analysis.tables import varying

    factor = [] if _everywhere(table) else ["third_factor"]
    return [*factor, *varying(table), *(["subset"] if table.subset.nunique() > 1 else [])]


def _everywhere(table: pd.DataFrame) -> str:
    """The only third factor of a study of several options, which goes into titles: columns leave no room for it."""
    from ..analysis.tables import varying

    factors = table.third_factor.unique()
    return f", third factor: {factors[0]}" if len(varying(table)) > 1 and len(factors) == 1 else ""


def _texts(rows: pd.DataFrame, columns: list[str]) -> Iterator[list[str]]:
    from ..analysis.labels import value_text

    for row in rows[columns].itertuples(index=False, name=None):
        yield [value_text(one) for one in row]


def _scores(table: pd.DataFrame) -> Shown:
    from ..analysis.tables import beside_bits, keys_of, point_of, summary

    others = ["whole_patterns"]
    if beside_bits(table) == "cosine":
        others = ["cosine"]
    elif beside_bits(table) == "d_prime":
        others += ["hits", "false_alarms", "d_prime"]
    point = ["memory", *point_of(table)]
    bits = summary(table)
    found = {}
    for name in (*others, "silent", "undecided"):
        of = summary(table, name)
        found[name] = dict(zip(keys_of(of[point]), of.itertuples(), strict=True))
    rows, where = [], _places(table)
    where.insert(1 if where[:1] == ["third_factor"] else 0, "memory")
    for at, key, row in zip(_texts(bits, where), keys_of(bits[point]), bits.itertuples(), strict=True):
        silent = found["silent"][key].mean
        ties = found["undecided"][key].mean - silent
        cells = [_cell(row), *(_cell(found[name].get(key)) for name in others)]
        rows.append([*at, *cells, f"{silent:.4f}", f"{ties:.4f}"])
    fewest, most = bits.trials.min(), bits.trials.max()
    trials = f"{most}" if fewest == most else f"{fewest} to {most}"
    columns = [*where, "bits right", *(NAME.get(name, name) for name in others), "silent", "ties"]
    return Shown(f"mean over {trials} trials [95 % interval]{_everywhere(table)}", columns, rows,
                  "every trial is in results.csv, which bioKV.read_results reads")  # fmt: skip


def _cell(row) -> str:
    if row is None:
        return "-"
    return f"{row.mean:.4f}" + ("" if np.isnan(row.low) else f" [{row.low:.4f}, {row.high:.4f}]")


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


def _gaps(table: pd.DataFrame, paired: pd.DataFrame) -> Shown:
    places = _places(table)
    tied = (table[table.quantity == "undecided"].value > 0).any()
    rows = []
    for at, row in zip(_texts(paired, places), paired.itertuples(), strict=True):
        if row.quantity == "accuracy_ties_half" and not tied:
            continue  # there are none, so that it is the gap of bits
        name = NAME.get(row.quantity, row.quantity)
        gap = f"{row.gap:+.4f}" + ("" if np.isnan(row.low) else f" [{row.low:+.4f}, {row.high:+.4f}]")
        tested = ["", ""]
        if row.outcome:
            name, tested = f"{name} ±{row.margin:g}", [f"{row.p_equivalence:.2g}", row.outcome]
        rows.append([*at, name, gap, *tested])
    columns = [*places, "of, margin", "gap [95 % interval]", "p", ""]
    return Shown(f"spiking minus rate, paired by trial, the same plateaus in both{_everywhere(table)}", columns, rows,
                  "all are in comparison.csv")  # fmt: skip


def _means(table: pd.DataFrame, memory: str) -> pd.DataFrame:
    """A memory's means over trials and subsets: a row for each place, with its columns and one for each quantity."""
    from ..analysis.tables import numbered, place_of

    of = table[table.memory == memory]
    number, places = numbered(of, place_of(table))
    return places.join(of.value.groupby([number, of.quantity.astype(str).to_numpy()]).mean().unstack())


def _recalls(table: pd.DataFrame, means: pd.DataFrame) -> Shown:
    from ..analysis.agreement import kappa_of
    from ..analysis.tables import fitted_b, keys_of, place_of

    place = place_of(table)
    rate, fits = _means(table, "rate"), fitted_b(table)
    right = dict(zip(keys_of(rate[place]), rate.whole_patterns, strict=True))
    places = [name for name in _places(table) if name != "subset"]
    rows, one = [], table.subset.nunique() == 1
    for at, key, of in zip(_texts(means, places), keys_of(means[place]), means.itertuples(), strict=True):
        fit = fits[key]
        sure = fit.information > 0 and fit.information**-0.5 < 0.5
        kappa = kappa_of(of.whole_patterns, right[key], of.whole_patterns_both) if one else np.nan
        rows.append([
            *at, "-" if np.isnan(kappa) else f"{kappa:.2f}", f"{of.argmax_share:.3f}",
            f"{fit.b:.2f} ± {1.96 * fit.information**-0.5:.2f}" if sure else "-", f"{of.votes_per_recall:.1f}",
            f"{of.spikes_per_recall:.0f}", f"{of.synaptic_events_per_recall:.0f}",
        ])  # fmt: skip
    columns = [*places, "kappa", "largest slot", "b", "votes", "spikes", "syn. events"]
    return Shown(f"a recall in spikes: against the rate memory, and what it costs{_everywhere(table)}", columns, rows,
                  "every trial is in results.csv")  # fmt: skip


def _plateaus(means: pd.DataFrame) -> list[str]:
    said = [f"dendritic spikes missed per presentation: {means.missed_plateaus.mean():.4g}, too many:"
            f" {means.extra_plateaus.mean():.4g}"]  # fmt: skip
    for factor, of in means.groupby("third_factor", sort=False, observed=True):
        happened, expected = of.plateaus_per_presentation.mean(), of.expected_plateaus.mean()
        said.append(f"plateaus per presentation, {factor}: {happened:.3f}, expected {expected:g}")
    return said
