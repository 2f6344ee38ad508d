"""
Figure 5b: sequences
====================

A sequence plays itself from a prompt. In the left task the prompt is recalled like all that follows; in the right one,
the authors', it is itself stored and scored.
"""

import matplotlib.pyplot as plt

from bioKV.paper.figure import figure_table, measure, plot_figure
from bioKV.paper.panels import figure_5b

# %%
# Measure
# -------
# Six of sixteen lengths, 20 trials at each. The learned rule of the full panel is left out.

panel = figure_5b()._replace(xs=(2, 10, 20, 39, 41, 50))
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
# At full size, with the learned rule: ``biokv figure 5b`` (the extra "learn").
