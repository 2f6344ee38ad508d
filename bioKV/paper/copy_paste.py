"""`biokv figure 5c`: controllers trained on the copy-paste task, and how long a sequence they can copy.

Every memory is given several controllers, each trained from its own seed on up to TRAINED_UP_TO patterns and measured
on more. A trained controller stays in the run folder, so that an interrupted run goes on and a second drawing trains
none. The spiking memory, drawn where it is asked for, is shown signs: its controllers go on from those of the
sequential rate memory, trained for that around the rate memory.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..analysis.colours import BLACK, BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILION
from ..analysis.intervals import fraction_interval
from ..analysis.measures.accuracy import accuracy
from ..analysis.style import ONE_COLUMN, PRINT, Style
from ..episode import Episode
from ..learning.fit import TRAINABLE
from ..learning.jax_extra import require_jax
from ..learning.train_controller import HistoryRow, train_controller
from ..models import BinaryChannel, Controller, KeyValueMemory, LearnedMemory, LinearBAM, Random, Sequential
from ..progress import bar, say_to_stderr
from ..protocols import copy_paste
from ..randomness import study_streams
from ..rule import Rule
from ..stopping import stopped_as
from ..studies.pictures import plain_matplotlib, save_figure
from ..studies.record import noted, provenance
from ..studies.results import make_writable
from .figure import FIGURE_COLUMNS, check_request, prepare
from .learned_rules import learned
from .memories_of import check_twice
from .panel import COLUMNS

SIZE = 40  # d = N = m
TRAINED_UP_TO = 10  # patterns
CONTROLLERS = 4
TRIALS = 100
XS = (1, 2, 3, 5, 7, 10, 11, 12, 14, 16, 18, 20, 22, 25, 30)
RECIPE: dict[str, Any] = {"steps": 2000, "batch": 16, "learning_rate": 1e-2, "last_learning_rate": 4e-4, "clip": 1.0,
                          "starts": 5}  # fmt: skip
SIGNS: dict[str, Any] = {"steps": 1500, "batch": 16, "learning_rate": 5e-3, "last_learning_rate": 2.5e-4, "clip": 1.0}
SLOPE = 2.0
SPIKING_TRIALS, SPIKING_XS = 20, (2, 5, 10, 15, 20)  # its loop builds a network at every step


class Arm(NamedTuple):
    """One memory that is given controllers. model : its name in figure.csv. memory, third_factor : in results.csv.

    train : the memory that its controllers are trained around, if it is another. after : the model whose controllers
    they go on from. as_of : the model whose controllers it is given, and has none of its own. trainable : numbers of
    its memory's rule that are learned together with each controller.
    """

    model: str
    memory: str
    third_factor: str
    make: Callable[[], Any]
    colour: str
    label: str
    line: str = "-"
    train: Callable[[], Any] | None = None
    after: str = ""
    as_of: str = ""
    trainable: tuple[str, ...] = ()


def trained_random() -> LearnedMemory:
    """Random third factors and fig. 3's learned rule."""
    return LearnedMemory(SIZE, SIZE, SIZE, Random(0.1), rule=learned("random p=4/N", 0).rule)


def slots() -> KeyValueMemory:
    """The paper's memory with sequential third factors."""
    return KeyValueMemory(SIZE, SIZE, SIZE, Sequential())


def spiking_slots() -> BinaryChannel:
    """The spiking memory, shown signs."""
    from ..spiking import SpikingMemory

    return BinaryChannel(SpikingMemory(SIZE, SIZE, SIZE, Sequential(), engine="numpy"))


ARMS = (  # a memory with `step` and `write_and_read` is one line more
    Arm("sequential", "rate", "sequential", slots, BLUE, "sequential"),
    Arm("random", "rate", "random", lambda: KeyValueMemory(SIZE, SIZE, SIZE, Random(0.1)), VERMILION, "random p=0.1"),
    Arm("trained random", "learned", "random", trained_random, ORANGE, "trained rule, random p=0.1"),
    Arm("trained together", "together", "random", trained_random, GREEN, "rule and controller together",
        trainable=TRAINABLE),
    Arm("bam", "bam", "", lambda: LinearBAM(SIZE, SIZE), PURPLE, "BAM"),
    Arm("sequential signs", "signs", "sequential", lambda: BinaryChannel(slots()), SKY, "sequential, shown signs", "--",
        lambda: BinaryChannel(slots(), SLOPE), after="sequential"),
    Arm("spiking sequential", "spiking", "sequential", spiking_slots, BLACK, "sequential, spiking", ":",
        as_of="sequential signs"),
)


def task(rng: np.random.Generator) -> Episode:
    """A trial of the training: 1 to TRAINED_UP_TO patterns."""
    return copy_paste(rng, int(rng.integers(1, TRAINED_UP_TO + 1)))


