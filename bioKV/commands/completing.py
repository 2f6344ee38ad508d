"""What a shell completes where the value of an option belongs: names, each looked up where it lives.

Typer keeps those that begin as the word does. Where a list may be typed, the word may have names and commas before.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import typer


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


def orders() -> list[str]:
    """Orders of the hidden neurons of a raster."""
    from ..analysis.row_order import ORDERS

    return list(ORDERS)


def export_formats() -> list[str]:
    """Formats of files for other programs."""
    from ..studies.export_run import FORMATS

    return list(FORMATS)


def formats(incomplete: str) -> list[str]:
    """Formats of pictures, a list."""
    from ..analysis.style import DPI

    return listed(list(DPI), incomplete)


def drawn_populations(incomplete: str) -> list[str]:
    """Populations that a raster draws, a list."""
    from ..analysis.row_order import POPULATIONS

    return listed(POPULATIONS, incomplete)


def kept_populations(incomplete: str) -> list[str]:
    """Populations whose spikes are kept, a list."""
    from ..studies.plan import POPULATIONS

    return listed(POPULATIONS, incomplete)


def varied(ctx: typer.Context) -> list[str]:
    """Options of the protocol for which a list or a range was typed: what an axis of a figure may show."""
    from ..studies.option_kinds import option_kinds
    from .help import protocol_among

    words = ctx.meta["words"][:-1]  # the last is the name of the axis
    try:
        known = {f"--{name.replace('_', '-')}" for name in option_kinds(protocol_among(list(words), ctx.command, ctx))}
    except ValueError:  # of a protocol there is none of, which the command says when it is run
        return []
    return [name.removeprefix("--") for name, of in pairwise(words) if name in known and {",", ":"} & {*of}]


def values_of(option: str, kind: type | None, incomplete: str) -> list[str]:
    """Values of an option of a protocol or a memory, a list; none where any number or text would do."""
    from ..network.regimes import regime_names

    if kind is bool:
        return listed(["true", "false"], incomplete)
    return listed(regime_names(), incomplete) if option == "regime" else []


def listed(names: Iterable[str], incomplete: str) -> list[str]:
    """Names that may come next in a list, each with what is before it."""
    *before, _ = incomplete.split(",")
    return ["".join(f"{one}," for one in before) + name for name in names if name not in before]
