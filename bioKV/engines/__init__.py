"""Two ways to run a network: Brian2 with NumPy, and a compiled program; and the processes that do it."""
