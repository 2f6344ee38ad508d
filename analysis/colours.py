"""One colour for each thing, the same in every figure (Okabe and Ito), on white ground and on dark.

In grey print some are alike, so that no picture rests on colour alone: curves differ in marker, line or luminance too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BLACK, ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILION, PURPLE = (
    "#000000",
    "#E69F00",
    "#56B4E9",
    "#009E73",
    "#F0E442",
    "#0072B2",
    "#D55E00",
    "#CC79A7",
)
GREY, PALE, FAINT = "#767676", "#DDDDDD", "#F1F1F1"
WHITE = "#FFFFFF"

THIRD_FACTOR = {"sequential": BLUE, "random": VERMILION, "least_recently_used": GREEN, "": BLACK}
MEMORY = {"rate": BLUE, "spiking": BLACK, "hopfield": BLACK, "bam": PURPLE, "tvt": GREEN}
POPULATION = {
    "input": BLUE,
    "feedforward": PURPLE,
    "hidden": BLACK,
    "interneuron": VERMILION,
    "output": GREEN,
    "dendrite": ORANGE,
}
WORDS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK)  # of things without an order
PHASE = {"store": "#FBEBD3", "recall": "#DCEBF7", "other": "#F2F2F2"}
ON_DARK = {  # what is lost on dark ground, and grounds that would blind there
    BLACK: WHITE, WHITE: "#161616", BLUE: "#3F9CE8", GREEN: "#1FC796", GREY: "#9A9A9A", PALE: "#474747",
    FAINT: "#2B2B2B", "#FBEBD3": "#3A2C14", "#DCEBF7": "#17293B", "#F2F2F2": "#262626",
}  # fmt: skip


def on(ax: Axes, colour: str) -> str:
    """A colour as it is drawn on the ground of axes: on dark ground some are lighter, and grounds darker.

    Parameters
    ----------
    ax : Axes
        What is drawn on.
    colour : str
        One of this file, or any other, which stays.

    Returns
    -------
    str
        A colour of matplotlib.
    """
    return ON_DARK.get(colour, colour) if is_dark(ax) else colour


def is_dark(ax: Axes) -> bool:
    """Whether the ground of axes is dark.

    Parameters
    ----------
    ax : Axes
        What is drawn on.

    Returns
    -------
    bool
        True for a luminance below 0.2.
    """
    from matplotlib.colors import to_rgba

    *ground, alpha = to_rgba(ax.get_facecolor())
    if not alpha:
        *ground, alpha = to_rgba(ax.figure.get_facecolor())
    return luminance(*ground) * alpha + (1 - alpha) < 0.2


def luminance(red: float, green: float, blue: float) -> float:
    """The relative luminance of an sRGB colour (WCAG 2).

    Parameters
    ----------
    red, green, blue : float
        In [0, 1].

    Returns
    -------
    float
        From 0, black, to 1, white.
    """
    linear = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in (red, green, blue))
    return sum(share * one for share, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def ordered_colours(n: int, ax: Axes | None = None) -> list[str]:
    """Colours of n numbers in their order, from dark to light: viridis without the end that is lost on the ground.

    Parameters
    ----------
    n : int
        How many.
    ax : Axes or None
        Whose ground they are for; None: a white one.

    Returns
    -------
    list of str
        As #RRGGBB.
    """
    import matplotlib

    viridis = matplotlib.colormaps["viridis"]
    first, last = (0.4, 1.0) if ax is not None and is_dark(ax) else (0.0, 0.7)
    return [matplotlib.colors.to_hex(viridis(first + (last - first) * i / max(n - 1, 1))) for i in range(n)]
