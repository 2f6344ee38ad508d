"""What each panel of the paper is: its curves. Settings are those of the authors' code.

Beside the paper's panels there are "age" (accuracy by age of a memory where everything is stored) and "blackout"
(Hopfield without self-coupling).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from ..analysis.colours import BLACK, BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILION
from ..episode import Episode
from ..memory import Memory
from ..models import BAM, TVT, Hopfield, KeyValueMemory, LearnedMemory, Random, Sequential
from ..models.tvt import load_key
from ..protocols import autoassociative, continual, correlated, flashbulb, heteroassociative, sequence
from .learned_rules import SEEDS, at_size, learned, third_factor_of
from .panel import Curve, Make, Panel, Present, noise_free, searched

START = 1e-10  # where the authors' K and V start in figs. 2 and 4; in fig. 5 they start at 0
SIZES = (20, 40, 80, 160)
LEARNS = ("3a", "3b")  # panels of nothing but learned rules, which take JAX


def key_value(third_factor, x=None, *, size: int = 40, value_dim: int | None = None, start: float = START,
              **options) -> KeyValueMemory:  # fmt: skip
    """The paper's memory with d = N = size."""
    return KeyValueMemory(size, size, value_dim or size, third_factor, initial_scale=start, **options)


def always(memory: Memory) -> Make:
    """The same memory at every x."""
    return lambda x: memory


def own_value_curves(protocol: str, present: Present, trials: int, decay: float = 1.0, **fields) -> tuple[Curve, ...]:
    """Sequential, random and Hopfield on patterns that are their own value, d = N = 40: most panels have these."""
    shared: Any = {"protocol": protocol, "present": present, "trials": trials, **fields}
    return (
        Curve("sequential", "rate", "sequential", make=always(key_value(Sequential())), colour=BLUE, **shared),
        Curve("random", "rate", "random", make=always(key_value(Random(0.1))), colour=VERMILION, label="random p=0.1",
              **shared),
        Curve("hopfield", "hopfield", "", make=always(Hopfield(40, decay=decay)), colour=BLACK, **shared),
    )


def figure_2a() -> Panel:
    """Accuracy against the number of stored patterns. TVT with the identity key, and with the trained one."""
    xs = (1, 2, 3, 5, 7, 10, 14, 20, 30, 40, 42, 45, 50, 60, 80, 100, 120, 150, 180)
    tvt = Curve("tvt", "tvt", "", "autoassociative", always(TVT(40, 40)), autoassociative, 300, GREEN, "-.")
    trained = tvt._replace(model="tvt trained", make=always(TVT(40, 40, **load_key()._asdict())), colour=SKY)
    return Panel("2a", "n_pairs", xs, (*own_value_curves("autoassociative", autoassociative, 500), tvt, trained))


def figure_2b() -> Panel:
    """Capacity against size, d = N, both ways. Random has p = 0.1 at every N, or p = 4/N."""

    def curve(model, memory, third_factor, make, colour, line, searches, averaged) -> list[Curve]:
        label = "random p=0.1" if model == "random" else model
        both = (
            ("search", searched, "capacity", searches, 0),
            ("noise-free", noise_free, "capacity_noise_free", averaged, 1),
        )
        return [
            Curve(f"{model}, {name}", memory, third_factor, "autoassociative", make, autoassociative, trials, colour,
                  line, measure=measure, quantity=quantity, group=group, label=label)
            for name, measure, quantity, trials, group in both
        ]  # fmt: skip

    def scaled(n: int) -> KeyValueMemory:
        return key_value(Random(4 / n), size=n)

    curves = (
        *curve("sequential", "rate", "sequential", lambda n: key_value(Sequential(), size=n), BLUE, "-", 25, 100),
        *curve("random", "rate", "random", lambda n: key_value(Random(0.1), size=n), VERMILION, "-", 100, 800),
        *curve("random p=4/N", "rate", "random p=4/N", scaled, ORANGE, "-", 100, 800),
        *curve("hopfield", "hopfield", "", Hopfield, BLACK, "-", 100, 800),
        *curve("tvt", "tvt", "", lambda n: TVT(n, n), GREEN, "-.", 25, 100),
    )
    return Panel("2b", "n_slots", SIZES, curves, ("the paper's search", "noise-free definition"))


