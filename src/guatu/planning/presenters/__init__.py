"""Contexts of the planning room's pages, one module per page."""
