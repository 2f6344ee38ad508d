"""
Imperfect parts
===============

Brains and chips have synapses that fail, noise, coarse weights and unequal neurons. Each is a number of the network,
all of them absent by default: how much can recall take?
"""

import matplotlib.pyplot as plt
import numpy as np

from bioKV import Episode, Parameters, SpikingMemory
from bioKV.analysis.asked import unit_of
from bioKV.analysis.intervals import fraction_interval
from bioKV.analysis.measures.accuracy import accuracy
from bioKV.network.mechanisms.imperfect import KNOBS
from bioKV.protocols import autoassociative

print("the knobs:", ", ".join(KNOBS))

# %%
# Here a spike fails to release anything at a synapse, of any kind, with a given probability. What to expect: drives
# shrink with every release that fails, and vary. Inhibition takes two synapses in a row, so that it loses more, and
# hidden neurons vote more, of more slots. As long as the right slot still has the largest drive, the answer stays. The
# trials and their queries are the same for every probability.

PAIRS = 3
episode = Episode.stack(
    [
        autoassociative(np.random.default_rng(trial), PAIRS, key_dim=40, corruption=0.7)
        for trial in range(20)
    ]
)
failures = (0.0, 0.4, 0.8)
found, votes = [], []
for failure in failures:
    memory = SpikingMemory(
        40, 8, 40, parameters=Parameters(release_failure=failure), engine="numpy"
    )
    response = memory.respond(episode, np.random.default_rng(1))
    found.append(fraction_interval(accuracy(response, episode), unit_of(episode)))
    votes.append(response.counts["votes"][:, PAIRS:].sum(axis=-1).mean())
    print(
        f"release fails with probability {failure:g}: accuracy {found[-1].mean:.3f}, 95 % interval {found[-1].low:.3f}"
        f" to {found[-1].high:.3f}; {votes[-1]:.1f} votes in a recall"
    )

mean = np.array([one.mean for one in found])
error = [mean - [one.low for one in found], [one.high for one in found] - mean]
figure, (left, right) = plt.subplots(1, 2, figsize=(6.6, 2.9), layout="constrained")
left.errorbar(failures, mean, yerr=error, fmt="s-", color="black", capsize=3)
left.axhline(0.5, color="grey", linestyle=":")
left.set(ylabel="accuracy (95 % intervals)", ylim=(0.45, 1.03))
right.plot(failures, votes, "s-", color="black")
right.set(ylabel="votes in a recall", ylim=(0, None))
for ax in (left, right):
    ax.set(xlabel="probability that a release fails", xticks=failures)
plt.show()

# %%
# On the command line ``biokv robustness autoassociative --knob release_failure`` sweeps a knob beside the rate twin,
# and ``--set release_failure=0.3`` sets one anywhere.
