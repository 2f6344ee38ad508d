"""
Figure 3d: the terms of a learned rule
======================================

A rule has a slope and an offset for each of four terms (eqs. 12 to 16): how presynaptic and postsynaptic activity enter
the writing of keys and of values. Where do they go when they are learned?

A rule is learned on this page, with JAX (``pip install "bioKV[learn]"``), in a tiny version: 20 slots instead of 40,
150 steps instead of 500, two trainings instead of three, and sequential third factors alone.
"""

import matplotlib.pyplot as plt
import pandas as pd

from bioKV.analysis.learning_curves import TERMS, plot_term
from bioKV.learning.fit import fit
from bioKV.protocols import autoassociative
from bioKV.rule import NEAR_ZERO

SIZE, STEPS = 20, 150


def task(rng):
    return autoassociative(rng, int(rng.integers(SIZE // 2, 2 * SIZE + 1)), SIZE)


how = {"n_slots": SIZE, "n_steps": STEPS, "learning_rate": 0.02, "progress": None}
histories = [
    pd.DataFrame(fit(NEAR_ZERO, task, seed=seed, **how).history) for seed in (0, 1)
]

# %%
# What to expect: keys come to depend on the presynaptic neuron alone (slope of f grows, slope of g stays small beside
# its offset): non-Hebbian, gated by the plateau. Values come to depend on both ends by their slopes: Hebbian. That is
# the rule of section 2.

figure, axes = plt.subplots(2, 2, figsize=(6.6, 5), sharex=True, layout="constrained")
for ax, term in zip(axes.flat, TERMS, strict=True):
    plot_term(histories, term, ax)
axes[0, 0].legend(frameon=False, fontsize="small")
plt.show()

for seed, history in enumerate(histories):
    end = history.iloc[-1]
    ratios = {"b_fk/a_fk": end.b_fk / end.a_fk, "a_gk/b_gk": end.a_gk / end.b_gk, "b_fv/a_fv": end.b_fv / end.a_fv,
              "b_gv/a_gv": end.b_gv / end.a_gv}  # fmt: skip
    print(
        f"training {seed}:",
        ", ".join(f"{name} {value:+.2f}" for name, value in ratios.items()),
    )

# %%
# Only products of scales are identified, so offsets and slopes count in proportion to each other. At full size, with
# both third factors: ``biokv figure 3d``.
