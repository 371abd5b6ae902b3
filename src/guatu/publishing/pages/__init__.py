"""Contexts of the pages of the publishing room, a module for each page."""
