"""Commands that are killed at random moments, and resumed: nothing is lost, nothing is wrong, nothing is left.

    python -m benchmarks.kills [--kills 1000] [--seed 0]

Each kill is of the command or of one of its child processes, with SIGINT, SIGTERM, SIGHUP, SIGKILL or SIGSEGV, at a
random moment of `run` and `compare` on either engine, or of `figure`. The command is then resumed (a figure is drawn
anew), and killed again with a probability of two thirds. At the end of each chain the tables must equal those of an
uninterrupted command byte for byte, and no process, no folder in shared memory and no scratch folder may be left. A
command that was asked to stop ends with code 130 and one sentence. Prints a table of counts; exit code 1 if anything
was not so.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

SIZE = ["--key-dim", "8", "--n-pairs", "2,3"]
COMMANDS = {
    "run, NumPy engine": ["run", "autoassociative", "--memory", "rate", "--memory", "spiking", "--engine", "numpy",
                          *SIZE, "--trials", "21"],
    "run, compiled engine": ["run", "autoassociative", "--memory", "rate", "--memory", "spiking", "--engine",
                             "compiled", *SIZE, "--trials", "40"],
    "compare, NumPy engine": ["compare", "autoassociative", "--engine", "numpy", *SIZE, "--trials", "2"],
    "compare, compiled engine": ["compare", "autoassociative", "--engine", "compiled", *SIZE, "--trials", "40"],
    "figure": ["figure", "2a", "--memory", "rate", "--memory", "hopfield", "--trials", "4"],
    "figure all": ["figure", "all", "--memory", "bam", "--trials", "2"],
}  # fmt: skip
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL, signal.SIGSEGV)
ASKING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TABLES = ("results.csv", "comparison.csv", "figure.csv", "agreement.csv")
SHARED_MEMORY = Path("/dev/shm")


class Place(NamedTuple):
    """Folders of one benchmark: caches, results and temporary files of the commands. All that is left is seen here."""

    root: Path

    def environment(self) -> dict[str, str]:
        """With a name by which every process that descends from a command is known."""
        return {**os.environ, "BIOKV_CACHE": str(self.root / "cache"), "TMPDIR": str(self.root / "tmp"),
                "BIOKV_KILLS": str(self.root)}  # fmt: skip

    def start(self, words: list[str], out: Path) -> subprocess.Popen:
        """A command, with its output in files, so that nobody has to read it."""
        with open(self.root / "stdout", "w") as stdout, open(self.root / "stderr", "w") as stderr:
            return subprocess.Popen([sys.executable, "-m", "bioKV", *words, "--out", str(out)],
                                    env=self.environment(), stdout=stdout, stderr=stderr)  # fmt: skip

    def said(self) -> str:
        """Standard error of the last command."""
        return (self.root / "stderr").read_text()

    def processes(self) -> dict[int, str]:
        """All that descend from a command of this benchmark: their command lines."""
        return command_lines(f"BIOKV_KILLS={self.root}".encode())

    def left(self, before: set[Path]) -> list[str]:
        """What is left 30 s after a command at the latest: processes, and folders in shared memory and for scratch."""
        until = time.monotonic() + 30
        while True:
            shared = [str(folder) for folder in set(SHARED_MEMORY.glob("biokv-*")) - before]
            lines = "\n".join(command_lines().values()) if shared else ""  # another user's run names its folder
            mine = [folder for folder in shared if folder not in lines]
            found = [*self.processes().values(), *mine, *map(str, (self.root / "tmp").glob("biokv-*"))]
            if not found or time.monotonic() > until:
                return found
            time.sleep(0.02)


def command_lines(marked: bytes = b"") -> dict[int, str]:
    """Of all processes, or those with the mark in their environment."""
    found = {}
    for process in Path("/proc").iterdir():
        with suppress(OSError):
            if process.name.isdigit() and (not marked or marked in (process / "environ").read_bytes()):
                found[int(process.name)] = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    return found


def tables(out: Path) -> dict[str, bytes]:
    """The content of all tables."""
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*.csv")) if path.name in TABLES}


def victims(place: Place, process: subprocess.Popen) -> list[int]:
    """The child processes of a command but for its guards."""
    return [pid for pid, line in place.processes().items() if pid != process.pid and "guard.py" not in line]


def kill(place: Place, process: subprocess.Popen, rng: random.Random, longest: float) -> tuple[str, signal.Signals]:
    """Send a signal to the command, or to one of its children if there is one then; returns to whom, and which."""
    number, to_child = rng.choice(SIGNALS), rng.random() < 0.4
    until = time.monotonic() + rng.uniform(0, longest)
    while time.monotonic() < until and process.poll() is None:
        time.sleep(0.005)
    while to_child and process.poll() is None and time.monotonic() < until + longest:  # until there is a child
        children = victims(place, process)
        if children:
            with suppress(ProcessLookupError):
                os.kill(rng.choice(children), number)
            return "child", number
        time.sleep(0.01)
    process.send_signal(number)
    return "command", number


def faults(place: Place, process: subprocess.Popen, whom: str, number: signal.Signals, before: set[Path]
           ) -> Iterator[str]:  # fmt: skip
    """What is wrong with how a killed command ended."""
    said = place.said()
    yield from (f"left: {what}" for what in place.left(before))
    if whom == "command" and number is signal.SIGINT and "Traceback" in said and "/bioKV/" not in said:
        return  # Python itself was beginning: nothing of ours can listen yet
    if "Traceback" in said:
        yield "a traceback"
    if said.count("biokv: ") > 1:
        yield "more than one sentence"
    if whom == "command" and number in ASKING:
        # -number: before Python began to run bioKV; 0: when all was done
        if process.returncode not in (130, 0, -number):
            yield f"exit code {process.returncode} after {number.name}"
        if process.returncode == 130 and "biokv: stopped" not in said:
            yield "no sentence"
        if process.returncode == -number and said:
            yield f"died of {number.name} after it had begun"
    elif whom == "child" and process.returncode not in (0, 1):
        yield f"exit code {process.returncode} after {number.name} to a child"


def again(words: list[str], out: Path) -> list[str]:
    """The words that go on with a killed command."""
    if words[0] != "figure" and (out / "run.json").exists():
        return [*words, "--resume"]
    return [*words, "--force"]


def measure(place: Place, kills: int, rng: random.Random) -> tuple[Counter, list[str]]:
    """So many kills; how many of each kind, and what went wrong."""
    counts: Counter = Counter()
    wrong: list[str] = []
    whole, longest = {}, {}
    for name, words in COMMANDS.items():
        for _ in range(2):
            started = time.monotonic()
            process = place.start([*words, "--force"], place.root / "whole" / name)
            if process.wait():
                raise RuntimeError(f"{name} failed: {place.said()}")
            longest[name] = time.monotonic() - started
            if "compiling" not in place.said():
                break
        whole[name] = tables(place.root / "whole" / name)
    number, done = 0, 0
    while done < kills:
        name = list(COMMANDS)[number % len(COMMANDS)]
        words, out = COMMANDS[name], place.root / "out"
        shutil.rmtree(out, ignore_errors=True)
        number += 1
        more = True
        while more and done < kills:
            before = set(SHARED_MEMORY.glob("biokv-*"))
            process = place.start(again(words, out), out)
            whom, what = kill(place, process, rng, longest[name])
            process.wait()
            done += 1
            counts[name, whom, what.name, process.returncode] += 1
            for fault in faults(place, process, whom, what, before):
                wrong.append(f"kill {done}: {name}, {what.name} to the {whom}: {fault}: {place.said()[-300:]!r}")
                print(wrong[-1], file=sys.stderr, flush=True)
            if not done % 10:
                print(f"{done} kills, {len(wrong)} failures", file=sys.stderr, flush=True)
            more = rng.random() < 2 / 3
        process = place.start(again(words, out), out)
        if process.wait():
            wrong.append(f"kill {done}: {name} did not go on: {place.said()[-500:]}")
        elif tables(out) != whole[name]:
            wrong.append(f"kill {done}: {name}: its tables are others than those of the uninterrupted command")
            shutil.copytree(out, place.root / f"wrong-{done}")
        else:
            counts[name, "equal", "", 0] += 1
            continue
        print(wrong[-1], file=sys.stderr, flush=True)
    return counts, wrong


def report(counts: Counter, wrong: list[str]) -> str:
    """The counts as a Markdown table: a row per command."""
    header = ["", *(f"{name[3:]}" for name in (one.name for one in SIGNALS)), "to children", "ended with 130",
              "goes on, and equal"]  # fmt: skip
    lines = [header, ["---"] * len(header)]
    for name in COMMANDS:
        mine = {key[1:]: n for key, n in counts.items() if key[0] == name}
        kills = {key: n for key, n in mine.items() if key[0] != "equal"}
        lines.append([name, *(str(sum(n for key, n in kills.items() if key[1] == one.name)) for one in SIGNALS),
                      str(sum(n for key, n in kills.items() if key[0] == "child")),
                      str(sum(n for key, n in kills.items() if key[2] == 130)),
                      str(mine.get(("equal", "", 0), 0))])  # fmt: skip
    total = sum(n for key, n in counts.items() if key[1] != "equal")
    return "\n".join([*(f"| {' | '.join(line)} |" for line in lines), "", f"{total} kills, {len(wrong)} failures"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kills-") as root:
        place = Place(Path(root))
        (place.root / "cache").mkdir(mode=0o700)
        (place.root / "tmp").mkdir()
        counts, wrong = measure(place, asked.kills, random.Random(asked.seed))
        if wrong:
            kept = shutil.copytree(root, Path(tempfile.gettempdir()) / f"kills-{asked.seed}-{int(time.time())}")
            print(f"what was found wrong is kept in {kept}", file=sys.stderr)
    print(report(counts, wrong))
    print("\n".join(wrong), end="")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
