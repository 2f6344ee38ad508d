"""What a comparison says: equivalent in bits, in whole patterns and in silence, or what fails where."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bioKV.analysis.tables import MARGINS, beside_bits, chance, fitted_b, gaps, misleading, summary
from bioKV.analysis.verdict import verdict


def table(rng, n=40, constant=0.5, **gap):
    """A study of two loads whose spiking memory loses `gap` of a quantity at the second; 20 recalls per trial."""
    truth = {"accuracy": 0.97, "whole_patterns": 0.8, "silent": 0.0, "undecided": 0.0, "d_prime": 3.0}
    rows = []
    for x in (5, 10):
        for trial in range(n):
            rest = {"constant_guess": constant, "stored_guess": 0.5, "unit": 1 / 20}
            for quantity, value in {**truth, **rest}.items():
                same = value if quantity in ("silent", "undecided", *rest) else value + rng.normal(scale=0.01)
                noise = 0 if quantity in ("silent", "undecided", *rest) else rng.normal(scale=0.005)
                lost = gap.get(quantity, 0) if x == 10 else 0
                for memory, change in (("rate", 0), ("spiking", noise - lost)):
                    rows.append(("autoassociative", memory, "sequential", "", x, trial, "all", quantity, same + change))
    columns = ("protocol", "memory", "third_factor", "engine", "n_pairs", "trial", "subset", "quantity", "value")
    return pd.DataFrame(rows, columns=columns)


def test_without_a_gap_all_is_equivalent(rng):
    said = verdict(gaps(table(rng)))
    assert said.startswith("verdict: spiking and rate are equivalent at every point: bits right within ±0.02, whole")
    assert "p = 0)" not in said


def test_bits_that_are_equivalent_do_not_hide_patterns_that_are_lost(rng):
    """The code of findings: .989 against .998 of the bits, .63 against .92 of the patterns."""
    said = verdict(gaps(table(rng, accuracy=0.009, whole_patterns=0.29)))
    assert said.startswith("verdict: spiking and rate differ: whole patterns right by -0.2")
    assert "margin ±0.05; sequential, n_pairs = 10" in said
    assert "bits" not in said


def test_silence_fails_a_verdict(rng):
    said = verdict(gaps(table(rng, silent=-0.1)))
    assert said.startswith("verdict: spiking and rate differ: silent recalls by +0.1")


def test_few_trials_decide_nothing_and_say_how_many_would(rng):
    said = verdict(gaps(table(rng, n=3)))
    assert said.startswith("verdict: 3 trials do not decide whether spiking and rate are equivalent: ")
    assert said.endswith(" trials would decide it")


def test_margins_are_the_callers(rng):
    lost = table(rng, whole_patterns=0.1)
    assert "differ" in verdict(gaps(lost))
    assert "equivalent at every point" in verdict(gaps(lost, {**MARGINS, "whole_patterns": 0.2}))


def test_a_tie_counts_as_half_in_a_gap_of_its_own(rng):
    """Every tenth entry is a tie in spikes alone."""
    found = gaps(table(rng, accuracy=0.1, undecided=-0.1)).query("n_pairs == 10").set_index("quantity").gap
    assert found["accuracy"] == pytest.approx(-0.1, abs=0.005)
    assert found["accuracy_ties_half"] == pytest.approx(-0.05, abs=0.005)


def test_where_entries_are_mostly_of_one_sign_the_measure_is_d_prime(rng):
    assert not misleading(table(rng))
    assert beside_bits(table(rng)) == "whole_patterns"
    sparse = table(rng, constant=0.95)
    assert misleading(sparse)
    assert beside_bits(sparse) == "d_prime"
    assert set(chance(sparse).constant_guess) == {0.95}
    found = gaps(sparse).query("quantity == 'd_prime'")
    assert found.low.max() < found.high.min()  # an interval of numbers
    assert (found.outcome == "").all()  # and no margin


def test_trials_without_a_number_are_left_out(rng):
    some = table(rng)
    some.loc[(some.quantity == "d_prime") & (some.trial > 9), "value"] = np.nan
    assert set(summary(some, "d_prime").trials) == {10}
    assert len(summary(some[some.quantity != "d_prime"], "d_prime")) == 0


def test_b_of_a_point_is_that_of_all_its_trials(rng):
    told = table(rng, n=2).query("quantity == 'accuracy' and memory == 'spiking'")
    b = told.assign(quantity="b", value=[1.0, 3.0, np.nan, 2.0])
    information = told.assign(quantity="b_information", value=[3.0, 1.0, 0.0, 5.0])
    found = fitted_b(pd.concat([b, information]))
    assert found["sequential", 5] == (1.5, 4)
    assert found["sequential", 10] == (2, 5)


def test_subsets_have_gaps_of_their_own_beside_what_is_of_all_recalls(rng):
    """A flashbulb episode: kappa and its like are rows of the subset "all", which has no accuracy."""
    parts = [table(rng).assign(subset=name) for name in ("regular", "flashbulb")]
    kappa = table(rng).query("quantity == 'accuracy' and memory == 'spiking'").assign(quantity="kappa")
    found = gaps(pd.concat([*parts, kappa]))
    assert set(found.subset) == {"regular", "flashbulb"}
    assert len(found[found.outcome != ""]) == 2 * 2 * len(MARGINS)
    assert "flashbulb" in verdict(gaps(pd.concat([parts[0], table(rng, accuracy=0.1).assign(subset="flashbulb")])))
