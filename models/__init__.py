"""Rate-based memories in NumPy: the ground truth."""

from ..third_factors import LeastRecentlyUsed, Random, Sequential
from .key_value import KeyValueMemory

__all__ = ["KeyValueMemory", "LeastRecentlyUsed", "Random", "Sequential"]
