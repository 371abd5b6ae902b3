"""What the summary table says: from an assessment to plain values for the office's template. Pure.

Not here: workbooks (`engines.sheets.fill`) and the database. `publishing.services.table` uses it.
"""
