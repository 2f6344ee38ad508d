"""What a shell completes where the value of an option belongs: names, each looked up where it lives.

Typer keeps those that begin as the word does.
"""

from __future__ import annotations


def protocols() -> list[str]:
    """Names of protocols; files are the shell's own."""
    from ..studies.tasks import protocol_names

    return protocol_names()


def memories() -> list[str]:
    """Names of memories."""
    from ..studies.memories import memory_names

    return memory_names()


def third_factors() -> list[str]:
    """Names of third factors."""
    from ..studies.memories import THIRD_FACTORS

    return list(THIRD_FACTORS)


def mechanisms() -> list[str]:
    """Names of the mechanisms that a command takes."""
    from ..studies.own_mechanisms import mechanism_names

    return mechanism_names()


def settings() -> list[str]:
    """Names of the spiking memory's parameters, ready for a value."""
    from ..network.settings import kinds

    return [f"{name}=" for name in kinds()]


def knobs() -> list[str]:
    """Parameters that `biokv robustness` has values for."""
    from ..network.settings import KNOBS

    return list(KNOBS)


def figures() -> list[str]:
    """Figures of the paper, and ours."""
    from ..paper.memories_of import FIGURES

    return list(FIGURES)


def styles() -> list[str]:
    """Styles of pictures."""
    from ..analysis.style import SCALE

    return list(SCALE)
