"""
A Hopfield network with and without self-coupling
=================================================

Beyond its capacity a Hopfield network is said to fail for all patterns at once, a blackout, and figure 2a shows none.
The paper puts that down to the small network. This panel, ours, finds another cause: without the coupling of a neuron
to itself a blackout shows at every size, and with it at none.
"""

import matplotlib.pyplot as plt

from bioKV.paper.figure import figure_table, measure, plot_figure
from bioKV.paper.panels import figure_blackout

# %%
# Measure
# -------
# Six of fourteen loads, 5 trials at each.

panel = figure_blackout()._replace(xs=(0.05, 0.125, 0.2, 0.3, 0.75, 1.5))
points = list(measure(panel, seed=0, trials=5))
table = figure_table(panel, points)
print(
    table.groupby("model", sort=False)["mean"]
    .describe()[["count", "min", "max"]]
    .round(3)
)

# %%
# Draw
# ----

plot_figure(panel, table)
plt.show()

# %%
# At full size: ``biokv figure blackout``.