def trained(kind: str, seed: int, size: int) -> LearnedMemory:
    """The memory with a rule learned at N = 40, and d = N = size slots."""
    rule = at_size(learned(kind, seed).rule, size)
    return LearnedMemory(size, size, size, rule, third_factor_of(kind, size), initial_scale=START, dtype=np.float32)


def _trained_at_40(kind: str, seed: int, x: Any) -> LearnedMemory:
    return trained(kind, seed, 40)


def _trained_for(task: str, value_dim: int, start: float, x: Any) -> LearnedMemory:
    rule, factor = learned("random p=4/N", 0, task).rule, third_factor_of("random p=4/N", 40)
    return LearnedMemory(40, 40, value_dim, rule, factor, initial_scale=start, dtype=np.float32)


def trained_curve(task: str, present: Present, trials: int, value_dim: int = 40, start: float = START) -> Curve:
    """The paper's "trained": random third factors and a rule learned on the task of the panel (one training)."""
    make = partial(_trained_for, task.partition(" ")[0], value_dim, start)
    return Curve("trained random", "learned", "random", task, make, present, trials, ORANGE, "--",
                 label="trained, random p=4/N")  # fmt: skip


def figure_3a() -> Panel:
    """Learned rules beside section 2's (dashed), d = N = 40; three trainings each. Random has p = 4/N = 0.1."""
    xs = (5, 10, 20, 30, 40, 50, 60, 80, 100, 120)
    shared: Any = {"protocol": "autoassociative", "present": autoassociative, "trials": 100}
    curves = []
    for kind, colour in (("sequential", BLUE), ("random p=4/N", VERMILION)):
        factor = third_factor_of(kind, 40)
        curves.append(Curve(f"simple {kind}", "rate", factor.name, make=always(key_value(factor)), colour=colour,
                            line="--", **shared))  # fmt: skip
        for seed in SEEDS:
            label = "_" if seed else f"learned {kind}"
            curves.append(Curve(f"learned {kind}, training {seed}", "learned", factor.name, colour=colour, label=label,
                                make=partial(_trained_at_40, kind, seed), **shared))  # fmt: skip
    return Panel("3a", "n_pairs", xs, tuple(curves))


def figure_3b() -> Panel:
    """Capacity of learned rules against size, by the noise-free definition. Each was learned at N = 40; at other sizes
    its b_fv goes with 1/N, as the mean of h' does, and the rest stays."""

    def curve(kind: str, colour: str, trials: int, seed: int) -> Curve:
        label = "_" if seed else f"learned {kind}"
        return Curve(f"learned {kind}, training {seed}", "learned", third_factor_of(kind, 40).name, "autoassociative",
                     partial(trained, kind, seed), autoassociative, trials, colour, label=label,
                     measure=noise_free, quantity="capacity_noise_free")  # fmt: skip

    kinds = (("sequential", BLUE, 20), ("random p=4/N", ORANGE, 200), ("random p=0.1", VERMILION, 200))
    return Panel("3b", "n_slots", SIZES, tuple(curve(*kind, seed) for kind in kinds for seed in SEEDS))


def figure_4a() -> Panel:
    """Accuracy in the continual task against the delay; the Hopfield network decays by 0.95 a step."""
    xs = (1, 5, 10, 20, 30, 40, 41, 60, 80, 81, 120, 180)
    curves = own_value_curves("continual", continual, 36, decay=0.95)
    return Panel("4a", "delay", xs, (*curves, trained_curve("continual", continual, 36)))


