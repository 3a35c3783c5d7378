"""Measures what the bot claims of its speed: `python -m benchmarks NAME` prints tables."""
