"""NWB's tables, made from whole columns: row by row they take a hundred times as long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .trials import Trial, signs

Columns = Mapping[str, tuple[str, Any]]  # name -> (what it is, an array or a list with a row for each)
LARGE = 1000  # numbers, from which on compressing is worth it


def _columns(columns: Columns) -> list[Any]:
    from hdmf.common import VectorData

    return [VectorData(name=name, description=said, data=_stored(data)) for name, (said, data) in columns.items()]


def _stored(data: Any) -> Any:
    from hdmf.backends.hdf5 import H5DataIO

    array = np.asarray(data)
    if array.dtype.kind == "U":
        return array.tolist()
    return H5DataIO(array, compression="gzip", shuffle=True) if array.size >= LARGE else array


def table(name: str, said: str, columns: Columns) -> Any:
    """A table of NWB.

    Parameters
    ----------
    name : str
        What it is called.
    said : str
        Its description.
    columns : dict of str to tuple
        Name, and a description with an array or list that has an entry for each row.

    Returns
    -------
    hdmf.common.DynamicTable
        The table.
    """
    from hdmf.common import DynamicTable

    return DynamicTable(name=name, description=said, columns=_columns(columns))


def intervals(name: str, said: str, start: np.ndarray, stop: np.ndarray, columns: Columns) -> Any:
    """A table of intervals of NWB.

    Parameters
    ----------
    name : str
        What it is called.
    said : str
        Its description.
    start, stop : np.ndarray, shape (rows,) (s)
        When each begins and ends.
    columns : dict of str to tuple
        Name, and a description with an array or list that has an entry for each row.

    Returns
    -------
    pynwb.epoch.TimeIntervals
        The table.
    """
    from pynwb.epoch import TimeIntervals

    times = {"start_time": ("start, in seconds", start), "stop_time": ("stop, in seconds", stop)}
    return TimeIntervals(name=name, description=said, columns=_columns({**times, **columns}))


def units(trials: Sequence[Trial], begin: np.ndarray) -> Any:
    """All recorded neurons of all populations, each watched from the first trial's start to the last one's end.

    Parameters
    ----------
    trials : sequence of Trial
        The trials.
    begin : np.ndarray, shape (trials,) (s)
        When each trial starts.

    Returns
    -------
    pynwb.misc.Units
        The table.
    """
    from hdmf.common import VectorIndex
    from pynwb.misc import Units

    sizes: dict[str, int] = {}
    for trial in trials:
        for name, n_neurons in trial.populations.items():
            sizes[name] = max(n_neurons, sizes.get(name, 0))
    first = dict(zip(sizes, np.cumsum([0, *sizes.values()]), strict=False))  # unit of each population's first neuron
    n_units = sum(sizes.values())
    unit, t_s = [np.zeros(0, int)], [np.zeros(0)]
    sign = np.concatenate([signs(name, np.arange(size), size) for name, size in sizes.items()])
    for trial, start in zip(trials, begin, strict=True):
        for name, train in trial.response.spikes.items():
            unit.append(train.neuron + first[name])
            t_s.append(start + train.t_ms / 1e3)
    of, times = np.concatenate(unit), np.concatenate(t_s)
    order = np.lexsort((times, of))
    ends = np.searchsorted(of[order], np.arange(n_units), side="right")
    watched = np.tile([0.0, begin[-1] + trials[-1].stop_ms / 1e3], (n_units, 1))
    spike_times, intervals_of = _columns({
        "spike_times": ("times of spikes, in seconds", times[order]),
        "obs_intervals": ("when the unit was watched: in all trials, and between them nothing is simulated", watched),
    })  # fmt: skip
    about = _columns({
        "population": ("which population it belongs to; dendrite: dendritic spikes of hidden neurons",
                       np.repeat(list(sizes), list(sizes.values()))),
        "neuron": ("its number in the population, from 0",
                   np.concatenate([np.arange(size) for size in sizes.values()])),
        "sign": ("+1 ON, -1 OFF, 0 where a population has no such thing", sign),
    })  # fmt: skip
    return Units(
        name="units", description="neurons of the network, by population; as many in every trial",
        columns=[
            VectorIndex(name="spike_times_index", target=spike_times, data=ends), spike_times,
            VectorIndex(name="obs_intervals_index", target=intervals_of, data=np.arange(1, n_units + 1)), intervals_of,
            *about,
        ],
    )  # fmt: skip
