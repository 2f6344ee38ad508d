"""
Figure 2a: accuracy against the number of patterns
==================================================

How many patterns can be stored before recall suffers? With sequential third factors as many as there are slots, 40
here, and then the oldest are lost. Random third factors overwrite by chance from the start. A Hopfield network blends
all patterns in the same synapses. The slot memory of temporal value transport (TVT; Hung et al. 2019), which is
written in turn, too, lies on the line of the sequential third factor.
"""

import matplotlib.pyplot as plt

from bioKV.paper.figure import figure_table, measure, plot_figure
from bioKV.paper.panels import figure_2a

# %%
# Measure
# -------
# Seven of the panel's nineteen numbers of patterns, 20 trials at each.

panel = figure_2a()._replace(xs=(1, 10, 20, 40, 60, 100, 150))
points = list(measure(panel, seed=0, trials=20))
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
# At full size, with the spiking memory: ``biokv figure 2a --memory rate --memory spiking``.
