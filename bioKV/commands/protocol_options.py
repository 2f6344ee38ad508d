"""Options of a protocol and of the memories, from text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..checks import closest, shown
from ..network.mechanism import Mechanism
from ..network.settings import read_setting
from ..ranges import is_list, listed
from ..studies.memories import Maker
from ..studies.option_kinds import WANTED, Kind, option_kinds
from ..studies.tasks import Protocol, protocol_name

# what makes one trial short enough to be seen whole, where nothing else is typed
SHORT = {"n_pairs": 4, "n_patterns": 5, "n_steps": 16, "delay": 3, "n_flashbulb": 1}


def parse_options(protocol: Protocol, words: list[str], defaults: dict[str, Any] | None = None,
                  settings: Iterable[str] = (), memories: Iterable[Maker] = (),
                  mechanisms: Sequence[Mechanism] = (), flags: Iterable[str] = ()) -> dict[str, Any]:  # fmt: skip
    """`--n-pairs 5,10 --corruption=0.6` -> {"n_pairs": [5, 10], "corruption": 0.6}, by the protocol's signature.

    Of numbers, `10:30:10` is the list 10, 20, 30. "none" is None where an option may be that.

    defaults : for options that were not given; those that neither protocol nor memory has are left out.
    settings : what came after --set, of the spiking memory's parameters and of mechanisms of one's own.
    memories : those of files, whose options count beside those of the built-in ones.
    flags : options of the command, which may have been meant by a word that is none of the protocol's.
    Raises ValueError for an option that the protocol does not have, one without a value or given twice, or a value of
    another type or unit.
    """
    known = option_kinds(protocol, memories)
    options: dict[str, Any] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if not word.startswith("--"):
            raise ValueError(f"{word!r} does not belong to an option; options look like --n-pairs 5,10,20")
        flag, equals, text = word[2:].partition("=")
        name = flag.replace("-", "_")
        if name not in known:
            there = closest(f"--{flag}", ["--" + n.replace("_", "-") for n in known], "it has", flags)
            raise ValueError(f"{protocol_name(protocol)} has no option --{flag}{there}")
        if name in options:
            raise ValueError(f"--{flag} was given twice; one comma-separated list makes it vary")
        if not equals:
            if not rest or rest[0].startswith("--"):
                raise ValueError(f"--{flag} needs a value")
            text = rest.pop(0)
        number = known[name].of in (int, float)
        values = [_read(flag, one, known[name]) for one in (listed(f"--{flag}", text) if number else text.split(","))]
        options[name] = values if "," in text or (number and is_list(text)) else values[0]
    for text in settings:
        name, setting = read_setting(text, mechanisms)
        if name in options:
            raise ValueError(f"--set {name} was given twice; one comma-separated list makes it vary")
        options[name] = setting
    for name, value in (defaults or {}).items():
        if name in known:
            options.setdefault(name, value)
    return options


def zipped(options: dict[str, Any], groups: Iterable[str]) -> tuple[dict[str, Any], tuple[dict[str, Any], ...]]:
    """The options without those that go together, and the points at which these are taken.

    groups : what came after --zip, each the names of options whose lists have one length: the first values make the
        first point, and so on. Several groups make a grid of points.
    Raises ValueError for an option that is no list, or is in two groups, and for lists of other lengths.
    """
    rest, points = dict(options), [dict[str, Any]()]
    for group in groups:
        names = [name.strip().lstrip("-").replace("-", "_") for name in group.split(",")]
        if len(set(names)) < max(2, len(names)):
            raise ValueError(f"--zip takes two different options or more, such as n_pairs,n_slots; got {group!r}")
        for name in names:
            if not isinstance(rest.get(name), list):
                raise ValueError(f"--zip takes options that are lists, each in one --zip; {name} is"
                                 f" {shown(rest[name]) if name in rest else 'not there'}")  # fmt: skip
        lists = {name: rest.pop(name) for name in names}
        if len({len(values) for values in lists.values()}) > 1:
            said = " and ".join(f"{name} has {len(values)}" for name, values in lists.items())
            raise ValueError(f"--zip takes lists of one length; {said}")
        together = [dict(zip(lists, values, strict=True)) for values in zip(*lists.values(), strict=True)]
        points = [{**point, **more} for point in points for more in together]
    return rest, tuple(points) if points != [{}] else ()


def _read(flag: str, text: str, kind: Kind) -> Any:
    text = text.strip()
    if kind.optional and text == "none":
        return None
    try:
        if kind.of is bool:
            return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[text.lower()]
        return (kind.of or str)(text)
    except (ValueError, KeyError):
        raise ValueError(f"--{flag} must be {WANTED[kind.of or str]}; got {text!r}") from None
