"""The C++ compiler and make: which they are, whether they work here, and the surroundings they are run in."""

from __future__ import annotations

import functools
import os
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .children import end

INSTALL = "Debian, Ubuntu: apt install g++ make; macOS: xcode-select --install; conda: conda install cxx-compiler make"
# what make, compilers, linkers and Python's distutils (which Brian2 asks about flags) would take from the caller; $CXX
# stays, for it names the compiler
NOT_OURS = (
    "MAKEFLAGS", "GNUMAKEFLAGS", "MFLAGS", "MAKEFILES", "MAKELEVEL", "MAKEOVERRIDES",
    "CC", "CPP", "LD", "LDSHARED", "LDCXXSHARED", "AR", "ARFLAGS", "RANLIB",
    "CFLAGS", "CXXFLAGS", "CPPFLAGS", "LDFLAGS", "LFLAGS", "LDLIBS", "LOADLIBES", "TARGET_ARCH", "ARCHFLAGS",
    "CCSHARED", "CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "LIBRARY_PATH", "LD_RUN_PATH", "LDEMULATION",
    "DEPENDENCIES_OUTPUT", "SUNPRO_DEPENDENCIES", "CCC_OVERRIDE_OPTIONS",
    "LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LC_CTYPE",
)  # fmt: skip
# the lines of /proc/cpuinfo that decide what -march=native means: x86, ARM, POWER, RISC-V
PROCESSOR = ("vendor_id", "cpu family", "model", "model name", "flags", "CPU implementer", "CPU architecture",
             "CPU variant", "CPU part", "Features", "cpu", "isa", "uarch")  # fmt: skip
PATIENCE = 60  # seconds for one line of C++; a compiler that waits for something, such as a licence, takes for ever


def compiler() -> str | None:
    """The command of the C++ compiler that would be used: $CXX with its arguments, or g++; None if it or make lacks."""
    return None if lacking() else shlex.join(_words())


def lacking() -> str:
    """What of a compiler and make is not there, in a few words; "" if both are."""
    if sys.platform == "win32":
        return "the compiled engine does not run on Windows itself"
    said = os.environ.get("CXX", "").strip()
    words = _words()
    if said and not (words and shutil.which(words[0])):
        return f"$CXX names the compiler {said!r}, which was not found"
    if not said and not shutil.which("g++"):
        return "there is no C++ compiler"
    return "" if shutil.which("make") else "there is no make"


def _words() -> list[str]:
    """The compiler and its arguments; an own path is made whole, because make runs in another folder."""
    try:
        words = shlex.split(os.environ.get("CXX", "")) or ["g++"]
    except ValueError:  # a quotation that does not end
        return []
    return [os.path.abspath(words[0]), *words[1:]] if os.path.dirname(words[0]) else words


def require_compiler() -> str:
    """The C++ compiler. Raises ValueError, saying how to get one, if there is none, and on Windows."""
    lack = lacking()
    if not lack:
        return shlex.join(_words())
    if lack.endswith("Windows itself"):
        raise ValueError(f"{lack}; use it in WSL (wsl --install), where bioKV runs as on Linux, or use --engine numpy")
    cure = "unset CXX, or let it name one that is there" if lack.startswith("$CXX") else f"install them ({INSTALL})"
    raise ValueError(f"the compiled engine needs a C++ compiler and make: {lack}; {cure}, or use --engine numpy")


def surroundings(command: str) -> dict[str, str]:
    """The environment to compile in: the caller's without all that would change the program or the messages."""
    kept = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    return {**kept, "CXX": command, "LC_ALL": "C"}


def trouble(folder: Path) -> str:
    """Why a line of C++ cannot be compiled and run in the cache folder, in a few words; "" if it can.

    Tried once per process, compiler and folder: it takes a tenth of a second.
    """
    return lacking() or _tried(shlex.join(_words()), folder)


@functools.lru_cache
def _tried(command: str, folder: Path) -> str:
    try:
        with tempfile.TemporaryDirectory(prefix="probe-", dir=folder) as probe:
            return _compiled_and_run(command, Path(probe))
    except OSError as problem:
        return f"the cache folder {folder} cannot be written: {problem.strerror or problem}"


def _compiled_and_run(command: str, probe: Path) -> str:
    (probe / "line.cpp").write_text("#include <cstdlib>\nint main() { return EXIT_SUCCESS; }\n")
    (probe / "makefile").write_text("line: line.cpp\n\t$(CXX) line.cpp -o line\n")
    code, printed = _run(["make"], probe, surroundings(command))
    if code:
        return f"the C++ compiler {command} does not work: {first_error(printed) or f'exit code {code}'}"
    try:
        code, _ = _run([str(probe / "line")], probe, None)
    except OSError:
        return f"programs in the cache folder {probe.parent} cannot be run (noexec?)"
    return f"a program by the C++ compiler {command} does not run: exit code {code}" if code else ""


def _run(command: list[str], cwd: Path, env: dict[str, str] | None) -> tuple[int, str]:
    """Exit code and what was printed to standard error, which goes to a file: a pipe may be held open by others."""
    with tempfile.TemporaryFile("w+", errors="replace") as errors:
        child = subprocess.Popen(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True)  # fmt: skip
        try:
            code = child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            return 1, f"no end after {PATIENCE} s"
        finally:
            if child.poll() is None:
                end(child)
                child.wait()
        errors.seek(0)
        return code, errors.read()


def first_error(printed: str) -> str:
    """The line that says best why a compile failed: a full disk's, the compiler's first, make's first, or the last."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    for sign in ("No space left", "error: ", "*** "):
        for line in lines:
            if sign in line:
                return line
    return lines[-1] if lines else ""


@functools.lru_cache
def version_of(command: str) -> str:
    """All that a compiler says of its version."""
    asked, env = [*shlex.split(command), "--version"], surroundings(command)
    return subprocess.run(asked, capture_output=True, text=True, errors="replace", env=env).stdout.strip()


@functools.lru_cache
def processor() -> tuple[str, ...]:
    """The kind of processor: programs are compiled for this very one."""
    info = Path("/proc/cpuinfo")
    said = told(info.read_text(errors="replace")) if info.exists() else ()
    if sys.platform == "darwin":
        asked = ["sysctl", "-n", "machdep.cpu.brand_string"]
        said = (subprocess.run(asked, capture_output=True, text=True).stdout.strip(),)
    return platform.machine(), platform.processor(), *said


def told(cpuinfo: str) -> tuple[str, ...]:
    """What a text such as /proc/cpuinfo tells of the kind of processor; of several kinds of cores, of all."""
    lines = (line.partition(":") for line in cpuinfo.splitlines())
    return tuple(sorted({f"{name.strip()}: {value.strip()}" for name, _, value in lines if name.strip() in PROCESSOR}))
