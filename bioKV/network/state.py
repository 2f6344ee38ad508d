"""The state of a spiking memory: what one presentation hands on to the next."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..memory import check_saved
from .blueprint import Blueprint


class SpikingState(NamedTuple):
    """What one presentation hands on to the next.

    Parameters
    ----------
    variables : dict of str to np.ndarray, shape (B, n)
        Everything that is handed on, such as "key.w".
    streams : list of np.random.Generator
        Noise to come, one for each of the B trials.
    """

    variables: dict[str, np.ndarray]
    streams: list[np.random.Generator]

    def __repr__(self) -> str:
        return f"<SpikingState: {len(self.streams)} trials of {', '.join(self.variables)}>"


def check_state(path: str | Path, saved: dict[str, np.ndarray], network: Blueprint) -> None:
    """Refuse a saved state that is not what presentations of this network hand on.

    Parameters
    ----------
    path : str or Path
        Where it was read, for the error.
    saved : dict of str to np.ndarray, shape (B, n)
        What was read.
    network : Blueprint
        The network.

    Raises
    ------
    ValueError
        Unless it has the same variables, each of as many neurons or synapses.
    """
    wanted = network.begun()
    check_saved(path, saved, wanted)
    for name, array in saved.items():
        if array.shape[1:] != wanted[name].shape:
            raise ValueError(f"{path} holds {array.shape[-1]} numbers of {name}, this memory has {wanted[name].size};"
                             " it was saved with other neurons_per_slot or sizes")  # fmt: skip


def weight_matrix(network: Blueprint, bundle: str, w: np.ndarray) -> np.ndarray:
    """The weights of a bundle as matrices.

    Parameters
    ----------
    network : Blueprint
        The network.
    bundle : str
        Its name.
    w : np.ndarray, shape (B, synapses)
        The weights.

    Returns
    -------
    np.ndarray, shape (B, sources, targets)
        The weights, 0 where there is no synapse.
    """
    of = network.bundles[bundle]
    whole = np.zeros((len(w), network.neurons[of.source].size, network.neurons[of.target].size), w.dtype)
    whole[:, *network.connected(bundle)] = w
    return whole


def copied(stream: np.random.Generator) -> np.random.Generator:
    """A Generator that goes on as this one does, and leaves it where it is.

    Parameters
    ----------
    stream : np.random.Generator
        The generator.

    Returns
    -------
    np.random.Generator
        Its copy.
    """
    bits = type(stream.bit_generator)()
    bits.state = stream.bit_generator.state
    return np.random.Generator(bits)
