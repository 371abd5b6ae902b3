"""Content-addressed blobs, the record of every import, and remembered column mappings.

Not here: what a workbook means (engines.sheets reads it, the record rooms store it).
"""
