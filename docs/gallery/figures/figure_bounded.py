"""
A Hopfield network that forgets
===============================

In a continual stream a Hopfield network has to forget, or it fails for good. Weights can decay, or be bounded (Parisi,
1986); the paper uses decay, for "better overall performance". This panel, ours, shows both, and neither.
"""

import matplotlib.pyplot as plt

from bioKV.paper.figure import figure_table, measure, plot_figure
from bioKV.paper.panels import figure_bounded

# %%
# Measure
# -------
# Five of ten delays, 3 streams at each.

panel = figure_bounded()._replace(xs=(1, 5, 20, 60, 120))
points = list(measure(panel, seed=0, trials=3))
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
# At full size: ``biokv figure bounded``.
