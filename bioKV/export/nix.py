"""Spikes as a NIX file, written by Neo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..checks import check_switch
from ..episode import Episode
from ..importing import require
from ..response import SpikingResponse
from ..whole_file import replacing
from .to_neo import block_of
from .trials import Trial, trials_of

MOST_TRAINS = 500  # each takes 30 ms and 22 kB to write


def nix(response: SpikingResponse, path: str | Path, episode: Episode | None = None, *, third_factor: str = "",
        options: Mapping[str, Any] | None = None, record: Mapping[str, Any] | None = None, per_neuron: bool = False
        ) -> None:  # fmt: skip
    """Write what `to_neo` makes of a response as a NIX file, to read with neo.NixIO or nixio.

    Parameters
    ----------
    response : SpikingResponse
        What a spiking memory answered, with recorded spikes.
    path : str or Path
        The file.
    episode : Episode or None
        What was answered.
    third_factor : str
        Its name, for the trials.
    options : dict or None
        Name, and a value or a list with one for each trial.
    record : dict or None
        Of the run, as run.json has it, for the Block's annotations.
    per_neuron : bool
        True: a train for every neuron of every trial. False: one for every population and trial, whose spikes have
        neuron and sign as array annotations.

    Raises
    ------
    ValueError
        If Neo or nixio is not installed, if there would be more than 500 trains per neuron, for what `trials_of`
        refuses, or if the file cannot be written.
    """
    check_switch("per_neuron", per_neuron)
    trials = trials_of("a NIX file", response, episode, third_factor=third_factor, options=options)
    write_nix(trials, path, record, per_neuron=per_neuron)


def write_nix(
    trials: Sequence[Trial], path: str | Path, record: Mapping[str, Any] | None, per_neuron: bool = False
) -> None:
    """Write single trials as a NIX file.

    Parameters
    ----------
    trials : sequence of Trial
        The trials.
    path : str or Path
        The file.
    record : dict or None
        Of the run, as run.json has it.
    per_neuron : bool
        Whether every neuron has a train, or only every population.

    Raises
    ------
    ValueError
        As `nix`.
    """
    neo = require("neo", "neo", "a NIX file")
    require("nixio", "neo", "a NIX file")
    n_trains = sum(sum(trial.populations.values()) for trial in trials)
    if per_neuron and n_trains > MOST_TRAINS:
        raise ValueError(f"a NIX file takes 30 ms for every spike train, and per neuron these would be {n_trains:,}, of"
                         f" at most {MOST_TRAINS}; per_neuron=False writes one per population and trial")  # fmt: skip
    block = block_of(trials, record, per_neuron)
    with replacing(path) as new, neo.NixIO(str(new), mode="ow") as file:
        file.write_block(block, use_obj_names=False)
