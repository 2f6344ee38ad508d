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
    """The cells of a plan, in the order of its table.

    The order is by third factor, then by combination of options, then by memory. That all of it fits together is what
    `plan.check_plan` looks at.

    Parameters
    ----------
    plan : Plan
        What makes the study.

    Attributes
    ----------
    protocol : callable
        The function of the protocol.
    arguments : dict of str to inspect.Parameter
        Options of the protocol, from its signature.
    settings : dict of str to type
        Settings of the spiking memory, with any of the plan's mechanisms.
    own_patterns : dict of str to np.ndarray
        One's own patterns, if there are any.
    varying : list of str
        Names of the options that have several values.
    cells : list of Cell
        All cells.

    Raises
    ------
    ValueError
        For what is not there.

    Examples
    --------
    Trials of a grid, answered one by one:

    >>> from bioKV.analysis.measures.accuracy import accuracy
    >>> from bioKV.studies.plan import Plan
    >>> from bioKV.studies.study import Study
    >>> study = Study(Plan("autoassociative", options={"n_pairs": [2, 4], "key_dim": 40}))
    >>> for cell in study.cells:
    ...     episode, streams = cell.drawn(range(3))
    ...     print(cell, accuracy(cell.made().respond(episode, streams), episode))
    rate, sequential, n_pairs 2 [1. 1. 1.]
    rate, sequential, n_pairs 4 [1. 1. 1.]
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
        """What is shown of it at a prompt and in a notebook.

        Returns
        -------
        dict of str to object
            Names and values, in their order.
        """
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
        """The digest of what is presented with some options of the protocol: of one's own patterns it is made once.

        Parameters
        ----------
        options : dict
            Of the protocol, one value each.
        made : callable
            What makes it.

        Returns
        -------
        int
            The digest.
        """
        return self._once(self._tasks, repr([(name, said(value)) for name, value in options.items()]), made)

    def known_first(self, task: int, drawn: Callable[[], Episode]) -> Episode:
        """The first trial of a task, drawn once.

        Parameters
        ----------
        task : int
            The digest of what is presented.
        drawn : callable
            What draws it.

        Returns
        -------
        Episode
            The trial.
        """
        return self._once(self._firsts, task, drawn)

    @staticmethod
    def _once(known: dict, key: Any, make: Callable[[], Any]) -> Any:
        if key not in known:
            known[key] = make()
        return known[key]


def with_engine(plan: Plan) -> tuple[Study, str]:
    """The study of a plan with its engine chosen: one choice for all spiking cells, by the longest episode.

    Parameters
    ----------
    plan : Plan
        What makes the study.

    Returns
    -------
    study : Study
        The study; its plan has the engine.
    reason : str
        Why this one, or "" if there are no spiking cells.

    Raises
    ------
    ValueError
        For a cache folder that cannot be trusted, and for "compiled" without a compiler.
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
