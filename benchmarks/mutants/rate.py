"""Mutants of models/ and protocols/."""

from __future__ import annotations

from .mutant import Mutant

STEP_BY_STEP = ("tests/models/test_step_by_step.py",)
MUTANTS = (
    Mutant("models/open_loop.py", "highest - u.min() < 500", "highest - u.min() < 5000",
           ("tests/models/test_open_loop.py",)),
    Mutant("models/open_loop.py", "plastic(gamma, over[:, :-1].astype", "plastic(gamma, over[:, 1:].astype",
           STEP_BY_STEP),
    Mutant("models/hopfield.py", "done |= (new == older).all(axis=2)", "done |= (new == older).any(axis=2)",
           (*STEP_BY_STEP, "tests/models/test_baselines.py")),
    Mutant("models/outer_product.py", "self.learning_rate * q[stored, None] * y[stored]",
           "self.learning_rate * y[stored]", STEP_BY_STEP),
    Mutant("models/plasticity.py", "left = xp.maximum(1 - q * (1 - rule.decay), 0)", "left = 1 - q * (1 - rule.decay)",
           ("tests/models/test_learned.py::test_of_a_value_never_less_than_nothing_is_left",)),
    Mutant("models/tvt.py", "state.counter + (q > 0)), rows", "state.counter + 1), rows",
           ("tests/models/test_baselines.py",)),
    Mutant("models/controller.py", "start[:, d : d + m], start[:, -1]", "start[:, d : d + m], start[:, 0]",
           ("tests/models/test_controller.py",)),
    Mutant("models/binary_channel.py", "GATE = 2", "GATE = 1",
           ("tests/models/test_binary_channel.py::test_the_gate_is_twice_as_steep_as_keys_and_values",)),
    Mutant("protocols/continual.py", "recall[:delay] = False", "recall[: delay + 1] = False", ("tests/protocols",)),
    Mutant("protocols/flashbulb.py", "gate[episode.source[strong]] = strength",
           "gate[episode.source[strong]] += strength", ("tests/protocols",)),
    Mutant("protocols/graded.py", "corrupt(x, unknown, rng), corrupt(x, corruption, rng)",
           "corrupt(x, corruption, rng), corrupt(x, unknown, rng)", ("tests/protocols", "tests/test_graded.py")),
    Mutant("protocols/patterns.py", "fraction, rng.choice([-1.0, 1.0], size=pattern.shape), pattern)",
           "fraction, -pattern, pattern)", ("tests/protocols",)),
)  # fmt: skip
