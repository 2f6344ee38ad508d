"""Errors of a command line, or of the study it asks for: one sentence on stderr and exit code 2."""

from __future__ import annotations

import errno
import functools
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer
import typer.core

from ..stopping import CODE, say_stopped, was_asked

UsageError: Any = typer.BadParameter.__base__  # click's, which typer brings along under a name of its own or imports


class OneSentenceGroup(typer.core.TyperGroup):
    """The commands; a word that typer does not understand is refused in one sentence with exit code 2, too.

    The help of a protocol is that of `biokv run` with it.
    """

    def resolve_command(self, ctx, args):
        """The command of these words: that of the first one, or `run` where a protocol is asked for its help."""
        if args[0] not in self.commands and "--help" in args[1:]:
            from ..studies.own_file import is_file
            from ..studies.tasks import protocol_names

            args = ["run", *args] if is_file(args[0]) or args[0] in protocol_names() else args
        return super().resolve_command(ctx, args)

    def main(self, args=None, prog_name=None, complete_var=None, standalone_mode=True, **kwargs):
        try:
            code = super().main(args, prog_name, complete_var, standalone_mode=False, **kwargs)
        except UsageError as problem:
            text = problem.format_message().strip()
            if not text or "\n" in text:  # no arguments at all: the help, which some versions have printed by now
                print(problem.format_message(), end="", file=sys.stderr)
                sys.exit(2)
            where = problem.ctx.command_path if problem.ctx else "biokv"
            print(f"biokv: {readable(text.rstrip('.'))}; {where} --help lists what there is", file=sys.stderr)
            sys.exit(2)
        except typer.Abort as problem:
            say_stopped(problem.__cause__)
            sys.exit(CODE)
        if code == CODE:  # newer versions of typer leave without a word if they are interrupted themselves
            say_stopped()
            sys.exit(CODE)
        if not standalone_mode:
            return code
        sys.exit(code if isinstance(code, int) else 0)


def readable(text: str) -> str:
    """A sentence on one line, without what steers a terminal, and with the beginning of words that nobody reads."""
    line = "".join(letter if letter.isprintable() else " " for letter in " ".join(text.split()))
    return re.sub(r"\S{301,}", lambda word: word[0][:100] + "...", line)


def folder(text: str) -> Path:
    """The folder of a text; whether it can be written to is seen later."""
    try:
        if not text:
            raise ValueError("nothing was given")
        Path(text).exists()
    except (OSError, ValueError) as problem:  # a name that is too long, a folder that may not be entered
        why = getattr(problem, "strerror", None) or problem
        raise typer.BadParameter(f"must name a folder for results; got {text!r} ({why})") from None
    return Path(text)


def whole(text: str) -> int:
    """The whole number of a text; typer's own sentence does not say what came."""
    try:
        return int(text)
    except ValueError:
        raise typer.BadParameter(f"must be a whole number; got {text!r}") from None


def decimal(text: str) -> float:
    """The number of a text."""
    try:
        return float(text)
    except ValueError:
        raise typer.BadParameter(f"must be a number; got {text!r}") from None


def one_sentence_errors(command: Callable) -> Callable:
    """What is wrong with the input in one sentence and exit code 2; the whole traceback only with --debug.

    What is raised once the command was asked to stop is said as that, with exit code 130.
    """

    @functools.wraps(command)
    def wrapped(*args, **kwargs):
        try:
            return command(*args, **kwargs)
        except KeyboardInterrupt as problem:
            say_stopped(problem)
            sys.exit(CODE)
        except (ValueError, RuntimeError, OSError, MemoryError) as problem:
            if kwargs.get("debug") or was_asked():
                raise
            text = str(problem)
            if isinstance(problem, OSError) and problem.errno in (errno.EMFILE, errno.ENFILE):
                text += "; a higher limit of files that are open at once would do (ulimit -n)"
            if isinstance(problem, MemoryError):
                text = f"this takes more memory than there is, so smaller sizes would do; {text or 'no room left'}"
            print(f"biokv: {readable(text)}", file=sys.stderr)
            raise typer.Exit(2 if isinstance(problem, ValueError | MemoryError) else 1) from None

    return wrapped
