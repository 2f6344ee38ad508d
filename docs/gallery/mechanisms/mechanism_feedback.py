"""
Feedback: an answer becomes the next query
==========================================

In a sequence the memory's own answer is the next key. In spikes, output neurons charge a latch in the input neuron
that stands for the same sign of the same entry, and through a relay discharge the latch of the opposite sign. At the
onset of the next presentation those latches that hold enough make their neurons active.
"""

import brian2
import matplotlib.pyplot as plt
import numpy as np

from bioKV import SpikingMemory
from bioKV.protocols import sequence

# %%
# The mechanism is added where the episode brings keys by feedback. Here are the populations and bundles that it adds.

memory = SpikingMemory(20, 8, 20, engine="numpy")
plain, looped = memory.blueprint(), memory.blueprint(feedback=True)
print("populations:", sorted(set(looped.neurons) - set(plain.neurons)))
print("bundles:", sorted(set(looped.bundles) - set(plain.bundles)))

# %%
# What to expect: latches fill while output neurons fire, the one of the right sign fills and the other one empties.
# What is above the threshold at an onset (vertical line) comes back as input.

episode = sequence(np.random.default_rng(3), n_patterns=4, key_dim=20)
run = memory.network(episode, np.random.default_rng(2))
ENTRY = 0
neurons = [ENTRY, ENTRY + 20]  # the ON and the OFF neuron of the same entry
latches = brian2.StateMonitor(run.groups["input"], "latch", record=neurons)
spikes = brian2.SpikeMonitor(run.groups["input"])
run.add(latches, spikes)
run.run()
response = run.response()

figure, ax = plt.subplots(figsize=(7, 3.2), layout="constrained")
for i, (name, colour, line) in enumerate(
    (("ON", "#0072B2", "-"), ("OFF", "#767676", "--"))
):
    ax.plot(
        latches.t / brian2.ms,
        latches.latch[i],
        line,
        color=colour,
        linewidth=1.2,
        label=f"latch, {name} neuron",
    )
    own = spikes.t[spikes.i == neurons[i]] / brian2.ms
    ax.plot(own, np.full(len(own), -0.6 - 0.5 * i), "|", color=colour, markersize=7)
ax.axhline(
    memory.parameters.latch_threshold, color="#D55E00", linestyle=":", label="threshold"
)
for step, (start, _) in enumerate(response.windows_ms):
    ax.axvline(start, color="black", linewidth=1.2 if episode.feedback[step] else 0.4)
ax.set(
    xlabel="time (ms); thick lines: onsets at which the latches are read",
    ylabel=f"charge, entry {ENTRY}",
)
ax.legend(
    frameon=False, fontsize="small", loc="upper left", bbox_to_anchor=(0, 1.2), ncols=3
)
plt.show()
right = np.sign(response.values[episode.is_recall]) == episode.values[episode.is_recall]
print("entries recalled with the right sign:", int(right.sum()), "of", right.size)

# %%
# Ticks below the curves are the spikes of the two input neurons: after a thick line those of the sign that was latched.
