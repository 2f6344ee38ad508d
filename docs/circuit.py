"""Draw the circuit of the spiking memory for docs/biology.md.

    python docs/circuit.py     writes docs/pictures/circuit.svg
"""

from itertools import pairwise
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, Polygon

from bioKV.analysis.colours import BLACK, GREY, ORANGE, POPULATION, VERMILION

OUT = Path(__file__).parent / "pictures" / "circuit.svg"
INPUT, HIDDEN, OUTPUT = 12.0, 62.0, 116.0  # x of the populations, in mm
ROWS = (56.0, 43.0, 30.0)
STYLE = {"font.size": 7, "font.family": "DejaVu Sans", "svg.fonttype": "path", "svg.hashsalt": "bioKV"}


def soma(ax: Axes, x: float, y: float, colour: str, radius: float = 2.0, filled: bool = True) -> None:
    inside = colour if filled else "white"
    ax.add_patch(Circle((x, y), radius, facecolor=inside, edgecolor=colour, linewidth=1, zorder=3))


def dendrite(ax: Axes, x: float, y: float, has_plateau: bool) -> None:
    corners = [(x, y - 1), (x, y + 1), (x - 4.2, y + 2.6), (x - 4.2, y - 2.6)]
    inside = ORANGE if has_plateau else "white"
    ax.add_patch(Polygon(corners, facecolor=inside, edgecolor=ORANGE, linewidth=1, zorder=3))


def synapse(ax: Axes, start, end, *, colour: str = BLACK, inhibits: bool = False, bend: float = 0.0, width: float = 0.8,
            line: str = "-") -> None:  # fmt: skip
    """An axon: an arrow excites, a bar at its end inhibits."""
    head = "|-|,widthA=0,widthB=1.6" if inhibits else "-|>,head_length=2.6,head_width=1.3"
    ax.add_patch(FancyArrowPatch(
        start, end, arrowstyle=head, connectionstyle=f"arc3,rad={bend}", color=colour, linewidth=width, linestyle=line,
        shrinkA=0, shrinkB=0, zorder=2,
    ))  # fmt: skip


