"""Commands whose help and completion know the options of the protocol that was typed."""

from __future__ import annotations

import inspect
import re
from typing import Any

import typer.core


class ProtocolCommand(typer.core.TyperCommand):
    """A command that takes the options of a protocol beside its own.

    `biokv run autoassociative --help` lists them, with what the protocol says about each; without a protocol the help
    lists the protocols. The same options are completed in a shell.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words, and keep them: --help is answered before the protocol among them is read."""
        ctx.meta["words"] = list(args)
        return super().parse_args(ctx, args)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the command's own options, then those of the protocol and of memories, or the protocols."""
        super().format_options(ctx, formatter)
        protocol = protocol_among([word for word in ctx.meta.get("words", ()) if word != "--help"], self, ctx)
        for title, rows in _of_protocol(protocol) if protocol else [_protocols()]:
            with formatter.section(title):
                formatter.write_dl(rows)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Complete the names of options: the command's, then the protocol's and the memories', and values of these."""
        from typer.completion import completion_init

        from ..studies.option_kinds import option_kinds
        from .completing import values_of

        completion_init()
        found = super().shell_complete(ctx, incomplete)
        protocol, before = ctx.params.get("protocol"), (ctx.meta.get("words") or [""])[-1]
        if not protocol or protocol.endswith(".toml") or not (incomplete.startswith("-") or before.startswith("--")):
            return found
        try:
            kinds = option_kinds(protocol)
        except ValueError:  # of a protocol there is none of, which the command says when it is run
            return found
        options = [f"--{name.replace('_', '-')}" for name in kinds]
        name = before.removeprefix("--").replace("-", "_")
        if before.startswith("--") and name in kinds and not incomplete.startswith("-"):
            options = values_of(name, kinds[name].of, incomplete)
        return [*found, *(_Item(option) for option in options if option.startswith(incomplete))]


class _Item:
    """A completion in the form that typer's shells read."""

    type, help = "plain", None

    def __init__(self, value: str) -> None:
        self.value = value


def protocol_among(words: list[str], command: Any, ctx: Any) -> str:
    """The protocol among the words of a command, or "". Plans are read by no help."""
    found = command.make_parser(ctx).parse_args(words)[0].get("protocol")
    return found if isinstance(found, str) and not found.endswith(".toml") else ""


def _protocols() -> tuple[str, list[tuple[str, str]]]:
    from ..studies.tasks import find_protocol, protocol_names

    rows = [(name, first_line(inspect.getmodule(find_protocol(name)))) for name in protocol_names()]
    return "Protocols (with --help after one: its own options)", rows


def _of_protocol(protocol: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The options of a protocol, and those that memories have beside it: a title, and rows of option and text."""
    from ..studies.memories import find_memory, make_third_factor, memory_names, memory_options
    from ..studies.option_kinds import option_kinds
    from ..studies.tasks import find_protocol, protocol_name, protocol_options

    kinds, said = option_kinds(protocol), arguments_said(find_protocol(protocol))
    own = {name: (parameter.default, said.get(name, "")) for name, parameter in protocol_options(protocol).items()}
    rest: dict[str, tuple[Any, str]] = {}
    having: dict[str, list[str]] = {}
    for memory in memory_names():
        said = arguments_said(make_third_factor) | arguments_said(find_memory(memory))
        for name, parameter in memory_options(memory).items():
            having.setdefault(name, []).append(memory)
            if name not in own and not rest.get(name, (None, ""))[1]:  # the first that says something about it
                rest[name] = parameter.default, said.get(name, "")

    def row(name: str, default: Any, text: str) -> tuple[str, str]:
        kind = kinds[name].of
        value = {int: "INTEGER", float: "FLOAT", bool: "true|false", str: "TEXT"}[kind] if kind else "VALUE"
        of = f"({', '.join(having[name])})" if name in rest else ""
        then = "" if default is inspect.Parameter.empty else f"[default: {'none' if default is None else default}]"
        return f"--{name.replace('_', '-')} {value}", " ".join(part for part in (text, of, then) if part)

    return [
        (f"Options of {protocol_name(protocol)}", [row(name, *given) for name, given in own.items()]),
        ("Options of memories", [row(name, *given) for name, given in rest.items()]),
    ]


def first_line(documented: Any) -> str:
    """The summary of a docstring, whole, where typer would cut it in the middle of the list of commands."""
    return (inspect.getdoc(documented) or "").partition("\n")[0]


def arguments_said(function: Any) -> dict[str, str]:
    """What the section "Parameters" of a docstring says about each argument, on one line.

    Parameters
    ----------
    function : callable
        Its docstring has numpydoc's sections, or none.

    Returns
    -------
    dict of str to str
        By the argument's name; those that nothing is said about are left out.
    """
    _, there, section = (inspect.getdoc(function) or "").partition("Parameters\n----------\n")
    section = re.split(r"^[\w ]+\n---+$", section, maxsplit=1, flags=re.MULTILINE)[0] if there else ""
    said: dict[str, list[str]] = {}
    names: list[str] = []
    for line in section.splitlines():
        if line.startswith(" "):
            for name in names:
                said[name].append(line.strip())
        elif line.strip():
            names = [name.strip() for name in line.partition(" : ")[0].split(",")]
            said |= {name: [] for name in names}
    return {name: " ".join(lines) for name, lines in said.items()}
