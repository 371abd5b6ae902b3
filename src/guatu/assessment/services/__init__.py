"""Writes of the assessment room, by intention."""
