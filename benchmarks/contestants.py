"""What the speed benchmarks time: engines as users get them, a program of the same model by hand, and CPU time."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bioKV import Episode, Response, SpikingMemory
from bioKV.protocols import autoassociative

SIZE = 40  # d = N = m
WINDOW_S = 0.15  # one presentation
SHORT, LONG = 20, 180  # pairs an episode; both fit the same compiled program
POPULATIONS = ("input", "feedforward", "hidden", "interneuron", "output")
SCALAR_FLAGS = ("-DREAL=double", "-fno-tree-vectorize")
BARE_BUILDS = {"float": (), "double": ("-DREAL=double",), "double, no vectors": SCALAR_FLAGS}


class Spread(NamedTuple):
    """The median of some repeats, and the extremes."""

    median: float
    low: float
    high: float

    @staticmethod
    def of(samples: list[float]) -> Spread:
        return Spread(float(np.median(samples)), min(samples), max(samples))

    def __str__(self) -> str:
        return f"{self.median:8.3f}  ({self.low:.3f}-{self.high:.3f})"


class Cpu(NamedTuple):
    """CPU seconds spent so far by this process and by the children it has waited for."""

    own: float
    children: float

    @staticmethod
    def now() -> Cpu:
        own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return Cpu(own.ru_utime + own.ru_stime, children.ru_utime + children.ru_stime)

    def since(self, start: Cpu) -> Cpu:
        return Cpu(self.own - start.own, self.children - start.children)


def compile_bare(folder: Path) -> dict[str, Path]:
    """The opponent in the precisions it can be compiled for."""
    compiler = os.environ.get("CXX", "g++").split()
    source = Path(__file__).with_name("bare_network.cpp")
    programs = {}
    for name, flags in BARE_BUILDS.items():
        programs[name] = folder / f"bare_{len(programs)}"
        common = ["-O3", "-march=native", "-ffast-math", "-std=c++17"]
        subprocess.run([*compiler, *common, *flags, str(source), "-o", str(programs[name])], check=True)
    return programs


def run_bare(program: Path, n_pairs: int, n_trials: int, seed: int, third_factor=("sequential", 0.0),
             size: int = SIZE) -> dict[str, Any]:  # fmt: skip
    """What the opponent says about `n_trials` trials."""
    name, p = third_factor
    arguments = (size, size, size, n_pairs, n_trials, seed, name, p)
    printed = subprocess.run([str(program), *map(str, arguments)], check=True, capture_output=True, text=True).stdout
    return json.loads(printed)


def episodes(n_pairs: int, n_trials: int, seed: int, size: int = SIZE) -> Episode:
    """Trials of the autoassociative task side by side."""
    rng = np.random.default_rng(seed)
    return Episode.stack([autoassociative(rng, n_pairs, size) for _ in range(n_trials)])


def biological_seconds(episode: Episode) -> float:
    """Of all trials together."""
    return episode.gate.size * WINDOW_S


class Used(NamedTuple):
    """What a run of an engine took."""

    response: Response
    cpu: Cpu
    wall: float


def run_engine(engine: str, episode: Episode, seed: int, workers: int = 1, third_factor=None) -> Used:
    """An episode on an engine, as users get it."""
    sizes = episode.key_dim, episode.key_dim, episode.value_dim
    return answer(SpikingMemory(*sizes, third_factor, engine=engine, workers=workers), episode, seed)


def answer(memory: SpikingMemory, episode: Episode, seed: int) -> Used:
    """An episode on a memory."""
    cpu, wall = Cpu.now(), time.perf_counter()
    response = memory.respond(episode, np.random.default_rng(seed))
    return Used(response, Cpu.now().since(cpu), time.perf_counter() - wall)
