"""Contexts of the ledger's pages, one module for each page with its fragments and exports."""