def figure_4b() -> Panel:
    """Flashbulb and regular memories against the delay."""
    shared: Any = {"subsets": ("regular", "flashbulb")}
    sequential = always(key_value(Sequential(), stability_threshold=10))
    random = always(key_value(Random(0.1), stability_threshold=(5, 10)))
    curves = [
        Curve("sequential", "rate", "sequential", "flashbulb", sequential, flashbulb, 150, BLUE, **shared),
        Curve("random", "rate", "random", "flashbulb", random, flashbulb, 150, VERMILION, label="random p=0.1",
              **shared),
    ]
    network = Hopfield(40, n_steps=3, decay=0.95, learning_rate=0.5 / 40)
    for strength, colour in ((10.0, SKY), (50.0, GREEN), (1e3, PURPLE), (1e6, BLACK)):
        present = partial(flashbulb, strength=strength)
        protocol, name = f"flashbulb strength={strength:g}", f"hopfield q={strength:g}"
        curves.append(Curve(name, "hopfield", "", protocol, always(network), present, 100, colour, group=1,
                            label=f"q = {strength:,.0f}", **shared))  # fmt: skip
    titles = ("key-value memory, strength 15", "Hopfield network, strength q")
    return Panel("4b", "delay", (1, 10, 20, 40, 60, 120, 180), tuple(curves), titles)


T_CORRELATED = (1, 2, 5, 10, 20, 30, 40, 50, 60, 80, 100, 120, 150, 180)


def figure_4c() -> Panel:
    """Accuracy against the number of patterns that correlate 0.6 with a template."""
    present = partial(correlated, correlation=0.6)
    curves = own_value_curves("correlated", present, 300)
    return Panel("4c", "n_pairs", T_CORRELATED, (*curves, trained_curve("correlated", present, 300)))


def figure_c5() -> Panel:
    """As 4c for five correlations, an axes a memory. The paper does not say more; our choice."""
    curves = []
    for c, colour in ((0.0, BLACK), (0.2, SKY), (0.4, GREEN), (0.6, ORANGE), (0.8, VERMILION)):
        three = own_value_curves(f"correlated correlation={c:g}", partial(correlated, correlation=c), 100)
        curves += [curve._replace(model=f"{curve.model} c={c:g}", colour=colour, group=group, label=f"c = {c:g}")
                   for group, curve in enumerate(three)]  # fmt: skip
    return Panel("c5", "n_pairs", T_CORRELATED, tuple(curves), ("sequential", "random, p = 0.1", "Hopfield"))


def pair_curves(protocol: str, present: Present, value_dim: int, trials: int) -> tuple[Curve, ...]:
    """Sequential, random, BAM and trained, as in fig. 5."""
    shared: Any = {"protocol": protocol, "present": present, "trials": trials}
    slots = partial(key_value, value_dim=value_dim, start=0.0)
    return (
        Curve("sequential", "rate", "sequential", make=always(slots(Sequential())), colour=BLUE, **shared),
        Curve("random", "rate", "random", make=always(slots(Random(0.1))), colour=VERMILION, label="random p=0.1",
              **shared),
        Curve("bam", "bam", "", make=always(BAM(40, value_dim)), colour=PURPLE, **shared),
        trained_curve(protocol, present, trials, value_dim, 0.0),
    )


def figure_5a() -> Panel:
    """Pairs of a key of 40 and a value of 20 entries."""
    xs = (1, 2, 3, 5, 10, 15, 20, 30, 40, 45, 50, 60, 70, 85)
    return Panel("5a", "n_pairs", xs, pair_curves("heteroassociative", heteroassociative, 20, 500))


def figure_5b() -> Panel:
    """Sequences, replayed from a prompt that is itself stored and scored, as in the authors' code."""
    xs = (2, 5, 10, 15, 20, 25, 30, 35, 39, 40, 41, 42, 45, 50, 55, 60)
    return Panel("5b", "n_patterns", xs, pair_curves("sequence", partial(sequence, prompt="stored"), 40, 2000))


