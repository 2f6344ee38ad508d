"""Membranes and dendrites while one pair is stored, and while it is recalled."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ..checks import check_switch, shown
from ..episode import Episode, check_is_episode
from ..response import SpikingResponse, check_answers, check_spiking
from .colours import BLACK, BLUE, GREY, ORANGE, PHASE, POPULATION, PURPLE, on
from .drawn_on import checked_axes
from .labels import plain
from .presentations import pattern_names
from .style import line, marker

ROWS = ("first slot", "second slot", "third slot", "dendrites", "output evidence", "read-out")
HEIGHTS = (1.5, 1.5, 1.5, 1.2, 1.5, 1.2)
NEEDED = ("hidden", "output", "dendrite")  # spikes
TRACED = ("hidden", "output")
DRAWN = {"hidden": ("membrane", "plateau", "dendrite", "dendrite_tolerance"),
         "output": ("v", "inhibition", "readout")}  # fmt: skip
SLOT_COLOURS = (BLACK, BLUE, PURPLE)
SIGN_COLOURS, SIGN_WIDTHS = {"ON": POPULATION["output"], "OFF": GREY}, {"ON": 1.0, "OFF": 0.6}
TEXT = {  # row of axes: what is above it
    0: "a neuron of each slot: distance to threshold\n(units of the dot product); ticks: spikes",
    3: "dendrites of these slots (dashed: threshold)",
    4: "evidence of value entry {entry}'s ON and OFF neuron\n(dashed: their inhibition); ticks: spikes",
    5: "their read-out: filtered spikes",
}


def pair_to_show(episode: Episode) -> tuple[int, int]:
    """The middle one of the recalls that ask for a most strongly gated pair.

    Parameters
    ----------
    episode : Episode
        A single trial.

    Returns
    -------
    tuple of int
        The step that stores and the step that recalls.

    Raises
    ------
    ValueError
        If the episode is not a single trial, or asks for nothing.
    """
    check_is_episode("a picture of traces", episode)
    if episode.trials_shape:
        raise ValueError(f"traces show a single trial; the episode has leading axes {episode.trials_shape}")
    asked = np.flatnonzero(episode.is_recall)
    if not asked.size:
        raise ValueError("the episode has no recall step, so there is no pair to show")
    strength = episode.gate[episode.source[asked]]
    strongest = asked[strength == strength.max()]
    recall = int(strongest[len(strongest) // 2])
    return int(episode.source[recall]), recall


def slots_to_show(response: SpikingResponse, store: int, recall: int) -> dict[int, str]:
    """Three slots and the part of each: the most votes of the recall, the second most, and the written one.

    Where the written one is among the first two (or nothing was written), the third most come last. Of equal
    votes the higher membrane counts more.

    Parameters
    ----------
    response : SpikingResponse
        Of a single trial, with traces of the hidden neurons.
    store, recall : int
        The two presentations.

    Returns
    -------
    dict of int to str
        Slot -> "winner", "runner-up", "written", "third", or two of them.
    """
    membrane = response.traces["hidden"].values["membrane"][_rows(response, "hidden", recall)].mean(axis=0)
    membrane = membrane[:: _per_slot(response)]
    order = np.lexsort((-membrane, -response.hidden[recall]))
    roles = {int(slot): [part] for slot, part in zip(order[:2], ("winner", "runner-up"), strict=False)}
    written = [slot for slot in order if response.third_factor[store, slot] > 0]
    for slot in written[:1]:
        roles.setdefault(int(slot), []).append("written")
    for slot in order[2:]:
        if len(roles) < 3:
            roles.setdefault(int(slot), ["third"])
    return {slot: ", ".join(role) for slot, role in roles.items()}


def plot_traces(response: SpikingResponse, episode: Episode, pair: tuple[int, int] | None = None,
                axes: np.ndarray | None = None, *, entry: int = 0, legend: bool = True) -> np.ndarray:  # fmt: skip
    """Draw how one pair is stored (left) and recalled (right): three slots, their dendrites, and one output entry.

    Of a slot with several neurons the first is drawn. Escape noise sets no membrane back, so a spike is a tick from the
    threshold up. Slots' membranes are distances to threshold, in units of the dot product; outputs' are evidence, that
    of a vote being output_weight.

    Parameters
    ----------
    response : SpikingResponse
        Of a single trial, with spikes of NEEDED and traces of TRACED.
    episode : Episode
        What it answered, one trial.
    pair : tuple of int, or None
        The two presentations, (store, recall); None takes `pair_to_show`.
    axes : ndarray of Axes, (6, 2), or None
        What is drawn on; None makes a figure.
    entry : int
        Of the value, whose ON and OFF neuron are drawn.
    legend : bool
        Whether plateaus, dendritic spikes and neurons are explained above the axes.

    Returns
    -------
    ndarray of Axes, (6, 2)
        `axes`, or those of the new figure.

    Raises
    ------
    ValueError
        If spikes or traces are missing, or there is not one Axes for everything.
    """
    check_spiking("a picture of traces", response)
    check_answers("a picture of traces", response, episode)
    spikes, traces, windows, phase = response.spikes, response.traces, response.windows_ms, response.phase
    missing = [name for name in NEEDED if name not in spikes] + [name for name in TRACED if name not in traces]
    if missing:
        raise ValueError(f"traces need record={NEEDED} and traces={TRACED}; {', '.join(missing)} was not recorded")
    absent = [f"{name}.{v}" for name, variables in DRAWN.items() for v in variables if v not in traces[name].values]
    if absent:
        raise ValueError(f"traces need {', '.join(absent)}, which the neurons of this network do not trace")
    if isinstance(entry, bool) or not isinstance(entry, int | np.integer) or not 0 <= entry < episode.value_dim:
        raise ValueError(f"entry must lie in 0 to {episode.value_dim - 1}; got {shown(entry)}")
    check_switch("legend", legend)
    pair = pair_to_show(episode) if pair is None else _checked_pair(pair, episode)
    if axes is None:
        _, axes = plt.subplots(
            len(ROWS), 2, sharex="col", sharey="row", figsize=(9.5, 10.5), gridspec_kw={"height_ratios": HEIGHTS},
            layout="constrained",
        )  # fmt: skip
    axes = checked_axes("a picture of traces", axes, (len(ROWS), 2))
    slots = slots_to_show(response, *pair)
    membrane = np.concatenate([traces["hidden"].values["membrane"][_rows(response, "hidden", step)] for step in pair])
    drawn = membrane[:, _per_slot(response) * np.array(list(slots))]
    tip = max(12.0, 1.2 * drawn.max())
    names = pattern_names(episode)
    for column, step in enumerate(pair):
        start, stop = windows[step]
        for ax in axes[:, column]:
            ax.axvspan(start, stop, color=on(ax, PHASE[str(phase[step])]), linewidth=0, zorder=0)
            ax.spines[["top", "right"]].set_visible(False)
            ax.set_xlim(start, stop)
        axes[0, column].annotate(plain(names[step].replace("\n", ", ")), (0.5, 1), xycoords="axes fraction",
                                 xytext=(0, 2.8), textcoords="offset fontsize", ha="center", va="bottom")  # fmt: skip
        axes[-1, column].set_xlabel("time (ms)")
        axes[-1, column].xaxis.set_major_locator(MaxNLocator(4, prune="upper"))
        for ax, slot, colour in zip(axes, slots, SLOT_COLOURS, strict=False):
            _plot_slot(ax[column], response, step, slot, colour, tip)
        _plot_dendrites(axes[3, column], response, step, list(slots))
        _plot_output(axes[4, column], response, step, entry, episode.value_dim)
        _plot_readout(axes[5, column], response, step, entry, episode)
    charge = [line.get_ydata().max() for ax in axes[3] for line in ax.lines if line.get_linestyle() == "-"]
    top = max(charge) or 1.0
    axes[3, 0].set_ylim(-0.08 * top, 1.35 * top)  # a tolerance drawn by chance can be far out of reach
    low = drawn.min()
    axes[5, 0].set_ylim(top=1.5 * axes[5, 0].get_ylim()[1])  # room for what is written there
    for ax, (slot, part) in zip(axes[:3, 0], slots.items(), strict=False):
        ax.set(ylabel=f"slot {slot}\n{part}", ylim=(1.05 * low - 1, 1.05 * tip))
    _label(axes, entry, legend)
    return axes


def _checked_pair(pair: Any, episode: Episode) -> tuple[int, int]:
    """The two steps. Raises ValueError unless the episode has them."""
    given = tuple(pair) if isinstance(pair, tuple | list | np.ndarray) else ()
    if len(given) != 2 or not all(isinstance(step, int | np.integer) and 0 <= step < episode.n_steps for step in given):
        raise ValueError(f"pair must be two steps in 0 to {episode.n_steps - 1}, of a store and of a recall; got"
                         f" {shown(pair)}")  # fmt: skip
    return int(given[0]), int(given[1])


def _triangle(ax: Axes) -> dict[str, Any]:
    """How a dendritic spike is marked."""
    return {"marker": "^", "color": on(ax, POPULATION["dendrite"]), "markersize": marker(1.6),
            "markeredgecolor": on(ax, BLACK), "markeredgewidth": line(0.45)}  # fmt: skip


def _label(axes: np.ndarray, entry: int, legend: bool) -> None:
    for row, text in TEXT.items():
        axes[row, 0].set_title(text.format(entry=entry), loc="left", fontsize="small")
    for ax, text in zip(axes[3:, 0], ("charge", "evidence", "spikes"), strict=True):
        ax.set_ylabel(text)
    slots, outputs = axes[0, 1], axes[4, 1]
    slots.plot([], [], "s", color=on(slots, ORANGE), alpha=0.3, markersize=marker(2), label="plateau")
    slots.plot([], [], linestyle="none", label="dendritic spike", **_triangle(slots))
    for sign, colour in SIGN_COLOURS.items():
        outputs.plot([], [], color=on(outputs, colour), linewidth=SIGN_WIDTHS[sign] * line(), label=sign)
    for ax in (slots, outputs) if legend else ():
        drawn = ax.legend(loc="lower right", bbox_to_anchor=(1, 0.97), fontsize="small", ncols=2, frameon=False)
        drawn.set_in_layout(False)


def _rows(response: SpikingResponse, population: str, step: int) -> slice:
    """The time steps of one presentation in a trace."""
    first, last = np.searchsorted(response.traces[population].t_ms, response.windows_ms[step] - 1e-6)
    return slice(int(first), int(last))


def _spike_times(response: SpikingResponse, population: str, step: int, neuron: int) -> np.ndarray:
    train = response.spikes[population].between(*response.windows_ms[step])
    return train.t_ms[train.neuron == neuron]


def _per_slot(response: SpikingResponse) -> int:
    """Neurons that share a slot; they stand together, the first leads."""
    return response.spikes["hidden"].n_neurons // response.hidden.shape[-1]


def _plot_slot(ax: Axes, response: SpikingResponse, step: int, slot: int, colour: str, tip: float) -> None:
    trace, rows, neuron = response.traces["hidden"], _rows(response, "hidden", step), slot * _per_slot(response)
    t, membrane = trace.t_ms[rows], trace.values["membrane"][rows, neuron]
    plateau, colour = trace.values["plateau"][rows, neuron] > 0, on(ax, colour)
    ax.fill_between(t, 0, 1, where=plateau, transform=ax.get_xaxis_transform(), color=on(ax, ORANGE), alpha=0.3,
                    linewidth=0, zorder=1)  # fmt: skip
    for time in _spike_times(response, "dendrite", step, neuron):
        ax.plot(time, 0.06, transform=ax.get_xaxis_transform(), zorder=4, **_triangle(ax))
    ax.axhline(0, color=on(ax, GREY), linewidth=line(0.6), linestyle=":", zorder=1.5)
    ax.plot(t, membrane, color=colour, linewidth=line(0.8), zorder=3)
    ax.vlines(_spike_times(response, "hidden", step, neuron), 0, tip, color=colour, linewidth=line(0.8), zorder=3)


def _plot_dendrites(ax: Axes, response: SpikingResponse, step: int, slots: list[int]) -> None:
    trace, rows = response.traces["hidden"], _rows(response, "hidden", step)
    t = trace.t_ms[rows]
    for slot, colour in zip(slots, SLOT_COLOURS, strict=False):
        neuron, colour = slot * _per_slot(response), on(ax, colour)
        ax.plot(t, trace.values["dendrite"][rows, neuron], color=colour)
        ax.plot(t, trace.values["dendrite_tolerance"][rows, neuron], color=colour, linewidth=line(0.6), linestyle="--")
        for time in _spike_times(response, "dendrite", step, neuron):
            at = t.searchsorted(time - 1e-6)
            ax.plot(time, trace.values["dendrite_tolerance"][rows, neuron][at], zorder=4, **_triangle(ax))


def _signs(entry: int, value_dim: int, ax: Axes) -> list[tuple[int, str, float]]:
    """Neuron, colour and line width of an entry's ON and OFF neuron."""
    neurons = (entry, entry + value_dim)
    return [(neuron, on(ax, SIGN_COLOURS[sign]), SIGN_WIDTHS[sign] * line())
            for neuron, sign in zip(neurons, SIGN_COLOURS, strict=True)]  # fmt: skip


