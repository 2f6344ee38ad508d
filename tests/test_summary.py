"""What is printed of a study's results, number by number."""

from __future__ import annotations

import numpy as np
import pytest
from synthetic import study_table

from bioKV.studies.printed_table import Shown
from bioKV.studies.summary import summed_up


def with_values(table, **values):
    """The table with other values of some quantities, for each of both memories in turn or for both."""
    table = table.copy()
    for name, value in values.items():
        here = table.quantity == name
        both = np.where(table.memory[here] == "spiking", *value) if isinstance(value, tuple) else value
        table.loc[here, "value"] = both
    return table


def said_of(table):
    """Tables by the first word of their title, and sentences by theirs."""
    found = list(summed_up(table))
    return {(one.title if isinstance(one, Shown) else one).split()[0].strip(":,"): one for one in found}


TABLE = with_values(
    study_table(trials=5), accuracy=(0.9, 0.8), whole_patterns=(0.5, 0.25), whole_patterns_both=0.25, undecided=0.3,
    silent=(0.1, 0.0), constant_guess=0.5, stored_guess=0.4, b=1.2, missed_plateaus=0.25, extra_plateaus=0.5,
    plateaus_per_presentation=1.25, expected_plateaus=1.0,
)  # fmt: skip


def test_scores_are_those_of_the_table_and_ties_are_what_is_undecided_and_not_silent():
    shown = said_of(TABLE)["mean"]
    assert shown.title == "mean over 5 trials [95 % interval]"
    assert shown.columns == ["third_factor", "memory", "bits right", "whole patterns", "silent", "ties"]
    cells = [[cell.split()[0] for cell in row] for row in shown.rows]
    assert cells == [["sequential", "spiking", "0.9000", "0.5000", "0.1000", "0.2000"],
                     ["sequential", "rate", "0.8000", "0.2500", "0.0000", "0.3000"]]  # fmt: skip


def test_what_a_recall_costs_stands_beside_kappa_and_b_with_its_interval():
    """Of half and a quarter of patterns right and the quarter in both: .75 agree, .5 by chance: kappa .5. Five trials
    with an information of 30: 1.96/sqrt(150) = 0.16."""
    shown = said_of(TABLE)["a"]
    assert shown.columns == ["third_factor", "kappa", "largest slot", "b", "votes", "spikes", "syn. events"]
    assert shown.rows == [["sequential", "0.50", "0.900", "1.20 ± 0.16", "12.0", "400", "9000"]]


@pytest.mark.parametrize(("information", "said"), [(0.0, "-"), (0.79, "-"), (0.81, "1.20 ± 0.97")])
def test_a_b_that_is_not_known_to_a_half_is_not_said(information, said):
    """Its standard error, over five trials."""
    assert said_of(with_values(TABLE, b_information=information))["a"].rows[0][3] == said


def test_chance_and_plateaus_are_said_in_one_sentence_each():
    said = said_of(TABLE)
    assert said["chance"] == ("chance: a constant guess has 0.500 of the bits right, the value of another pair 0.400")
    assert said["dendritic"] == "dendritic spikes missed per presentation: 0.25, too many: 0.5"
    assert said["plateaus"] == "plateaus per presentation, sequential: 1.250, expected 1"
    two = with_values(study_table({"n_pairs": [2, 4]}), stored_guess=0.6)
    two.loc[(two.quantity == "stored_guess") & (two.n_pairs == 2), "value"] = 0.4
    assert said_of(two)["chance"].endswith("the value of another pair 0.400 to 0.600")


def test_gaps_are_spiking_less_rate_and_ties_as_half_stands_there_where_there_are_ties():
    shown = said_of(TABLE)["spiking"]
    found = [(name, gap.split()[0], outcome) for _, name, gap, _, outcome in shown.rows]
    assert found == [("bits ±0.02", "+0.1000", "different"), ("whole patterns ±0.05", "+0.2500", "different"),
                     ("silent ±0.02", "+0.1000", "different"), ("ties as half", "+0.1000", "")]  # fmt: skip
    untied = said_of(with_values(TABLE, undecided=0.0, silent=0.0))["spiking"]
    assert [row[1] for row in untied.rows] == ["bits ±0.02", "whole patterns ±0.05", "silent ±0.02"]


def test_subsets_have_rows_of_their_own_and_one_third_factor_of_several_options_goes_into_titles():
    grid = {"n_pairs": [2, 4], "n_slots": [3, 6]}
    said = said_of(study_table(grid, subsets=("regular", "flashbulb")))
    assert said["mean"].title == "mean over 4 trials [95 % interval], third factor: sequential"
    assert said["mean"].columns[:4] == ["memory", "n_pairs", "n_slots", "subset"]
    assert len(said["mean"].rows) == 2 * 4 * 2
    assert said["spiking"].columns[:3] == ["n_pairs", "n_slots", "subset"]
    assert [row[2] for row in said["a"].rows] == ["-"] * 4  # kappa is of all recalls, and there are two kinds
    several = said_of(study_table(grid, third_factors=("sequential", "random")))
    assert several["mean"].columns[:2] == ["third_factor", "memory"]
    assert several["mean"].title == "mean over 4 trials [95 % interval]"


def test_points_of_unequal_numbers_of_trials_say_so():
    table = study_table({"n_pairs": [2, 4]})
    assert said_of(table[(table.n_pairs == 2) | (table.trial < 3)])["mean"].title.startswith("mean over 3 to 4 trials")
