"""
Figure 5a: pairs of a key and another value
===========================================

Values of 20 entries that have nothing to do with their keys of 40. A bidirectional associative memory stores all pairs
in one matrix, and soon mixes them.
"""

import matplotlib.pyplot as plt

from bioKV.paper.figure import figure_table, measure, plot_figure
from bioKV.paper.panels import figure_5a

# %%
# Measure
# -------
# Six of fourteen numbers of pairs, 20 trials at each. The learned rule of the full panel is left out.

panel = figure_5a()._replace(xs=(1, 10, 20, 40, 60, 85))
panel = panel._replace(
    curves=tuple(curve for curve in panel.curves if not curve.takes_jax)
)
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
# At full size, with the learned rule: ``biokv figure 5a`` (the extra "learn").
