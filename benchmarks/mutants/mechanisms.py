"""Mutants of what only some networks have: bioKV/network/mechanisms."""

from __future__ import annotations

from .mutant import Mutant

IMPERFECT = "tests/test_imperfections.py::test_"
TASKS = "tests/test_spiking_tasks.py::test_"
FOLDER = "bioKV/network/mechanisms"
MUTANTS = (
    Mutant(f"{FOLDER}/imperfect.py", "            if bundle.is_axon:\n",
           '            if bundle.is_axon and name != "inhibit":\n', (f"{IMPERFECT}a_release_can_fail_at_every_axon",)),
    Mutant(f"{FOLDER}/imperfect.py", "sqrt(1 - exp(-2*dt/tau_noise))", "sqrt(1 - exp(-dt/tau_noise))",
           (f"{IMPERFECT}membranes_are_as_noisy_as_said",)),
    Mutant(f"{FOLDER}/imperfect.py", "input_irregularity*(1 + log(1 - rand()))",
           "input_irregularity*(1.2 + log(1 - rand()))",
           (f"{IMPERFECT}input_neurons_fire_regularly_or_as_a_poisson_process",)),
    Mutant(f"{FOLDER}/imperfect.py", "sqrt(clip(eta*(2 - eta), 0, 1))", "sqrt(clip(eta, 0, 1))",
           (f"{IMPERFECT}a_write_of_rate_q_misses_by_so_much_that_many_end_as_noisy_as_one_of_rate_1",)),
    Mutant(f"{FOLDER}/imperfect.py", "phase\"] * (1 - self.input_irregularity)", "phase\"]",
           (f"{IMPERFECT}so_do_their_first_spikes",)),
    Mutant(f"{FOLDER}/imperfect.py", "eta *= released", "eta *= 1",
           (f"{IMPERFECT}nothing_is_learned_from_a_spike_that_releases_nothing",)),
    Mutant(f"{FOLDER}/stability.py", "*{q} >= stability_threshold)", "*{q} > stability_threshold)",
           (f"{TASKS}a_gate_that_just_reaches_the_threshold_freezes",)),
    Mutant(f"{FOLDER}/race.py", "rest = rest*int(q <= 0)", "rest = 0",
           (f"{TASKS}all_neurons_of_a_slot_say_whether_it_was_used",)),
    Mutant(f"{FOLDER}/race.py", "demand = demand + 2.5", "demand = demand + 0.5",
           (f"{TASKS}of_40_slots_the_one_at_rest_for_longest_has_the_plateau_and_then_the_next",)),
    Mutant(f"{FOLDER}/feedback.py", '_axon("latch_post -= 1")', '_axon("latch_post -= 0")',
           (f"{IMPERFECT}where_a_relay_is_dead_both_signs_of_a_fed_back_entry_stay_active",)),
    Mutant(f"{FOLDER}/assembly.py", '("recruit.recruitment", "value.output_weight")', '("recruit.recruitment",)',
           ("tests/test_calibration.py::test_outputs_get_as_much_evidence_whatever_the_number_of_neurons_per_slot",)),
    Mutant(f"{FOLDER}/delays.py", "self.spread * np.linspace(-1, 1, n_source)",
           "self.spread * np.linspace(0, 1, n_source)", (f"{IMPERFECT}delays_of_inhibition_are_spread_evenly",)),
    Mutant(f"{FOLDER}/graded.py", "PUSH = 0.5", "PUSH = 0.25",
           ("tests/test_graded.py::test_an_output_neuron_takes_half_of_its_evidence_from_its_opponent",)),
    Mutant(f"{FOLDER}/rule.py", "output_weight=2 * p.output_weight / value_size",
           "output_weight=p.output_weight / value_size",
           ("tests/test_calibration.py::test_outputs_get_as_much_evidence_from_the_values_of_a_rule",)),
    Mutant(f"{FOLDER}/short_term_depression.py", "(1 - (1 - self.utilisation) * left)", "(1 - self.utilisation * left)",
           ("tests/test_calibration.py::test_a_depressed_drive_ends_where_it_would_without_depression",)),
)  # fmt: skip
