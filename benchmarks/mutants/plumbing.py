"""Mutants of what is handed from one layer to the next on the way to a run and back."""

from __future__ import annotations

from .mutant import Mutant

BOTH = "tests/test_both_engines.py"
BATCHES = f"{BOTH}::test_batches_come_back_in_the_order_of_their_trials"
ALONE = f"{BOTH}::test_a_trial_is_the_same_alone_and_among_others[numpy]"
SEED = f"{BOTH}::test_a_seed_decides_what_is_drawn_before_a_trial_and_in_it[numpy]"
MEMORY = "tests/test_spiking_memory.py::test_"
MUTANTS = (
    Mutant("bioKV/engines/numpy.py", "[done[i] for i in range(len(batches))]",
           "[done[i] for i in reversed(range(len(batches)))]", (BATCHES,)),
    Mutant("bioKV/engines/numpy.py", "seed = int(job.streams[trials.start].integers(2**31))", "seed = 1", (SEED,)),
    Mutant("bioKV/engines/prepared.py", "brian2.seed(self.batch.seed)", "brian2.seed(1)", (SEED,)),
    Mutant("bioKV/engines/prepared.py", "reading = np.asarray(reading)[:, 1:]", "reading = np.asarray(reading)[:, :-1]",
           (f"{MEMORY}the_shape_of_a_response_is_the_shape_of_its_episode",)),
    Mutant("bioKV/engines/job.py", "self.streams[trial])", "self.streams[0])", (ALONE,)),
    Mutant("bioKV/network/recording.py", "p.spikes[name][2] + start for", "p.spikes[name][2] + 0*start for",
           (BATCHES,)),
    Mutant("bioKV/network/build.py", "index=np.repeat(np.arange(n_trials), of.size)",
           "index=np.tile(np.arange(n_trials), of.size)", (ALONE,)),
    Mutant("bioKV/network/build.py", "later = int(isinstance(of, Bundle))", "later = -int(isinstance(of, Bundle))",
           ("tests/test_schedule.py::test_at_an_onset_synapses_act_once_the_gate_is_there",)),
    Mutant("bioKV/network/presentation.py", "np.ones_like(gate), plateaus", "np.sign(gate), plateaus",
           ("tests/test_spiking_plasticity.py::test_eq_6_every_presentation_has_one_plateau_and_slots_take_turns",)),
    Mutant("bioKV/spiking.py", "bool(flat.feedback.any()), flat.local_third_factor is not None",
           "bool(flat.feedback.any()), False",
           ("tests/test_spiking_honesty.py::test_only_slots_with_a_plateau_are_written",)),
    Mutant("bioKV/spiking.py", "int(streams[0].integers(2**31))", "1",
           (f"{MEMORY}the_seed_of_the_prompt_decides_what_is_drawn_there",)),
    Mutant("bioKV/spiking.py", "trigger=False)", "trigger=True)", (f"{MEMORY}a_recall_at_the_prompt_uses_up_no_slot",)),
    Mutant("bioKV/third_factors.py", "p: float | tuple[float, ...] = 0.1", "p: float | tuple[float, ...] = 0.12",
           ("tests/test_third_factors.py",)),
    Mutant("bioKV/studies/results.py", "if all((*key[:3], trial) in whole for trial in batch):", "if batch:",
           ("tests/test_resumed_batches.py",)),
)  # fmt: skip
