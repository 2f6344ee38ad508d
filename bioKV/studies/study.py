"""A study: a plan resolved once. What is looked up by name or read from a file is found here, not again per trial."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import shapes
from ..episode import Episode
from .cell import Cell
from .grid import combinations, varying
from .memories import takes_third_factor
from .plan import Plan, said, settings_of
from .tasks import find_protocol, protocol_options


class Study:
    """The cells of a plan, in the order of its table: by third factor, then by combination of options, then by memory.

    plan : as given. varying : names of the options that have several values. protocol : its function. arguments : its
    options, from its signature. settings : names of the spiking memory's, with any of the plan's mechanisms.
    Raises ValueError for what is not there. That all of it fits together is what `plan.check_plan` looks at.
    """

    def __init__(self, plan: Plan):
        self.plan = plan
        self.protocol = find_protocol(plan.protocol)
        self.arguments = protocol_options(plan.protocol)
        self.settings = settings_of(plan) if "spiking" in plan.memories else {}
        self.own_patterns = plan.own_patterns
        self.varying = varying(plan)
        self._tasks: dict[str, int] = {}
        self._firsts: dict[int, Episode] = {}
        self.cells = [
            Cell(self, memory, third_factor, options)
            for third_factor in plan.third_factors
            for options in combinations(plan)
            for memory in (plan.memories if not plan.replay else ("spiking",))
            # a memory without third factors is run once, whichever are asked for
            if takes_third_factor(memory) or third_factor == plan.third_factors[0]
        ]

    def facts(self) -> dict[str, Any]:
        """What is shown of it."""
        plan, memories = self.plan, dict.fromkeys(cell.memory for cell in self.cells)
        values = {name: dict.fromkeys(str(cell.options.get(name)) for cell in self.cells) for name in self.varying}
        return {
            "protocol": plan.name,
            "memories": ", ".join([*memories, *(["rate twin"] if plan.replay else [])]),
            "third factors": ", ".join(plan.third_factors),
            **{name: ", ".join(of) for name, of in values.items()},
            "cells": f"{len(self.cells)} of {plan.trials} trials",
            "seed": plan.seed,
            "engine": plan.engine if "spiking" in memories else None,
        }

    def __repr__(self) -> str:
        return shapes.line("Study", self.facts())

    def _repr_html_(self) -> str:
        return shapes.table("Study", self.facts())

    def known_task(self, options: dict[str, Any], made: Callable[[], int]) -> int:
        """The digest of what is presented with these options of the protocol: of one's own patterns it is made once."""
        return self._once(self._tasks, repr([(name, said(value)) for name, value in options.items()]), made)

    def known_first(self, task: int, drawn: Callable[[], Episode]) -> Episode:
        """The first trial of a task, drawn once."""
        return self._once(self._firsts, task, drawn)

    @staticmethod
    def _once(known: dict, key: Any, make: Callable[[], Any]) -> Any:
        if key not in known:
            known[key] = make()
        return known[key]


def with_engine(plan: Plan) -> tuple[Study, str]:
    """The study, its engine chosen, and why this one: one choice for all spiking cells, by the longest episode. "" and
    the plan's engine if there are none.

    Raises ValueError for a cache folder that cannot be trusted, and for "compiled" without a compiler.
    """
    study = Study(plan)
    spiking = [cell for cell in study.cells if cell.memory == "spiking"]
    if not spiking:
        return study, ""
    longest = max(spiking, key=lambda cell: cell.n_steps)
    engine, reason = longest.made().choose_engine(longest.n_steps)
    chosen = Study(plan._replace(engine=engine))
    chosen._firsts = study._firsts  # which no engine changes
    return chosen, reason
