"""Annual plans and their slices, and milestones with every date ever promised.

Not here: what was done (reporting). Judging reads plans through snapshots only.
"""
