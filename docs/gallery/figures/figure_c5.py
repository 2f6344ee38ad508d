"""
Figure C5: three correlations
=============================

Figure 4c for weaker and stronger correlations, one Axes per memory. For the slots a correlation matters little, as long
as the query tells the patterns apart. The full panel has a fourth, of the learned rule, which is trained first.
"""

import matplotlib.pyplot as plt

from bioKV.paper.figure import figure_table, measure, plot_figure
from bioKV.paper.panels import figure_c5

# %%
# Measure
# -------
# Five of fourteen numbers of patterns, 10 trials at each.

panel = figure_c5()._replace(xs=(1, 10, 20, 40, 80))
panel = panel._replace(
    curves=tuple(curve for curve in panel.curves if not curve.takes_jax),
    groups=panel.groups[:3],
)
points = list(measure(panel, seed=0, trials=10))
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
# At full size, with rules that are learned for each correlation: ``biokv figure c5`` (the extra "learn").
