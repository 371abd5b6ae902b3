"""How units lay out their tables: layouts as data, spelling of values, rendering, file formats.

Knows nothing of faults: what is wrong in a file is put into the lines before they are rendered.
"""
