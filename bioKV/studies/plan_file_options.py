"""The options in a plan file: those of [fixed], [sweep] and [[points]], each of the kind that its argument says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ..checks import closest, shown
from ..network.mechanism import Mechanism
from ..network.settings import kinds, setting_number
from ..ranges import listed
from .option_kinds import Kind, option_kinds
from .own_file import is_file
from .own_mechanisms import load_mechanisms
from .plan import NONE
from .tasks import protocol_name
from .toml_file import TomlFile
from .toml_lines import Place

MECHANISM = Kind(str, False)


def read_options(file: TomlFile, protocol: str, memories: Sequence[str], mechanisms: Sequence[str]
                 ) -> tuple[dict[str, Any], tuple[dict[str, Any], ...]]:  # fmt: skip
    """The options of a plan, with lists for those of [sweep], and its points.

    Raises ValueError, with line and key, for an option that there is none of, that is given twice, or of another kind.
    """
    return _Options(file, protocol, memories, mechanisms).read()


class _Options:
    def __init__(self, file: TomlFile, protocol: str, memories: Sequence[str], mechanisms: Sequence[str]):
        self.file, self.name = file, protocol_name(protocol)
        self.known = {"mechanism": MECHANISM, **option_kinds(protocol, memories)}
        every = [self._seen_from("mechanism", one) for one in self._mechanisms() if one != NONE]
        self.mechanisms: tuple[Mechanism, ...] = load_mechanisms([*mechanisms, *every])
        self.settings = kinds(self.mechanisms)

    def _mechanisms(self) -> Iterator[str]:
        """The texts of the option `mechanism`, wherever it stands."""
        content = self.file.content
        for options in (content.get("fixed", {}), content.get("sweep", {}), *content.get("points", [])):
            given = options.get("mechanism", [])
            yield from (one for one in (given if isinstance(given, list) else [given]) if isinstance(one, str))

    def read(self) -> tuple[dict[str, Any], tuple[dict[str, Any], ...]]:
        content = self.file.content
        fixed = {name: self._single(("fixed", name), value) for name, value in content.get("fixed", {}).items()}
        swept = {name: self._list(("sweep", name), value) for name, value in content.get("sweep", {}).items()}
        points = tuple({name: self._single(("points", i, name), value) for name, value in point.items()}
                       for i, point in enumerate(content.get("points", [])))  # fmt: skip
        for i, point in enumerate(points):
            if not point or point.keys() != points[0].keys():
                here, first = ", ".join(point) or "no options", ", ".join(points[0]) or "none"
                self.file.refuse(("points", i), f"point {i + 1} has {here}, and the first has {first}; all points need"
                                 " the same options")  # fmt: skip
        for name in fixed.keys() & swept.keys():
            line = self.file.lines["fixed", name]
            self.file.refuse(("sweep", name), f"{name} is below [fixed] too (line {line}); it can be in one of them")
        for i, point in enumerate(points):
            for name in point.keys() & {**fixed, **swept}.keys():
                line = self.file.lines["fixed" if name in fixed else "sweep", name]
                self.file.refuse(("points", i, name), f"{name} is an option of all combinations too (line {line}); it"
                                 " can be one of them")  # fmt: skip
        return {**fixed, **swept}, points

    def _single(self, place: Place, value: Any) -> Any:
        if isinstance(value, list | dict):
            self._check_known(place)
            cure = "a list belongs below [sweep]" if isinstance(value, list) else "a number or text would do"
            self.file.refuse(place, f"{place[-1]} must have one value here; got {shown(value)}, and {cure}")
        return self._value(place, str(place[-1]), value)

    def _list(self, place: Place, value: Any) -> list[Any]:
        name = str(place[-1])
        self._check_known(place)
        if isinstance(value, str) and (name not in self.known or self.known[name].of in (int, float)):
            try:
                texts = listed(name, value)
            except ValueError as problem:
                self.file.refuse(place, str(problem))
            value = [self._number(place, name, text) for text in texts]
        if not isinstance(value, list) or not value:
            self.file.refuse(place, f'{name} must be a list, such as [10, 20], or a range of numbers, "10:100:10"; got'
                             f" {shown(value)}")  # fmt: skip
        return [self._value((*place, i), name, one) for i, one in enumerate(value)]

    def _number(self, place: Place, name: str, text: str) -> Any:
        """A value of a range: a setting stays text, for its unit."""
        if name not in self.known:
            return text
        try:
            return int(text) if self.known[name].of is int else float(text)
        except ValueError:
            self.file.refuse(place, f"{name} must be {self.known[name].wanted}; got {text!r}")

    def _check_known(self, place: Place) -> None:
        name = str(place[-1])
        if name not in self.known and name not in self.settings:
            near = closest(name, [*self.known, *self.settings], "there are")
            self.file.refuse(place, f"{self.name} has no option {name}, nor has a memory{near}")

    def _value(self, place: Place, name: str, value: Any) -> Any:
        self._check_known(place if isinstance(place[-1], str) else place[:-1])
        if name not in self.known:
            try:
                return setting_number(name, value if isinstance(value, str) else repr(value), self.mechanisms)
            except ValueError as problem:
                self.file.refuse(place, str(problem))
        kind = self.known[name]
        if kind.optional and value == NONE:
            return None
        if not kind.fits(value):
            self.file.refuse(place, f"{name} must be {kind.wanted}; got {shown(value)}")
        if kind.of is float:
            return float(value)
        return self._seen_from(name, value) if isinstance(value, str) else value

    def _seen_from(self, name: str, value: str) -> str:
        """A text as it is, or the path of a file seen from the folder of the plan."""
        path = self.file.path.parent / Path(value).expanduser()
        return str(path) if name == "rule" or is_file(value) or (path.suffix and path.is_file()) else value
