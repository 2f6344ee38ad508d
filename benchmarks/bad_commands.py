"""Malformed words on the command line, for `benchmarks.bad_input`: options with values that they cannot have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

SMALL = ["--n-pairs", "2", "--key-dim", "6"]
NUMPY = ["--engine", "numpy"]
BASE = {
    "run": ["run", "autoassociative", *SMALL, "--trials", "2"],
    "compare": ["compare", "autoassociative", *SMALL, "--trials", "2", *NUMPY],
    "robustness": ["robustness", "autoassociative", *SMALL, "--trials", "2", "--values", "0,0.1", *NUMPY],
    "raster": ["raster", "autoassociative", *SMALL, *NUMPY],
    "look": ["look", "autoassociative", *SMALL, *NUMPY],
    "learn": ["learn", "autoassociative", *SMALL, "--steps", "1", "--batch", "1"],
    "figure": ["figure", "2a", "--trials", "2"],
}
STUDIES = ("run", "compare", "robustness")
LONG = "x" * 3000
NO_NUMBER = ["abc", "", " ", "nan", "½", LONG, "None", "[5]", "5 6", "5;6", "1e", "--", "\x1b[31m", "5\n6"]
NO_COUNT = [*NO_NUMBER, "-1", "0", "1.5", "inf", "1e3", "9" * 25, "0x10"]
NO_SHARE = [*NO_NUMBER, "-0.1", "1.1", "inf", "-inf", "1e400"]
NO_LIST = ["1,2", "5,", ",5", ",", "5,5"]
NO_NAME = ["", " ", "elephant", "ünïcødé", LONG, "-1", "../..", "a\nb", "\x1b[31m", "sequential,random", "💥"]
NO_PLACE = ["file", "file/inside", "/proc/nowhere", "/dev/null/inside", "/proc/self/fd/0/inside", "y" * 300, ""]
COUNTS = {"--trials": ("run", "compare", "robustness", "figure"), "--workers": (*STUDIES, "figure"),
          "--steps": ("learn",), "--batch": ("learn",), "--patience": ("learn",)}  # fmt: skip
NAMES = {"--engine": (*STUDIES, "raster", "look"), "--third-factor": (*STUDIES, "raster", "look", "learn"),
         "--memory": ("run", "figure"), "--knob": ("robustness",), "--device": ("learn",), "--start": ("learn",),
         "--mechanism": ("compare", "raster", "look"), "--patterns": ("run", "raster")}  # fmt: skip
PROTOCOLS = {  # a protocol's own options: of counts and of shares
    "autoassociative": (["--n-pairs", "--key-dim"], ["--corruption"]),
    "heteroassociative": (["--n-pairs", "--value-dim"], ["--corruption"]),
    "continual": (["--delay", "--n-steps", "--key-dim"], ["--p-recall"]),
    "flashbulb": (["--n-flashbulb", "--n-steps"], []),
    "correlated": (["--n-pairs"], ["--correlation"]),
    "sequence": (["--n-patterns"], []),
    "copy_paste": (["--n-patterns", "--pattern-dim"], []),
    "graded": (["--n-pairs"], ["--corruption"]),
}
SETTINGS = ["", "=", "x", "x=", "=1", "tau_drive", "tau_drive=", "tau_drive=abc", "tau_drive=3", "tau_drive=-3ms",
            "tau_drive=nanms", "tau_drive=0ms", "tau_drive=infms", "tau_drive=3mV", "theta=nan", "theta=inf", "theta=",
            "theta=1e400", "theta=3ms", "dead_share=-1", "dead_share=2", "release_failure=0.1,0.1",
            "release_failure=0.1,", "release_failure=,", "weight_levels=1.5", "weight_levels=-2", "dt=0ms", "dt=-1ms",
            "dt=1e-300ms", "presentation_time=0ms", "presentation_time=-5ms", "neurons_per_slot=0",
            "neurons_per_slot=1.5", f"theta={LONG}", f"{LONG}=1", "théta=1", "theta=1\ntheta=2"]  # fmt: skip
BY_HAND = [
    [""], ["elephant"], ["RUN"], ["--elephant"], ["--version=3"], ["doctor", "elephant"], ["doctor", "--trials", "3"],
    ["run", "--trials", "2"], ["figure", "--trials", "2"], ["run", "--", "--trials"], ["--seed", "1", "run"],
    ["figure", "2a", "2b"], ["figure", "9z"], ["figure", ""], ["figure", LONG], ["figure", "2a,2b"], ["figure", "5d"],
    ["figure", "2a", "--resume"], ["figure", "4b", "--trials", "1"], ["figure", "2a", "--seed", "-1"],
    ["figure", "all", "--memory", "elephant"], ["figure", "2a", "--memory", "rate", "--memory", "rate"],
    ["figure", "3c", "--trials", "2"], ["figure", "3d", "--seed", "1"], ["figure", "3c", "--memory", "rate"],
    ["figure", "5c", "--memory", "elephant"], ["figure", "5c", "--trials", "1"], ["figure", "5c", "--resume"],
    ["compare", "autoassociative", "--trials", "1"], [*BASE["run"], "--memory", "rate", "--memory", "rate"],
    [*BASE["run"], "--third-factor", "random", "--third-factor", "random"], [*BASE["run"], "--n-pairs", "3"],
    [*BASE["run"], "--p", "0.1"], [*BASE["run"], "--decay", "0.5"], [*BASE["run"], "--rule", "none.json"],
    [*BASE["run"], "--stability-threshold", "0"], [*BASE["run"], "--n-slots", "2", "--memory", "bam"],
    [*BASE["run"], "--set", "dead_share=0.1"], [*BASE["run"], "--mechanism", "short_term_depression"],
    [*BASE["run"], "--corruption", "0.1,0.2", "--n-slots", "3,4"], [*BASE["run"], "--memory", "learned"],
    ["run", "sequence", "--memory", "hopfield"], ["run", "copy_paste", "--patterns", "none.csv"],
    ["run", "continual", "--store", "elephant"], ["run", "continual", "--store", ""],
    ["run", "correlated", "--mode", "elephant"], ["run", "sequence", "--prompt", "elephant"],
    ["run", "sequence", "--prompt", LONG], ["run", "flashbulb", "--strength", "nan"],
    ["run", "flashbulb", "--strength", "-1"], ["run", "graded", "--sd", "-1"], ["run", "graded", "--sd", "nan"],
    ["run", "continual", "--length-factor", "nan"], ["run", "continual", "--length-factor", "1e300"],
    ["run", "continual", "--length-factor", "-1"], ["run", "autoassociative", "--n-pairs", "999999999"],
    ["run", "autoassociative", "--key-dim", "999999999"], ["run", "autoassociative", "--n-slots", "999999999"],
    ["run", "autoassociative", "--memory", "spiking", "--n-slots", "999999999"],
    ["compare", "autoassociative", "--n-pairs", "999999999"], ["raster", "autoassociative", "--n-pairs", "999999999"],
    ["raster", "autoassociative", "--n-pairs", "1001"], ["look", "autoassociative", "--n-pairs", "201"],
    ["raster", "autoassociative", "--n-pairs", "2,3"], ["look", "autoassociative", "--n-pairs", "2,3"],
    ["raster", "autoassociative", "--set", "dead_share=0,0.1"], [*BASE["compare"], "--margin", "1"],
    [*BASE["learn"], "--p", "0.1"], [*BASE["learn"], "--third-factor", "least_recently_used"],
    [*BASE["learn"], "--third-factor", "random", "--p", "2"], ["learn", "autoassociative", "--n-pairs", "5,3"],
    ["learn", "autoassociative", "--n-pairs", "3,3"], ["learn", "autoassociative", "--n-pairs", "1,2,3"],
    ["learn", "autoassociative", "--n-pairs", "0,3"], ["learn", "autoassociative", "--memory", "rate"],
    [*BASE["learn"], "--train", "elephant"], [*BASE["learn"], "--train", "eta_k,eta_k"],
    [*BASE["learn"], "--train", ","], [*BASE["learn"], "--learning-rate", "0"], [*BASE["learn"], "--resume"],
    [*BASE["learn"], "--learning-rate", "-1"], [*BASE["learn"], "--device", "gpu"],
    [*BASE["robustness"][:-4], "--values", "0.1"], [*BASE["robustness"][:-4], "--values", ""],
    [*BASE["robustness"][:-4], "--values", ","], [*BASE["robustness"][:-4], "--values", "0.1,0.1"],
    [*BASE["robustness"][:-4], "--values", "0.1,nan"], [*BASE["robustness"][:-4], "--values", "-1,2"],
    [*BASE["robustness"][:-4], "--values", "a,b"], [*BASE["robustness"][:-4], "--values", LONG],
    [*BASE["robustness"], "--n-pairs", "2,3"], [*BASE["robustness"], "--set", "release_failure=0.1"],
]  # fmt: skip


class Command(NamedTuple):
    """Words to type, what they are about, and what makes the files that they name in the folder of the command."""

    about: str
    words: list[str]
    prepare: Callable[[Path], None] | None = None


def a_file(folder: Path) -> None:
    (folder / "file").write_text("not a folder\n")


def commands() -> Iterator[Command]:
    """All of them."""
    for option, names in COUNTS.items():
        for name in names:
            for value in [*NO_COUNT, *NO_LIST]:
                yield Command(option, [*without(BASE[name], option), option, value])
    for name in (*STUDIES, "raster", "look", "learn", "figure"):
        for value in (value for value in [*NO_COUNT, *NO_LIST] if value != "0"):
            yield Command("--seed", [*BASE[name], "--seed", value])
        for value in NO_PLACE:
            yield Command("--out", [*BASE[name], "--out", value], a_file)
        yield Command("unknown option", [*BASE[name], "--elephant", "3"])
        yield Command("unknown option", [*BASE[name], "--élephant=3"])
        yield Command("unknown word", [*BASE[name], "elephant"])
    for option, names in NAMES.items():
        for name in names:
            for value in NO_NAME:
                yield Command(option, [*without(BASE[name], option), option, value])
    for name in BASE:
        options = [option for option, of in {**COUNTS, **NAMES}.items() if name in of]
        for option in [*options, "--seed", "--out"]:
            yield Command("missing value", [*without(BASE[name], option), option])
    for protocol, (counts, shares) in PROTOCOLS.items():
        for option in counts:
            for value in NO_COUNT:
                if (option, value) != ("--delay", "0"):
                    yield Command(option, ["run", protocol, option, value])
            for value in ("5,", ",5", ",", "5,5", "5,,6", "5,abc"):
                yield Command(option, ["run", protocol, option, value])
            yield Command("missing value", ["run", protocol, option])
        for option in shares:
            for value in [*NO_SHARE, "0.1,0.1", "0.1,", "0.1,2"]:
                yield Command(option, ["run", protocol, option, value])
        yield Command("unknown option", ["run", protocol, "--elephant", "3"])
    for name in (*STUDIES, "raster", "look", "learn"):
        for value in NO_NAME:
            yield Command("protocol", [name, value])
    for value in [*NO_SHARE, "0", "1"]:
        yield Command("--margin", [*BASE["compare"], "--margin", value])
        if value not in ("0", "1"):
            yield Command("--p", [*BASE["run"], "--third-factor", "random", "--p", value])
    for value in [*NO_NUMBER, "0", "-1", "inf", "1,2"]:
        yield Command("--learning-rate", [*BASE["learn"], "--learning-rate", value])
        if value != "1,2":
            yield Command("--stability-threshold", ["run", "flashbulb", "--stability-threshold", value])
    for name in ("compare", "look"):
        for value in SETTINGS:
            yield Command("--set", [*BASE[name], "--set", value])
    for words in BY_HAND:
        yield Command("by hand", words)


def without(words: list[str], option: str) -> list[str]:
    """The words without this option and its value."""
    if option not in words:
        return words
    at = words.index(option)
    return [*words[:at], *words[at + 2 :]]


COMMANDS = list(commands())
