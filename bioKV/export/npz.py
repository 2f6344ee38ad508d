"""A response in one .npz file, to the last spike and bit, without pickle; and back."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..checks import check_mapping, path_of, shown
from ..episode import STEP_FIELDS, Episode
from ..network.state import SpikingState
from ..response import SpikingResponse, check_answers, check_spiking
from ..spikes import SpikeTrain, Trace
from ..whole_file import replacing
from .trials import weights_of

FORMAT = "bioKV response 1"
PLAIN = ("values", "hidden", "third_factor", "windows_ms", "phase")  # the fields that are arrays
GENERATORS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")


class Saved(NamedTuple):
    """What is in a file that `npz` wrote.

    Parameters
    ----------
    response : SpikingResponse
        What the memory answered.
    episode : Episode or None
        What was answered; None where it was not saved with the response.
    weights : tuple of np.ndarray or None
        K (..., N, d) and V (..., m, N), in rate units.
    about : dict or None
        What else was saved.
    """

    response: SpikingResponse
    episode: Episode | None
    weights: tuple[np.ndarray, np.ndarray] | None
    about: dict[str, Any] | None


def npz(
    response: SpikingResponse,
    path: str | Path,
    episode: Episode | None = None,
    *,
    weights: tuple[np.ndarray, np.ndarray] | None = None,
    about: Mapping[str, Any] | None = None,
) -> None:
    """Write a response, and the episode it answers, as one .npz file, under just this name and all at once.

    Parameters
    ----------
    response : SpikingResponse
        What a spiking memory answered.
    path : str or Path
        The file.
    episode : Episode or None
        What was answered.
    weights : tuple of np.ndarray or None
        K (..., N, d) and V (..., m, N), as `memory.weights` gives them.
    about : dict or None
        Anything else, which is written as JSON.

    Raises
    ------
    ValueError
        If it is no response of a spiking memory to this episode, weights are not of its sizes, about is no dict that
        JSON can hold, or the file cannot be written.
    """
    check_spiking("a file of spikes", response)
    arrays = _of_response(response)
    if episode is not None:
        check_answers("a file of spikes", response, episode)
        arrays |= _of_episode(episode)
    if weights is not None:
        weights_of(response, weights)
        arrays |= {"weights/K": np.asarray(weights[0]), "weights/V": np.asarray(weights[1])}
    if about is not None:
        check_mapping("about", about)
        arrays["about"] = _text(dict(about))
    with replacing(path) as new, open(new, "wb") as file:
        np.savez_compressed(file, **arrays)


def load(path: str | Path) -> Saved:
    """Read all that `npz` wrote.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    Saved
        Response, episode, weights and what else there was.

    Raises
    ------
    ValueError
        If there is no such file, it is not one of these, or it is damaged.
    """
    path = path_of("path", path)
    arrays = _read(path)
    try:
        episode = _episode(arrays) if "episode/keys" in arrays else None
        weights = (arrays["weights/K"], arrays["weights/V"]) if "weights/K" in arrays else None
        return Saved(_response(arrays), episode, weights, _said(arrays["about"]) if "about" in arrays else None)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        raise ValueError(f"{path} is damaged: parts of the response are missing or do not fit together") from None


def _read(path: Path) -> dict[str, Any]:
    refused = f"{path} holds no response that SpikingResponse.save wrote"
    try:
        with open(path, "rb") as file:
            is_zip = file.read(2) == b"PK"
    except FileNotFoundError:
        raise ValueError(f"there is no file {path}") from None
    except OSError as problem:
        raise ValueError(f"cannot read {path}: {problem.strerror}") from None
    if not is_zip:
        raise ValueError(refused)
    try:
        with np.load(path, allow_pickle=False) as saved:
            arrays = dict(saved) if "format" in saved else {}
    except (ValueError, TypeError, OSError, EOFError, KeyError, NotImplementedError, RuntimeError, zipfile.BadZipFile,
            zlib.error):  # fmt: skip
        raise ValueError(f"{path} is damaged and cannot be read; it would have to be written again") from None
    if str(arrays.pop("format", "")) != FORMAT:
        raise ValueError(refused)
    return arrays


def _text(said: Any) -> np.ndarray:
    try:
        return np.array(json.dumps(said, default=_plain))
    except (TypeError, ValueError, RecursionError) as problem:  # keys that are no text, and what holds itself
        raise ValueError(f"about must be what JSON can hold, and this cannot be written: {problem}") from None


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else str(value)


def _said(text: np.ndarray) -> Any:
    return json.loads(str(text))


def _of_response(response: SpikingResponse) -> dict[str, Any]:
    arrays: dict[str, Any] = {"format": np.array(FORMAT), "engine": np.array(response.engine)}
    arrays |= {name: getattr(response, name) for name in PLAIN}
    arrays["fan_out"] = _text(response.fan_out)
    for field in ("counts", "evoked"):
        arrays |= {f"{field}/{name}": array for name, array in getattr(response, field).items()}
    for name, train in response.spikes.items():
        arrays |= {f"spikes/{name}/{part}": np.asarray(getattr(train, part)) for part in _parts_of(SpikeTrain)}
    for name, trace in response.traces.items():
        arrays[f"traces/{name}/t_ms"] = trace.t_ms
        arrays |= {f"traces/{name}/values/{variable}": values for variable, values in trace.values.items()}
    if isinstance(response.state, SpikingState):
        arrays |= {f"state/{name}": array for name, array in response.state.variables.items()}
        arrays["streams"] = _text([stream.bit_generator.state for stream in response.state.streams])
    return arrays


def _parts_of(kind: type[SpikeTrain]) -> list[str]:
    return [field.name for field in fields(kind)]


def _response(arrays: dict[str, Any]) -> SpikingResponse:
    trains = {name: SpikeTrain(parts["t_ms"], parts["neuron"], parts["trial"], int(parts["n_neurons"]))
              for name, parts in _grouped(arrays, "spikes").items()}  # fmt: skip
    traces = {}
    for name, parts in _grouped(arrays, "traces").items():
        values = {path.partition("/")[2]: array for path, array in parts.items() if path != "t_ms"}
        traces[name] = Trace(parts["t_ms"], values)
    response = SpikingResponse(
        **{name: arrays[name] for name in PLAIN},
        state=_state(arrays) if "streams" in arrays else None,
        counts=_under(arrays, "counts"), evoked=_under(arrays, "evoked"), fan_out=_said(arrays["fan_out"]),
        engine=str(arrays["engine"]), spikes=trains, traces=traces,
    )  # fmt: skip
    steps = response.phase.shape
    if not all(array.shape[:-1] == steps for array in (response.values, response.hidden, *response.counts.values())):
        raise ValueError
    if not all(len(train.t_ms) == len(train.neuron) == len(train.trial) for train in trains.values()):
        raise ValueError
    return response


def _under(arrays: dict[str, Any], field: str) -> dict[str, np.ndarray]:
    """The arrays called field/..., by what comes after."""
    return {name.partition("/")[2]: array for name, array in arrays.items() if name.startswith(f"{field}/")}


def _grouped(arrays: dict[str, Any], field: str) -> dict[str, dict[str, np.ndarray]]:
    """Those called field/population/..., by population and by what comes after."""
    found: dict[str, dict[str, np.ndarray]] = {}
    for name, array in _under(arrays, field).items():
        population, _, part = name.partition("/")
        found.setdefault(population, {})[part] = array
    return found


def _state(arrays: dict[str, Any]) -> SpikingState:
    return SpikingState(_under(arrays, "state"), [_stream(state) for state in _said(arrays["streams"])])


def _stream(state: dict[str, Any]) -> np.random.Generator:
    """A generator that goes on where the saved one stood."""
    name = state["bit_generator"]
    if name not in GENERATORS:
        raise ValueError(f"the random numbers come from a generator unknown here, {shown(name)}")
    bits = getattr(np.random, name)()
    bits.state = state
    return np.random.Generator(bits)


def _of_episode(episode: Episode) -> dict[str, Any]:
    given = {name: getattr(episode, name) for name in STEP_FIELDS}
    arrays: dict[str, Any] = {f"episode/{name}": array for name, array in given.items() if array is not None}
    arrays["episode/read_after_write"] = np.array(bool(episode.read_after_write))
    return arrays | {"episode/subset_names": _text(list(episode.subset_names))}


def _episode(arrays: dict[str, Any]) -> Episode:
    given: dict[str, Any] = _under(arrays, "episode")
    given["read_after_write"] = bool(given["read_after_write"])
    return Episode(**given | {"subset_names": tuple(_said(given["subset_names"]))})
