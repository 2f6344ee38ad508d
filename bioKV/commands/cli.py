"""The command line: all commands together. Everything slow is imported inside them."""

from __future__ import annotations

import os
import sys
import tempfile
import warnings
from contextlib import AbstractContextManager, nullcontext
from typing import Annotated, Any

import typer

from .. import __version__
from ..stopping import stoppable
from .compare import compare
from .doctor import doctor
from .export import export
from .figure import figure
from .help import ProtocolCommand, first_line
from .learn import learn
from .look import look
from .one_sentence import OneSentenceGroup
from .raster import raster
from .report import report
from .results import results
from .robustness import robustness
from .run import run
from .streams import prepare_streams, unwritten

app = typer.Typer(
    cls=OneSentenceGroup, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False
)  # fmt: skip
# a protocol's own options come from its function's arguments, so typer passes on what it does not know
PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


def _say_version(asked: bool) -> None:
    if asked:
        print(f"bioKV {__version__}")
        raise typer.Exit


@app.callback()
def options_of_all(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say which bioKV this is and exit.")
    ] = False,
) -> None:
    """Key-value memory networks on spiking neurons, beside their rate model."""


for of_protocol in (run, compare, robustness, raster, look, learn):
    app.command(cls=ProtocolCommand, short_help=first_line(of_protocol), context_settings=PASS_ON,
                no_args_is_help=True)(of_protocol)  # fmt: skip
for other in (results, report, figure, export, doctor):
    app.command(short_help=first_line(other), no_args_is_help=other is not doctor)(other)


@stoppable
def main() -> Any:
    """The `biokv` command."""
    prepare_streams()
    warnings.showwarning = lambda message, *where: print(f"biokv: warning: {message}", file=sys.stderr)
    # one thread of linear algebra a process: the processes are what fills the cores
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    os.environ["MPLBACKEND"] = "agg"  # a notebook's is inherited by its commands, and may not be installed here
    try:
        with _folder_for_matplotlib():
            app(prog_name="biokv")
    except SystemExit as end:
        if not end.code and (why := unwritten()):
            print(f"biokv: cannot write to standard output: {why}", file=sys.stderr)
            sys.exit(1)
        if end.code == 130 and "jax" in sys.modules:  # Ctrl-C: JAX may crash where Python is taken down under it
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(130)
        raise


def _folder_for_matplotlib() -> AbstractContextManager:
    """Where there is no home folder, one for matplotlib, which before 3.11 cannot even be imported without."""
    if os.path.expanduser("~") != "~" or "MPLCONFIGDIR" in os.environ:
        return nullcontext()
    folder = tempfile.TemporaryDirectory(prefix="biokv-")
    os.environ["MPLCONFIGDIR"] = folder.name
    return folder