def _plot_output(ax: Axes, response: SpikingResponse, step: int, entry: int, value_dim: int) -> None:
    trace, rows = response.traces["output"], _rows(response, "output", step)
    for i, (neuron, colour, width) in enumerate(_signs(entry, value_dim, ax)):
        ax.plot(trace.t_ms[rows], trace.values["v"][rows, neuron], color=colour, linewidth=width)
        ax.plot(trace.t_ms[rows], trace.values["inhibition"][rows, neuron], color=colour, linewidth=0.6 * width,
                linestyle="--")  # fmt: skip
        ax.vlines(_spike_times(response, "output", step, neuron), 0.88 - 0.14 * i, 1 - 0.14 * i, color=colour,
                  linewidth=line(0.8), transform=ax.get_xaxis_transform())  # fmt: skip


def _plot_readout(ax: Axes, response: SpikingResponse, step: int, entry: int, episode: Episode) -> None:
    trace, rows = response.traces["output"], _rows(response, "output", step)
    for neuron, colour, width in _signs(entry, episode.value_dim, ax):
        ax.plot(trace.t_ms[rows], trace.values["readout"][rows, neuron], color=colour, linewidth=width)
    if episode.is_recall[step]:
        answer, target = response.values[step, entry], episode.values[step, entry]
        said = f"ON − OFF at the end:\n{answer:+.1f} (target {target:+.2g})".replace("-", "−")
        ax.annotate(said, (0.02, 0.97), xycoords="axes fraction", ha="left", va="top", fontsize="small")
