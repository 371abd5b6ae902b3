"""Writes of the reporting room, by intention."""
