"""Which memories a panel is drawn with: those asked for, and for each rate curve its spiking twin."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..checks import closest
from ..memory import Memory
from ..third_factors import Random
from .panel import Curve, Make, Panel
from .panels import PANELS

FIGURES = (*PANELS, "3c", "3d", "5c", "all")  # what `biokv figure` takes
SPIKING_TRIALS = {"3a": 20, "4a": 8, "age": 8, "c5": 16, "2b": 4, "width": 4}  # at every x; 40 elsewhere
IN_SPIKES = {"rate": ("accuracy", "capacity"), "learned": ("accuracy",)}  # what is measured of their spiking twins
MANY = 32  # hidden neurons per slot of a rule that was learned with random third factors: its softmax is flat


def spiking_curves(panel: Panel) -> list[Curve]:
    """For every curve of a rate memory, with the paper's rule or a learned one, one of the spiking memory, dotted in
    the same colour.

    Both see the same episodes. A stored prompt has none, for spiking outputs cannot be scored while they are clamped;
    noise-free capacities, and capacities of learned rules, take more trials than spikes allow; and the simple rule
    that 3a draws beside learned ones is that of 2a.
    """
    curves = []
    for curve in panel.curves:
        if not curve.in_spikes or curve.quantity not in IN_SPIKES.get(curve.memory, ()):
            continue
        curves.append(curve._replace(
            model=f"spiking {curve.model}", memory="spiking", twin=curve.memory,
            make=partial(_spiking_twin, curve.make),
            trials=SPIKING_TRIALS.get(panel.figure, 40), line=":", label=f"{curve.label or curve.model}, spiking",
            reference=curve.reference or curve.model,
        ))  # fmt: skip
    return curves


def _spiking_twin(make: Make, x: Any) -> Memory:
    from ..network.parameters import Parameters
    from ..spiking import SpikingMemory

    rate: Any = make(x)
    rule = getattr(rate, "rule", None)
    parameters = Parameters(neurons_per_slot=MANY) if rule and isinstance(rate.third_factor, Random) else Parameters()
    return SpikingMemory(rate.key_dim, rate.n_slots, rate.value_dim, rate.third_factor, rule=rule,
                         stability_threshold=rate.stability_threshold, parameters=parameters)  # fmt: skip


def find_panel(figure: str) -> Panel:
    """The panel of that name. Raises ValueError, listing the known ones, if there is none."""
    if figure not in PANELS:
        raise ValueError(f"there is no figure {figure!r}{closest(figure, FIGURES)}")
    return PANELS[figure]()


def check_twice(memories: tuple[str, ...]) -> None:
    """Raise ValueError if a memory is named twice."""
    if len(set(memories)) != len(memories):
        raise ValueError(f"a memory was given twice: {', '.join(memories)}")


def choose_memories(panel: Panel, memories: tuple[str, ...]) -> Panel:
    """The panel with the curves of these memories alone; all but the spiking one, which takes longer, if none is named.

    Raises ValueError, listing what the figure has, for a memory that it has not, and for one named twice.
    """
    check_twice(memories)
    known = all_memories(panel)
    for name in memories:
        if name not in known:
            raise ValueError(f"figure {panel.figure} has no memory {name!r}{closest(name, known, 'it has')}")
    curves = (*panel.curves, *(spiking_curves(panel) if "spiking" in memories else []))
    return panel._replace(curves=tuple(c for c in curves if not memories or c.memory in memories))


def all_memories(panel: Panel) -> list[str]:
    """Names of the memories it can be drawn with."""
    return panel.memories() + (["spiking"] if spiking_curves(panel) else [])
