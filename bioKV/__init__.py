"""Key-value memory networks on spiking neurons, beside the rate model of Tyulmankov et al. (2021).

Examples
--------
Three trials of 60 patterns are shown to a memory of 40 slots, which overwrites the oldest. `SpikingMemory` takes the
place of the rate model as it stands.

>>> import numpy as np
>>> from bioKV import Episode, protocols
>>> from bioKV.analysis.measures.accuracy import accuracy
>>> from bioKV.models import KeyValueMemory
>>> rng = np.random.default_rng(2021)
>>> trials = [protocols.autoassociative(rng, n_pairs=60) for _ in range(3)]
>>> episode = Episode.stack(trials)
>>> response = KeyValueMemory(40, 40, 40).respond(episode, rng)
>>> accuracy(response, episode).round(2)
array([0.87, 0.87, 0.87])
"""

from pathlib import Path as _Path

from . import stopping as _stopping

_stopping.leave_at_once_while_importing()

# In a checkout models/, protocols/ and analysis/ lie beside this folder; an installed bioKV holds them itself.
_checkout = _Path(__file__).resolve().parent.parent
if (_checkout / "pyproject.toml").is_file() and (_checkout / "models").is_dir():
    __path__.append(str(_checkout))

from . import analysis, export, models, network, protocols, units  # noqa: E402  (the path above has to be there first)
from .episode import Episode  # noqa: E402
from .memory import Memory, Output  # noqa: E402
from .network.parameters import Parameters  # noqa: E402
from .response import Response, SpikingResponse  # noqa: E402
from .rule import Rule  # noqa: E402
from .spikes import SpikeTrain, Trace  # noqa: E402
from .spiking import SpikingMemory  # noqa: E402
from .studies.read import read_results  # noqa: E402
from .third_factors import LeastRecentlyUsed, Random, Sequential  # noqa: E402

__version__ = "0.2.0"
__all__ = [
    "Episode",
    "LeastRecentlyUsed",
    "Memory",
    "Output",
    "Parameters",
    "Random",
    "Response",
    "Rule",
    "Sequential",
    "SpikeTrain",
    "SpikingMemory",
    "SpikingResponse",
    "Trace",
    "analysis",
    "export",
    "models",
    "network",
    "protocols",
    "read_results",
    "units",
]
