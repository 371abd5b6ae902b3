"""Coordinating bodies (领导小组、指挥部、办公室、专班, M-A12) and their members.

Not here: what they decide (meetings) and campaigns that they run (ledger.campaigns).
"""
