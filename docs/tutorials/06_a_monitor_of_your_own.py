"""
A monitor of your own
=====================

Look at any variable of any neuron, with Brian2's own monitors, in a run that gives the same answer to the bit.
"""

# %%
# A run before it begins
# ----------------------
# ``memory.network`` prepares the run that ``memory.respond`` would carry out, and hands over Brian2's objects: groups
# of neurons, synapses and the network.

import brian2
import matplotlib.pyplot as plt
import numpy as np

from bioKV import SpikingMemory
from bioKV.protocols import autoassociative

episode = autoassociative(np.random.default_rng(1), n_pairs=3, key_dim=20)
memory = SpikingMemory(key_dim=20, n_slots=10, value_dim=20, engine="numpy")
run = memory.network(episode, np.random.default_rng(2))
print({name: len(group) for name, group in run.groups.items()})

# %%
# What can be monitored is whatever the equations name. Here are those of the hidden neurons, which follow the Methods
# section that ``print(memory.blueprint())`` gives.

print(sorted(name for name in memory.blueprint().neurons["hidden"].variables()))

# %%
# Monitors
# --------
# Four hidden neurons share a slot and stand together, so the first neurons of slots 0 and 1 are 0 and 4. ``drive`` is
# the dot product of query and key, as the synapses bring it; ``inhibition`` is the same for all; ``membrane`` is the
# distance to threshold, and what makes a neuron fire.

per_slot = memory.parameters.neurons_per_slot
shown = [0, per_slot]
states = brian2.StateMonitor(
    run.groups["hidden"], ["drive", "inhibition", "membrane"], record=shown
)
weights = brian2.StateMonitor(run.synapses["key"], "w", record=True, dt=5 * brian2.ms)
run.add(states, weights)
run.run()
response = run.response()

# %%
# Adding monitors changes no number: the answer is that of ``respond`` with the same random numbers.

again = memory.respond(episode, np.random.default_rng(2))
print("the same answer to the bit:", bool((response.values == again.values).all()))
right = np.sign(response.values[episode.is_recall]) == episode.values[episode.is_recall]
print("entries recalled right:", int(right.sum()), "of", right.size)

# %%
# What to expect, and why
# -----------------------
# The first pattern was stored in slot 0, so at its recall the drive of slot 0 must rise above that of slot 1. As soon
# as neurons fire, interneurons answer with inhibition that all slots get alike. It takes both membranes down, and only
# the one with the larger drive comes back.

begin, end = response.windows_ms[3]
t = states.t / brian2.ms
recall = (t >= begin) & (t < end)
figure, axes = plt.subplots(1, 2, sharey=True, figsize=(7, 3), layout="constrained")
for i, ax in enumerate(axes):
    for name, colour, line in (
        ("drive", "#0072B2", "-"),
        ("inhibition", "#D55E00", "--"),
        ("membrane", "black", "-"),
    ):
        ax.plot(
            t[recall] - begin,
            getattr(states, name)[i][recall],
            line,
            color=colour,
            label=name,
            linewidth=1.2,
        )
    ax.axhline(0, color="grey", linewidth=0.8, linestyle=":")
    ax.set(
        title=f"slot {i}: {'holds the pattern' if i == 0 else 'holds another'}",
        xlabel="time since the query (ms)",
    )
axes[0].set_ylabel("units of the dot product")
figure.legend(
    *axes[0].get_legend_handles_labels(),
    loc="outside upper center",
    ncols=3,
    frameon=False,
)
plt.show()

# %%
# When is a key written?
# ----------------------
# A synapse learns at one moment only: the dendritic spike of its target. The picture counts, for every 5 ms, how many
# key synapses of each slot moved. Each slot should move once, at its own presentation, and none during the recalls.

moved = (np.abs(np.diff(np.asarray(weights.w), axis=1)) > 1e-3).T  # (times, synapses)
slot_of = np.asarray(run.synapses["key"].j) // per_slot
counts = np.stack(
    [moved[:, slot_of == slot].mean(axis=1) for slot in range(memory.n_slots)]
)
figure, ax = plt.subplots(figsize=(7, 2.6), layout="constrained")
times = np.asarray(weights.t / brian2.ms)
image = ax.imshow(
    counts, aspect="auto", origin="lower", cmap="Greys", interpolation="nearest",
    extent=(times[0], times[-1], -0.5, memory.n_slots - 0.5),
)  # fmt: skip
for start, _ in response.windows_ms:
    ax.axvline(start, color="#0072B2", linewidth=0.6)
ax.set(xlabel="time (ms); lines: onsets of presentations", ylabel="slot")
figure.colorbar(image, label="share of its\nsynapses that moved")
plt.show()
print("slots that were written:", np.flatnonzero(counts.any(axis=1)))

# %%
# Where to go next
# ----------------
# - ``respond(..., traces=("hidden", "output"))`` gives the usual traces of a single trial without a monitor, and
#   ``biokv look`` draws them.
# - The notebook ``examples/look_inside.ipynb`` adds a lesion.
# - Whatever Brian2 can monitor, such as spikes, rates or synapses, can be added to a run in the same way.
