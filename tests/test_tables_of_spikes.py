"""Spikes as tidy tables: a row is a spike."""

import numpy as np
import pandas as pd
from recorded import D, answered, spikes_of

import bioKV


def by_population(table):
    return {
        name: sorted(zip(of.trial.tolist(), of.neuron.tolist(), of.t_ms.tolist(), strict=True))
        for name, of in table.groupby("population", observed=True)
    }


def test_every_spike_has_a_row_and_on_and_off_neurons_a_sign():
    response, _ = answered()
    table = response.to_pandas()
    assert list(table.columns) == ["trial", "population", "neuron", "sign", "t_ms"]
    assert by_population(table) == spikes_of(response)
    shown = table[table.population.isin(["input", "output"])]
    assert (shown.sign == np.where(shown.neuron < D, 1, -1)).all()
    assert table[~table.population.isin(["input", "output"])].sign.isna().all()


def test_csv_gives_every_digit_back(tmp_path):
    response, _ = answered()
    bioKV.export.csv(response, tmp_path / "a.csv")
    read = pd.read_csv(tmp_path / "a.csv", dtype={"t_ms": str}).astype({"t_ms": float})
    assert by_population(read) == spikes_of(response)
    assert set(read.sign.dropna()) == {1, -1}
