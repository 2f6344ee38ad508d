"""Times and rates: numbers that know their unit, so that a parameter needs no Brian2 (``20*ms``, ``150*Hz``).

Brian2's quantities do wherever one of these does: `of_kind` takes either, and refuses a number without its unit.

Examples
--------
>>> from bioKV.units import Hz, ms, second
>>> 20 * ms, 0.5 * second, 2 * (150 * Hz)
(20 ms, 500 ms, 300 Hz)
>>> 20 * ms + 5 * ms
25 ms
>>> float(20 * ms)
0.02
"""

from __future__ import annotations

from typing import Any, ClassVar, Self, TypeVar

import numpy as np

from .checks import shown


class Quantity(float):
    """A number in SI units that keeps its unit when a plain number scales it, and takes only its own kind to a sum."""

    example: ClassVar[str]
    seconds: ClassVar[int]  # as which power of a second Brian2 has it
    __array_priority__ = 1.0  # so that a NumPy number times a Quantity is a Quantity

    def __mul__(self, other: float) -> Any:
        if hasattr(other, "dim"):  # one of Brian2's, which then does the work
            return NotImplemented
        product = float(self) * float(other)
        return product if isinstance(other, Quantity) else type(self)(product)

    __rmul__ = __mul__

    def __truediv__(self, other: float) -> Any:
        ratio = float(self) / float(other)
        return ratio if isinstance(other, Quantity) else type(self)(ratio)

    def __add__(self, other: float) -> Self:
        if not isinstance(other, type(self)):
            raise TypeError(f"{self!r} and {shown(other)} are not of one kind")
        return type(self)(float(self) + float(other))


class Time(Quantity):
    """A time in seconds, shown in milliseconds."""

    example, seconds = "20*ms", 1

    def __repr__(self) -> str:
        return f"{float(self) * 1e3:.12g} ms"

    __str__ = __repr__


class Rate(Quantity):
    """A rate in hertz."""

    example, seconds = "100*Hz", -1

    def __repr__(self) -> str:
        return f"{float(self):.12g} Hz"

    __str__ = __repr__


second, ms = Time(1.0), Time(1e-3)
Hz = Rate(1.0)
UNITS: dict[str, Quantity] = {"second": second, "s": second, "ms": ms, "us": Time(1e-6), "Hz": Hz, "kHz": Rate(1e3)}
Kind = TypeVar("Kind", bound=float)


def of_kind(kind: type[Kind], name: str, value: Any) -> Kind:
    """The value as a Time, a Rate, or for `float` a plain number; Brian2's quantities are taken as what they are.

    Parameters
    ----------
    kind : type
        `Time`, `Rate` or `float`.
    name : str
        Name of the argument, for the message.
    value : Quantity, float or Brian2 quantity
        The argument that came.

    Returns
    -------
    Time, Rate or float

    Raises
    ------
    ValueError
        Naming the argument, for another unit, for none where there should be one, and for no number.

    Examples
    --------
    >>> from bioKV.units import Time, ms, of_kind
    >>> of_kind(Time, "tau_drive", 30 * ms)
    30 ms
    >>> of_kind(Time, "tau_drive", 30)
    Traceback (most recent call last):
    ValueError: tau_drive is a time, such as 20*ms; got 30
    """
    seconds = value.seconds if isinstance(value, Quantity) else _seconds(value)
    wanted = kind.seconds if issubclass(kind, Quantity) else 0
    number = np.ndim(value) == 0 and (seconds or isinstance(value, int | float | np.integer | np.floating))
    if number and not isinstance(value, bool) and seconds == wanted:
        return kind(value) if wanted else value
    of = f"a {kind.__name__.lower()}, such as {kind.example}" if issubclass(kind, Quantity) else "a plain number"
    raise ValueError(f"{name} is {of}; got {shown(value)}")


def _seconds(value: Any) -> float | None:
    """As which power of a second Brian2 has a quantity: 0 for a plain number, None for lengths, voltages and others."""
    dimensions: Any = getattr(value, "dim", None)
    if not hasattr(dimensions, "get_dimension"):
        return 0
    others = ("metre", "kilogram", "ampere", "kelvin", "mole", "cd")
    return None if any(dimensions.get_dimension(name) for name in others) else dimensions.get_dimension("second")
