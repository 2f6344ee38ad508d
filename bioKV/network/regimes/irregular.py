"""Spikes as irregular as in cortex: Poisson input, noisy membranes, failing release, conduction delays.

By themselves these leave hidden and output neurons regular: they fire as fast as refractory periods and inhibition let
them. So they are slowed down and made to fire by fluctuations too. How irregular that makes each population, and its
price in accuracy, is in docs/fidelity.md; the seeds there (benchmarks/irregular.py) are not those of tuning.
"""

from __future__ import annotations

SETTINGS: dict[str, float] = {
    # what is noisy
    "input_irregularity": 1.0,  # Poisson processes
    "release_failure": 0.1,
    "axon_delay": 1.0,  # ms, the longest. Of 2 ms the loop of lateral inhibition rings
    "hidden_noise": 1.0,
    "output_noise": 2.6,
    "tau_noise": 2.0,  # ms
    # hidden neurons fire at a third of the rate, in twice their number, and may fire again soon
    "neurons_per_slot": 8,
    "vote_inhibition": 14.0,
    "clearance": 1000.0,  # Hz
    "hidden_refractory": 2.0,  # ms
    # output neurons stand below a threshold that noise takes them over, with evidence that is large against it
    "output_threshold": 3.4,
    "output_weight": 8.0,
    "teacher": 6.0,
    "tau_opponent": 5.0,  # ms. So strong evidence would make them fire twice as fast with less
    # what makes up for irregular spikes: drives are averaged for longer and are larger against their noise, and traces
    # are full for longer, so that a neuron that happens to be silent for 20 ms is written as active all the same
    "tau_drive": 30.0,  # ms
    "drive_gain": 1.5,
    "eligibility_gain": 5.0,
    "trace_gain": 5.0,
}
