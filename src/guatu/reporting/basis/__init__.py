"""The basis of a figure (口径): scope, method, changes on a day, and what may be compared (M-C6).

Not here: the figures themselves. Statistics, results and a project's pages build on it.
"""
