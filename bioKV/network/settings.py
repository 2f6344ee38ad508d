"""Settings: parameters of the spiking memory as text, `release_failure=0.3` or `tau_drive=30ms`, and as numbers.

In a study a setting is a plain number, times in ms and rates in Hz.
"""

from __future__ import annotations

import re
from typing import Any

from ..units import UNITS, Hz, Quantity, Rate, Time, ms
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
NUMBER_AND_UNIT = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*\*?\s*([A-Za-z]*)\s*")


def is_setting(name: str) -> bool:
    """Whether the spiking memory has a parameter of that name, or it is presentation_time (of the whole schedule)."""
    return name in Parameters._fields or name == "presentation_time"


def read_setting(text: str) -> tuple[str, float | list[float]]:
    """"NAME=VALUE" or "NAME=VALUE,VALUE,..." -> the name, and a number or a list of them, in ms, Hz or plain.

    Raises ValueError, saying what would do, for an unknown name, what is no number, or a unit that does not fit.
    """
    name, equals, values = (part.strip() for part in text.partition("="))
    if not equals or not values:
        raise ValueError(f"--set takes NAME=VALUE, such as release_failure=0.3; got {text!r}")
    if not is_setting(name):
        raise ValueError(
            f"the spiking memory has no parameter {name!r}; it has {', '.join(Parameters._fields)}, presentation_time"
        )
    numbers = [_number(name, value) for value in values.split(",")]
    return name, numbers if "," in values else numbers[0]


def knob_setting(knob: str, values: str | None) -> str:
    """The setting that sweeps a knob, through its own values (KNOBS) unless others are given.

    Raises ValueError for a single value, or a knob without values of its own if none are given.
    """
    if values is None and knob not in KNOBS:
        raise ValueError(f"there is no knob {knob!r}; known are {', '.join(KNOBS)}, and others with --values")
    if values is not None and "," not in values:
        raise ValueError(f"--values takes at least two, comma-separated; got {values!r}")
    return f"{knob}={KNOBS[knob] if values is None else values}"


def _number(name: str, text: str) -> float:
    kind, matched = _kind(name), NUMBER_AND_UNIT.fullmatch(text)
    if matched and not matched[2] and kind is float:
        return float(matched[1])
    unit = UNITS.get(matched[2]) if matched else None
    if matched and kind in SHOWN_IN and isinstance(unit, kind):
        return float(f"{float(matched[1]) * float(unit) / SHOWN_IN[kind]:.12g}")
    wanted = {float: "a plain number", Time: "a number with a unit of time", Rate: "a number with a unit of rate"}[kind]
    default = getattr(Parameters(), name, 150 * ms)
    example = f"{default:g}" if kind is float else str(default).replace(" ", "")
    raise ValueError(f"{name} takes {wanted}, such as {name}={example}; got {text.strip()!r}")


def _kind(name: str) -> type[float]:
    """Time, Rate or float: what a parameter's numbers are."""
    return Time if name == "presentation_time" else RANGES[name].kind


def parameters_with(settings: dict[str, float]) -> Parameters:
    """The parameters with these settings. presentation_time scales the schedule of the others.

    Raises ValueError for what no network can have.
    """
    given: dict[str, Any] = {name: number * SHOWN_IN.get(_kind(name), 1) for name, number in settings.items()}
    presentation_time = given.pop("presentation_time", None)
    parameters = Parameters()._replace(**given)
    if presentation_time is not None:
        parameters = presented_for(parameters, presentation_time)
    return checked_parameters(parameters)
