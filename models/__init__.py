"""Rate-based memories in NumPy: the ground truth, and what the paper compares it with."""

from ..third_factors import LeastRecentlyUsed, Random, Sequential
from .bam import BAM
from .binary_channel import BinaryChannel
from .controller import Controller
from .hopfield import Hopfield
from .learned import LearnedMemory
from .linear_bam import LinearBAM
from .rate import KeyValueMemory
from .tvt import TVT

__all__ = [
    "BAM",
    "TVT",
    "BinaryChannel",
    "Controller",
    "Hopfield",
    "KeyValueMemory",
    "LearnedMemory",
    "LeastRecentlyUsed",
    "LinearBAM",
    "Random",
    "Sequential",
]
