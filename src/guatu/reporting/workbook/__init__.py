"""The signed workbook of a unit and round: what is written, and what comes back of it (M-C1).

Signing, writing and reading are pure; `issuing` loads what goes out. The intake reads what comes
back (`services/intake/signed`), the pages depend on `issuing`.
"""
