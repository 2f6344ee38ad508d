"""Accuracy, agreement and figures of what the memories answered."""
