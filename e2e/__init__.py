"""Journeys through the site in a real browser; screenshots are kept in build/e2e."""
