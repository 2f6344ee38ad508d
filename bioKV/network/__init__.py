"""The spiking network: what it is made of, as text and numbers, and its Brian2 objects."""
