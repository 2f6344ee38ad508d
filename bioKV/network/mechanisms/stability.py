"""Stability (eq. 17): a synapse that was written with a rate q at or above a threshold is never written again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...checks import check_number
from ..blueprint import Blueprint
from ..mechanism import Mechanism, Request
from ..parts import Part, Pathway

S = """
    plastic = 1 - frozen : 1
    frozen : 1
    stability_threshold : 1 (shared, constant)
"""


def freeze(hidden: str) -> Part:
    """Synapses that freeze at the end of a plateau.

    Parameters
    ----------
    hidden : {"source", "target"}
        At which end of the synapses the hidden neurons are.

    Returns
    -------
    Part
        The part "plasticity".
    """
    q = {"source": "q_pre", "target": "q_post"}[hidden]
    code = f"frozen = clip(frozen + int((1 - frozen)*{q} >= stability_threshold), 0, 1)"
    # a value is written when the plateau ends, and frozen after that
    pathway = "write" if hidden == "source" else "plateau_end"
    return Part(S, pathways={pathway: Pathway(hidden, "plateau_end", after=code)}, keeps=("frozen",))


@dataclass(frozen=True)
class Stability(Mechanism):
    """A synapse that was written with a rate q at or above a threshold is never written again (eq. 17).

    Parameters
    ----------
    key, value : float
        The rates q at which key and value synapses freeze.

    Raises
    ------
    ValueError
        Unless both are above 0.

    Examples
    --------
    >>> from bioKV import SpikingMemory
    >>> memory = SpikingMemory(8, 4, 8, stability_threshold=0.8, engine="numpy")
    >>> memory.blueprint().values["key.stability_threshold"]
    0.8
    """

    key: float
    value: float
    turn = 90
    needs = ("hidden.q", "hidden.on_plateau", "key.w", "value.w")

    def __post_init__(self):
        check_number("key", self.key, above=True)
        check_number("value", self.value, above=True)

    @classmethod
    def asked_for(cls, request: Request) -> Stability | None:
        """Where there is a threshold."""
        return cls(*request.stability_threshold) if request.stability_threshold is not None else None

    def add(self, network: Blueprint) -> Blueprint:
        """Synapses that freeze at the end of a plateau."""
        return network.replacing("key", "plasticity", freeze("target")).replacing(
            "value", "plasticity", freeze("source")
        )

    def settings(self, network: Blueprint, values: dict[str, Any]) -> dict[str, Any]:
        """The two thresholds."""
        return {"key.stability_threshold": self.key, "value.stability_threshold": self.value}
