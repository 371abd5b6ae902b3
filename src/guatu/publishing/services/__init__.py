"""Papers made on request: the summary table in the office's layout, the circular."""
