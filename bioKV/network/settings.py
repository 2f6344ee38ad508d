"""Settings: parameters of the spiking memory as text, `release_failure=0.3` or `tau_drive=30ms`, and as numbers.

In a study a setting is a plain number, times in ms and rates in Hz. Brian2 is imported only where there are settings.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .parameters import Parameters

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
NUMBER_AND_UNIT = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*\*?\s*([A-Za-z]*)\s*")


def is_setting(name: str) -> bool:
    """Whether the spiking memory has a parameter of that name, or it is presentation_time (of the whole schedule)."""
    from .parameters import Parameters

    return name in Parameters._fields or name == "presentation_time"


def read_setting(text: str) -> tuple[str, float | list[float]]:
    """"NAME=VALUE" or "NAME=VALUE,VALUE,..." -> the name, and a number or a list of them, in ms, Hz or plain.

    Raises ValueError, saying what would do, for an unknown name, what is no number, or a unit that does not fit.
    """
    name, equals, values = (part.strip() for part in text.partition("="))
    if not equals or not values:
        raise ValueError(f"--set takes NAME=VALUE, such as release_failure=0.3; got {text!r}")
    if not is_setting(name):
        from .parameters import Parameters

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
    import brian2
    from brian2 import Unit, get_dimensions, second

    unit, example = _unit(name)
    matched = NUMBER_AND_UNIT.fullmatch(text)
    given = {"": None, "s": second}.get(matched[2], getattr(brian2, matched[2], None)) if matched else None
    if matched and unit is None and not matched[2]:
        return float(matched[1])
    if matched and unit is not None and isinstance(given, Unit) and get_dimensions(given) == get_dimensions(unit):
        return float(f"{float(float(matched[1]) * given / unit):.12g}")
    wanted = "a plain number" if unit is None else f"a number with a unit of {'time' if unit == brian2.ms else 'rate'}"
    raise ValueError(f"{name} takes {wanted}, such as {name}={example}; got {text.strip()!r}")


def _unit(name: str) -> tuple[Any, str]:
    """The unit a parameter's numbers are in, None for a plain one, and an example of a value."""
    from brian2 import Hz, Quantity, have_same_dimensions, ms

    from .parameters import Parameters

    default = 150 * ms if name == "presentation_time" else getattr(Parameters(), name)
    if not isinstance(default, Quantity):
        return None, f"{default:g}"
    if have_same_dimensions(default, ms):
        return ms, f"{float(default / ms):g}ms"
    return Hz, f"{float(default / Hz):g}Hz"


def parameters_with(settings: dict[str, float]) -> Parameters | None:
    """The parameters with these settings, None if there are none. presentation_time scales the schedule of the others.

    Raises ValueError for what no network can have.
    """
    if not settings:
        return None
    from brian2 import ms

    from .parameters import Parameters, check_parameters, presented_for

    given: dict[str, Any] = {}
    for name, number in settings.items():
        unit = _unit(name)[0]
        whole = isinstance(Parameters._field_defaults.get(name), int) and float(number).is_integer()
        given[name] = int(number) if whole else number if unit is None else number * unit
    presentation_time = given.pop("presentation_time", None)
    parameters = Parameters()._replace(**given)
    if presentation_time is not None:
        parameters = presented_for(parameters, settings["presentation_time"] * ms)
    check_parameters(parameters)
    return parameters
