"""What every page stands on: base page, components, static files, form tokens, error pages.

Knows nothing of projects or users. Every room with pages depends on it.
"""
