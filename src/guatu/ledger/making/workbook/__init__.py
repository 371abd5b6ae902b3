"""Applications by workbook: the template that goes out, and what comes back row by row (M-A10).

Not here: what a call is, what is decided on applications, what is written of them
(`making.services.taking`).
"""
