"""
Accuracy by age of a memory
===========================

The paper says in words that recent memories are recalled and old ones forgotten. Here is the curve: everything new is
stored, one step in twenty asks, and accuracy is shown against the age of what is asked for. This panel is ours.
"""

import matplotlib.pyplot as plt

from bioKV.paper.figure import figure_table, measure, plot_figure
from bioKV.paper.panels import figure_age

# %%
# Measure
# -------
# Five of sixteen ages, 3 streams at each.

panel = figure_age()._replace(xs=(1, 20, 39, 41, 100))
panel = panel._replace(
    curves=tuple(curve for curve in panel.curves if not curve.takes_jax)
)
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
# At full size: ``biokv figure age``.
