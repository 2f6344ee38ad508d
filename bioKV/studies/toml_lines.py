"""Where the keys of a TOML file stand: the standard library's reader does not say."""

from __future__ import annotations

import re
import tomllib

Place = tuple[str | int, ...]  # keys, and of lists and [[tables]] the number of the element, from 0
TOKEN = re.compile(
    r"""(?P<text>\"{3}(?:\\.|[^\\])*?"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')"""
    r"""|(?P<comment>\#[^\n]*)|(?P<mark>[\[\]{},=.\n])|(?P<word>[^\s\[\]{},=.\#"']+)""",
    re.DOTALL,
)


def lines_of(text: str) -> dict[Place, int]:
    """Every key, section and element of a list in a whole TOML text, with its line, from 1.

    ("sweep", "n_pairs") is a key in [sweep], ("sweep", "n_pairs", 1) its second value, ("points", 0, "n_slots") a key
    of the first [[points]]. text : what the standard library could read; of other text it says nothing.
    """
    return _Reader(text).lines


class _Reader:
    def __init__(self, text: str):
        found = [match for match in TOKEN.finditer(text) if match.lastgroup != "comment"]
        self.tokens = [match[0] for match in found]
        self.at = [1 + text.count("\n", 0, match.start()) for match in found]
        self.i = 0
        self.lines: dict[Place, int] = {}
        self.tables: dict[Place, int] = {}  # how many [[tables]] of a name there are so far
        section: Place = ()
        while self.i < len(self.tokens):
            if self.tokens[self.i] == "\n":
                self.i += 1
            elif self.tokens[self.i] == "[":
                section = self._header()
            else:
                self._pair(section)

    def _header(self) -> Place:
        line, is_list = self.at[self.i], self.tokens[self.i + 1] == "["
        self.i += 1 + is_list
        section: Place = ()
        keys = self._keys("]")
        self.i += is_list
        for number, key in enumerate(keys):
            section = (*section, key)
            self.lines.setdefault(section, line)
            if is_list and number == len(keys) - 1:
                self.tables[section] = self.tables.get(section, -1) + 1
            if section in self.tables:
                section = (*section, self.tables[section])
                self.lines.setdefault(section, line)
        return section

    def _pair(self, section: Place) -> None:
        line = self.at[self.i]
        for key in self._keys("="):
            section = (*section, key)
            self.lines.setdefault(section, line)
        self._value(section)

    def _keys(self, end: str) -> list[str]:
        keys = []
        while (token := self.tokens[self.i]) != end:
            if token != ".":
                keys.append(tomllib.loads(f"{token} = 0").popitem()[0])  # without its quotes
            self.i += 1
        self.i += 1
        return keys

    def _value(self, place: Place) -> None:
        token = self.tokens[self.i]
        if token == "[":
            self._list(place)
        elif token == "{":
            self.i += 1
            while self.tokens[self.i] != "}":
                self.i += self.tokens[self.i] in (",", "\n")
                if self.tokens[self.i] not in ("}", ",", "\n"):
                    self._pair(place)
            self.i += 1
        else:
            while self.i < len(self.tokens) and self.tokens[self.i] not in (",", "]", "}", "\n"):
                self.i += 1

    def _list(self, place: Place) -> None:
        self.i += 1
        n = 0
        while (token := self.tokens[self.i]) != "]":
            if token in (",", "\n"):
                self.i += 1
                continue
            self.lines[(*place, n)] = self.at[self.i]
            self._value((*place, n))
            n += 1
        self.i += 1
