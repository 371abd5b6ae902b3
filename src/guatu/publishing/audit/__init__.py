"""How figures came about, for whoever audits them: one workbook over all rooms (审计导出).

Not here: the figures themselves, papers to the public. Nothing builds on it.
"""
