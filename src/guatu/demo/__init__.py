"""The invented demo city 江源市（虚构）: its ledger, its months, and forty messy workbooks.

Pure generation and writing of files: no Django, no database, nothing read from the platform.
The demo loader, the acceptance tests and the benchmarks depend on it; nothing else does.
"""
