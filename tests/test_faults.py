"""What goes wrong around a run: kills, full disks, damaged caches, compilers that fail. Through the real command.

After every fault: no finished trial is lost, no number is wrong, one sentence says what happened, nothing stays behind.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from place import COMPILER, HOSTILE, SHORT, SPIKING, Place, said, sentence, until

from bioKV.engines import cache
from bioKV.engines.together import FILES

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="looks for processes in /proc"),
    pytest.mark.skipif(cache.compiler() is None or not shutil.which("flock"), reason="no C++ compiler, or no flock"),
    pytest.mark.usefixtures("tables_alone"),
]


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
    place = Place(tmp_path, built.folder / "compiler")
    place.temporary.mkdir()
    place.environment["TMPDIR"] = str(place.temporary)
    yield from clean(place)


N_PAIRS = 4  # the column


def first_chunk(table: str) -> str:
    return "".join(line for line in table.splitlines(keepends=True) if line.split(",")[N_PAIRS] != "40")


def has_begun(out: Path) -> bool:
    """Whether the first chunk is finished."""
    return bool(list(out.glob("parts/*/*.csv")))


@pytest.mark.parametrize("whom", ["the program and its trial", "the trial"])
def test_a_killed_worker_loses_no_finished_trial(built, place, whom):
    out = place.folder / "out"
    process = place.start(*SPIKING, "--out", out)
    until(lambda: has_begun(out))

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
    place.here(*SPIKING, "--out", out, "--resume")
    assert place.table() == built.table()


def test_a_killed_command_leaves_no_process_and_no_folder_and_goes_on(built, place):
    out = place.folder / "out"
    process = place.start(*SPIKING, "--out", out)
    until(lambda: has_begun(out))
    worker, line = until(lambda: list(place.workers().items()))[0]
    os.kill(worker, signal.SIGSTOP)  # it cannot end by itself
    scratch = Path(line.split()[2]).parent
    assert scratch.name.startswith("biokv-")
    process.kill()
    said(process, -signal.SIGKILL)
    until(lambda: not place.processes())
    until(lambda: not scratch.exists())
    (part,) = out.glob("parts/*/*.csv")
    (out / "parts" / "next").mkdir()
    (out / "parts" / "next" / "0000000-0000004.0.new").write_text(part.read_text()[:500])  # the next chunk, cut off
    place.here(*SPIKING, "--out", out, "--resume")
    assert place.table() == built.table()


def test_a_killed_worker_process_is_replaced_and_its_trials_are_run_again(bare):
    words = ["--memory", "rate", "--memory", "spiking", "--key-dim", "6", "--n-pairs", "7", "--trials", "21"]
    words += ["--set", "dt=1ms", "--engine", "numpy", "--out"]
    process = bare.start(*words, bare.folder / "out", workers=2)
    child = until(lambda: [pid for pid, line in children(process.pid).items() if "bioKV.studies.processes" in line])[0]
    os.kill(child, signal.SIGKILL)
    said(process, 0)
    bare.here(*words, bare.folder / "alone")
    assert bare.table() == bare.table("alone")


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
    assert not list(bare.temporary.iterdir())


@pytest.mark.slow
def test_what_a_killed_command_left_half_built_is_built_anew(built, bare):
    process = bare.start(*SHORT, "--out", bare.folder / "out", fault="hangs")
    until(lambda: "sleep 600 " in bare.processes().values())
    process.kill()
    said(process, -signal.SIGKILL)
    until(lambda: not bare.processes())
    until(lambda: not [path for path in bare.cache.iterdir() if path.is_dir()])  # the guard removes it
    shutil.copytree(built.entry(), bare.entry())
    (bare.entry() / "manifest.json").unlink()
    assert "compiling the network" in bare.run(*SHORT, "--out", bare.folder / "out", "--force")
    assert bare.table().splitlines() == two_trials(built.table())
    assert [path for path in bare.cache.iterdir() if path.is_dir()] == [bare.entry()]


def two_trials(table: str) -> list[str]:
    """The lines of SHORT, where nothing varies, in the table of SPIKING."""
    header, *rows = (line.split(",") for line in first_chunk(table).splitlines())
    kept = [header, *(row for row in rows if row[N_PAIRS + 1] in "01")]
    return [",".join(row[:N_PAIRS] + row[N_PAIRS + 1 :]) for row in kept]


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
    "a main that may not be run": lambda entry: (entry / "main").chmod(0o600),
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
    assert "compiling the network" in place.here(*SHORT, "--out", place.folder / "out")
    assert place.table().splitlines() == two_trials(built.table())
    assert cache.load(place.entry()) is not None


def test_nothing_set_for_other_programs_changes_what_is_compiled(built, bare):
    bare.environment |= HOSTILE
    assert "compiling the network" in bare.run(*SHORT, "--out", bare.folder / "out")
    mine, undisturbed = (set(place.log.read_text().splitlines()) for place in (bare, built))
    assert mine == undisturbed
    # not byte by byte: Brian2 sets its clocks to 0 in an order that depends on where they lie in memory
    assert (bare.entry() / "main").stat().st_size == (built.entry() / "main").stat().st_size
    assert bare.table().splitlines() == two_trials(built.table())


@pytest.mark.slow
def test_two_commands_at_once_compile_once(built, bare):
    both = [bare.start(*SHORT, "--out", bare.folder / name) for name in ("first", "second")]
    errors = "".join(said(process, 0) for process in both)
    assert errors.count("compiling the network") == 1
    assert errors.count("another process is compiling this network; waiting for it ...") <= 1
    compiled = [line for line in bare.log.read_text().splitlines() if "-c " in line]
    assert len(compiled) == len(set(compiled))
    assert all(sum(f"-c together-{k}.cpp " in line for line in compiled) == 1 for k in range(FILES))
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
    words = ["--key-dim", "8", "--n-pairs", "3,4,5", "--out"]
    bare.here(*words, bare.folder / "whole", "--trials", 40)
    bare.here(*words, out, "--trials", 20)
    before, size = bare.table(), max(path.stat().st_size for path in out.glob("parts/*/*"))
    message = sentence(bare.run(*words, out, "--trials", 40, "--resume", code=2, largest_file=size - 100))
    assert message.endswith(".csv: File too large; the trials before are kept, --resume goes on")
    assert bare.table() == before
    assert {path.suffix for path in out.glob("parts/*/*")} == {".csv"}
    bare.here(*words, out, "--trials", 40, "--resume")
    assert bare.table() == bare.table("whole")


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
    message = sentence(bare.run(*SHORT, "--out", out, code=1, largest_file=40_000))
    assert message.startswith("biokv: compiling the network failed: OSError: ")
    assert message.endswith(f"; is the disk of {bare.cache} full?")
    assert not [path for path in bare.cache.iterdir() if path.is_dir()]
    assert len(bare.table().splitlines()) == 1
