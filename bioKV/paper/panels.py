"""What each panel of the paper is: its curves. Settings are those of the authors' code.

Beside the paper's panels there are panels for what it says without one: "age" (accuracy by age of a memory where
everything is stored), "blackout" (Hopfield without self-coupling), "width" and "connections" (capacity against N at
fixed d, and by connection), "bounded" and "stability" (a Hopfield network with bounded weights, and with stability).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from ..analysis.colours import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILION
from ..episode import Episode
from ..models import TVT, Hopfield, KeyValueMemory, Random, Sequential
from ..models.tvt import load_key
from ..protocols import autoassociative, continual, correlated, flashbulb, heteroassociative, sequence
from ..third_factors import ThirdFactor
from .curves import START, always, key_value, own_value_curves, pair_curves, trained, trained_at_40, trained_curve
from .learned_rules import SEEDS, third_factor_of
from .panel import Curve, Make, Panel, bits_per_connection, noise_free, searched
from .stable_hopfield import StableHopfield

SIZES = (20, 40, 80, 160)
LEARNS = ("3a", "3b")  # panels of nothing but learned rules, which take JAX
BOTH = ("the paper's search", "noise-free definition")  # of a capacity
CAPACITY = "capacity\n(pairs at accuracy 0.98)"


def figure_2a() -> Panel:
    """Accuracy against the number of stored patterns. TVT with the identity key, and with the trained one."""
    xs = (1, 2, 3, 5, 7, 10, 14, 20, 30, 40, 42, 45, 50, 60, 80, 100, 120, 150, 180)
    tvt = Curve("tvt", "tvt", "", "autoassociative", always(TVT(40, 40)), autoassociative, 300, GREEN, "-.")
    trained = tvt._replace(model="tvt trained", make=always(TVT(40, 40, **load_key()._asdict())), colour=SKY)
    return Panel("2a", "n_pairs", xs, (*own_value_curves("autoassociative", autoassociative, 500), tvt, trained))


def _capacities(model: str, memory: str, third_factor: str, make: Make, colour: str, line: str, searches: int,
                averaged: int) -> list[Curve]:  # fmt: skip
    """A memory's capacity, both ways."""
    both = (
        ("search", searched, "capacity", searches, 0),
        ("noise-free", noise_free, "capacity_noise_free", averaged, 1),
    )
    label = "random p=0.1" if model == "random" else model
    return [
        Curve(f"{model}, {name}", memory, third_factor, "autoassociative", make, autoassociative, trials, colour, line,
              measure=measure, quantity=quantity, group=group, label=label)
        for name, measure, quantity, trials, group in both
    ]  # fmt: skip


def figure_2b() -> Panel:
    """Capacity against size, d = N, both ways. Random has p = 0.1 at every N, or p = 4/N."""

    def scaled(n: int) -> KeyValueMemory:
        return key_value(Random(4 / n), size=n)

    def in_turn(n: int) -> KeyValueMemory:
        return key_value(Sequential(), size=n)

    curves = (
        *_capacities("sequential", "rate", "sequential", in_turn, BLUE, "-", 25, 100),
        *_capacities("random", "rate", "random", lambda n: key_value(Random(0.1), size=n), VERMILION, "-", 100, 800),
        *_capacities("random p=4/N", "rate", "random p=4/N", scaled, ORANGE, "-", 100, 800),
        *_capacities("hopfield", "hopfield", "", Hopfield, BLACK, "-", 100, 800),
        *_capacities("tvt", "tvt", "", lambda n: TVT(n, n), GREEN, "-.", 25, 100),
    )
    return Panel("2b", "n_slots", SIZES, curves, BOTH, y_label=CAPACITY, slopes=True)


def figure_3a() -> Panel:
    """Learned rules beside section 2's (dashed), d = N = 40; three trainings each. Random has p = 4/N = 0.1, or 1/N."""
    xs = (5, 10, 20, 30, 40, 50, 60, 80, 100, 120)
    shared: Any = {"protocol": "autoassociative", "present": autoassociative, "trials": 100}
    curves = []
    for kind, colour in (("sequential", BLUE), ("random p=4/N", VERMILION), ("random p=1/N", ORANGE)):
        factor = third_factor_of(kind, 40)
        curves.append(Curve(f"simple {kind}", "rate", factor.name, make=always(key_value(factor)), colour=colour,
                            line="--", in_spikes=False, **shared))  # fmt: skip
        for seed in SEEDS:
            label = "_" if seed else f"learned {kind}"
            curves.append(Curve(f"learned {kind}, training {seed}", "learned", factor.name, colour=colour, label=label,
                                make=partial(trained_at_40, kind, seed), **shared))  # fmt: skip
    return Panel("3a", "n_pairs", xs, tuple(curves))


