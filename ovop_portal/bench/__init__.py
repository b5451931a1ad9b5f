"""Benchmarks: each measures something of ours and, in the same run, something known beside it."""
