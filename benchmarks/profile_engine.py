"""Where the time of a compiled network goes, code object by code object, by sampling (Linux's perf; nothing else does).

    python -m benchmarks.profile_engine

Twelve episodes of 180 pairs, d = N = m = 40, one worker. Shares are of all samples in the program; what the kernel does
for it (starting a trial, page copies, files) is one line. Leaves with code 2 where perf is missing or not allowed.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.contestants import LONG, episodes, run_engine

EPISODES = 12
KINDS = {  # what a name in the program stands for, first that fits
    "hidden neurons: equations": r"_run_hidden_stateupdater|_ZGV.*exp",
    "output neurons: equations": r"_run_output_stateupdater",
    "input neurons: equations": r"_run_input_stateupdater",
    "decays, exp(-dt/tau), once per step": r"exp",
    "thresholds": r"_thresholder",
    "resets": r"_resetter",
    "spikes on their way": r"_push_spikes|SynapticPathway",
    "synapses: keys": r"_run_key_",
    "synapses: values": r"_run_value_",
    "synapses: others": r"_run_\w+_(pre|post|write)_codeobject",
    "onsets and readings": r"_run_regularly|_readings",
    "the loop over code objects": r"Network::",
}


def kind_of(symbol: str) -> str:
    """The kind of a line of perf's report, such as "[.] _run_key_pre_codeobject"."""
    if symbol.startswith("[k]"):
        return "the kernel"
    return next((kind for kind, pattern in KINDS.items() if re.search(pattern, symbol)), "the rest")


def main() -> None:
    if "--run" in sys.argv:  # what is sampled
        run_engine("compiled", episodes(LONG, EPISODES, seed=2), seed=3)
        return
    if shutil.which("perf") is None:
        print("perf is not installed (Debian: apt install linux-perf)", file=sys.stderr)
        sys.exit(2)
    run_engine("compiled", episodes(1, 1, seed=0), seed=0)  # compiles the network if nobody has yet
    with tempfile.TemporaryDirectory(prefix="biokv-benchmark-") as folder:
        samples = Path(folder) / "samples"
        again = [sys.executable, "-m", "benchmarks.profile_engine", "--run"]
        record = ["perf", "record", "-q", "-e", "cpu-clock", "-F", "4000", "-o", str(samples), "--", *again]
        if subprocess.run(record, stdout=subprocess.DEVNULL).returncode:
            sys.exit(2)
        report = ["perf", "report", "-i", str(samples), "--comm", "main", "--stdio", "-F", "sample,sym", "-t", "|"]
        printed = subprocess.run(report, capture_output=True, text=True, check=True).stdout
    counts: Counter[str] = Counter()
    for line in printed.splitlines():
        number, bar, symbol = line.partition("|")
        if bar and number.strip().isdigit():
            counts[kind_of(symbol.strip())] += int(number)
    total = sum(counts.values())
    print("| part of the program | share of its time |\n|---|---|")
    for kind, number in counts.most_common():
        print(f"| {kind} | {number / total:.1%} |")


if __name__ == "__main__":
    main()
