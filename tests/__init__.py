"""Tests across rooms, the factories they share, and tests of the tools.

A room's own tests lie in its `tests` folder under src.
"""