def figure_3b() -> Panel:
    """Capacity of learned rules against size, d = N, both ways. A rule is learned at each size, once; how much three
    trainings differ is seen in 3a."""
    curves = (
        *_capacities("learned sequential", "learned", "sequential", partial(trained, "sequential", 0), BLUE, "-", 25,
                     50),
        *_capacities("learned random p=4/N", "learned", "random p=4/N", partial(trained, "random p=4/N", 0), ORANGE,
                     "-", 100, 400),
        *_capacities("learned random p=0.1", "learned", "random p=0.1", partial(trained, "random p=0.1", 0), VERMILION,
                     "-", 100, 400),
    )  # fmt: skip
    return Panel("3b", "n_slots", SIZES, curves, BOTH, y_label=CAPACITY, slopes=True)


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
    """As 4c for the three correlations of the authors' notebook, one axes per memory. A rule is learned for each
    correlation."""
    curves = []
    for c, colour in ((0.3, SKY), (0.6, ORANGE), (0.9, VERMILION)):
        protocol, present = f"correlated correlation={c:g}", partial(correlated, correlation=c)
        four = (*own_value_curves(protocol, present, 100), trained_curve(protocol, present, 100))
        curves += [curve._replace(model=f"{curve.model} c={c:g}", colour=colour, group=group, label=f"c = {c:g}",
                                  line="-") for group, curve in enumerate(four)]  # fmt: skip
    titles = ("sequential", "random, p = 0.1", "Hopfield", "trained, p = 4/N")
    return Panel("c5", "n_pairs", T_CORRELATED, tuple(curves), titles)


def figure_5a() -> Panel:
    """Pairs of a key of 40 and a value of 20 entries."""
    xs = (1, 2, 3, 5, 10, 15, 20, 30, 40, 45, 50, 60, 70, 85)
    return Panel("5a", "n_pairs", xs, pair_curves("heteroassociative", heteroassociative, 20, 500))


def figure_5b() -> Panel:
    """Sequences, replayed from a prompt that is recalled (left: rate and spiking memories on the same task), or that is
    itself stored and scored, as in the authors' code (right: no spiking memory, whose outputs cannot be scored while
    they are clamped)."""
    xs = (2, 5, 10, 15, 20, 25, 30, 35, 39, 40, 41, 42, 45, 50, 55, 60)
    recalled = pair_curves("sequence", partial(sequence, prompt="recalled"), 40, 2000)
    stored = pair_curves("sequence prompt=stored", partial(sequence, prompt="stored"), 40, 2000)
    curves = (
        *(c._replace(model=f"{c.model}, recalled prompt", label=c.label or c.model) for c in recalled),
        *(curve._replace(group=1, in_spikes=False) for curve in stored),
    )
    return Panel("5b", "n_patterns", xs, curves, ("the prompt is recalled", "the prompt is stored, and scored"))


def figure_age() -> Panel:
    """Accuracy by age of a memory in a life in which all that is new is stored, and one step in twenty asks."""
    present = partial(continual, p_recall=0.05, store="all", n_steps=1500)
    xs = (1, 2, 5, 10, 15, 20, 30, 39, 40, 41, 50, 60, 80, 100, 140, 180)
    curves = own_value_curves("continual store=all p_recall=0.05", present, 40, decay=0.95)
    return Panel("age", "delay", xs, curves, x_label="age of the memory (steps since it was stored)")


def figure_blackout() -> Panel:
    """A Hopfield network with and without self-coupling, T = load * d patterns, at several sizes. The paper puts it
    down to the small network that no blackout shows in 2a; the small network is not why: with self-coupling none shows
    at d = 160 either, and without it one shows at d = 40."""
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


def _with_slots(third_factor: ThirdFactor, n: int) -> KeyValueMemory:
    """d = m = 40 and n slots."""
    return KeyValueMemory(40, n, 40, third_factor, initial_scale=START)


