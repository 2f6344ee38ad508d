"""What a study takes, before it runs: time, disk, programs to compile.

Times are sums of what was measured per trial and per presentation on one core of the machine of docs/benchmarks.md
(`python -m benchmarks.estimates --measure` measures again). They are meant to be right within a factor of two there;
other machines are faster or slower, and so is one that does something else besides.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ..engines.cache import entry, load
from ..engines.children import cores
from ..engines.numpy import BATCH
from ..episode import Episode
from ..spiking import SpikingMemory
from .grid import TRIED, combinations, varying
from .memories import memory_name, takes_third_factor
from .plan import Plan, draw_episode, memory_for, task_digest

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
ROW_BYTES, OPTION_BYTES, ROWS, ROWS_OF_SPIKES = 75, 8, 10, 26
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


def estimate(plan: Plan, workers: int | None = None) -> Estimate:
    """What a plan that has been checked would take, from nothing.

    workers : processes at a time, None for all cores. Of more than TRIED combinations a part stands for all.
    """
    every = combinations(plan)
    looked_at = every[:: max(1, len(every) // TRIED)]
    processes = workers or cores()
    cells = [cell for options in looked_at for cell in _cells(plan, options)]
    engine = _engine(cells)
    share = len(every) / len(looked_at)
    seconds, programs = 0.0, set()
    for cell in cells:
        seconds += share * cell.seconds(plan, engine)
        if cell.spiking and engine == "compiled":
            programs.add(entry(cell.spiking.structure(cell.episode, plan.record)))
    missing = sum(load(folder) is None for folder in programs)
    presentations = sum(cell.episode.n_steps for cell in cells) * plan.trials
    windows = sum(cell.episode.n_steps * cell.spiking.blueprint().window for cell in cells if cell.spiking)
    start = STUDY + (NUMPY_CHILD if engine == "numpy" else 0)
    return Estimate(
        cells=round(share * len(cells)),
        trials=round(share * len(cells)) * plan.trials,
        presentations=round(share * presentations),
        biological_s=share * windows * plan.trials,
        time_s=start + seconds / processes + missing * COMPILE / min(processes, max(1, missing)),
        disk_bytes=round(share * sum(cell.n_bytes(plan) for cell in cells)),
        programs=missing,
        workers=processes,
    )


class _Cell(NamedTuple):
    memory: str
    made: Any
    episode: Episode

    @property
    def spiking(self) -> SpikingMemory | None:
        return self.made if isinstance(self.made, SpikingMemory) else None

    def seconds(self, plan: Plan, engine: str) -> float:
        """Of one core, for all trials."""
        steps, trials = self.episode.n_steps, plan.trials
        around = trials * (TRIAL + steps * PRESENTATION)
        d, m = self.made.key_dim, self.made.value_dim
        slots = getattr(self.made, "n_slots", d)
        rate, per_weight = RATE.get(self.memory, RATE["rate"])
        weights = slots * (d + m) if self.memory not in ("hopfield", "bam", "tvt") else d * m
        in_rate = trials * steps * (rate + weights * per_weight)
        if not self.spiking:
            return around + in_rate
        network, parameters = self.spiking.blueprint(), self.spiking.parameters
        windows = steps * network.window / network.dt / STEPS
        hidden = slots * parameters.neurons_per_slot
        neurons = 2 * d + hidden + 2 * m
        if engine == "numpy":
            fixed, per_trial, per_neuron = NUMPY
            batches = -(-trials // BATCH)
            begun = NUMPY_BATCH + (NUMPY_CHILD if batches > 1 else 0)
            seconds = batches * (begun + windows * fixed) + trials * windows * (per_trial + neurons * per_neuron)
        else:
            fixed, per_neuron, per_synapse = COMPILED
            one = fixed + per_neuron * neurons + per_synapse * hidden * 2 * (d + m)
            seconds = trials * (COMPILED_TRIAL + windows * one)
        return around + seconds + (around + in_rate if plan.replay else 0.0)

    def n_bytes(self, plan: Plan) -> float:
        """Of results, which are there in parts and as a whole, and of recordings."""
        rows = ROWS * len(self.episode.subset_names) * (1 + (plan.replay and self.spiking is not None))
        rows += ROWS_OF_SPIKES if self.spiking else 0
        n_bytes = 2.0 * plan.trials * rows * (ROW_BYTES + OPTION_BYTES * len(varying(plan)))
        if self.spiking and plan.record:
            sizes = {name: neurons.size for name, neurons in self.spiking.blueprint().neurons.items()}
            recorded = sum(sizes.get("hidden" if name == "dendrite" else name, 0) for name in plan.record)
            n_bytes += len(plan.record_trials) * self.episode.n_steps * recorded * SPIKES * SPIKE_BYTES
        return n_bytes


def _cells(plan: Plan, options: dict[str, Any]) -> Iterator[_Cell]:
    """Those of one combination, each with its trial 0."""
    episode = draw_episode(plan, options, task_digest(plan, options), 0)
    for third_factor in plan.third_factors:
        for memory in plan.memories if not plan.replay else ("spiking",):
            if takes_third_factor(memory) or third_factor == plan.third_factors[0]:
                name = memory_name(memory)
                yield _Cell(name, memory_for(plan, name, third_factor, options, episode), episode)


def _engine(cells: list[_Cell]) -> str:
    """That of the spiking cells, which the longest episode decides; "" without any."""
    spiking = [(cell.episode.n_steps, cell.spiking) for cell in cells if cell.spiking]
    if not spiking:
        return ""
    n_steps, memory = max(spiking, key=lambda pair: pair[0])
    return memory.choose_engine(n_steps)[0]
