"""Snapshots, runs and results; closing, correcting and assessing rounds (judge).

Not here: how figures are collected (reporting) or printed (publishing). Showing reads runs.
"""
