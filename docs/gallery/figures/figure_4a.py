"""
Figure 4a: a continual stream
=============================

A pattern is asked for a fixed number of steps after it was seen. Slots in turn keep all of it until their turn comes
again. Random third factors and a Hopfield network with decay forget gradually.
"""

import matplotlib.pyplot as plt

from bioKV.paper.figure import figure_table, measure, plot_figure
from bioKV.paper.panels import figure_4a

# %%
# Measure
# -------
# Five of twelve delays, 2 streams at each. The learned rule of the full panel is left out, since it is trained first.

panel = figure_4a()._replace(xs=(1, 20, 40, 60, 120))
panel = panel._replace(
    curves=tuple(curve for curve in panel.curves if not curve.takes_jax)
)
points = list(measure(panel, seed=0, trials=2))
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
# At full size, with the learned rule: ``biokv figure 4a`` (the extra "learn").
