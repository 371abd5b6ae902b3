"""The year's list with its plans (M-A10): the desk, totals, issuing, adjustments.

Not here: calls, applications, opinions and decisions (ledger.making). Nothing builds on it yet.
"""
