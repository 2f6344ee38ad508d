"""A cell of a study: one memory with one third factor at one combination of options. Its trials are independent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..episode import Episode
from ..randomness import study_streams
from .memories import Maker, memory_name, memory_options, takes_third_factor
from .patterns import in_order_of_trial
from .plan import described, mechanisms_of, memory_for, said, task_digest
from .tasks import draw_trial

if TYPE_CHECKING:
    from .study import Study


class Cell:
    """Some of a study's trials: those of a memory with a third factor, at one combination of options.

    In a comparison the memory is the spiking one, and its rate twin belongs to the cell.

    Parameters
    ----------
    study : Study
        What it belongs to.
    maker : str or callable
        A memory's name or path, or a function that makes one.
    third_factor : str
        Its name; not used where the memory has none.
    options : dict
        Of protocol and memory, one value each.

    Attributes
    ----------
    memory : str
        The memory's name.
    third_factor : str
        The third factor's name, "" where the memory has none.
    task : int
        The digest of what is presented.
    """

    def __init__(self, study: Study, maker: Maker, third_factor: str, options: dict[str, Any]):
        self.study, self.options = study, options
        self.memory = memory_name(maker)
        self.third_factor = third_factor if takes_third_factor(maker) else ""
        self._maker = maker
        self._own = {name: options.get(name, parameter.default) for name, parameter in study.arguments.items()}
        self.task = study.known_task(self._own, lambda: task_digest(study.plan, options))
        self._made: tuple[int | None, Any] | None = None

    def __repr__(self) -> str:
        return f"<Cell: {self}>"

    def __str__(self) -> str:
        """As a sentence names it."""
        varying = [f"{name} {self.options.get(name)}" for name in self.study.varying]
        return ", ".join([self.memory, *([self.third_factor.replace("_", " ")] if self.third_factor else []), *varying])

    @property
    def engine(self) -> str:
        """What runs the spiking memory; "" for others."""
        return self.study.plan.engine if self.memory == "spiking" else ""

    @cached_property
    def digest(self) -> str:
        """A name for all that decides the cell's numbers, the same whatever else is in the study.

        The seed and the text of one's own protocols and memories are left out, and so is an option that does nothing
        here: cells that differ in it alone are one.
        """
        plan, acting = self.study.plan, dict[str, str]()
        in_spikes = self.memory == "spiking"
        for name in sorted({*memory_options(self._maker), *(self.study.settings if in_spikes else ())}):
            acts = name != "p" or self.third_factor == "random"
            if acts and self.options.get(name) is not None and name not in self.study.arguments:
                acting[name] = _known_by(self.options[name])
        acting.setdefault("n_slots", said(self.first.key_dim))
        circuit = [_known_by(one) for one in mechanisms_of(plan, self.options)] if in_spikes else []
        all_said = json.dumps([f"{self.task:x}", self.memory, self.third_factor, plan.replay, circuit, acting])
        return hashlib.sha256(all_said.encode()).hexdigest()[:20]

    @cached_property
    def first(self) -> Episode:
        """Its first trial."""
        return self.study.known_first(self.task, lambda: self.one(0)[0])

    @property
    def n_steps(self) -> int:
        """Presentations of its first trial; others may be a little longer or shorter."""
        return self.first.n_steps

    def one(self, trial: int) -> tuple[Episode, list[np.random.Generator]]:
        """A single trial, and what the memory draws from in it; the same for every engine and number of workers.

        Parameters
        ----------
        trial : int
            Its number, from 0.

        Returns
        -------
        episode : Episode
            What is presented.
        streams : list of np.random.Generator
            One generator, for the memory.

        Raises
        ------
        ValueError
            As the protocol does.
        """
        protocol, memory = study_streams(self.study.plan.seed, self.task, trial)
        return self._draw(protocol), [memory]

    def _draw(self, rng: np.random.Generator) -> Episode:
        given = {name: self.options[name] for name in self.study.arguments if name in self.options}
        return draw_trial(self.study.protocol, rng, **given,
                          **in_order_of_trial(self.study.own_patterns, self.study.plan.in_order, rng))  # fmt: skip

    def drawn(self, trials: Sequence[int]) -> tuple[Episode, list[np.random.Generator]]:
        """Some trials side by side, and what the memory draws from in each.

        Parameters
        ----------
        trials : sequence of int
            Their numbers, from 0.

        Returns
        -------
        episode : Episode
            What is presented, with a leading axis of trials.
        streams : list of np.random.Generator
            One generator for each trial, for the memory.

        Raises
        ------
        ValueError
            As the protocol does.
        """
        streams = [study_streams(self.study.plan.seed, self.task, trial) for trial in trials]
        return Episode.stack([self._draw(protocol) for protocol, _ in streams]), [memory for _, memory in streams]

    def made(self, workers: int | None = None) -> Any:
        """The memory, made once.

        Parameters
        ----------
        workers : int or None
            Of the spiking one, processes at a time; None takes all cores.

        Returns
        -------
        Memory
            The memory.

        Raises
        ------
        ValueError
            For what the memory refuses.
        """
        if self._made is None or self._made[0] != workers:
            self._made = workers, self._memory(self.memory, workers)
        return self._made[1]

    def twin(self) -> Any:
        """The rate memory that a spiking one is compared with: the learned one where a rule was given.

        Returns
        -------
        Memory
            The memory.
        """
        return self._memory("learned" if "rule" in self.options else "rate", None)

    def _memory(self, name: str, workers: int | None) -> Any:
        plan = self.study.plan
        return memory_for(plan, name, self.third_factor, self.options, self.first, plan.engine, workers)


def _known_by(value: Any) -> str:
    """A value of an option or a mechanism, in a cell's name: of a file (a rule, say) its content, wherever it lies."""
    if isinstance(value, str | Path) and Path(value).expanduser().is_file():
        return hashlib.sha256(Path(value).expanduser().read_bytes()).hexdigest()
    return said(value) if isinstance(value, str | int | float | np.generic) or value is None else described(value)
