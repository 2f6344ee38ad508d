"""Mutants of what is handed from one layer to the next on the way to a run and back."""

from __future__ import annotations

from .mutant import Mutant

BOTH = "tests/test_both_engines.py"
BATCHES = f"{BOTH}::test_batches_come_back_in_the_order_of_their_trials"
ALONE = f"{BOTH}::test_a_trial_is_the_same_alone_and_among_others[numpy]"
SEED = f"{BOTH}::test_a_seed_decides_what_is_drawn_before_a_trial_and_in_it[numpy]"
MEMORY = "tests/test_spiking_memory.py::test_"
MUTANTS = (
    Mutant("bioKV/engines/numpy.py", "joined.put(i * BATCH, recording)", "joined.put(0, recording)", (BATCHES,)),
    Mutant("bioKV/engines/numpy.py", "seed = int(job.streams[trials.start].integers(2**31))", "seed = 1", (SEED,)),
    Mutant("bioKV/engines/prepared.py", "brian2.seed(self.batch.seed)", "brian2.seed(1)", (SEED,)),
    Mutant("bioKV/engines/prepared.py", "reading = reading[:, 1:]", "reading = reading[:, :-1]",
           (f"{MEMORY}the_shape_of_a_response_is_the_shape_of_its_episode",)),
    Mutant("bioKV/engines/job.py", "self.streams[trial])", "self.streams[0])", (ALONE,)),
    Mutant("bioKV/network/recording.py", "part[2] + np.int32(first) for", "part[2] + 0*np.int32(first) for",
           (BATCHES,)),
    Mutant("bioKV/network/build.py", "index=np.repeat(np.arange(n_trials), of.size)",
           "index=np.tile(np.arange(n_trials), of.size)", (ALONE,)),
    Mutant("bioKV/network/build.py", "later = int(isinstance(of, Bundle))", "later = -int(isinstance(of, Bundle))",
           ("tests/test_schedule.py::test_at_an_onset_synapses_act_once_the_gate_is_there",)),
    Mutant("bioKV/network/presentation.py", "gate, np.ones_like(gate))", "gate, np.sign(gate))",
           ("tests/test_spiking_plasticity.py::test_eq_6_every_presentation_has_one_plateau_and_slots_take_turns",)),
    Mutant("bioKV/spiking.py", "bool(episode.feedback.any()), episode.local_third_factor is not None",
           "bool(episode.feedback.any()), False",
           ("tests/test_spiking_honesty.py::test_only_slots_with_a_plateau_are_written",)),
    Mutant("bioKV/spiking.py", "int(streams[0].integers(2**31))", "1",
           (f"{MEMORY}the_seed_of_the_prompt_decides_what_is_drawn_there",)),
    Mutant("bioKV/spiking.py", "trigger=False)", "trigger=True)", (f"{MEMORY}a_recall_at_the_prompt_uses_up_no_slot",)),
    Mutant("bioKV/third_factors.py", "p: float | tuple[float, ...] = 0.1", "p: float | tuple[float, ...] = 0.12",
           ("tests/test_third_factors.py",)),
    Mutant("bioKV/studies/parts.py", "start = at - at % together", "start = at", ("tests/test_parts.py",)),
    Mutant("bioKV/studies/parts.py", "if not found[cell.name] or part.stop > found[cell.name][-1].stop:", "if True:",
           ("tests/test_parts.py",)),
    Mutant("bioKV/studies/cell.py", 'name != "p" or self.third_factor == "random"', "True", ("tests/test_study.py",)),
    Mutant("bioKV/studies/workers.py", 'return {"": SIDE,', 'return {"": 1,', ("tests/test_study.py",)),
)  # fmt: skip
