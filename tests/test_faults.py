"""What goes wrong around a run: kills, full disks, damaged caches, compilers that fail. Through the real command.

After every fault: no finished trial is lost, no number is wrong, one sentence says what happened, nothing stays behind.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bioKV import SpikingMemory
from bioKV.engines import cache

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="looks for processes in /proc"),
    pytest.mark.skipif(cache.compiler() is None or not shutil.which("flock"), reason="no C++ compiler, or no flock"),
]
STRUCTURE = cache.Structure(SpikingMemory(8, 8, 8).blueprint(), cache.LENGTHS[0])
# two chunks, one an x; a trial of the second takes long enough to be met
SPIKING = ["--memory", "spiking", "--engine", "compiled", "--key-dim", "8", "--n-pairs", "3,40", "--trials", "4"]
SHORT = [*SPIKING[:-3], "3", "--trials", "2"]
# The compiler of these tests compiles every file once, without optimising, and then gives the same object again; it
# notes what it is asked, and after five files it does what FAULT says.
COMPILER = """#!/bin/sh
case " $* " in
  *" -dumpfullversion "*) echo 1; exit ;;
  *flag_test*) exec REAL "$@" ;;
esac
echo "$*" >> "$LOG"
case " $* " in
  *" c++-header "*) : > all.h.gch; exit ;;
  *" -c "*) ;;
  *) exec REAL "$@" ;;
esac
for object; do
  case "$object" in
    -c | -o | -include) ;;
    -*) flags="$flags $object" ;;
    *.cpp) source=$object ;;
  esac
done
if [ "$(wc -l < "$LOG")" -gt 5 ]; then
  case "$FAULT" in
    fails) echo "$source:7:1: error: out of luck" >&2; exit 1 ;;
    is-killed) kill -9 $$ ;;
    hangs) exec sleep 600 ;;
  esac
fi
exec 9> .lock
flock 9
[ -e .sum ] || find . -name '*.h' | sort | xargs sha256sum | sha256sum | cut -c 1-20 > .sum
store="STORE/$(cat .sum)"
mkdir -p "$store"
[ -e "$store/objects.h.gch" ] || REAL $flags -O0 -x c++-header objects.h -o "$store/objects.h.gch"
flock -u 9
kept="$store/$(sha256sum < "$source" | cut -c 1-20)"
if [ ! -e "$kept" ]; then
  REAL $flags -O0 -include "$store/objects.h" -c "$source" -o "$kept.$$" && mv "$kept.$$" "$kept" || exit 1
fi
cp "$kept" "$object"
"""


class Place:
    """A cache, a log of the compiler, and folders for results: all of one test's own."""

    def __init__(self, folder: Path, compiler: Path):
        self.folder, self.cache, self.log = folder, folder / "cache", folder / "log"
        self.started: list[subprocess.Popen] = []
        self.environment = os.environ | {"CXX": str(compiler), "LOG": str(self.log), "BIOKV_CACHE": str(self.cache)}

    def start(self, *words, workers=1, largest_file=None, fault="") -> subprocess.Popen:
        """`biokv run autoassociative WORDS`, as a process."""

        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

        process = subprocess.Popen(
            [sys.executable, "-m", "bioKV", "run", "autoassociative", *map(str, words), "--workers", str(workers)],
            cwd=cache.import_folder(),
            env=self.environment | {"FAULT": fault},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=limit if largest_file else None,
        )
        self.started.append(process)
        return process

    def run(self, *words, code=0, **how) -> str:
        """The same to its end; what it said on standard error."""
        return said(self.start(*words, **how), code)

    def table(self, name="out") -> str:
        return (self.folder / name / "results.csv").read_text()

    def entry(self) -> Path:
        with pytest.MonkeyPatch.context() as patch:
            for name in ("CXX", "BIOKV_CACHE"):
                patch.setenv(name, self.environment[name])
            return cache.entry(STRUCTURE)

    def processes(self) -> dict[int, str]:
        """The command lines of all processes that work on this cache."""
        found = {}
        for process in Path("/proc").iterdir():
            try:
                line = (process / "cmdline").read_bytes().decode().replace("\0", " ")
                if process.name.isdigit() and str(self.cache) in line + os.readlink(process / "cwd"):
                    found[int(process.name)] = line
            except OSError:  # it has ended
                continue
        return found

    def workers(self) -> dict[int, str]:
        return {pid: line for pid, line in self.processes().items() if "/main --results_dir" in line}


