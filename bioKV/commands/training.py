"""What `biokv learn` does: a training into its folder, its table and its picture."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..analysis.style import PRINT, Style
from ..checks import check_choice, shown
from ..learning.diverged import Diverged
from ..learning.fit import TRAINABLE, Learned, check_fit, fit
from ..learning.jax_extra import require_jax
from ..learning.sequences import Present
from ..progress import bar
from ..rule import NEAR_ZERO, SIMPLE, Rule
from ..stopping import stopped_as
from ..studies.memories import make_third_factor
from ..studies.pictures import plain_matplotlib, save_figure
from ..studies.plan import Plan, draw_episode
from ..studies.record import noted, provenance
from ..studies.results import make_writable
from ..studies.tasks import draw_trial, find_protocol, protocol_name, protocol_options

STARTS = {"near-zero": NEAR_ZERO, "simple": SIMPLE._replace(axon=0.0, decay=0.95)}
OPTIONS = ("n_slots", "p")  # of the memory


class Training(NamedTuple):
    """All that decides a training.

    options : the protocol's arguments and n_slots and p by name; a pair is the two ends between which every sequence
        draws its own. start : "near-zero", "simple" (section 2's rule without plateaus in the axon), or a rule's file.
    """

    protocol: str
    third_factor: str = "sequential"
    options: dict[str, Any] = {}  # noqa: RUF012  (never written to)
    steps: int = 500
    batch: int = 8
    learning_rate: float = 1e-2
    seed: int = 0
    start: str = "near-zero"
    trainable: tuple[str, ...] = TRAINABLE
    carry: bool = False
    patience: int | None = None
    device: str = "cpu"


def size_of(training: Training) -> int:
    """N: --n-slots, or as many as key entries where it is not given."""
    if "n_slots" in training.options:
        return training.options["n_slots"]
    return draw_episode(Plan(training.protocol), _single(training.options), 0, 0).key_dim


def presenter(training: Training) -> Present:
    """rng -> one training sequence. Where the protocol has n_pairs and it is not given, N/2 to 2N are drawn.

    Raises ValueError for an option the protocol does not have, or two ends that are no ends.
    """
    known = protocol_options(training.protocol)
    for name in training.options:
        if name not in known and name not in OPTIONS:
            raise ValueError(f"{protocol_name(training.protocol)} has no option {name!r} to learn with; it has"
                             f" {', '.join([*known, *OPTIONS])}")  # fmt: skip
    own = {name: value for name, value in training.options.items() if name in known}
    if "n_pairs" in known and "n_pairs" not in own:
        n = size_of(training)
        own["n_pairs"] = [max(1, n // 2), 2 * n]
    ends = {name: value for name, value in own.items() if isinstance(value, list | tuple)}
    for name, pair in ends.items():
        if len(pair) != 2 or not all(isinstance(end, int | float) for end in pair) or not pair[0] < pair[1]:
            raise ValueError(f"{name} takes one value, or the two ends between which it is drawn, lower,higher; got"
                             f" {shown(pair)}")  # fmt: skip
    function = find_protocol(training.protocol)

    def present(rng: np.random.Generator):
        drawn = {name: _between(rng, *pair) for name, pair in ends.items()}
        return draw_trial(function, rng, **{**own, **drawn})

    return present


def _between(rng, low, high):
    whole = isinstance(low, int) and isinstance(high, int)
    return int(rng.integers(low, high + 1)) if whole else float(rng.uniform(low, high))


def _single(options):
    """The protocol's options with the lower end for a pair: enough to see the sizes."""
    return {n: v[0] if isinstance(v, list | tuple) else v for n, v in options.items()}


def start_of(training: Training) -> Rule:
    """The rule where learning starts."""
    return STARTS[training.start] if training.start in STARTS else Rule.load(training.start)


def run_learning(training: Training, steps: int | None, out: Path, command: str, *, force: bool, resume: bool,
                 typed: Collection[str] = (), style: Style = PRINT) -> Learned:  # fmt: skip
    """Learn a rule into a folder: rule.json, history.csv, run.json, checkpoint.npz, learning.png and .pdf.

    typed : with resume, fields of the training that must agree with the one in the folder; the others are its.
    style : of the picture.
    steps : None, the training's own; with resume how many in all, which may be more than the interrupted run had.
    On Ctrl-C what was learned stays and --resume goes on; the KeyboardInterrupt says so.
    Raises ValueError for wrong words, sizes or settings, before anything is learned, and Diverged, which leaves the
    last good rule in the folder.
    """
    require_jax()
    commands: list[str] = []
    if resume:
        training, commands = _with_record(training, typed, out)
    training = training if steps is None else training._replace(steps=steps)
    check_choice("third_factor", training.third_factor, ("sequential", "random"))
    if "p" in training.options and training.third_factor != "random":
        raise ValueError("p is the probability of random third factors; it does nothing for sequential"
                         " (--third-factor random)")  # fmt: skip
    start, present, n_slots = start_of(training), presenter(training), size_of(training)
    checkpoint = out / "checkpoint.npz"
    if (out / "run.json").exists() and not (force or resume):
        raise ValueError(f"{out} already holds a training; choose another --out, or add --force (replace) or --resume"
                         " (go on)")  # fmt: skip
    third_factor = make_third_factor(training.third_factor, training.options.get("p", 0.1))
    options: dict[str, Any] = {
        "n_slots": n_slots, "third_factor": third_factor, "trainable": training.trainable, "n_steps": training.steps,
        "batch": training.batch, "learning_rate": training.learning_rate, "seed": training.seed,
        "patience": training.patience, "device": training.device,
    }  # fmt: skip
    check_fit(start, present, **options)
    make_writable(out)
    if not resume:
        checkpoint.unlink(missing_ok=True)
    record = {"commands": [*commands, command], "training": training._asdict(), **provenance(("jax", "optax"))}
    stopped = f"stopped; what was learned is in {checkpoint}, and --resume goes on from there"
    with stopped_as(stopped), noted(out, record) as noting:
        with bar(f"learning {protocol_name(training.protocol)}", training.steps) as advance:

            def progress(step, n_steps, loss, accuracy):
                advance(step + 1, f"loss {loss:7.3f}  accuracy {accuracy:.3f}")

            try:
                learned = fit(start, present, carry=training.carry, checkpoint=checkpoint, progress=progress, **options)
            except Diverged as problem:
                write_learned(problem.last_good, out, style)
                noting["state"] = "diverged"
                raise Diverged(f"{problem} in {out / 'rule.json'}", problem.last_good) from None
        written = write_learned(learned, out, style)
        noting["steps"] = len(learned.history["step"])
    print(summary(learned))
    print("wrote " + ", ".join(str(path) for path in [*written, out / "run.json"]))
    return learned


def _with_record(typed: Training, names: Collection[str], out: Path) -> tuple[Training, list[str]]:
    """The training of the folder, and the commands that it was given. names : of what was typed besides the protocol,
    which must be the same."""
    try:
        record = json.loads((out / "run.json").read_text()) if (out / "run.json").exists() else {}
        if "training" not in record:
            raise ValueError
        before = Training(**{**record["training"], "trainable": tuple(record["training"]["trainable"])})
    except (OSError, ValueError, KeyError, TypeError, RecursionError):  # the last: JSON may nest too deeply
        raise ValueError(f"there is no training to resume in {out}") from None
    for name in Training._fields:
        mine, theirs = getattr(typed, name), getattr(before, name)
        if name in (*names, "protocol", *["options"] * bool(typed.options)) and mine != theirs:
            raise ValueError(f"the training in {out} had {name} {theirs!r}, this one has {mine!r}; --resume needs the"
                             " same")  # fmt: skip
    return before, record.get("commands", [])


def write_learned(learned: Learned, out: Path, style: Style = PRINT) -> list[Path]:
    """rule.json, history.csv and the picture of one training."""
    from ..analysis.learning_curves import TERMS, plot_term, plot_training
    from ..analysis.sheet import legend_of_all, sheet
    from ..analysis.style import panel_letters

    learned.rule.save(out / "rule.json")
    table = pd.DataFrame(learned.history)
    table.to_csv(out / "history.csv", index=False)
    terms = [term for term in TERMS if f"a_{term}" in table or f"b_{term}" in table]
    with plain_matplotlib(style):
        figure, axes = sheet(2 + len(terms), style, least_mm=40, height_mm=42)
        plot_training([table], "loss", axes[0])
        plot_training([table], "accuracy", axes[1])
        for term, ax in zip(terms, axes[2:], strict=True):
            plot_term([table], term, ax)
        legend_of_all(figure, axes)
        panel_letters(axes)
        return [out / "rule.json", out / "history.csv", *save_figure(figure, out / "learning", style)]


def summary(learned: Learned) -> str:
    """What is printed of a training: the loss at its end, and the rule."""
    history, last = learned.history, slice(-50, None)
    lines = [f"{len(history['step'])} steps: loss {np.mean(history['loss'][last]):.3f}, accuracy"
             f" {np.mean(history['accuracy'][last]):.3f} (means of the last 50 steps)"]  # fmt: skip
    for name, value in learned.rule._asdict().items():
        shown_value = f"{value:.4f}" if np.ndim(value) == 0 else f"{np.mean(value):.4f} (mean of {np.size(value)})"
        lines.append(f"  {name:6} {shown_value}{'' if name in history else '  (not trained)'}")
    return "\n".join(lines)

