"""A raster of one trial: what was shown, who fired, when slots were written, and what was recalled."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ..checks import check_trial
from ..episode import Episode
from ..response import SpikingResponse, check_answers, check_spiking
from ..spikes import SpikeTrain
from .colours import BLACK, GREY, ORANGE, PHASE, POPULATION, SKY

PANELS = ("gate", "input", "inhibition", "hidden", "output", "value")
HEIGHTS = (0.5, 2.0, 1.2, 2.6, 2.0, 1.8)
NEEDED = ("input", "feedforward", "hidden", "interneuron", "output", "dendrite")


def plot_spikes(
    spikes: SpikeTrain, ax: Axes | None = None, *, colour: str = BLACK, offset: int = 0, size: float = 2.5, **how
) -> Axes:
    """Spikes of one population as ticks; every neuron has its row, silent ones too.

    offset : row of neuron 0. size : height of a tick in points. Other keywords go to `Axes.plot`.
    """
    ax = plt.gca() if ax is None else ax
    ax.plot(spikes.t_ms, spikes.neuron + offset, "|", color=colour, markersize=size, markeredgewidth=0.7, **how)
    return ax


def shade_phases(
    response: SpikingResponse, trial: int, ax: Axes, label: bool = False, names: Sequence[str] | None = None
) -> None:
    """Storing and recall windows as coloured ground; label writes the pattern's number above each."""
    phases = response.phase
    phase = phases.reshape(-1, phases.shape[-1])[trial]
    for step, ((start, stop), kind) in enumerate(zip(response.windows_ms, phase, strict=True)):
        ax.axvspan(start, stop, color=PHASE[kind], linewidth=0, zorder=0)
        ax.axvline(start, color="white", linewidth=0.8, zorder=0.5)
        if label and names is not None:
            ax.annotate(names[step], ((start + stop) / 2, 1), xycoords=("data", "axes fraction"), xytext=(0, 3),
                        textcoords="offset points", ha="center", va="bottom", fontsize="small")  # fmt: skip


def pattern_names(episode: Episode) -> list[str]:
    """ "store 1", "recall 1": the number of the pair in the order of storing, for every step of one trial.

    Lines below say how many presentations ago a recalled pattern was stored, where storing and recall interleave, that
    a pattern comes with a strong gate (q = 15), which subset a recall belongs to (but the first, ordinary one), and
    that the key came by feedback or, between steps where it does, is a prompt.
    """
    order = {step: i + 1 for i, step in enumerate(np.flatnonzero(episode.is_store))}
    recalled, stored = np.flatnonzero(episode.is_recall), np.flatnonzero(episode.is_store)
    interleaved = recalled.size > 0 and stored.size > 0 and stored.max() > recalled.min()
    names = []
    for step in range(episode.n_steps):
        if episode.is_store[step]:
            name = f"store {order[step]}"
            if episode.gate[step] > 1:
                name += f"\nq = {episode.gate[step]:g}"
        elif episode.is_recall[step]:
            name = f"recall {order[int(episode.source[step])]}"
            if interleaved:
                name += f"\ndelay {step - int(episode.source[step])}"
            if episode.subset[step] > 0:
                name += f"\n{episode.subset_names[episode.subset[step]]}"
            if episode.feedback.any() and not episode.feedback[step]:
                name += "\nprompt"
        else:
            name = "prompt" if episode.feedback.any() and not episode.feedback[step] else "seen"
        names.append(name + ("\nfed back" if episode.feedback[step] else ""))
    return names