def said(process: subprocess.Popen, code: int) -> str:
    _, errors = process.communicate(timeout=300)
    assert process.returncode == code, errors
    return errors


def sentence(errors: str) -> str:
    """The last line, which says what happened; there is no other of its kind, and no traceback."""
    assert "Traceback" not in errors
    assert errors.count("biokv: ") == 1
    return errors.rstrip("\n").rpartition("\n")[2]


def until(what):
    """Wait until what() is true."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.01)
    raise AssertionError("waited two minutes in vain")


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Place:
    """A place with a compiled network, and the table of an undisturbed run."""
    folder = tmp_path_factory.mktemp("faults")
    compiler = folder / "compiler"
    compiler.write_text(COMPILER.replace("REAL", str(cache.compiler())).replace("STORE", str(folder / "store")))
    compiler.chmod(0o700)
    place = Place(folder, compiler)
    assert "compiling the network" in place.run(*SPIKING, "--out", folder / "out")
    return place


def clean(place: Place) -> Iterator[Place]:
    """Whatever a test that fails leaves running is ended."""
    yield place
    for process in place.started:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()
    for pid in place.processes():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.fixture
def place(built, tmp_path) -> Iterator[Place]:
    """A place with a compiled network of its own."""
    shutil.copytree(built.cache, tmp_path / "cache")
    yield from clean(Place(tmp_path, built.folder / "compiler"))


@pytest.fixture
def bare(built, tmp_path) -> Iterator[Place]:
    """A place with an empty cache."""
    (tmp_path / "cache").mkdir(mode=0o700)
    yield from clean(Place(tmp_path, built.folder / "compiler"))


def first_chunk(table: str) -> str:
    return "".join(line for line in table.splitlines(keepends=True) if ",n_pairs,40," not in line)


@pytest.mark.parametrize("whom", ["the program and its trial", "the trial"])
def test_a_killed_worker_loses_no_finished_trial(built, place, whom):
    out = place.folder / "out"
    process = place.start(*SPIKING, "--out", out)
    until(lambda: out.exists() and (out / "results.csv").exists() and ",3," in place.table())

    def kill() -> bool:
        """Again and again: a trial may end just before it is met."""
        workers = list(place.workers())
        trials = [pid for worker in workers for pid in children(worker)]
        for pid in workers if whom != "the trial" else trials:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return process.poll() is not None

    until(kill)
    errors = said(process, 1)
    assert not place.processes()
    assert "the compiled network failed (exit code -9): killed by signal 9 (Killed), by someone or" in sentence(errors)
    assert f"the trials finished before are in {out / 'results.csv'}; --resume goes on" in errors.replace("\n", " ")
    assert place.table() == first_chunk(built.table())
    assert json.loads((out / "run.json").read_text())["state"] == "failed"
    place.run(*SPIKING, "--out", out, "--resume")
    assert place.table() == built.table()


def test_a_killed_command_leaves_no_process_and_no_folder_and_goes_on(built, place):
    out = place.folder / "out"
    process = place.start(*SPIKING, "--out", out)
    until(lambda: out.exists() and (out / "results.csv").exists() and ",3," in place.table())
    worker, line = until(lambda: list(place.workers().items()))[0]
    os.kill(worker, signal.SIGSTOP)  # it cannot end by itself
    scratch = Path(line.split()[2]).parent
    assert scratch.name.startswith("biokv-")
    process.kill()
    said(process, -signal.SIGKILL)
    until(lambda: not place.processes())
    until(lambda: not scratch.exists())
    with open(out / "results.csv", "a") as table:  # as if in the middle of writing the next chunk
        table.write(built.table().removeprefix(first_chunk(built.table()))[:500])
    place.run(*SPIKING, "--out", out, "--resume")
    assert place.table() == built.table()


def test_a_killed_batch_of_the_numpy_engine_is_said_and_loses_no_finished_trial(bare):
    out = bare.folder / "out"
    words = ["--memory", "rate", "--memory", "spiking", "--key-dim", "8", "--n-pairs", "9", "--trials", "21"]
    process = bare.start(*words, "--engine", "numpy", "--out", out, workers=2)  # two batches, each in a process
    child = until(lambda: [pid for pid, line in children(process.pid).items() if "bioKV.engines.numpy" in line])[0]
    os.kill(child, signal.SIGKILL)
    message = sentence(said(process, 1))
    assert "a batch of the NumPy engine failed (exit code -9): killed by signal 9 (Killed)" in message
    bare.run(*words[:2], *words[4:], "--out", bare.folder / "rate")
    assert bare.table() == bare.table("rate")


def children(parent: int) -> dict[int, str]:
    found = {}
    for process in Path("/proc").iterdir():
        try:
            if (process / "stat").read_text().rpartition(")")[2].split()[1] == str(parent):
                found[int(process.name)] = (process / "cmdline").read_bytes().decode().replace("\0", " ")
        except (OSError, IndexError):
            continue
    return found


def test_a_killed_compile_is_said_and_leaves_nothing(bare):
    process = bare.start(*SHORT, "--out", bare.folder / "out", fault="hangs")
    until(lambda: "sleep 600 " in bare.processes().values())
    builder = next(pid for pid, line in bare.processes().items() if "-m bioKV.engines.compile" in line)
    os.kill(builder, signal.SIGKILL)
    assert "compiling the network failed: killed by signal 9 (Killed)" in sentence(said(process, 1))
    until(lambda: not bare.processes())
    assert not [path for path in bare.cache.iterdir() if path.is_dir()]


@pytest.mark.slow
def test_what_a_killed_command_left_half_built_is_built_anew(built, bare):
    process = bare.start(*SHORT, "--out", bare.folder / "out", fault="hangs")
    until(lambda: "sleep 600 " in bare.processes().values())
    process.kill()
    said(process, -signal.SIGKILL)
    until(lambda: not bare.processes())  # else two would compile in one folder
    assert bare.entry().with_suffix(".building").exists()
    shutil.copytree(built.entry(), bare.entry())
    (bare.entry() / "manifest.json").unlink()
    assert "compiling the network" in bare.run(*SHORT, "--out", bare.folder / "out", "--force")
    assert bare.table().splitlines() == two_trials(built.table())
    assert [path for path in bare.cache.iterdir() if path.is_dir()] == [bare.entry()]


def two_trials(table: str) -> list[str]:
    """The lines of SHORT in the table of SPIKING."""
    header, *lines = first_chunk(table).splitlines()
    return [header, *(line for line in lines if line.split(",")[6] in "01")]


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def change_manifest(path: Path) -> None:
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps(manifest | {"layout": manifest["layout"][::-1]}))


DAMAGES = {
    "a flipped bit in main": lambda entry: flip(entry / "main"),
    "a truncated main": lambda entry: os.truncate(entry / "main", 1000),
    "no main": lambda entry: (entry / "main").unlink(),
    "a truncated manifest": lambda entry: os.truncate(entry / "manifest.json", 100),
    "an empty manifest": lambda entry: os.truncate(entry / "manifest.json", 0),
    "a manifest of another shape": lambda entry: (entry / "manifest.json").write_text("[1]"),
    "a manifest of zeros": lambda entry: (entry / "manifest.json").write_bytes(bytes(100)),
    "another order in the manifest": lambda entry: change_manifest(entry / "manifest.json"),
    "a missing static array": lambda entry: next((entry / "static_arrays").iterdir()).unlink(),
    "a flipped bit in a static array": lambda entry: flip(max((entry / "static_arrays").iterdir())),
    "no static arrays": lambda entry: shutil.rmtree(entry / "static_arrays"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_entry_does_not_count(place, damage):
    assert cache.load(place.entry()) is not None
    DAMAGES[damage](place.entry())
    assert cache.load(place.entry()) is None


def test_a_damaged_entry_is_built_anew_and_not_run(built, place):
    flip(place.entry() / "main")
    change_manifest(place.entry() / "manifest.json")
    assert "compiling the network" in place.run(*SHORT, "--out", place.folder / "out")
    assert place.table().splitlines() == two_trials(built.table())
    assert cache.load(place.entry()) is not None


@pytest.mark.slow
def test_two_commands_at_once_compile_once(built, bare):
    both = [bare.start(*SHORT, "--out", bare.folder / name) for name in ("first", "second")]
    errors = "".join(said(process, 0) for process in both)
    assert errors.count("compiling the network") == 1
    assert errors.count("another process is compiling this network; waiting for it ...") <= 1
    compiled = [line for line in bare.log.read_text().splitlines() if "-c " in line]
    assert len(compiled) == len(set(compiled)) > 50
    assert bare.table("first").splitlines() == bare.table("second").splitlines() == two_trials(built.table())


@pytest.mark.slow
def test_a_compiler_that_fails_half_way_leaves_nothing_and_is_said(built, bare):
    for fault, message in {
        "fails": ".cpp:7:1: error: out of luck",
        "is-killed": " (the compiler was killed, by someone or because memory ran out)",
    }.items():
        bare.log.unlink(missing_ok=True)
        found = sentence(bare.run(*SHORT, "--out", bare.folder / "out", "--force", code=1, fault=fault))
        assert found.startswith("biokv: compiling the network failed: ")
        assert found.endswith(message)
        assert not [path for path in bare.cache.iterdir() if path.is_dir()]
        assert len(bare.table().splitlines()) == 1
    bare.run(*SHORT, "--out", bare.folder / "out", "--resume")
    assert bare.table().splitlines() == two_trials(built.table())


# A disk with no room left, as a limit on the size of a file: every user can set one.


def test_no_room_for_results_keeps_the_chunks_before(bare):
    out = bare.folder / "out"
    words = ["--key-dim", "8", "--n-pairs", "3,4,5", "--trials", "40"]
    bare.run(*words, "--out", bare.folder / "whole")
    whole = bare.table("whole")
    message = sentence(bare.run(*words, "--out", out, code=2, largest_file=len(whole) // 2))
    assert message.endswith("results.csv: File too large; the trials before are kept, --resume goes on")
    kept = bare.table()
    assert whole.startswith(kept)
    assert kept.count("\n") == 1 + 80
    bare.run(*words, "--out", out, "--resume")
    assert bare.table() == whole


@pytest.mark.parametrize(
    ("largest_file", "n_pairs", "message"),
    [
        (20_000, 200, "cannot write to the scratch folder "),  # what is presented
        (80_000, 200, "killed by signal 25 (File size limit exceeded), because it may not write a file that large"),
    ],
    ids=["arguments", "results"],
)
def test_no_room_in_the_scratch_folder_is_said_and_gives_no_number(place, largest_file, n_pairs, message):
    words = [*SPIKING[:6], "--n-pairs", n_pairs, "--trials", 1, "--out", place.folder / "out"]
    assert message in sentence(place.run(*words, code=1, largest_file=largest_file))
    assert len(place.table().splitlines()) == 1
    assert not place.processes()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_program_that_cannot_write_its_results_says_so(built, tmp_path):
    (tmp_path / "results").symlink_to("/dev/full")
    command = [built.entry() / "main", "--results_dir", f"{tmp_path}/"]
    ended = subprocess.run(command, cwd=built.entry(), input="run.t_stop=0.3\n", capture_output=True, text=True)
    assert (ended.stdout, ended.stderr) == ("1\n", "cannot write the results\n")


def test_no_room_in_the_cache_is_said_and_leaves_no_entry(bare):
    out = bare.folder / "out"
    message = sentence(bare.run(*SHORT, "--out", out, code=1, largest_file=20_000))
    assert message.startswith("biokv: compiling the network failed: OSError: ")
    assert message.endswith(f"; is the disk of {bare.cache} full?")
    assert not [path for path in bare.cache.iterdir() if path.is_dir()]
    assert len(bare.table().splitlines()) == 1


def test_a_cache_that_cannot_be_written_is_said(bare):
    bare.entry().with_suffix(".building").write_text("in the way")
    message = sentence(bare.run(*SHORT, "--out", bare.folder / "out", code=1))
    assert f"cannot compile into the cache folder {bare.cache}: File exists; BIOKV_CACHE names another" in message
