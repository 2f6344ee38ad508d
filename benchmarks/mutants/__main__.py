"""Small mistakes made on purpose, one at a time, in a copy of the checkout: does the everyday suite notice?

    python -m benchmarks.mutants [--jobs 2] [--only TEXT]

Every mutant says which tests should fail; these alone are run, up to the first failure. First all of them are run on
the code as it is. Prints a Markdown table. Exit code 1 if fewer than 95 % are noticed, 2 if the tests fail without a
mutant.
"""

from __future__ import annotations

import argparse
import sys

from . import circuit, engines, mechanisms, plumbing, rate
from .copies import Trial, noticed

MUTANTS = (*circuit.MUTANTS, *mechanisms.MUTANTS, *plumbing.MUTANTS, *engines.MUTANTS, *rate.MUTANTS)
LEAST_NOTICED = 0.95


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=2, help="mutants at a time")
    parser.add_argument("--only", default="", help="those whose file, text or tests have this in them")
    said = parser.parse_args()
    chosen = [mutant for mutant in MUTANTS if said.only in " ".join((*mutant[:3], *mutant.tests))]
    tests = sorted({test for mutant in chosen for test in mutant.tests})
    unchanged = [Trial(lambda root: None, tests[part :: said.jobs]) for part in range(min(said.jobs, len(tests)))]
    if any(failed for _, failed in noticed(unchanged, said.jobs)):
        print("the tests fail on the code as it is", file=sys.stderr)
        sys.exit(2)
    print("| file | from | to | |\n|---|---|---|---|", flush=True)
    count = 0
    for number, failed in noticed([Trial(mutant.make_in, mutant.tests) for mutant in chosen], said.jobs):
        count += bool(failed)
        file, *texts, _ = chosen[number]
        before, after = (" ".join(text.split()).replace("|", "\\|") for text in texts)
        print(f"| {file} | `{before}` | `{after}` | {'noticed' if failed else '**survives**'} |", flush=True)
    print(f"\n{count} of {len(chosen)} noticed ({count / len(chosen):.0%}).")
    sys.exit(count < LEAST_NOTICED * len(chosen))


if __name__ == "__main__":
    main()