def figure_width() -> Panel:
    """Capacity against the number of slots N at a fixed key size, d = 40 ("the decoupling of memory capacity from input
    dimension", section 1). A Hopfield network has no slots to add."""
    curves = (
        *_capacities("sequential", "rate", "sequential", partial(_with_slots, Sequential()), BLUE, "-", 25, 100),
        *_capacities("random p=4/N", "rate", "random p=4/N", lambda n: _with_slots(Random(4 / n), n), ORANGE, "-", 100,
                     800),
        *_capacities("hopfield", "hopfield", "", always(Hopfield(40)), BLACK, "-", 100, 800),
    )  # fmt: skip
    return Panel("width", "n_slots", (*SIZES, 320), curves, BOTH, x_label="slots N, with d = 40", y_label=CAPACITY)


def figure_connections() -> Panel:
    """Capacity by connection ("the capacity per connection is similar", section 1): bits of the patterns that can be
    stored, by the noise-free definition, over plastic connections, 2 d N, or d^2 in a Hopfield network. Left d = N,
    right d = 40."""
    both: tuple[tuple[Callable[..., KeyValueMemory], Make], ...] = (
        (lambda factor, n: key_value(factor, size=n), Hopfield),
        (_with_slots, always(Hopfield(40))),
    )
    curves = []
    for group, (slots, network) in enumerate(both):
        at_40 = " d=40" * group
        for model, memory, make, averaged, colour in (
            ("sequential", "rate", lambda n, slots=slots: slots(Sequential(), n), 100, BLUE),
            ("random p=4/N", "rate", lambda n, slots=slots: slots(Random(4 / n), n), 800, ORANGE),
            ("hopfield", "hopfield", network, 800, BLACK),
        ):
            curves.append(Curve(f"{model}{at_40}", memory, "" if memory == "hopfield" else model, "autoassociative",
                                make, autoassociative, averaged, colour, measure=bits_per_connection, label=model,
                                quantity="bits_per_connection", group=group))  # fmt: skip
    return Panel("connections", "n_slots", SIZES, tuple(curves), ("d = N", "d = 40, N slots"), x_label="size N",
                 y_label="bits per connection")  # fmt: skip


def figure_bounded() -> Panel:
    """The continual task of 4a with Hopfield networks whose weights decay, are bounded (Parisi, 1986; bound and rate of
    the authors' code), or neither (footnote 4: "synaptic weight decay has better overall performance")."""
    xs = (1, 5, 10, 20, 30, 40, 60, 80, 120, 180)
    networks = (
        ("decay 0.95", Hopfield(40, decay=0.95), BLACK, "-"),
        ("bounded weights", Hopfield(40, weight_bound=0.35, learning_rate=40**-0.5), SKY, "-"),
        ("free weights", Hopfield(40), GREY, "--"),
    )
    curves = tuple(
        Curve(f"hopfield {name}", "hopfield", "", "continual", always(network), continual, 36, colour, line, label=name)
        for name, network, colour, line in networks
    )
    return Panel("bounded", "delay", xs, curves)


def figure_stability() -> Panel:
    """The flashbulb task of 4b with a Hopfield network whose synapses freeze at a flashbulb, as those of a slot do by
    eq. 17: all of them, or each with a probability, our reading ("introducing synaptic stability is significantly
    detrimental", section 3.3)."""
    present = partial(flashbulb, strength=15)
    network = Hopfield(40, n_steps=3, decay=0.95, learning_rate=0.5 / 40)
    curves = [Curve("hopfield", "hopfield", "", "flashbulb strength=15", always(network), present, 100, BLACK,
                    subsets=("regular", "flashbulb"), label="no synapse freezes")]  # fmt: skip
    for share, colour in ((0.03, SKY), (0.1, GREEN), (0.3, PURPLE), (1.0, VERMILION)):
        memory: Any = StableHopfield(network, threshold=10, share=share)
        label = f"each freezes, p={share:g}" if share < 1 else "all freeze"
        curves.append(curves[0]._replace(model=f"hopfield, {share:g} freeze", make=always(memory), colour=colour,
                                         label=label))  # fmt: skip
    return Panel("stability", "delay", (1, 10, 20, 40, 60, 120, 180), tuple(curves))


def _load(rng: np.random.Generator, load: float, key_dim: int) -> Episode:
    return autoassociative(rng, max(1, round(load * key_dim)), key_dim)


PANELS: dict[str, Callable[[], Panel]] = {
    "2a": figure_2a, "2b": figure_2b, "3a": figure_3a, "3b": figure_3b, "4a": figure_4a, "4b": figure_4b,
    "4c": figure_4c, "c5": figure_c5, "5a": figure_5a, "5b": figure_5b, "age": figure_age, "blackout": figure_blackout,
    "width": figure_width, "connections": figure_connections, "bounded": figure_bounded, "stability": figure_stability,
}  # fmt: skip
