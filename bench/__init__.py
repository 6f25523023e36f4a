"""Benchmarks: ProCoder beside a peer in the same run. `python -m bench SUITE`."""
