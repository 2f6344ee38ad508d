"""
Short-term depression
=====================

A release takes a share of what a synapse has to release, and it comes back slowly (Tsodyks and Markram, 1997). Synapses
are made stronger to make up for it, so that a key ends with the drive that it has without; it begins with more.

It is the only built-in mechanism that no network has unless it is given, as one of your own would be.
"""

import brian2
import matplotlib.pyplot as plt
import numpy as np

from bioKV import SpikingMemory
from bioKV.network.mechanisms.short_term_depression import ShortTermDepression
from bioKV.protocols import autoassociative

# %%
# What to expect: while a key is on, the resource of its synapses falls with each spike to a steady level. (It is
# brought up to date at spikes; how far it comes back after the last one is seen at the next.) The drive of the slot
# that holds the pattern rises more steeply than without depression, and comes down again towards the other one.

episode = autoassociative(np.random.default_rng(1), n_pairs=2, key_dim=40)
figure, (above, below) = plt.subplots(
    2, 1, sharex=True, figsize=(5.6, 4.2), layout="constrained"
)
for name, mechanisms, line in (
    ("without", [], "--"),
    ("with depression", [ShortTermDepression()], "-"),
):
    memory = SpikingMemory(40, 4, 40, mechanisms=mechanisms, engine="numpy")
    run = memory.network(episode, np.random.default_rng(2))
    drive = brian2.StateMonitor(run.groups["hidden"], "drive", record=[0])
    run.add(drive)
    if mechanisms:
        active = int(
            np.flatnonzero(episode.keys[2] > 0)[0]
        )  # an ON neuron that the first query excites
        synapse = int(np.flatnonzero(np.asarray(run.synapses["key"].i) == active)[0])
        resource = brian2.StateMonitor(
            run.synapses["key"], "resource", record=[synapse]
        )
        run.add(resource)
    run.run()
    response = run.response()
    begin, end = response.windows_ms[2]
    t = drive.t / brian2.ms
    here = (t >= begin) & (t < end)
    below.plot(
        t[here] - begin,
        drive.drive[0][here],
        line,
        color="black",
        linewidth=1.2,
        label=name,
    )
    right = (
        np.sign(response.values[episode.is_recall]) == episode.values[episode.is_recall]
    )
    print(
        f"{name}: largest drive {drive.drive[0][here].max():.1f}, {right.sum()} of {right.size} entries right"
    )
above.plot(t[here] - begin, resource.resource[0][here], color="#0072B2")
above.set(ylabel="resource of a synapse", ylim=(0, 1.05))
below.set(
    ylabel="drive of the slot\n(units of the dot product)",
    xlabel="time since the query (ms)",
)
below.legend(frameon=False)
plt.show()

# %%
# On the command line: ``--mechanism short_term_depression --set utilisation=0.4``.
