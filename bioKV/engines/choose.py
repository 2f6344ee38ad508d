"""Which engine runs a network."""

from __future__ import annotations

from ..network.blueprint import Blueprint
from . import cache
from .children import cores

ENGINES = ("auto", "compiled", "numpy")
# rough costs in core-seconds, for the choice of "auto" alone: benchmarks figure_time and engine_speed measure them
BUILD_COST = 25.0
NUMPY_COST = 0.08  # a second of biological time at d = N = m = 40
COMPILED_COST = 0.002


def choose_engine(engine: str, network: Blueprint, n_trials: int, n_steps: int, workers: int,
                  record: tuple[str, ...] = (), traces: tuple[str, ...] = ()) -> tuple[str, str]:  # fmt: skip
    """The engine that would run n_trials trials of n_steps presentations, and why, in a few words. engine : of ENGINES.

    Raises ValueError for a cache folder that cannot be trusted.
    """
    if engine == "compiled":
        cache.cache_folder()  # refuses one that cannot be trusted, before anything starts
    if engine != "auto":
        return engine, "asked for"
    if cache.compiler() is None:
        return "numpy", "there is no C++ compiler"
    if n_steps + 1 > cache.LENGTHS[-1]:
        return "numpy", "the episode is too long for the compiled one"
    if cache.find(cache.Structure(network, cache.room_for(n_steps + 1), record, traces)) is not None:
        return "compiled", "it is compiled already"
    d, n_slots, m = network.sizes
    seconds, size = n_trials * n_steps * network.window, n_slots * (d + m) / 3200
    if seconds * size * (NUMPY_COST - COMPILED_COST) / min(workers, n_trials) > BUILD_COST / cores():
        return "compiled", "the job is large enough to pay for compiling"
    return "numpy", "the job is too small to pay for compiling"
