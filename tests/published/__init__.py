"""Figures that project offices have printed, from the rounding library and from the platform.

The figures and their sources stand in `figures.toml`; sentences of others are not carried.
"""
