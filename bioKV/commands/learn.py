"""`biokv learn`: a plasticity rule by gradient descent."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .one_sentence import decimal, one_sentence_errors
from .picture_options import Format, StyleName, Width, typed_style
from .shared_options import WHOLE, Debug, Force, Out, ProtocolName, Resume, Seed, typed


@one_sentence_errors
def learn(
    ctx: typer.Context,
    protocol: ProtocolName,
    third_factor: Annotated[
        str, typer.Option(autocompletion=lambda: ["sequential", "random"], help="sequential or random.")
    ] = "sequential",
    steps: Annotated[
        int | None, typer.Option(**WHOLE, help="Updates in all (default: 500).", show_default=False)
    ] = None,
    batch: Annotated[int, typer.Option(**WHOLE, help="Sequences at each step.")] = 8,
    learning_rate: Annotated[float, typer.Option(parser=decimal, metavar="FLOAT", help="Of Adam.")] = 1e-2,
    start: Annotated[
        str, typer.Option(autocompletion=lambda: ["near-zero", "simple"], help="near-zero, simple, or a rule's file.")
    ] = "near-zero",
    train: Annotated[
        str, typer.Option(help="What is learned, comma-separated (default: all but axon).", show_default=False)
    ] = "",
    carry: Annotated[bool, typer.Option("--carry", help="Weights stay from sequence to sequence.")] = False,
    patience: Annotated[
        int | None, typer.Option(**WHOLE, help="Stop when so many steps brought nothing.", show_default=False)
    ] = None,
    device: Annotated[str, typer.Option(autocompletion=lambda: ["cpu", "gpu"], help="cpu or gpu.")] = "cpu",
    seed: Seed = 0,
    width: Width = None,
    format: Format = "png,pdf",
    style: StyleName = "print",
    out: Out = None,
    force: Force = False,
    resume: Resume = False,
    debug: Debug = False,
) -> None:
    """Learn a plasticity rule on a protocol, by gradient descent (takes the extra "learn": JAX).

    The protocol's arguments, --n-slots and --p are options too. Of a comma-separated pair (--n-pairs 20,80, which is
    the default with 40 slots) every training sequence draws its own value, ends included. The rule goes to rule.json;
    `biokv run PROTOCOL --memory learned --rule FILE` measures it.

    \b
    Examples:
      biokv learn autoassociative --out runs/rule
      biokv run autoassociative --memory learned --memory rate --rule runs/rule/rule.json
    """
    from ..learning.fit import TRAINABLE
    from .protocol_options import parse_options
    from .training import Training, run_learning
    from .typed_plan import flags_of, was_typed

    names = tuple(name.strip() for name in train.split(",")) if train else TRAINABLE
    options = parse_options(protocol, ctx.args, flags=flags_of(ctx))
    training = Training(protocol, third_factor, options, batch=batch, seed=seed, learning_rate=learning_rate,
                        start=start, trainable=names, carry=carry, patience=patience, device=device)  # fmt: skip
    typed_names = {"trainable" if name == "train" else name for name in ctx.params if was_typed(ctx, name)}
    run_learning(training, steps, out or Path("runs") / f"learn-{protocol}", typed(), force=force, resume=resume,
                 typed=typed_names - {"steps"}, style=typed_style(ctx.params))
