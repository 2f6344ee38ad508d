"""Small mistakes made on purpose, and the tests that should notice them: `python -m benchmarks.mutants`."""
