"""Patterns that are their own value: what an autoassociative memory can store."""

from __future__ import annotations

import numpy as np

from ..checks import check_count
from ..episode import Episode

FOR_PAIRS = "for values that differ from their keys use KeyValueMemory or BAM"


def check_own_value_dim(name: str, key_dim: int, value_dim: int | None) -> None:
    """Raise ValueError unless value_dim is None or key_dim.

    Parameters
    ----------
    name : str
        Of the memory, for the message.
    key_dim : int
        Size d.
    value_dim : anything
        The argument that came.
    """
    if value_dim is not None:
        check_count("value_dim", value_dim)
    if value_dim is not None and value_dim != key_dim:
        raise ValueError(f"{name} recalls the pattern itself, so value_dim must be key_dim={key_dim}; got {value_dim}."
                         f" Where they differ use KeyValueMemory or BAM")  # fmt: skip


def check_own_values(name: str, key: np.ndarray, value: np.ndarray, gate: np.ndarray) -> None:
    """Raise ValueError if a pair that is stored has a value other than its key.

    Parameters
    ----------
    name : str
        Of the memory, for the message.
    key, value : array, (..., d)
        Pairs.
    gate : array, (...,)
        Global third factor q; above 0 where a pair is stored.
    """
    if ((key != value).any(axis=-1) & (gate > 0)).any():
        raise ValueError(f"{name} stores a pattern as its own value but got a value that is not its key; {FOR_PAIRS}")


def check_own_value_episode(name: str, episode: Episode) -> None:
    """Raise ValueError if an episode stores anything but patterns as their own value.

    Parameters
    ----------
    name : str
        Of the memory, for the message.
    episode : Episode
        What is to be presented.
    """
    if (episode.feedback & episode.is_store).any():
        raise ValueError(f"{name} stores a pattern as its own value, but this episode stores what feedback brings as a"
                         f" key to something else; {FOR_PAIRS}")  # fmt: skip
    check_own_values(name, episode.keys, episode.values, np.asarray(episode.gate))