def figure_age() -> Panel:
    """Accuracy by age of a memory in a life in which all that is new is stored, and one step in twenty asks."""
    present = partial(continual, p_recall=0.05, store="all", n_steps=1500)
    xs = (1, 2, 5, 10, 15, 20, 30, 39, 40, 41, 50, 60, 80, 100, 140, 180)
    curves = own_value_curves("continual store=all p_recall=0.05", present, 40, decay=0.95)
    return Panel("age", "delay", xs, curves, x_label="age of the memory (steps since it was stored)")


def figure_blackout() -> Panel:
    """A Hopfield network with and without self-coupling, T = load * d patterns, at several sizes."""
    loads = (0.05, 0.1, 0.125, 0.15, 0.175, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1.0, 1.5, 2.0)
    curves = []
    for group, coupled in enumerate((True, False)):
        for size, colour in ((40, SKY), (80, GREEN), (160, BLACK)):
            name = f"hopfield d={size} {'with' if coupled else 'without'} self-coupling"
            protocol = f"autoassociative key_dim={size} self_coupling={str(coupled).lower()}"
            memory, present = always(Hopfield(size, self_coupling=coupled)), partial(_load, key_dim=size)
            curves.append(Curve(name, "hopfield", "", protocol, memory, present, 60, colour, group=group,
                                label=f"d = {size}"))  # fmt: skip
    return Panel("blackout", "load", loads, tuple(curves), ("with self-coupling", "without self-coupling"))


def _load(rng: np.random.Generator, load: float, key_dim: int) -> Episode:
    return autoassociative(rng, max(1, round(load * key_dim)), key_dim)


PANELS: dict[str, Callable[[], Panel]] = {
    "2a": figure_2a, "2b": figure_2b, "3a": figure_3a, "3b": figure_3b, "4a": figure_4a, "4b": figure_4b,
    "4c": figure_4c, "c5": figure_c5, "5a": figure_5a, "5b": figure_5b, "age": figure_age, "blackout": figure_blackout,
}  # fmt: skip
SPIKING_TRIALS = {"4a": 8, "age": 8, "c5": 16, "2b": 4}  # at every x; 40 elsewhere


def spiking_curves(panel: Panel) -> list[Curve]:
    """For every curve of the rate memory one of the spiking memory, dotted in the same colour.

    Both see the same episodes, but in 5b: a sequence played in spikes has a prompt that is not stored, for spiking
    outputs cannot be scored while they are clamped. The noise-free capacity has no spiking curve.
    """
    curves = []
    for curve in panel.curves:
        if curve.memory != "rate" or curve.quantity == "capacity_noise_free":
            continue
        present = partial(sequence, prompt="recalled") if curve.protocol == "sequence" else curve.present
        curves.append(curve._replace(
            model=f"spiking {curve.model}", memory="spiking", make=partial(_spiking_twin, curve.make), present=present,
            trials=SPIKING_TRIALS.get(panel.figure, 40), line=":", label=f"{curve.label or curve.model}, spiking",
            reference=curve.reference or curve.model,
        ))  # fmt: skip
    return curves


def _spiking_twin(make: Make, x: Any) -> Memory:
    from ..engines.cache import compiler
    from ..spiking import SpikingMemory

    rate: Any = make(x)
    return SpikingMemory(rate.key_dim, rate.n_slots, rate.value_dim, rate.third_factor,
                         stability_threshold=rate.stability_threshold,
                         engine="compiled" if compiler() else "numpy")  # fmt: skip


def find_panel(figure: str) -> Panel:
    """The panel of that name. Raises ValueError, listing the known ones, if there is none."""
    if figure not in PANELS:
        raise ValueError(f"there is no figure {figure!r}; known are {', '.join(PANELS)}, 3c, 3d, 5c, all")
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
            raise ValueError(f"figure {panel.figure} has no memory {name!r}; it has {', '.join(known)}")
    curves = (*panel.curves, *(spiking_curves(panel) if "spiking" in memories else []))
    return panel._replace(curves=tuple(c for c in curves if not memories or c.memory in memories))


def all_memories(panel: Panel) -> list[str]:
    """Names of the memories it can be drawn with."""
    return panel.memories() + (["spiking"] if spiking_curves(panel) else [])