def training_stream(seed: int, number: int) -> np.random.Generator:
    """What the training of a controller draws from: the same for every memory, and none of a measured trial's."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(number,)))


def file_of(folder: Path, arm: Arm, number: int) -> Path:
    """Where a controller of that number lies: its own, or that of the arm whose controllers it is given."""
    return folder / f"{(arm.as_of or arm.model).replace(' ', '-')}-{number}.npz"


def memory_of(arm: Arm, path: Path) -> Any:
    """The memory of a controller that lies there, with the rule that was learned together with it."""
    memory = arm.make()
    return memory.with_rule(Rule.load(path.with_suffix(".json"))) if arm.trainable else memory


def arm_of(model: str) -> Arm:
    """The arm of that name."""
    return next(arm for arm in ARMS if arm.model == model)


def trained(arm: Arm, number: int, seed: int, folder: Path) -> Controller:
    """The controller of that number: read from the folder, or trained and put there with its history (.csv)."""
    if arm.as_of:
        return Controller(arm.make(), trained(arm_of(arm.as_of), number, seed, folder).parameters)
    path = file_of(folder, arm, number)
    if path.exists():
        return Controller.load(path, memory_of(arm, path))
    recipe = RECIPE
    if arm.after:
        recipe = {**SIGNS, "parameters": trained(arm_of(arm.after), number, seed, folder).parameters}
    name = f"{arm.label}, controller {number}"
    with bar(f"training {name}", recipe["steps"]) as advance:

        def report(row: HistoryRow, steps: int) -> None:
            advance(row.step)

        memory = (arm.train or arm.make)()
        found = train_controller(memory, task, training_stream(seed, number), trainable=arm.trainable, report=report,
                                 **recipe)  # fmt: skip
    last = found.history[-1]
    say_to_stderr(f"{name}: loss {last.loss:.4f}, accuracy {last.accuracy:.4f} after {last.seconds:.0f} s"
                  + f" and {last.start} starts" * (last.start > 1))  # fmt: skip
    new = path.with_suffix(".new")
    with open(path.with_suffix(".csv"), "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HistoryRow._fields, *found.history])
    if arm.trainable:
        found.controller.memory.rule.save(path.with_suffix(".json"))
    found.controller.save(new)
    new.replace(path)  # whole or not at all
    return Controller(memory_of(arm, path), found.controller.parameters)


def measure(controller: Controller, seed: int, n_patterns: int, trials: int) -> np.ndarray:
    """Accuracy of each trial; trial k draws from `study_streams(seed, n_patterns, k)`, whatever the memory."""
    streams = [study_streams(seed, n_patterns, trial) for trial in range(trials)]
    episode = Episode.stack([copy_paste(protocol, n_patterns) for protocol, _ in streams])
    return accuracy(controller.respond(episode, [own for _, own in streams]), episode)


def figure_table(table: pd.DataFrame, arms: tuple[Arm, ...]) -> pd.DataFrame:
    """figure.csv from results.csv: one row per controller and x, with the interval over its trials, and one per memory
    and x, the mean of its controllers with the interval over them (n_trials: their number)."""
    rows = []
    for arm in arms:
        mine = table[(table.memory == arm.memory) & (table.third_factor == arm.third_factor)]
        curves = {f"{arm.model}, {name}": group for name, group in mine.groupby("subset", sort=False)}
        curves[arm.model] = mine.groupby(["subset", "x"], as_index=False).value.mean()
        for model, curve in curves.items():
            for x, values in curve.groupby("x").value:
                rows.append(("5c", model, "n_patterns", x, *fraction_interval(values), None, None, None))
    return pd.DataFrame(rows, columns=list(FIGURE_COLUMNS))


def run_copy_paste(folder: Path, command: str, trials: int | None = None, memories: tuple[str, ...] = (), seed: int = 0,
                   *, force: bool = False, resume: bool = False, style: Style = PRINT) -> None:  # fmt: skip
    """Train, or read, the controllers, measure them, and write results.csv, figure.csv, run.json and the picture.

    Raises ValueError, before anything is trained, for what cannot be done: a folder with results and neither force
    (train anew) nor resume (keep what is trained), or one whose controllers were trained in another way.
    """
    arms = choose_arms(memories)
    check_request(trials, seed)
    record = {"commands": [command], "figure": "5c", "seed": seed, "trials": trials or TRIALS,
              "recipe": RECIPE, "recipe_signs": SIGNS, "trained_up_to": TRAINED_UP_TO,
              "memories": list(dict.fromkeys(arm.memory for arm in arms)),
              **provenance(("jax", "optax"))}  # fmt: skip
    controllers = folder / "controllers"
    wanted = [(arm, number) for number in range(CONTROLLERS) for arm in arms]
    if resume:
        record["commands"] = [*check_same_training(folder, record), command]
    elif not force and any(controllers.glob("*.npz")):
        raise ValueError(f"{folder} already holds trained controllers; choose another --out, or add --resume (keep"
                         " them) or --force (train anew)")  # fmt: skip
    if force or not all(file_of(controllers, *one).exists() for one in wanted):
        require_jax()
    if not resume:
        prepare(folder, force)
        for old in controllers.glob("*.npz"):
            old.unlink()
    make_writable(controllers)
    with stopped_as(f"stopped; the controllers that are trained are in {controllers}, and --resume goes on"):
        with noted(folder, record):
            drawn = tables(wanted, arms, folder, trials, seed)
        print(summary(drawn, arms))
        pictures = draw(drawn, arms, folder / "figure-5c", style)
    names = ", ".join(path.name for path in pictures)
    print(f"wrote {folder}/figure.csv, results.csv, run.json, controllers/, {names}")


def tables(wanted: list[tuple[Arm, int]], arms: tuple[Arm, ...], folder: Path, trials: int | None, seed: int
           ) -> pd.DataFrame:  # fmt: skip
    """Train, or read, the controllers and measure them: results.csv and figure.csv; returns the latter."""
    every = [(*one, trained(*one, seed, folder / "controllers")) for one in wanted]
    rows: list[tuple] = []
    with bar("figure 5c", sum(len(xs_of(arm)) for arm, _, _ in every)) as advance:
        done = 0
        for arm, number, controller in every:
            for x in xs_of(arm):
                rows += trial_rows(arm, number, controller, seed, x, trials)
                done += 1
                advance(done)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table.to_csv(folder / "results.csv", index=False)
    drawn = figure_table(table, arms)
    drawn.to_csv(folder / "figure.csv", index=False)
    return drawn


def xs_of(arm: Arm) -> tuple[int, ...]:
    """Numbers of patterns at which a memory is measured."""
    return SPIKING_XS if arm.memory == "spiking" else XS


def trial_rows(arm: Arm, number: int, controller: Controller, seed: int, x: int, trials: int | None) -> list[tuple]:
    """Rows of results.csv (panel.COLUMNS), one per trial; `subset` says which controller."""
    n_trials = trials or (SPIKING_TRIALS if arm.memory == "spiking" else TRIALS)
    return [("copy_paste", arm.memory, arm.third_factor, "", "n_patterns", x, trial, f"controller {number}", "accuracy",
             value) for trial, value in enumerate(measure(controller, seed, x, n_trials).tolist())]  # fmt: skip


def choose_arms(memories: tuple[str, ...]) -> tuple[Arm, ...]:
    """The arms with these memories; all but the spiking one, which takes longer, if none is named.

    Raises ValueError for an unknown one, or one named twice.
    """
    check_twice(memories)
    known = list(dict.fromkeys(arm.memory for arm in ARMS))
    for name in memories:
        if name not in known:
            raise ValueError(f"figure 5c has no memory {name!r}; it has {', '.join(known)}")
    return tuple(arm for arm in ARMS if (arm.memory in memories if memories else arm.memory != "spiking"))


def check_same_training(folder: Path, record: dict[str, Any]) -> list[str]:
    """The commands that trained the controllers in a folder. Raises ValueError unless they are what this run would
    train."""
    try:
        before = json.loads((folder / "run.json").read_text())
        kept = {name: before[name] for name in ("figure", "seed", "recipe", "recipe_signs", "trained_up_to")}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):  # the last: JSON may nest too deeply
        raise ValueError(f"there is no run of figure 5c to resume in {folder}") from None
    for name, value in kept.items():
        if value != record[name]:
            raise ValueError(f"the controllers in {folder} were trained with {name} {value!r}, this run has"
                             f" {record[name]!r}; --resume needs the same, --force trains anew")  # fmt: skip
    return before.get("commands", [])


def summary(drawn: pd.DataFrame, arms: tuple[Arm, ...]) -> str:
    """What is printed: one line per memory, with its controllers' accuracy within and beyond the training."""
    said = [f"figure 5c: accuracy of {CONTROLLERS} controllers each, trained on up to {TRAINED_UP_TO} patterns"]
    for arm in arms:
        each = drawn[drawn.model.str.startswith(f"{arm.model}, ")]
        at = {x: each[each.x == x]["mean"].tolist() for x in (TRAINED_UP_TO, 2 * TRAINED_UP_TO)}
        phrases = [f"at {x} patterns {' '.join(f'{value:.3f}' for value in values)}" for x, values in at.items()]
        said.append(f"  {arm.label:26} {'; '.join(phrases)}")
    return "\n".join(said)


def draw(drawn: pd.DataFrame, arms: tuple[Arm, ...], stem: Path, style: Style = PRINT) -> list[Path]:
    """The panel as files."""
    from ..analysis.controllers import plot_controllers
    from ..analysis.sheet import explain, sheet

    with plain_matplotlib(style):
        figure, (ax,) = sheet(1, style, usual_mm=ONE_COLUMN, height_mm=58)
        looks = {arm.model: (arm.label, arm.colour, arm.line) for arm in arms}
        plot_controllers(drawn, looks, TRAINED_UP_TO, ax, legend=False)
        explain(figure, [ax], style, usual_mm=ONE_COLUMN)
        return save_figure(figure, stem, style)
