"""What memories, measures and options are called in pictures and tables."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

X_LABEL = {
    "n_pairs": "stored pairs T",
    "corruption": "fraction of unknown query entries",
    "key_dim": "key entries d",
    "n_slots": "slots N",
    "p": "probability of a plateau p",
    "delay": "delay R between storage and recall (steps)",
    "correlation": "correlation with the template",
    "n_patterns": "length of the sequence n",
    "input_irregularity": "input irregularity (0 regular, 1 Poisson)",
    "release_failure": "probability of release failure",
    "hidden_noise": "noise of hidden membranes (s.d., units of the dot product)",
    "output_noise": "noise of output membranes (s.d., votes)",
    "weight_noise": "weight noise (s.d., range 1)",
    "weight_levels": "values a weight can have",
    "heterogeneity": "heterogeneity of thresholds and time constants",
    "delay_spread": "spread of inhibitory delays (share of the delay)",
    "axon_delay": "largest conduction delay (ms)",
    "dead_share": "share of dead neurons",
    "dt": "time step (ms)",
    "presentation_time": "presentation time (ms)",
    "neurons_per_slot": "hidden neurons per slot",
}
Y_LABEL = {"accuracy": "accuracy: bits right", "whole_patterns": "whole patterns right", "d_prime": "d' of +1 entries",
           "cosine": "overlap (cosine)"}  # fmt: skip
LABEL = {"hopfield": "Hopfield", "bam": "BAM", "tvt": "TVT"}
MOST = 6  # values that are listed


def plain(text: str) -> str:
    """A text from outside as it goes on a picture: a dollar is a dollar, and begins no formula of matplotlib.

    Parameters
    ----------
    text : str
        Such as the name of a file, a subset or an option's value.

    Returns
    -------
    str
        For a label, a title or a legend.
    """
    return text.replace("$", r"\$")


def x_label(name: str) -> str:
    """What is written at the axis of an option: times in ms and rates in Hz, as settings are recorded.

    Parameters
    ----------
    name : str
        Of the option.

    Returns
    -------
    str
        With its unit.
    """
    if name in X_LABEL:
        return X_LABEL[name]
    return name.replace("_", " ") + (f" ({unit_of(name)})" if unit_of(name) else "")


def unit_of(name: str) -> str:
    """The unit of an option's values.

    Parameters
    ----------
    name : str
        Of the option.

    Returns
    -------
    str
        "ms", "Hz" or "" (none, or one that X_LABEL says).
    """
    is_time = name.startswith("tau_") or name.endswith(("_time", "_onset", "_stop", "_refractory", "_delay"))
    if is_time or name == "dt":
        return "ms"
    return "Hz" if name in ("input_rate", "hazard", "full_rate") else ""


def value_text(value: Any) -> str:
    """A value of an option as text; of a path, the name of its file.

    Parameters
    ----------
    value : object
        Of an option.

    Returns
    -------
    str
        Short.
    """
    if value is None or value != value:  # nan is what pandas makes of None
        return "None"
    if isinstance(value, str) and ("/" in value or "\\" in value):
        return PurePath(value.replace("\\", "/")).name or value
    return f"{value:g}" if isinstance(value, float) else str(value)


def values_text(name: str, values: Iterable[Any]) -> str:
    """An option and its values, as in "n_slots = 20, 40, 80"; of many the first few and the last.

    Parameters
    ----------
    name : str
        Of the option.
    values : iterable
        Its values.

    Returns
    -------
    str
        With the unit.
    """
    texts = [value_text(value) for value in values]
    if len(texts) > MOST:
        texts = [*texts[: MOST - 2], "...", texts[-1]]
    return f"{name} = {', '.join(texts)}" + (f" {unit_of(name)}" if unit_of(name) else "")
