"""Quantities: what a project reports beside or instead of money, by indicator (M-A9).

Not here: figures themselves (`reporting.models`), their judging and review. `unit` shows them in
the form, `services.submit` stores them, `wall` shows them on the project's page.
"""
