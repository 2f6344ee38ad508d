"""
Figure 4b: flashbulb memories
=============================

A few patterns come with a strong global third factor. In the key-value memory their synapses freeze (eq. 17), and
they outlive the others (dashed). In a Hopfield network a strong q makes a flashbulb at the price of all other
memories, which it drowns.
"""

import matplotlib.pyplot as plt

from bioKV.paper.figure import figure_table, measure, plot_figure
from bioKV.paper.panels import figure_4b

# %%
# Measure
# -------
# Four of seven delays, 6 streams at each.

panel = figure_4b()._replace(xs=(1, 20, 60, 120))
points = list(measure(panel, seed=0, trials=6))
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
# At full size: ``biokv figure 4b``.
