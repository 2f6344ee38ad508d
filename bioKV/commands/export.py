"""`biokv export`: the kept spikes of a run, for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from . import completing
from .one_sentence import folder, one_sentence_errors
from .shared_options import Debug


@one_sentence_errors
def export(
    run: Annotated[Path, typer.Argument(parser=folder, metavar="RUN", help="Folder of a run with --record.")],
    to: Annotated[str, typer.Option("--to", metavar="FORMAT", autocompletion=completing.export_formats,
                                    help="nwb, nix, npz or csv.")],
    out: Annotated[
        Path | None,
        typer.Option(parser=folder, metavar="FILE", help="The file (default: spikes.FORMAT in RUN).",
                     show_default=False),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    debug: Debug = False,
) -> None:
    """Write the spikes that a run has kept as one file of another format.

    nwb needs pynwb, which the extra nwb of bioKV installs, nix needs neo and nixio (the extra neo). csv has a row for
    every spike; npz is what bioKV.SpikingResponse.load reads.

    \b
    Examples:
      biokv run autoassociative --memory spiking --record hidden,output --out runs/kept
      biokv export runs/kept --to nwb
    """
    from ..studies.export_run import export_run

    print(f"wrote {export_run(run, to, out, force=force)}")
