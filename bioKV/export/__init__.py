"""What neurons did, in files and objects of others, one format per file.

What a format needs beside bioKV is imported when it is asked for: Neo and nixio ``pip install "bioKV[neo]"``, pynwb
``pip install "bioKV[nwb]"``.

Examples
--------
One trial, recorded and handed on. Files of `nix` and `nwb` are written in the same way:

>>> import numpy as np
>>> from bioKV import SpikingMemory, export, protocols
>>> episode = protocols.autoassociative(np.random.default_rng(0), n_pairs=1, key_dim=4)
>>> memory = SpikingMemory(key_dim=4, n_slots=1, value_dim=4, engine="numpy")
>>> response = memory.respond(episode, np.random.default_rng(1), record=("hidden", "output"))
>>> list(export.to_pandas(response).columns)
['trial', 'population', 'neuron', 'sign', 't_ms']
>>> export.csv(response, "spikes.csv")
>>> export.npz(response, "spikes.npz", episode)
>>> np.array_equal(export.load("spikes.npz").response.spikes["output"].t_ms, response.spikes["output"].t_ms)
True
>>> [group.name for group in export.to_neo(response, episode).groups]
['hidden', 'output']
"""

from .csv import csv
from .nix import nix
from .npz import Saved, load, npz
from .nwb import nwb
from .to_neo import to_neo
from .to_pandas import to_pandas

__all__ = ["Saved", "csv", "load", "nix", "npz", "nwb", "to_neo", "to_pandas"]
