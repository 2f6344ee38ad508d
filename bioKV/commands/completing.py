"""What a shell completes where the value of an option belongs: names, each looked up where it lives."""

from __future__ import annotations

from typing import Any


def protocols(incomplete: str) -> list[str]:
    """Names of protocols; files are the shell's own."""
    from ..studies.tasks import protocol_names

    return _starting(incomplete, protocol_names())


def memories(incomplete: str) -> list[str]:
    """Names of memories."""
    from ..studies.memories import memory_names

    return _starting(incomplete, memory_names())


def third_factors(incomplete: str) -> list[str]:
    """Names of third factors."""
    from ..studies.memories import THIRD_FACTORS

    return _starting(incomplete, THIRD_FACTORS)


def mechanisms(incomplete: str) -> list[str]:
    """Names of the mechanisms that a command takes."""
    from ..studies.own_mechanisms import mechanism_names

    return _starting(incomplete, mechanism_names())


def settings(incomplete: str) -> list[str]:
    """Names of the spiking memory's parameters, ready for a value."""
    from ..network.settings import kinds

    return _starting(incomplete, [f"{name}=" for name in kinds()])


def knobs(incomplete: str) -> list[str]:
    """Parameters that `biokv robustness` has values for."""
    from ..network.settings import KNOBS

    return _starting(incomplete, KNOBS)


def figures(incomplete: str) -> list[str]:
    """Figures of the paper, and ours."""
    from ..paper.memories_of import FIGURES

    return _starting(incomplete, FIGURES)


def styles(incomplete: str) -> list[str]:
    """Styles of pictures."""
    from ..analysis.style import SCALE

    return _starting(incomplete, SCALE)


def _starting(incomplete: str, names: Any) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]
