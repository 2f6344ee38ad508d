"""
Figure 4c: patterns that resemble each other
============================================

All patterns correlate 0.6 with one template. Slots keep them apart; a Hopfield network ends in the template.
"""

import matplotlib.pyplot as plt

from bioKV.paper.figure import figure_table, measure, plot_figure
from bioKV.paper.panels import figure_4c

# %%
# Measure
# -------
# Six of fourteen numbers of patterns, 20 trials at each. The learned rule of the full panel is left out.

panel = figure_4c()._replace(xs=(1, 10, 20, 40, 80, 150))
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
# At full size, with the learned rule: ``biokv figure 4c`` (the extra "learn").
