"""What a study takes, before it runs: time, disk, programs to compile.

Times are sums of what was measured per trial and per presentation on one core of the machine of docs/benchmarks.md
(`python -m benchmarks.estimates --measure` measures again). They are meant to be right within a factor of two there;
other machines are faster or slower, and so is one that does something else besides.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ..engines.children import cores
from ..engines.numpy import BATCH
from .cell import Cell
from .grid import TRIED
from .programs import lacking
from .study import Study

WORTH_SAYING_S = 10  # a study that takes longer is announced
# seconds of one core
STUDY = 1.0  # to check the plan, and to draw the figure
TRIAL, PRESENTATION = 3.5e-4, 5e-6  # to draw a trial and its presentations, measure them, and write the rows
RATE = {"rate": (1.5e-6, 3.2e-10), "hopfield": (1e-6, 2.8e-9), "bam": (5e-7, 6e-10), "tvt": (8e-7, 1.7e-9)}
COMPILE = 25.0
COMPILED_TRIAL, COMPILED = 2e-3, (7.4e-5, 6.9e-7, 7e-9)  # per presentation, and for each neuron and synapse
NUMPY_CHILD, NUMPY_BATCH = 1.0, 0.8  # a process that loads Brian2, and what a batch takes besides
NUMPY = (0.1, 1e-3, 1.5e-5)  # per presentation of a batch, for each trial in it, and for each neuron of that
STEPS = 300  # of the clock in a presentation, for which these hold
ROW_BYTES, OPTION_BYTES, ROWS, ROWS_OF_SPIKES = 75, 8, 10, 60
SPIKE_BYTES, SPIKES = 12, 5  # per neuron that is recorded and presentation


class Estimate(NamedTuple):
    """cells : combinations of a memory, its third factor and the options. trials, presentations : of all cells.

    biological_s : of the spiking memory. time_s : with the workers, compiling included. disk_bytes : of the results
    and recordings. programs : networks that the compiled engine has no program of yet.
    """

    cells: int
    trials: int
    presentations: int
    biological_s: float
    time_s: float
    disk_bytes: int
    programs: int
    workers: int

    def lines(self) -> Iterator[str]:
        """What is printed of it."""
        spiking = f", {duration(self.biological_s)} of biological time in spikes" if self.biological_s else ""
        yield f"{self.cells:,} cells, {self.trials:,} trials, {self.presentations:,} presentations{spiking}"
        yield (f"takes about {duration(self.time_s)} with {self.workers} worker{'s'[: self.workers != 1]}, and"
               f" {self.disk_bytes / 1e6:.1f} MB of results")  # fmt: skip
        if self.programs:
            yield f"{self.programs:,} network{'s'[: self.programs != 1]} to compile first (in that time)"


def duration(seconds: float) -> str:
    """In the unit that fits."""
    for unit, size in (("days", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s" if seconds >= 1.5 else "a second"


def estimate(study: Study, workers: int | None = None) -> Estimate:
    """What a study, whose engine is chosen and whose plan has been checked, would take from nothing.

    workers : processes at a time, None for all cores. Of more than TRIED cells some stand for all.
    """
    every, plan, processes = study.cells, study.plan, workers or cores()
    some = np.random.default_rng(0).permutation(len(every))[:TRIED]  # no regular choice, which might be of one memory
    cells, share = [every[i] for i in sorted(some)], len(every) / len(some)
    missing = len(lacking(cells))
    spiking = [cell for cell in cells if cell.memory == "spiking"]
    start = STUDY + (NUMPY_CHILD if any(cell.engine == "numpy" for cell in spiking) else 0)
    seconds = share * sum(_seconds(cell) for cell in cells)
    return Estimate(
        cells=len(every),
        trials=len(every) * plan.trials,
        presentations=round(share * sum(cell.n_steps for cell in cells) * plan.trials),
        biological_s=share * sum(cell.n_steps * cell.made().blueprint().window for cell in spiking) * plan.trials,
        time_s=start + seconds / processes + missing * COMPILE / min(processes, max(1, missing)),
        disk_bytes=round(share * sum(_bytes(cell) for cell in cells)),
        programs=missing,
        workers=processes,
    )


def _seconds(cell: Cell) -> float:
    """Of one core, for all trials of a cell."""
    plan, made, steps = cell.study.plan, cell.made(), cell.n_steps
    trials = plan.trials
    around = trials * (TRIAL + steps * PRESENTATION)
    d, m = made.key_dim, made.value_dim
    slots = getattr(made, "n_slots", d)
    rate, per_weight = RATE.get(cell.memory, RATE["rate"])
    weights = slots * (d + m) if cell.memory not in ("hopfield", "bam", "tvt") else d * m
    in_rate = trials * steps * (rate + weights * per_weight)
    if cell.memory != "spiking":
        return around + in_rate
    network = made.blueprint()
    windows = steps * network.window / network.dt / STEPS
    hidden = slots * made.parameters.neurons_per_slot
    neurons = 2 * d + hidden + 2 * m
    if cell.engine == "numpy":
        fixed, per_trial, per_neuron = NUMPY
        batches = -(-trials // BATCH)
        begun = NUMPY_BATCH + (NUMPY_CHILD if batches > 1 else 0)
        seconds = batches * (begun + windows * fixed) + trials * windows * (per_trial + neurons * per_neuron)
    else:
        fixed, per_neuron, per_synapse = COMPILED
        one = fixed + per_neuron * neurons + per_synapse * hidden * 2 * (d + m)
        seconds = trials * (COMPILED_TRIAL + windows * one)
    return around + seconds + (around + in_rate if plan.replay else 0.0)


def _bytes(cell: Cell) -> float:
    """Of a cell's results, which are there in parts and as a whole, and of its recordings."""
    plan, in_spikes = cell.study.plan, cell.memory == "spiking"
    rows = ROWS * len(cell.first.subset_names) * (1 + (plan.replay and in_spikes))
    rows += ROWS_OF_SPIKES if in_spikes else 0
    n_bytes = 2.0 * plan.trials * rows * (ROW_BYTES + OPTION_BYTES * len(cell.study.varying))
    if in_spikes and plan.record:
        sizes = {name: neurons.size for name, neurons in cell.made().blueprint().neurons.items()}
        n_recorded = sum(sizes.get("hidden" if name == "dendrite" else name, 0) for name in plan.record)
        n_bytes += len(plan.record_trials) * cell.n_steps * n_recorded * SPIKES * SPIKE_BYTES
    return n_bytes
