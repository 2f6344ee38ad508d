"""A TOML file whose faults are named with file, line and key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from ..checks import shown
from .own_file import is_file
from .toml_lines import Place, lines_of


class Placed(ValueError):
    """What is wrong with a file, with its line."""


class TomlFile:
    """What a file says, and in which line.

    content : as the standard library reads it. lines : of every key and element (`toml_lines.lines_of`).
    Raises ValueError, with the line where there is one, for what cannot be read.
    """

    def __init__(self, path: str | Path):
        self.path = Path(path)
        self.text = _text(self.path)
        try:
            self.content: dict[str, Any] = tomllib.loads(self.text)
        except (tomllib.TOMLDecodeError, RecursionError) as problem:
            raise ValueError(_syntax(self.path, self.text, str(problem))) from None
        self.lines = lines_of(self.text)

    def refuse(self, place: Place, sentence: str) -> NoReturn:
        """Raise ValueError with the line of a place, or of what it lies in, and its key where the sentence has none."""
        at = next((place[:n] for n in range(len(place), 0, -1) if place[:n] in self.lines), ())
        where = f"{self.path}, line {self.lines[at]}" if at else f"{self.path}"
        key = next((one for one in reversed(place) if isinstance(one, str)), "")
        said = "" if not key or _names(sentence, key) else f"{key}: "
        raise Placed(f"{where}: {said}{' '.join(sentence.split())}")

    @contextmanager
    def placing(self, said_as: Mapping[str, str], but: Collection[str] = ()) -> Iterator[None]:
        """A ValueError within gets the line of the key that it is about: whose value it quotes, or that it names.

        said_as : words that stand for a key. but : keys that it cannot be; a sentence about one stays as it is.
        """
        try:
            yield
        except Placed:
            raise
        except ValueError as problem:
            self._refuse_found(str(problem), said_as, but)

    def _refuse_found(self, sentence: str, said_as: Mapping[str, str], but: Collection[str]) -> NoReturn:
        leaves = [(place, value) for place, value in _leaves(self.content) if not set(place) & {*but}]

        def first(holds: Callable[[str, Any], bool]) -> Place | None:
            named = ((next(one for one in reversed(place) if isinstance(one, str)), place, value)
                     for place, value in leaves)  # fmt: skip
            return next((place for key, place, value in named if holds(key, value)), None)

        found = (
            first(lambda key, value: _names(sentence, key) and f"got {shown(value)}" in sentence)
            or first(lambda key, value: isinstance(value, str) and shown(value) in sentence)
            or first(lambda key, value: is_file(value) and value in sentence)
            or first(lambda key, value: _names(sentence, key))
            or first(lambda key, value: any(words in sentence and name == key for words, name in said_as.items()))
        )
        if not found and any(_names(sentence, name) for name in but):
            raise ValueError(sentence)
        self.refuse(found or (), sentence)


def _names(sentence: str, key: str) -> bool:
    return bool(re.search(rf"(?<![\w.]){re.escape(key)}(?!\w)", sentence))


def _leaves(content: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every single value, and before them lists as a whole."""
    if isinstance(content, list):
        yield place, content
    inside: Iterable[tuple[Any, Any]] = ()
    if isinstance(content, dict):
        inside = content.items()
    elif isinstance(content, list):
        inside = enumerate(content)
    else:
        yield place, content
    for name, value in inside:
        yield from _leaves(value, (*place, name))


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = problem.object.count(b"\n", 0, problem.start) + 1
        raise ValueError(f"{path}, line {line}: this is no text in UTF-8; save the file with that encoding") from None
    except IsADirectoryError:
        raise ValueError(f"{path} is a folder; a plan is a file in it, such as {path / 'study.toml'}") from None
    except FileNotFoundError:
        raise ValueError(f"there is no plan {path}") from None
    except (OSError, ValueError) as problem:  # the second: a name that no file can have
        raise ValueError(f"cannot read the plan {path}: {getattr(problem, 'strerror', None) or problem}") from None


def _syntax(path: Path, text: str, problem: str) -> str:
    """What the reader of TOML found, with the line and what stands there."""
    rows = text.splitlines()
    found = re.search(r"at line (\d+)", problem)
    number = min(int(found[1]), len(rows)) if found else max(1, len(rows))
    what, row = problem.partition(" (at ")[0], rows[number - 1].strip() if rows else ""
    if "Cannot overwrite" in what:
        return f"{path}, line {number}: {row.partition('=')[0].strip()} is given twice; it can be given once"
    if "twice" in what:
        return f"{path}, line {number}: the section {row} is there twice; one holds all of its keys"
    return f"{path}, line {number}: this is no TOML, {shown(row)}: {what[:1].lower()}{what[1:]}"
