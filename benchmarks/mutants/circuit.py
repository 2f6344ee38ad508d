"""Mutants of what every network has: text of equations, numbers and patterns in bioKV/network."""

from __future__ import annotations

from .mutant import Mutant

CALIBRATED = "tests/test_calibration.py::test_"
EQ_6 = "tests/test_spiking_plasticity.py::test_eq_6_every_presentation_has_one_plateau_and_slots_take_turns"
EQ_9 = "tests/test_spiking_plasticity.py::test_eq_9_the_key_is_written_and_what_was_there_decays"
EQ_10 = "tests/test_spiking_plasticity.py::test_eq_10_a_slot_competes_with_its_new_key_from_its_dendritic_spike_on"
EQ_11 = "tests/test_spiking_plasticity.py::test_eq_11_slots_with_a_plateau_at_once_share_the_value"
INHIBITION = "tests/test_inhibition.py::test_"
LOW_PASS = "tests/test_every_mechanism.py::test_every_answer_is_what_a_low_pass_filter_makes_of_output_spikes"
SCHEDULE = "tests/test_schedule.py"
MUTANTS = (
    Mutant("bioKV/network/input.py", "active = int(keys(t, column)*polarity > 0)",
           "active = int(keys(t, column)*polarity >= 0)", (SCHEDULE,)),
    Mutant("bioKV/network/input.py", "dphase/dt = input_rate*active*stimulus : 1", "dphase/dt = input_rate*active : 1",
           (SCHEDULE,)),
    Mutant("bioKV/network/input.py", 'at={"spike": "trace = 1"}', 'at={"spike": "trace += 1"}', (EQ_9,)),
    Mutant("bioKV/network/neuron.py", "n_evoked += stimulus", "n_evoked += 1", (SCHEDULE,)),
    Mutant("bioKV/network/hidden.py", "n_votes += reading", "n_votes += stimulus", (SCHEDULE,)),
    Mutant("bioKV/network/hidden.py", "silent_until = t + hidden_refractory", "silent_until = t + 2*hidden_refractory",
           (SCHEDULE,)),
    Mutant("bioKV/network/hidden.py", "tolerance = -log(1 - rand())", "tolerance = 1",
           (f"{CALIBRATED}after_every_spike_the_tolerance_is_drawn_from_an_exponential_of_mean_1",)),
    Mutant("bioKV/network/hidden.py", "exp(clip(membrane, -50, 20))", "exp(clip(0.8*membrane, -50, 20))",
           ("tests/test_traces.py",)),
    Mutant("bioKV/network/hidden.py", "relief += 4*clearance*dt*waiting", "relief += 0*clearance*dt*waiting",
           (f"{INHIBITION}a_query_that_is_unlike_all_keys_is_answered_too",)),
    Mutant("bioKV/network/hidden.py", "inhibition = clip(inhibition, 0, left_inhibition)",
           "inhibition = clip(inhibition, 0, 1e9)",
           (f"{INHIBITION}a_strong_key_of_many_entries_does_not_silence_the_recall_after_it",)),
    Mutant("bioKV/network/dendrite.py", "dendrite >= dendrite_tolerance and n_dendritic == 0",
           "dendrite >= dendrite_tolerance", (EQ_6,)),
    Mutant("bioKV/network/dendrite.py", '"dendritic_spike": "primed = 0"', '"dendritic_spike": "primed = primed"',
           (EQ_6,)),
    Mutant("bioKV/network/dendrite.py", "plateau_end = t + plateau_time", "plateau_end = t + 0.8*plateau_time",
           (SCHEDULE,)),
    Mutant("bioKV/network/dendrite.py", "chance = -np.log(1 - p)", "chance = -1.2*np.log(1 - p)",
           (f"{CALIBRATED}dendrites_have_a_plateau_with_their_probability",)),
    Mutant("bioKV/network/dendrite.py", "own = 0\\nheard_before = heard", "own = 0\\nheard_before = 0*heard",
           (f"{CALIBRATED}one_write_brings_keys_and_values_to_those_of_the_rate_rule",)),
    Mutant("bioKV/network/output.py", "readout += reading", "readout += stimulus", (f"{LOW_PASS}[autoassociative]",)),
    Mutant("bioKV/network/output.py", "(teacher*target*polarity*stimulus - v)", "(teacher*target*polarity - v)",
           (SCHEDULE,)),
    Mutant("bioKV/network/plasticity.py", "int(q_pre > 0)", "clip(q_pre, 0, 1)", (SCHEDULE,)),
    Mutant("bioKV/network/plasticity.py", "bound_post += opened*tau_rise_post/tau_drive_post", "bound_post += 0*opened",
           (EQ_10,)),
    Mutant("bioKV/network/plasticity.py", "learn=\"w = (1 - eta)*w + eta*share_pre*activity_post\"",
           "learn=\"w = (1 - eta)*w + eta*activity_post\"", (EQ_11,)),
    Mutant("bioKV/network/patterns.py", "np.roll(leaders, -1)", "np.roll(leaders, -2 if len(leaders) == 40 else -1)",
           ("tests/network/test_connections.py",)),
    Mutant("bioKV/network/design.py", '"opening": 2 * p.drive_gain', '"opening": p.drive_gain', (EQ_10,)),
    Mutant("bioKV/network/design.py", '"hearing": 1 / (p.n_interneurons * p.recruitment)',
           '"hearing": 1 / p.n_interneurons', (EQ_11,)),
    Mutant("bioKV/network/design.py", '"w_count": 1 / (2 * network', '"w_count": 1 / (2.2 * network',
           (f"{CALIBRATED}the_drive_is_the_dot_product_of_query_and_key",)),
    Mutant("bioKV/network/parameters.py", "drive_gain: Positive = 1.2", "drive_gain: Positive = 1.0",
           (f"{CALIBRATED}the_drive_is_the_dot_product_of_query_and_key",)),
    Mutant("bioKV/network/parameters.py", "teacher: NotNegative = 2.0", "teacher: NotNegative = 1.8",
           (f"{CALIBRATED}a_teacher_brings_evidence_of_two_and_leaves_less_than_the_threshold_of_outputs",)),
    Mutant("bioKV/network/parameters.py", "eligibility_gain: Positive = 1.7", "eligibility_gain: Positive = 1.4",
           (f"{CALIBRATED}one_write_brings_keys_and_values_to_those_of_the_rate_rule",)),
    Mutant("bioKV/network/parameters.py", "trace_gain: Positive = 2.0", "trace_gain: Positive = 1.1",
           (f"{CALIBRATED}clamped_outputs_are_active_as_a_whole_all_the_time",)),
    Mutant("bioKV/network/parameters.py", "clearance: Frequency = 750 * Hz", "clearance: Frequency = 1000 * Hz",
           (f"{CALIBRATED}a_recall_has_28_votes_and_they_are_enough",)),
    Mutant("bioKV/network/parameters.py", "read_onset: TimeOrNone = 60 * ms", "read_onset: TimeOrNone = 80 * ms",
           (f"{CALIBRATED}a_recall_has_28_votes_and_they_are_enough",)),
    Mutant("bioKV/network/parameters.py", "read_stop: Duration = 105 * ms", "read_stop: Duration = 125 * ms",
           (f"{CALIBRATED}votes_are_counted_and_outputs_read_while_that_drive_is_there",)),
    Mutant("bioKV/network/parameters.py", "use_share: ShareAbove0 = 0.58", "use_share: ShareAbove0 = 0.7",
           ("tests/test_spiking_tasks.py::test_all_neurons_of_a_slot_say_whether_it_was_used",)),
)  # fmt: skip