def draw(ax: Axes) -> None:
    pale = {"fontsize": 6, "color": "0.3"}
    # input: an ON and an OFF neuron for every key entry
    for y in ROWS:
        soma(ax, INPUT, y + 2.4, POPULATION["input"])
        soma(ax, INPUT, y - 2.4, POPULATION["input"], filled=False)
        for target in ROWS:
            synapse(ax, (INPUT + 2.2, y), (HIDDEN - 7.2, target - 0.4), colour="0.72", width=0.5)
    ax.text(INPUT, 66, "input\n2 per key entry", ha="center", va="bottom")
    ax.text(INPUT - 3.5, ROWS[0] + 2.4, "ON", ha="right", va="center", **pale)
    ax.text(INPUT - 3.5, ROWS[0] - 2.4, "OFF", ha="right", va="center", **pale)
    ax.text((INPUT + HIDDEN) / 2 - 4, 60.5, "key synapses K\n(eq. 9; NMDA)", ha="center", va="bottom")

    # hidden: somata with a dendrite each, and the priming chain
    for i, y in enumerate(ROWS):
        soma(ax, HIDDEN, y, POPULATION["hidden"], 2.6)
        dendrite(ax, HIDDEN - 2.4, y, has_plateau=i == 0)
    for above, below in pairwise(ROWS):
        synapse(ax, (HIDDEN - 5.2, above - 2.8), (HIDDEN - 5.2, below + 2.8), colour=ORANGE)
    ax.text(HIDDEN, 66, "hidden\n4 neurons per slot", ha="center", va="bottom")

    # output: two neurons per value entry, which race
    for y in ROWS:
        soma(ax, OUTPUT, y + 2.4, POPULATION["output"])
        soma(ax, OUTPUT, y - 2.4, POPULATION["output"], filled=False)
        for source in ROWS:
            synapse(ax, (HIDDEN + 2.8, source), (OUTPUT - 2.6, y), colour="0.72", width=0.5)
        synapse(ax, (OUTPUT + 2.2, y + 2.2), (OUTPUT + 2.2, y - 2.2), inhibits=True, bend=-0.8)
        synapse(ax, (OUTPUT + 2.2, y - 2.2), (OUTPUT + 2.2, y + 2.2), inhibits=True, bend=0.5)
    ax.text(OUTPUT, 66, "output\n2 per value entry", ha="center", va="bottom")
    ax.text(OUTPUT + 6, ROWS[1], "opponents:\na race", va="center", **pale)
    ax.text((HIDDEN + OUTPUT) / 2 + 2, 60.5, "value synapses V\n(eq. 11)", ha="center", va="bottom")

    # inhibition
    for x, name in ((INPUT + 22, "feedforward"), (HIDDEN + 16, "interneuron")):
        soma(ax, x, 10, POPULATION[name], 2.2)
    synapse(ax, (INPUT, ROWS[2] - 5), (INPUT + 19.6, 10.4), bend=0.3)
    synapse(ax, (INPUT + 24.4, 10.6), (HIDDEN - 2, ROWS[2] - 3.2), inhibits=True, bend=0.25)
    ax.text(INPUT + 22, 6.4, "feed-forward interneurons\ncount the known entries", ha="center", va="top")
    synapse(ax, (HIDDEN + 3, ROWS[2] - 1.5), (HIDDEN + 16, 12.6), bend=-0.3)
    ax.add_patch(FancyBboxPatch((HIDDEN - 4.5, 7.6), 11, 4.8, boxstyle="round,pad=0.3,rounding_size=1.5",
                                facecolor="0.93", edgecolor=GREY, linewidth=0.8))  # fmt: skip
    ax.text(HIDDEN + 1, 10, "pool g", ha="center", va="center", fontsize=6.5)
    synapse(ax, (HIDDEN + 13.6, 10), (HIDDEN + 7.2, 10), inhibits=False)
    synapse(ax, (HIDDEN + 1, 12.9), (HIDDEN + 1, ROWS[2] - 3.2), inhibits=True)
    ax.text(HIDDEN + 9, 6.4, "lateral interneurons, one pool:\nsoftmax (eq. 4)", ha="center", va="top")

    # what comes from outside
    synapse(ax, (OUTPUT, 14), (OUTPUT, ROWS[2] - 5), colour=VERMILION)
    ax.text(OUTPUT, 12.8, "teacher: clamps the\nvalue while storing", ha="center", va="top", color=VERMILION)
    key, value = (INPUT + HIDDEN) / 2 - 4, (HIDDEN + OUTPUT) / 2 + 2
    ax.plot([key, value], [76, 76], color=VERMILION, linewidth=0.8, linestyle=":")
    for x in (key, value):
        synapse(ax, (x, 76), (x, 67.5), colour=VERMILION, line=":")
    ax.text((key + value) / 2, 77, "neuromodulator: global third factor q, gates plasticity", ha="center", va="bottom",
            color=VERMILION)  # fmt: skip
    # signs
    x = OUTPUT + 16
    synapse(ax, (x, 77), (x + 7, 77))
    synapse(ax, (x, 72), (x + 7, 72), inhibits=True)
    synapse(ax, (x, 67), (x + 7, 67), colour=ORANGE)
    dendrite(ax, x + 5.5, 60, has_plateau=True)
    for y, text in ((77, "excites"), (72, "inhibits"), (67, "primes\n(eq. 6)"), (60, "plateau: local\nthird factor γ")):
        ax.text(x + 9, y, text, va="center", **pale)


def main() -> None:
    with matplotlib.rc_context(STYLE):
        figure = plt.figure(figsize=(160 / 25.4, 85 / 25.4))
        ax = figure.add_axes((0, 0, 1, 1))
        ax.set(xlim=(0, 160), ylim=(-1, 84))
        ax.set_axis_off()
        draw(ax)
        figure.savefig(OUT, metadata={"Date": None})
        plt.close(figure)


if __name__ == "__main__":
    main()
