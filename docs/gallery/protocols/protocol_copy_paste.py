"""
Copy and paste
==============

Show a sequence of patterns and an end marker, then blank rows, in which all of it is to come back in its order.

It is the task of figure 5c. Blank rows say nothing about which pattern is due, so something has to count: a
*controller* around the memory that learns which key, value and gate to give it. The one here is tiny and is trained on
this page, with JAX (``pip install "bioKV[learn]"``). Rate memories only: in spikes the loop builds a network at every
step.
"""

import matplotlib.pyplot as plt
import numpy as np

from bioKV import Episode
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.analysis.task import plot_task
from bioKV.learning.train_controller import train_controller
from bioKV.models import KeyValueMemory, Sequential
from bioKV.protocols import copy_paste

# %%
# What is shown, and what is asked
# --------------------------------
# A column for each presentation. Arrows lead from a recall to the presentation that stored what it asks for; framed
# values are right answers, which no memory is shown.

episode = copy_paste(np.random.default_rng(5), 3, pattern_dim=6)
plot_task(episode)
plt.show()

# %%
# Train
# -----
# Up to three patterns of six bits. The controller is shown the rows alone; gradients run through the memory's
# plasticity.

LONGEST = 3


def task(rng):
    return copy_paste(rng, int(rng.integers(1, LONGEST + 1)), pattern_dim=6)


memory = KeyValueMemory(16, 8, 16, Sequential())
found = train_controller(
    memory,
    task,
    np.random.default_rng(0),
    steps=300,
    batch=8,
    learning_rate=2e-2,
    report=lambda row, steps: None,
)
print(f"accuracy in training, at its end: {found.history[-1].accuracy:.3f}")

# %%
# What comes back
# ---------------
# The end channel is the lowest row. In the blank half the answers should repeat what was shown, end marker included.
# The gate shows that the controller has learned when to store.

response, decision = found.controller.follow(episode, np.random.default_rng(1))
figure, axes = plt.subplots(
    3, 1, sharex=True, figsize=(6, 4.6), height_ratios=(2, 2, 1), layout="constrained"
)
answers = np.where(episode.is_recall[:, None], response.values, 0)
for ax, rows, name in (
    (axes[0], episode.keys, "shown"),
    (axes[1], answers, "answered"),
):
    ax.imshow(
        rows.T, cmap="gray", vmin=-1, vmax=1, aspect="auto", interpolation="nearest"
    )
    ax.axvline(LONGEST + 0.5, color="#E69F00", linewidth=2)
    ax.set(ylabel=f"{name}\n(entry)", yticks=[0, 6])
axes[2].step(np.arange(episode.n_steps), decision.gate, where="mid", color="black")
axes[2].set(
    ylabel="gate q", xlabel="step (orange: nothing more is shown)", ylim=(-0.1, 1.1)
)
plt.show()
print("entries recalled with the right sign:", float(accuracy(response, episode)))

# %%
# Longer than in training
# -----------------------
# A controller that counts would go on; one that knows three positions by heart would not. Chance is half.

for n_patterns in range(1, LONGEST + 3):
    streams = np.random.default_rng(0).spawn(20)
    trials = Episode.stack(
        [copy_paste(rng, n_patterns, pattern_dim=6) for rng in streams]
    )
    scores = accuracy(found.controller.respond(trials, streams), trials)
    print(
        n_patterns,
        "patterns:",
        f"{scores.mean():.3f}",
        "(longer than in training)" * (n_patterns > LONGEST),
    )

# %%
# ``biokv figure 5c`` trains at full size, with several memories, and measures how far each of them generalises.
