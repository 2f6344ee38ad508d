"""A study: a plan, its trials, their table, and the record of how it came about."""
