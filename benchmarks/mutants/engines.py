"""Mutants of the compiled engine: what it is told, its C++ and its templates."""

from __future__ import annotations

from .mutant import Mutant

BOTH = ("tests/test_both_engines.py",)
MUTANTS = (
    Mutant("bioKV/engines/compiled.py", "if np.ndim(value) or compiled_with.get(name) != value",
           'if np.ndim(value) or (compiled_with.get(name) != value and not name.startswith("hidden."))', BOTH),
    Mutant("bioKV/engines/compiled.py", "[done[trial] for trial in range(n_trials)]", "list(done.values())[::-1]", BOTH),
    Mutant("bioKV/engines/compiled.py", 'given["run.seed"] = stream.integers(2**31)', 'given["run.seed"] = 1', BOTH),
    Mutant("bioKV/engines/compiled.py", "start = {**job.start(trial), **values}", "start = {**job.start(0), **values}", BOTH),
    Mutant("bioKV/engines/compiled.py", "reshape(n_windows, -1)[None, 1:]", "reshape(n_windows, -1)[None, :-1]", BOTH),
    Mutant("bioKV/engines/compile.py", "_random_generators[0].seed((unsigned long)brian::_array_run_seed[0]);",
           "_random_generators[0].seed(1);", BOTH),
    Mutant("bioKV/engines/templates/threshold.cpp", "_first < N; _first += 8", "_first + 8 <= N; _first += 8", BOTH),
    Mutant("bioKV/engines/templates/stateupdate.cpp", "_idx < _n; _idx++", "_idx < _n/4*4; _idx++", BOTH),
    Mutant("bioKV/engines/templates/reset.cpp", "_event < _n_events; _event++", "_event < _n_events - (_n_events > 1); _event++",
           BOTH),
    Mutant("bioKV/engines/templates/synapses_classes.cpp", "delay[i] = (int)(delays[i]/dt + 0.5)",
           "delay[i] = (int)(delays[i]/dt - 0.5)", BOTH),
    Mutant("bioKV/engines/templates/synapses_classes.cpp", "spikes[i] >= last) continue", "spikes[i] >= last - 1) continue", BOTH),
    Mutant("bioKV/engines/fast_network.cpp", "for (AnyClock clock : slower) others |= clock->t[0] <= t + 1e-14;",
           "for (AnyClock clock : slower) others |= clock->t[0] <= t - 1e-4;", BOTH),
    Mutant("bioKV/engines/trials.cpp", "!file.read((char*)values, size)", "!file.read((char*)values, size - 8)", BOTH),
)  # fmt: skip
