"""Periods, rounds, reports, figures, and the intake of report workbooks.

Not here: lights and rates (assessment). assessment freezes what stands here.
"""
