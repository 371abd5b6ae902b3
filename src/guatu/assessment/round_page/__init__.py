"""The page of one round: what would be frozen, what was, and how revisions differ."""
