"""Campaigns with the figures of their list's closed rounds (M-A11)."""
