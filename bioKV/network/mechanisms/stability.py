"""Stability (eq. 17): a synapse that was written with a rate q at or above a threshold is never written again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..blueprint import Blueprint
from ..mechanism import Mechanism, Request
from ..parts import Part, Pathway

S = """
    plastic = 1 - frozen : 1
    frozen : 1
    stability_threshold : 1 (shared, constant)
"""


def freeze(hidden: str) -> Part:
    """hidden : at which end of the synapses the hidden neurons are, "source" or "target"."""
    q = {"source": "q_pre", "target": "q_post"}[hidden]
    code = f"frozen = clip(frozen + int((1 - frozen)*{q} >= stability_threshold), 0, 1)"
    # a value is written when the plateau ends, and frozen after that
    pathway = "write" if hidden == "source" else "plateau_end"
    return Part(S, pathways={pathway: Pathway(hidden, "plateau_end", after=code)}, keeps=("frozen",))


@dataclass(frozen=True)
class Stability(Mechanism):
    """key, value : the rates q at which key and value synapses freeze."""

    key: float
    value: float
    turn = 90
    needs = ("hidden.q", "hidden.on_plateau", "key.w", "value.w")

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
