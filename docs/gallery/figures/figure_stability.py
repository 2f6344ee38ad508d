"""
Stability in a Hopfield network
===============================

In slots, freezing what a flashbulb wrote costs one slot. In a Hopfield network every synapse holds a part of every
pattern: what happens if all of them freeze, or a share? The paper found it "significantly detrimental"; the shares are
our reading of what could still be tried.
"""

import matplotlib.pyplot as plt

from bioKV.paper.figure import figure_table, measure, plot_figure
from bioKV.paper.panels import figure_stability

# %%
# Measure
# -------
# Three of seven delays, 6 streams at each. Dashed: flashbulbs.

panel = figure_stability()._replace(xs=(1, 20, 60))
points = list(measure(panel, seed=0, trials=6))
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
# At full size: ``biokv figure stability``.
