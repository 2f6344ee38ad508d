"""Settings: numbers of the spiking memory as text, `release_failure=0.3` or `tau_drive=30ms`, and in a study.

They are its parameters, and the numbers of mechanisms of one's own. In a study a setting is a plain number, times in ms
and rates in Hz.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from ..checks import closest
from ..ranges import is_list, listed
from ..units import UNITS, Hz, Quantity, Rate, Time, ms
from .mechanism import Mechanism
from .parameters import RANGES, Parameters, checked_parameters, presented_for

# what `biokv robustness` takes a knob through, unless told
KNOBS = {
    "input_irregularity": "0,0.25,0.5,0.75,1",
    "release_failure": "0,0.1,0.2,0.3,0.4,0.5",
    "hidden_noise": "0,0.5,1,2,4",
    "output_noise": "0,0.1,0.2,0.4,0.8",
    "weight_noise": "0,0.05,0.1,0.2,0.4",
    "weight_levels": "2,3,4,8,16,32",
    "heterogeneity": "0,0.05,0.1,0.2,0.4",
    "delay_spread": "0,0.5,1",
    "axon_delay": "0ms,1ms,2ms,5ms,10ms",
    "dead_share": "0,0.05,0.1,0.2,0.4",
    "dt": "0.1ms,0.25ms,0.5ms,1ms",
    "presentation_time": "30ms,60ms,90ms,120ms,150ms,200ms",
    "neurons_per_slot": "1,2,4",
}
SHOWN_IN: dict[type, Quantity] = {Time: ms, Rate: Hz}  # the unit of a number in a study
UNIT_NAMES: dict[type, str] = {Time: "ms", Rate: "Hz"}
NUMBER_AND_UNIT = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*\*?\s*([A-Za-z]*)\s*")


def kinds(mechanisms: Sequence[Mechanism] = ()) -> dict[str, type[float]]:
    """Every setting there is, by name.

    presentation_time is of the whole schedule; a parameter goes before a mechanism's number of the same name.

    Parameters
    ----------
    mechanisms : sequence of Mechanism
        Those whose numbers are settings, too.

    Returns
    -------
    dict of str to type
        Time, Rate, or float for a plain number.
    """
    numbers = _of_mechanisms(mechanisms)
    of_mechanisms = {name: type(value) if isinstance(value, Quantity) else float for name, value in numbers.items()}
    return {**of_mechanisms, **{name: of.kind for name, of in RANGES.items()}, "presentation_time": Time}


def _numbers(mechanism: Mechanism) -> dict[str, float]:
    """The numbers of a mechanism that is a dataclass."""
    names: list[str] = [field.name for field in fields(mechanism)] if is_dataclass(mechanism) else []
    values: dict[str, Any] = {name: getattr(mechanism, name) for name in names}
    return {name: v for name, v in values.items() if isinstance(v, int | float) and not isinstance(v, bool)}


def read_setting(text: str, mechanisms: Sequence[Mechanism] = ()) -> tuple[str, float | list[float]]:
    """Name and number, or numbers, of a setting as text.

    Parameters
    ----------
    text : str
        "NAME=VALUE", "NAME=VALUE,VALUE,..." or "NAME=START:STOP:STEP".
    mechanisms : sequence of Mechanism
        Those whose numbers are settings, too.

    Returns
    -------
    name : str
        The setting.
    value : float or list of float
        A number, or a list of them, in ms, Hz or plain.

    Raises
    ------
    ValueError
        Saying what would do, for an unknown name, what is no number, or a unit that does not fit.

    Examples
    --------
    >>> from bioKV.network.settings import read_setting
    >>> read_setting("tau_drive=0.03s")
    ('tau_drive', 30.0)
    >>> read_setting("release_failure=0:0.2:0.1")
    ('release_failure', [0.0, 0.1, 0.2])
    """
    name, equals, values = (part.strip() for part in text.partition("="))
    if not equals or not values:
        raise ValueError(f"--set takes NAME=VALUE, such as release_failure=0.3; got {text!r}")
    known = kinds(mechanisms)
    if name not in known:
        raise ValueError(f"the spiking memory has no parameter {name!r}{closest(name, known, 'it has')}")
    numbers = [setting_number(name, value, mechanisms) for value in listed(f"--set {name}", values)]
    return name, numbers if is_list(values) else numbers[0]


def setting_number(name: str, text: str, mechanisms: Sequence[Mechanism] = ()) -> float:
    """The number of a setting.

    Parameters
    ----------
    name : str
        A setting that there is.
    text : str
        Its value, with its unit.
    mechanisms : sequence of Mechanism
        Those whose numbers are settings, too.

    Returns
    -------
    float
        The number in ms, Hz or plain.

    Raises
    ------
    ValueError
        Saying what would do, for what is no number, or a unit that does not fit.
    """
    example = {**_of_mechanisms(mechanisms), **Parameters()._asdict(), "presentation_time": 150 * ms}[name]
    return _number(name, kinds(mechanisms)[name], example, text)


def setting_text(number: float, kind: type[float]) -> float | str:
    """The inverse of `setting_number`.

    Parameters
    ----------
    number : float
        In ms, Hz or plain.
    kind : type
        Time, Rate, or float for a plain number.

    Returns
    -------
    float or str
        A plain number as it is, a time or rate with its unit.
    """
    return f"{number!r} {UNIT_NAMES[kind]}" if kind in SHOWN_IN else number


def _of_mechanisms(mechanisms: Sequence[Mechanism]) -> dict[str, float]:
    return {name: value for mechanism in mechanisms for name, value in _numbers(mechanism).items()}


def knob_setting(knob: str, values: str | None) -> str:
    """The setting that sweeps a knob, through its own values (KNOBS) unless others are given.

    Parameters
    ----------
    knob : str
        A setting.
    values : str or None
        At least two values, comma-separated, or a range.

    Returns
    -------
    str
        "NAME=VALUES".

    Raises
    ------
    ValueError
        For a single value, or a knob without values of its own if none are given.
    """
    if values is None and knob not in KNOBS:
        raise ValueError(f"there is no knob {knob!r}{closest(knob, KNOBS)} (others with --values)")
    if values is not None and not is_list(values):
        raise ValueError(f"--values takes at least two, comma-separated, or a range; got {values!r}")
    return f"{knob}={KNOBS[knob] if values is None else values}"


def _number(name: str, kind: type[float], example: float, text: str) -> float:
    matched = NUMBER_AND_UNIT.fullmatch(text)
    if matched and not matched[2] and kind is float:
        return float(matched[1])
    unit = UNITS.get(matched[2]) if matched else None
    if matched and matched[2] == UNIT_NAMES.get(kind):
        return float(matched[1])
    if matched and kind in SHOWN_IN and isinstance(unit, kind):
        return float(f"{float(matched[1]) * float(unit) / SHOWN_IN[kind]:.12g}")
    wanted = {float: "a plain number", Time: "a number with a unit of time", Rate: "a number with a unit of rate"}[kind]
    shown = f"{example:g}" if kind is float else str(example).replace(" ", "")
    raise ValueError(f"{name} takes {wanted}, such as {name}={shown}; got {text.strip()!r}")


def parameters_with(settings: Mapping[str, float]) -> Parameters:
    """The parameters with these settings; those of mechanisms are left out.

    presentation_time scales the schedule of the others.

    Parameters
    ----------
    settings : dict of str to float
        Numbers in ms, Hz or plain.

    Returns
    -------
    Parameters
        Checked parameters.

    Raises
    ------
    ValueError
        For what no network can have.
    """
    own = {name: number for name, number in settings.items() if name in kinds()}
    given: dict[str, Any] = {name: number * SHOWN_IN.get(kinds()[name], 1) for name, number in own.items()}
    presentation_time = given.pop("presentation_time", None)
    parameters = Parameters()._replace(**given)
    if presentation_time is not None:
        parameters = presented_for(parameters, presentation_time)
    return checked_parameters(parameters)


def mechanisms_with(settings: Mapping[str, float], mechanisms: Sequence[Mechanism]) -> tuple[Mechanism, ...]:
    """The mechanisms with these settings in the place of their own numbers; the network's parameters are left out.

    Parameters
    ----------
    settings : dict of str to float
        Numbers in ms, Hz or plain.
    mechanisms : sequence of Mechanism
        The mechanisms.

    Returns
    -------
    tuple of Mechanism
        As many, in their order.
    """
    changed, known = [], kinds(mechanisms)
    for mechanism in mechanisms:
        own: Any = {name: settings[name] * SHOWN_IN.get(known[name], 1) for name in _numbers(mechanism)
                    if name in settings and name not in kinds()}  # fmt: skip
        changed.append(replace(mechanism, **own) if own else mechanism)  # type: ignore[type-var]
    return tuple(changed)
