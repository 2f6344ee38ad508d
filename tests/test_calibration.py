"""Numbers of the network that were calibrated, and what for. Measured on the NumPy engine, with the default numbers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from bioKV import Episode, Parameters, Random, SpikingMemory
from bioKV.engines.choose import ENGINES
from bioKV.network.mechanisms.short_term_depression import ShortTermDepression
from bioKV.units import ms

ALONE = Parameters(neurons_per_slot=1)
COARSE = ALONE._replace(dt=1 * ms)
D = 16
