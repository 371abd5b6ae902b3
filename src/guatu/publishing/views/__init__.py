"""Pages of papers: the list, the circular, the summary table."""