def plot_raster(response: SpikingResponse, episode: Episode, trial: int = 0, axes: Sequence[Axes] | None = None, *,
                plateau_ms: float = 50.0, size: float = 2.5) -> Sequence[Axes]:  # fmt: skip
    """Draw one trial on six axes that share their time axis: gate, input, inhibition, hidden, output, value.

    response : from `respond(..., record=...)` with all populations and "dendrite". episode : what it answered.
    axes : six Axes, top to bottom; None makes a figure. plateau_ms : length of the plateau bars.
    Neurons that share a slot lie side by side.
    Raises ValueError if spikes of a population were not recorded, or there is no such trial.
    """
    check_spiking("a raster", response)
    check_answers("a raster", response, episode)
    check_trial(trial, int(np.prod(episode.trials_shape)))
    missing = [name for name in NEEDED if name not in response.spikes]
    if missing:
        raise ValueError(f"the raster needs recorded spikes of {', '.join(missing)}; ask for them with record=")
    if axes is None:
        width = max(7.0, 1.0 + 0.75 * len(response.windows_ms))
        _, axes = plt.subplots(
            len(PANELS),
            1,
            sharex=True,
            figsize=(width, 8.2),
            gridspec_kw={"height_ratios": HEIGHTS},
            layout="constrained",
        )
    if len(axes) != len(PANELS):
        raise ValueError(f"the raster takes {len(PANELS)} axes ({', '.join(PANELS)}); got {len(axes)}")
    one = episode.flat().trials(slice(trial, trial + 1))
    single = one._map(lambda a: a[0])
    spikes = {name: response.spikes[name].of_trial(trial) for name in NEEDED}
    names = pattern_names(single)
    for i, ax in enumerate(axes):
        shade_phases(response, trial, ax, label=i == 0, names=names)
        ax.spines[["top", "right"]].set_visible(False)
        ax.tick_params(labelbottom=i == len(axes) - 1)
    gate, input_, inhibition, hidden, output, value = axes
    windows = response.windows_ms
    for start, stop in windows[single.gate > 1]:
        for ax in axes:
            ax.axvspan(start, stop, color=ORANGE, alpha=0.3, linewidth=0, zorder=0.2)
    for start, stop in windows[single.feedback]:
        input_.plot([start, stop], [1, 1], transform=input_.get_xaxis_transform(), color=POPULATION["output"],
                    linewidth=4, solid_capstyle="butt", clip_on=False, zorder=3)  # fmt: skip
    if single.feedback.any():
        input_.annotate("green bar: the key is what the output neurons said", (1, 1), xycoords="axes fraction",
                        xytext=(0, 3), textcoords="offset points", ha="right", va="bottom", fontsize="x-small",
                        color=POPULATION["output"])  # fmt: skip

    gate.step(
        np.append(windows[:, 0], windows[-1, 1]),
        np.append(single.gate, single.gate[-1]),
        where="post",
        color=BLACK,
        linewidth=1.2,
    )
    strongest = single.gate.max()
    if strongest > 1:
        gate.set_yscale("symlog", linthresh=1)  # an ordinary gate can be told from none
    gate.set(ylabel="gate q", ylim=(-0.15, 1.2 if strongest <= 1 else 2 * strongest), yticks=sorted({0, 1, strongest}))
    gate.set_yticks([], minor=True)
    gate.yaxis.set_major_formatter("{x:g}")

    for ax, name in ((input_, "input"), (output, "output")):
        half = spikes[name].n_neurons // 2
        for part, colour in ((spikes[name].neuron < half, POPULATION[name]), (spikes[name].neuron >= half, GREY)):
            train = spikes[name]
            plot_spikes(
                SpikeTrain(train.t_ms[part], train.neuron[part], train.trial[part], half), ax, colour=colour, size=size
            )
        ax.axhline(half - 0.5, color=GREY, linewidth=0.5)
        ax.set(ylabel=name, ylim=(-1, 2 * half), yticks=[half / 2, 1.5 * half], yticklabels=["ON", "OFF"])

    n_feedforward, n_inter = spikes["feedforward"].n_neurons, spikes["interneuron"].n_neurons
    plot_spikes(spikes["feedforward"], inhibition, colour=POPULATION["feedforward"], size=size)
    plot_spikes(spikes["interneuron"], inhibition, colour=POPULATION["interneuron"], offset=n_feedforward, size=size)
    inhibition.axhline(n_feedforward - 0.5, color=GREY, linewidth=0.5)
    inhibition.set(
        ylabel="inhibition",
        ylim=(-1, n_feedforward + n_inter),
        yticks=[n_feedforward / 2, n_feedforward + n_inter / 2],
        yticklabels=["feed-\nforward", "lateral"],
    )

    n_slots, dendrite = response.hidden.shape[-1], spikes["dendrite"]
    per_slot = spikes["hidden"].n_neurons // n_slots  # they stand together; the first leads
    leads = dendrite.neuron % per_slot == 0
    hidden.hlines(
        dendrite.neuron,
        dendrite.t_ms,
        dendrite.t_ms + plateau_ms,
        color=ORANGE,
        linewidth=2.5,
        alpha=0.55,
        label="plateau",
    )
    plot_spikes(spikes["hidden"], hidden, colour=POPULATION["hidden"], size=size, label="spike")
    hidden.plot(
        dendrite.t_ms[leads], dendrite.neuron[leads] + (per_slot - 1) / 2, "^", color=POPULATION["dendrite"],
        markersize=4, markeredgecolor=BLACK, markeredgewidth=0.4, label="dendritic spike",
    )  # fmt: skip
    hidden.set(ylabel="hidden\n(slot)", ylim=(-1, n_slots * per_slot))
    slots = np.asarray(MaxNLocator(5, integer=True).tick_values(0, n_slots - 1))
    slots = slots[(slots >= 0) & (slots < n_slots)]
    hidden.set_yticks(slots * per_slot + (per_slot - 1) / 2, [f"{slot:g}" for slot in slots])
    hidden.legend(loc="lower right", bbox_to_anchor=(1, 0.97), fontsize="x-small", ncols=3, frameon=False)

    _plot_values(value, single, response, trial)
    value.set(xlabel="time (ms)", xlim=(windows[0, 0], windows[-1, 1]))
    return axes


