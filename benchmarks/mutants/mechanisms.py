"""Mutants of what only some networks have: bioKV/network/mechanisms."""

from __future__ import annotations

from .mutant import Mutant

IMPERFECT = "tests/test_imperfections.py"
TASKS = "tests/test_spiking_tasks.py"
FOLDER = "bioKV/network/mechanisms"
MUTANTS = (
    Mutant(f"{FOLDER}/imperfect.py", "            if bundle.is_axon:\n",
           '            if bundle.is_axon and name != "inhibit":\n', (IMPERFECT,)),
    Mutant(f"{FOLDER}/imperfect.py", "sqrt(1 - exp(-2*dt/tau_noise))", "sqrt(1 - exp(-dt/tau_noise))", (IMPERFECT,)),
    Mutant(f"{FOLDER}/imperfect.py", "input_irregularity*(1 + log(1 - rand()))",
           "input_irregularity*(1.2 + log(1 - rand()))", (IMPERFECT,)),
    Mutant(f"{FOLDER}/imperfect.py", "sqrt(clip(eta*(2 - eta), 0, 1))", "sqrt(clip(eta, 0, 1))", (IMPERFECT,)),
    Mutant(f"{FOLDER}/imperfect.py", "phase\"] * (1 - self.input_irregularity)", "phase\"]", (IMPERFECT,)),
    Mutant(f"{FOLDER}/imperfect.py", "eta *= released", "eta *= 1", (IMPERFECT,)),
    Mutant(f"{FOLDER}/stability.py", "*{q} >= stability_threshold)", "*{q} > stability_threshold)", (TASKS,)),
    Mutant(f"{FOLDER}/race.py", "rest = rest*int(q <= 0)", "rest = 0", (TASKS,)),
    Mutant(f"{FOLDER}/race.py", "demand = demand + 2.5", "demand = demand + 0.5", (TASKS,)),
    Mutant(f"{FOLDER}/feedback.py", '_axon("latch_post -= 1")', '_axon("latch_post -= 0")', (TASKS,)),
    Mutant(f"{FOLDER}/assembly.py", '("recruit.recruitment", "value.output_weight")', '("recruit.recruitment",)',
           (IMPERFECT,)),
    Mutant(f"{FOLDER}/delays.py", "self.spread * np.linspace(-1, 1, n_source)", "self.spread * np.linspace(0, 1, n_source)",
           (IMPERFECT,)),
    Mutant(f"{FOLDER}/graded.py", "PUSH = 0.5", "PUSH = 0.25", ("tests/test_graded.py",)),
    Mutant(f"{FOLDER}/rule.py", "output_weight=2 * p.output_weight / value_size", "output_weight=p.output_weight / value_size",
           ("tests/test_spiking_rule.py",)),
    Mutant(f"{FOLDER}/short_term_depression.py", "(1 - (1 - self.utilisation) * left)", "(1 - self.utilisation * left)",
           ("tests/test_calibration.py::test_a_depressed_drive_ends_where_it_would_without_depression",)),
)  # fmt: skip
