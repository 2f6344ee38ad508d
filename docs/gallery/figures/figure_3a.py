"""
Figure 3a: learned rules
========================

Let gradient descent find the plasticity rule instead of writing it down. From a start near zero it comes to a rule
that, with sequential third factors, is as good as that of section 2.

Rules are learned on this page, with JAX (``pip install "bioKV[learn]"``), in a tiny version: 20 slots instead of 40,
150 steps instead of 500, and one training instead of three.
"""

import matplotlib.pyplot as plt
import numpy as np

from bioKV import Episode
from bioKV.analysis.colours import THIRD_FACTOR
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.learning.fit import fit
from bioKV.models import KeyValueMemory, LearnedMemory, Random, Sequential
from bioKV.protocols import autoassociative
from bioKV.rule import NEAR_ZERO

# %%
# Learn
# -----
# Every training sequence stores a number of patterns of its own, up to twice as many as there are slots.

SIZE, STEPS = 20, 150


def task(rng):
    return autoassociative(rng, int(rng.integers(SIZE // 2, 2 * SIZE + 1)), SIZE)


factors = {"sequential": Sequential(), "random": Random(4 / SIZE)}
rules = {}
for name, factor in factors.items():
    found = fit(
        NEAR_ZERO,
        task,
        n_slots=SIZE,
        third_factor=factor,
        n_steps=STEPS,
        learning_rate=0.02,
        progress=None,
    )
    rules[name] = found.rule
    print(
        f"{name:10} accuracy in training, last 20 steps: {found.history['accuracy'][-20:].mean():.3f}"
    )

# %%
# Measure and draw
# ----------------
# Dashed lines are the rule of section 2 with the same third factor. With sequential third factors the learned rule does
# what that one does. With random ones it loses where few patterns are stored, as in the full figure.

pairs = (2, 5, 10, 15, 20, 30, 40)
figure, ax = plt.subplots(figsize=(4.6, 3.6), layout="constrained")
for name, factor in factors.items():
    memories = {
        f"section 2, {name}": (KeyValueMemory(SIZE, SIZE, SIZE, factor), "--"),
        f"learned, {name}": (
            LearnedMemory(SIZE, SIZE, SIZE, factor, rule=rules[name]),
            "-",
        ),
    }
    for label, (memory, line) in memories.items():
        scores = []
        for n_pairs in pairs:
            streams = np.random.default_rng(0).spawn(30)
            trials = Episode.stack(
                [autoassociative(rng, n_pairs, SIZE) for rng in streams]
            )
            scores.append(accuracy(memory.respond(trials, streams), trials).mean())
        ax.plot(pairs, scores, line, marker=".", color=THIRD_FACTOR[name], label=label)
ax.axhline(0.5, color="grey", linestyle=":", linewidth=0.8)
ax.set(
    xlabel="stored patterns", ylabel="accuracy (fraction of bits)", ylim=(0.45, 1.03)
)
ax.legend(frameon=False, fontsize="small", loc="lower left", bbox_to_anchor=(0, 0.1))
plt.show()

# %%
# At full size, with three trainings for each third factor: ``biokv figure 3a``.
