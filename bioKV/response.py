"""Response: what a memory answered to an episode; and what a spiking one lets see besides."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from . import shapes
from .checks import shown
from .episode import Episode, check_is_episode
from .spikes import SpikeTrain, Trace


@dataclass(frozen=True, eq=False, repr=False)
class Response:
    """What a memory answered to a whole episode; leading axes as in the episode.

    Parameters
    ----------
    values : array, (..., T, m)
        Recalled values, real-valued; their sign is scored.
    hidden : array, (..., T, N)
        Softmax, or each hidden neuron's share of the spikes.
    third_factor : array, (..., T, N)
        The plateaus that happened (0 or 1).
    state : state of the memory
        After the last step, for ``memory.weights(state)``.
    """

    values: np.ndarray
    hidden: np.ndarray
    third_factor: np.ndarray
    state: Any = None

    def facts(self) -> dict[str, Any]:
        """What is shown of it.

        Returns
        -------
        dict
            From a short name to an array or a text.
        """
        arrays = {"values": self.values, "hidden": self.hidden, "third factor": self.third_factor}
        return {"trials and steps": self.values.shape[:-1], **arrays}

    def __repr__(self) -> str:
        return shapes.line(type(self).__name__, self.facts())

    def _repr_html_(self) -> str:
        return shapes.table(type(self).__name__, self.facts())


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SpikingResponse(Response):
    """What a spiking memory answered, and what its neurons did.

    Parameters
    ----------
    values : array, (..., T, m)
        Filtered output spikes, ON minus OFF; their sign is scored.
    hidden : array, (..., T, N)
        Each hidden neuron's share of the spikes.
    third_factor : array, (..., T, N)
        The plateaus that happened (0 or 1).
    state : SpikingState
        After the last step, for ``memory.weights(state)``.
    windows_ms : array, (T, 2)
        Start and end of every presentation, in ms.
    phase : array of str, (..., T)
        "store", "recall" or "other".
    counts : dict of array, (..., T, n)
        Population -> spikes of each neuron in each window; "votes" are those of each slot between read_onset and
        read_stop, "dendrite" its dendritic spikes.
    evoked : dict of array, (..., T, n)
        Population -> spikes of each neuron while the key was on.
    fan_out : dict of float
        Population -> synapses that a spike of its axons reaches (a mean over neurons, where they differ).
    engine : str
        What ran it, "compiled" or "numpy".
    spikes : dict of SpikeTrain
        Population -> its spikes, where ``record=`` asked for them.
    traces : dict of Trace
        Population -> its variables step by step, where ``traces=`` asked for them, of a single trial.
    """

    windows_ms: np.ndarray
    phase: np.ndarray
    counts: dict[str, np.ndarray]
    evoked: dict[str, np.ndarray]
    fan_out: dict[str, float]
    engine: str
    spikes: dict[str, SpikeTrain] = field(default_factory=dict)
    traces: dict[str, Trace] = field(default_factory=dict)

    def save(self, path: str | Path, episode: Episode | None = None) -> None:
        """Write everything as one .npz file, to the last spike and bit.

        Parameters
        ----------
        path : str or Path
            File to write.
        episode : Episode
            What was answered; it goes beside the response, for exports. None (default): the response alone.

        Raises
        ------
        ValueError
            If the response is of other sizes than the episode, or the file cannot be written.
        """
        from . import export

        export.npz(self, path, episode)

    @staticmethod
    def load(path: str | Path) -> SpikingResponse:
        """Read what `save` wrote; `bioKV.export.load` gives the episode too.

        Parameters
        ----------
        path : str or Path
            File to read.

        Returns
        -------
        SpikingResponse

        Raises
        ------
        ValueError
            If there is no such file, it is not one of these, or it is damaged.
        """
        from . import export

        return export.load(path).response

    def to_pandas(self) -> Any:
        """A table of the recorded spikes, one row per spike.

        Returns
        -------
        DataFrame
            With columns trial, population, neuron, sign (+1 ON, -1 OFF, missing where a population has neither) and
            t_ms.

        Raises
        ------
        ValueError
            If none were recorded.
        """
        from . import export

        return export.to_pandas(self)

    def to_neo(self, episode: Episode | None = None) -> Any:
        """The recorded spikes for Neo and Elephant.

        Parameters
        ----------
        episode : Episode
            What was answered, for annotations; None (default): without.

        Returns
        -------
        neo.Block
            A Segment for every trial, a Group for every population, a SpikeTrain for every neuron.

        Raises
        ------
        ValueError
            If Neo is not installed (the extra "neo"), or no spikes were recorded.
        """
        from . import export

        return export.to_neo(self, episode)

    def facts(self) -> dict[str, Any]:
        """What is shown of it."""
        phases = {str(phase): int((self.phase == phase).sum()) for phase in np.unique(self.phase)}
        return {
            **super().facts(),
            "phases": ", ".join(f"{count} {phase}" for phase, count in phases.items()),
            "engine": self.engine,
            "counts of": self.counts,
            "spikes of": self.spikes,
            "traces of": self.traces,
        }


def check_answers(what: str, response: Response, episode: Any) -> None:
    """Raise ValueError unless the response is one to an episode of this shape.

    Parameters
    ----------
    what : str
        Name of what needs both, for the message.
    response : Response
        A memory's answer.
    episode : anything
        The argument that came.
    """
    check_is_episode(what, episode)
    if not isinstance(response, Response):
        raise ValueError(f"{what} takes what a memory's respond returned; got {shown(response)}")
    if response.values.shape != episode.values.shape:
        raise ValueError(f"{what} takes the episode that was answered: the response has values of shape"
                         f" {response.values.shape}, the episode {episode.values.shape}")  # fmt: skip


def check_spiking(what: str, response: Any) -> None:
    """Raise ValueError unless this is the response of a spiking memory.

    Parameters
    ----------
    what : str
        Name of what needs it, for the message.
    response : anything
        The argument that came.
    """
    if not isinstance(response, SpikingResponse):
        raise ValueError(f"{what} takes what a spiking memory answered; got {shown(response)}")
