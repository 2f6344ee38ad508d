"""Mutants of the compiled engine: what it is told, its C++ and its templates."""

from __future__ import annotations

from .mutant import Mutant

FILE = "tests/test_both_engines.py"
SAME = f"{FILE}::test_both_engines_have_the_same_spikes_and_weights[13, 5, 7]"
ALONE = f"{FILE}::test_a_trial_is_the_same_alone_and_among_others"
SEED = f"{FILE}::test_a_seed_decides_what_is_drawn_before_a_trial_and_in_it[compiled]"
MUTANTS = (
    Mutant("bioKV/engines/compiled.py", "if np.ndim(value) or compiled_with.get(name) != value",
           'if np.ndim(value) or (compiled_with.get(name) != value and not name.startswith("hidden."))',
           (f"{FILE}::test_every_parameter_acts_on_a_compiled_network[theta]",)),
    Mutant("bioKV/engines/compiled.py", "joined.put(trial, recording)",
           "joined.put(n_trials - 1 - trial, recording)", (SAME,)),
    Mutant("bioKV/engines/compiled.py", 'given["run.seed"] = stream.integers(2**31)', 'given["run.seed"] = 1', (SEED,)),
    Mutant("bioKV/engines/compiled.py", "start = {**job.start(trial), **values}", "start = {**job.start(0), **values}",
           (SAME,)),
    Mutant("bioKV/engines/compiled.py", "reshape(n_windows, -1)[None, 1:]", "reshape(n_windows, -1)[None, :-1]",
           (SAME,)),
    Mutant("bioKV/engines/compiled.py", "if table.any()} | start", 'if table.any() and name != "plateaus"} | start',
           (f"{FILE}::test_plateaus_that_are_imposed_happen_in_both_engines",)),
    Mutant("bioKV/engines/compile.py", "_random_generators[0].seed((unsigned long)brian::_array_run_seed[0]);",
           "_random_generators[0].seed(1);", (SEED,)),
    Mutant("bioKV/engines/templates/threshold.cpp", "_first < N; _first += 8", "_first + 8 <= N; _first += 8", (SAME,)),
    Mutant("bioKV/engines/templates/stateupdate.cpp", "_idx < _n; _idx++", "_idx < _n/4*4; _idx++", (SAME,)),
    Mutant("bioKV/engines/templates/reset.cpp", "_event < _n_events; _event++",
           "_event < _n_events - (_n_events > 1); _event++", (SAME,)),
    Mutant("bioKV/engines/templates/synapses_classes.cpp", "delay[i] = (int)(delays[i]/dt + 0.5)",
           "delay[i] = (int)(delays[i]/dt - 0.5)", (SAME,)),
    Mutant("bioKV/engines/templates/synapses_classes.cpp", "spikes[i] >= last) continue",
           "spikes[i] >= last - 1) continue", (SAME,)),
    Mutant("bioKV/engines/fast_network.cpp", "for (AnyClock clock : slower) others |= clock->t[0] <= t + 1e-14;",
           "for (AnyClock clock : slower) others |= clock->t[0] <= t - 1e-4;", (SAME,)),
    Mutant("bioKV/engines/trials.cpp", "|| !file.seekg(0) ||", "|| !file.seekg(8) ||", (SAME,)),
)  # fmt: skip
