"""One colour a thing, the same in every figure; told apart by colour-blind readers and in grey (Okabe and Ito)."""

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


def ordered_colours(n: int) -> list[str]:
    """Colours of n numbers in their order, dark to light: viridis without its light end, which is lost on white."""
    import matplotlib

    viridis = matplotlib.colormaps["viridis"]
    return [matplotlib.colors.to_hex(viridis(0.7 * i / max(n - 1, 1))) for i in range(n)]
