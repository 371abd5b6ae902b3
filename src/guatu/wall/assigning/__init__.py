"""The year's assignment: a pasted table of projects and who answers for them, and its paper.

Not here: one project's duties (ledger), one bearer for ticked projects (wall.library.bulk).
"""