def _plot_values(ax: Axes, episode: Episode, response: SpikingResponse, trial: int) -> None:
    """The right answer (left half of each recall) beside the recalled value (right half), entry by entry: its sign, or
    where answers have sizes the share of its largest."""
    recalled = response.values.reshape(-1, *response.values.shape[-2:])[trial]
    m = episode.value_dim
    for step in np.flatnonzero(episode.is_recall):
        start, stop = response.windows_ms[step]
        middle, gap = (start + stop) / 2, 0.03 * (stop - start)
        target, answer = episode.values[step], recalled[step]
        signs = np.isin(target, (-1, 0, 1)).all()
        answer = np.sign(answer) if signs else answer / max(np.abs(answer).max(), 1e-12)
        both = ((target, start + 2 * gap, middle - gap / 2, "target"),
                (answer, middle + gap / 2, stop - 2 * gap, "recalled"))  # fmt: skip
        for pattern, left, right, name in both:
            ax.imshow(
                pattern[::-1, None],
                extent=(left, right, -0.5, m - 0.5),
                aspect="auto",
                cmap="gray",
                vmin=-1,
                vmax=1,
                interpolation="nearest",
                zorder=2,
            )
            ax.annotate(
                name[0].upper(),
                ((left + right) / 2, 1),
                xycoords=("data", "axes fraction"),
                xytext=(0, 1),
                textcoords="offset points",
                ha="center",
                va="bottom",
                fontsize="x-small",
                color=GREY,
            )
        for wrong in np.flatnonzero(recalled[step] * episode.values[step] <= 0):
            ax.plot(
                stop - gap,
                wrong,
                marker="<",
                color=SKY,
                markeredgecolor=BLACK,
                markeredgewidth=0.4,
                markersize=4,
                zorder=3,
            )
    ax.set(ylabel="value entry\n(T target, R recalled,\nwhite +1, black −1)", ylim=(-0.5, m - 0.5))
