"""The room show: circulars and summary tables in the office's own layout, as they leave the house.

Not here: judging, closing rounds, docx grids (`engines.gongwen`); it reads stored results only.
Nothing depends on it but pages that join rooms and the command line.
"""
