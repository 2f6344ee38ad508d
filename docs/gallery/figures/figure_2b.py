"""
Figure 2b: capacity against size
================================

How does capacity, the number of pairs at an accuracy of 0.98, grow with the number of neurons? Slots that are written
in turn give a line of slope 1, whatever the size.

Left is the paper's search, which is noisy and takes a lucky probe for granted. Right is the definition without that
noise: the mean over many trials reaches 0.98.
"""

import matplotlib.pyplot as plt

from bioKV.paper.figure import figure_table, measure, plot_figure, slopes
from bioKV.paper.panels import figure_2b

# %%
# Measure
# -------
# Three sizes, up to 80 where the panel goes to 160, and 4 searches or trials at each.

panel = figure_2b()._replace(xs=(20, 40, 80))
points = list(measure(panel, seed=0, trials=4))
table = figure_table(panel, points)
lines = slopes(panel, points)
print(
    table.groupby("model", sort=False)["mean"]
    .describe()[["count", "min", "max"]]
    .round(3)
)

# %%
# Draw
# ----

plot_figure(panel, table, lines)
plt.show()

# %%
# The numbers in the legend are slopes with their 95 % intervals; so few points make them wide. ``biokv figure 2b`` has
# four sizes and hundreds of trials.
