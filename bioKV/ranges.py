"""Lists of numbers as text: "5,10,20", "10:100:10" for 10, 20, ..., 100, or both, "5,10:40:10"."""

from __future__ import annotations

import re
from decimal import Decimal, DecimalException

MOST_VALUES = 10_000
NUMBER = r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*\*?\s*([A-Za-z]*)"
RANGE = re.compile(rf"\s*{NUMBER}\s*:\s*{NUMBER}\s*(?::\s*{NUMBER}\s*)?")
EXAMPLE = "a range is START:STOP or START:STOP:STEP, such as 10:100:10"


def is_list(text: str) -> bool:
    """Whether a text is more than one value.

    Parameters
    ----------
    text : str
        As typed.

    Returns
    -------
    bool
    """
    return "," in text or ":" in text


def listed(name: str, text: str) -> list[str]:
    """Every value of a list, as text; those of ranges too, with their unit.

    A range has its stop if it meets it, and steps of 1 unless told. Values are decimal numbers: 0:1:0.1 has 0.3 and not
    0.30000000000000004. A unit may stand behind its last number, or behind each: 0:4:1ms.

    Parameters
    ----------
    name : str
        Name of the option, for the message.
    text : str
        As typed.

    Returns
    -------
    list of str

    Raises
    ------
    ValueError
        For text that is no range, or a range that is empty or too long.

    Examples
    --------
    >>> from bioKV.ranges import listed
    >>> listed("tau_drive", "5ms,10:40:10ms")
    ['5ms', '10ms', '20ms', '30ms', '40ms']
    """
    values: list[str] = []
    for part in text.split(","):
        values += _range(name, part) if ":" in part else [part.strip()]
        if len(values) > MOST_VALUES:
            raise ValueError(f"{name} takes a list of {MOST_VALUES:,} values or fewer; got {text.strip()!r}")
    return values


def _range(name: str, text: str) -> list[str]:
    matched, said = RANGE.fullmatch(text), text.strip()
    units = {unit for unit in (matched[2], matched[4], matched[6]) if unit} if matched else set()
    if not matched or len(units) > 1:
        raise ValueError(f"{name}: {EXAMPLE}, with one unit; got {said!r}")
    start, stop, step = Decimal(matched[1]), Decimal(matched[3]), Decimal(matched[5] or 1)
    if step == 0:
        raise ValueError(f"{name}: the step of a range must not be 0; got {said!r}")
    if (stop - start) * step < 0:
        raise ValueError(f"{name}: the range {said!r} is empty, as its steps lead away from its stop;"
                         f" {matched[1]}:{matched[3]}:{-step} is not")  # fmt: skip
    try:
        steps = (stop - start) / step
    except DecimalException:  # of sizes that no number has
        steps = Decimal(MOST_VALUES)
    if steps >= MOST_VALUES:
        raise ValueError(f"{name}: the range {said!r} has more than {MOST_VALUES:,} values")
    return [f"{start + i * step}{''.join(units)}" for i in range(int(steps) + 1)]
