"""Panels of a raster: the gate, and the spikes of a population with its rate."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from ..spikes import SpikeTrain
from .colours import BLACK, GREY, POPULATION, on
from .density import density, interval_points, plot_density, ticks_fuse
from .population_rate import plot_population_rate, population_rate
from .presentations import height_points, small, width_points, write_title
from .row_order import Rows
from .style import line
from .ticks import plot_spikes

TITLES = {"input": "input", "feedforward": "feed-forward inhibition", "interneuron": "lateral inhibition",
          "hidden": "hidden", "output": "output"}  # fmt: skip
SIGNED = ("input", "output")  # the first half of the neurons is ON, the second OFF
STRIP = 2.6  # letters that the strip of a rate is high


def plot_gate(gate: np.ndarray, windows_ms: np.ndarray, ax: Axes) -> None:
    """Draw the global third factor q over time.

    Parameters
    ----------
    gate : array, (T,)
        The q of every presentation.
    windows_ms : array, (T, 2)
        Start and end of every presentation in milliseconds.
    ax : Axes
        Where to draw.
    """
    ax.stairs(gate, np.append(windows_ms[:, 0], windows_ms[-1, 1]), baseline=None, color=on(ax, BLACK),
              linewidth=min(line(), 0.5 * width_points(ax) / len(gate)))  # fmt: skip
    strongest = gate.max()
    if strongest > 1:
        ax.set_yscale("symlog", linthresh=1)  # an ordinary gate can be told from none
        ax.tick_params(axis="y", labelsize="small")  # three numbers in a low panel
    ax.set(ylim=(-0.15, 1.3 if strongest <= 1 else 2 * strongest), yticks=sorted({0, 1, strongest or 1}))
    ax.set_yticks([], minor=True)
    ax.yaxis.set_major_formatter("{x:g}")
    ax.set_ylabel("gate q", rotation=0, ha="right", va="center", fontsize="small")


def plot_population(ax: Axes, name: str, rows: Rows, spikes: SpikeTrain, time_ms: tuple[float, float],
                    bin_ms: float) -> None:  # fmt: skip
    """Draw the spikes of a population, as ticks or a density, and above them the rate per neuron.

    Parameters
    ----------
    ax : Axes
        Where to draw; the upper part is for the rate.
    name : str
        Of the population.
    rows : Rows
        Which neuron stands where.
    spikes : SpikeTrain
        Of the whole population, in the window.
    time_ms : tuple of float
        Start and end of what is drawn in milliseconds.
    bin_ms : float
        Of the rate, in milliseconds.
    """
    width, height = width_points(ax), height_points(ax)
    share = min(0.42, STRIP * small() / height)  # of the strip
    height *= 1 - share
    drawn, n_rows = rows.of(spikes), len(rows.neurons)
    title = f"{TITLES[name]}, {n_rows} neuron{'s' * (n_rows > 1)}"
    half = spikes.n_neurons // 2
    is_off = (rows.neurons >= half) & (name in SIGNED)
    parts = [(~is_off, on(ax, POPULATION[name])), (is_off, on(ax, GREY))]
    if ticks_fuse(drawn, time_ms, width, height):
        found = density(drawn, time_ms, width, height)
        top = found.rate_hz.max(initial=0.0)
        for part, colour in parts:
            of = found._replace(rate_hz=np.where(part[:: found.neurons, None], found.rate_hz, 0.0))
            if part.any():
                plot_density(of, ax, time_ms[0], colour=colour, darkest_hz=top)
        title += (f": density, cells of {found.bin_ms:g} ms × {found.neurons} neuron{'s' * (found.neurons > 1)},"
                  f" darkest {top:.0f} Hz")  # fmt: skip
    else:
        thick = float(np.clip(0.5 * interval_points(drawn, time_ms, width), line(0.25), line(0.5)))
        for part, colour in parts:
            here = part[drawn.neuron]
            if part.any():
                train = SpikeTrain(drawn.t_ms[here], drawn.neuron[here], drawn.trial[here], n_rows)
                plot_spikes(train, ax, colour=colour, width=thick, label="spike", zorder=2)
    ax.set_ylim(-0.5, n_rows / (1 - share) - 0.5)
    _label_rows(ax, name, rows, half)
    write_title(ax, title)
    ax.axhline(n_rows - 0.5, color=on(ax, GREY), linewidth=line(0.4), zorder=1)
    strip = ax.inset_axes((0, 1 - share, 1, share))
    strip.patch.set_alpha(0)
    strip.spines[:].set_visible(False)
    plot_population_rate(population_rate(drawn, time_ms, bin_ms), strip, colour=on(ax, POPULATION[name]))
    strip.set_xlim(time_ms)
    strip.tick_params(axis="x", bottom=False, labelbottom=False)


def _label_rows(ax: Axes, name: str, rows: Rows, half: int) -> None:
    """Say at the left what rows are: ON and OFF, slots by writing, or the numbers of neurons."""
    n_rows = len(rows.neurons)
    if name in SIGNED:
        n_on = int((rows.neurons < half).sum())
        parts = [(0, n_on, "ON"), (n_on, n_rows, "OFF")]
    elif rows.written is not None:
        parts = [(0, rows.written, "written,\nin order"), (rows.written, n_rows, "not\nwritten")]
    elif n_rows > 1:
        ax.set_yticks([0, n_rows - 1], [str(rows.neurons[0]), str(rows.neurons[-1])])
        first, last = ax.get_yticklabels()
        first.set_verticalalignment("bottom")
        last.set_verticalalignment("top")  # clear of the rate's label
        return
    else:
        parts = [(0, 1, str(rows.neurons[0]))]
    parts = [part for part in parts if part[1] > part[0]]
    ax.set_yticks([(first + after - 1) / 2 for first, after, _ in parts], [text for *_, text in parts])
    ax.tick_params(axis="y", length=0)
    if len(parts) > 1:
        ax.axhline(parts[1][0] - 0.5, color=on(ax, GREY), linewidth=line(0.4), zorder=1)


def plot_feedback(windows_ms: np.ndarray, ax: Axes) -> None:
    """Draw a bar above the presentations whose key comes from the output neurons.

    Parameters
    ----------
    windows_ms : array, (presentations, 2)
        Start and end of these in milliseconds.
    ax : Axes
        Of the input.
    """
    for start, stop in windows_ms:
        ax.plot([start, stop], [1, 1], transform=ax.get_xaxis_transform(), color=on(ax, POPULATION["output"]),
                linewidth=line(2.5), solid_capstyle="butt", clip_on=True, zorder=3, label="fed back")  # fmt: skip
