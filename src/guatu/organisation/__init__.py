"""Regions, organisations, persons, users, roles, settings and switches of one installation.

Not here: which projects somebody sees (`ledger.access`). Every room above depends on it.
"""
