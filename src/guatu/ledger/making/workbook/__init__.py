"""Applications by workbook: the template that goes out, and what comes back row by row (M-A10).

Not here: what a call is and what is decided on applications. Nothing builds on it.
"""
