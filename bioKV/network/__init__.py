"""The spiking network as text and numbers: its rooms, the mechanisms that some networks have, and how it is built.

A mechanism of one's own is a class with a method `add`, which changes the network by name; see `Mechanism`. What the
network is then is said by its `Blueprint`: ``print(memory.blueprint())``.
"""

from .blueprint import Blueprint
from .mechanism import Mechanism
from .parts import Event, Part, Pathway
from .patterns import ALL_TO_ALL, ONE_TO_ONE, OPPOSITE, chain, pairs, sparse
from .populations import Bundle, Neurons

__all__ = [
    "ALL_TO_ALL",
    "ONE_TO_ONE",
    "OPPOSITE",
    "Blueprint",
    "Bundle",
    "Event",
    "Mechanism",
    "Neurons",
    "Part",
    "Pathway",
    "chain",
    "pairs",
    "sparse",
]
