"""
Capacity against the number of slots
====================================

Is capacity bound to the size of the input? In a Hopfield network it is. A key-value memory gets more capacity by more
slots, while keys keep their 40 entries. This panel is ours.
"""

import matplotlib.pyplot as plt

from bioKV.paper.figure import figure_table, measure, plot_figure
from bioKV.paper.panels import figure_width

# %%
# Measure
# -------
# Three numbers of slots, up to 80 where the panel goes to 320, and 5 searches or trials at each.

panel = figure_width()._replace(xs=(20, 40, 80))
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
# At full size: ``biokv figure width``.
