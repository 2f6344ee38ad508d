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
PHASE = {"store": "#FBEBD3", "recall": "#DCEBF7", "other": "#F2F2F2"}
