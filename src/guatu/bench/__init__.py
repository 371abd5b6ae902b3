"""Benchmarks: ratios against a bare baseline in the same run, beside a calibration loop.

Not tests: nothing here passes or fails. `make bench` and `guatu bench NAME` print the figures.
"""
