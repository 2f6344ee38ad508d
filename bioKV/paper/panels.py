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
from ..models import TVT, Hopfield, KeyValueMemory, Random, Sequential
from ..models.tvt import load_key
from ..protocols import autoassociative, continual, correlated, flashbulb, heteroassociative, sequence
from .curves import always, key_value, own_value_curves, pair_curves, trained, trained_at_40, trained_curve
from .learned_rules import SEEDS, third_factor_of
from .panel import Curve, Panel, noise_free, searched

SIZES = (20, 40, 80, 160)
LEARNS = ("3a", "3b")  # panels of nothing but learned rules, which take JAX


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
                                make=partial(trained_at_40, kind, seed), **shared))  # fmt: skip
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
