"""Figures of the statistics system beside ours: counted or not, materials, statisticians (M-C3).

Not here: what a figure measures (basis), how units report. The pages and freezing build on it.
"""
