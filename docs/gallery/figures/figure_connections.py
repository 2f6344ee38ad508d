"""
Capacity by connection
======================

A key-value memory has more connections than a Hopfield network of the same size. Counted in bits of stored patterns
over plastic connections, how do they compare? Left all sizes grow together, right the keys stay at 40 entries. This
panel is ours.
"""

import matplotlib.pyplot as plt

from bioKV.paper.figure import figure_table, measure, plot_figure
from bioKV.paper.panels import figure_connections

# %%
# Measure
# -------
# Two sizes of the panel's four, and 60 trials at each. That is few for random third factors, whose curve is rough.

panel = figure_connections()._replace(xs=(20, 40))
points = list(measure(panel, seed=0, trials=60))
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
# At full size: ``biokv figure connections``.
