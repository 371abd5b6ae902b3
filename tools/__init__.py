"""What the Makefile runs: finding PostgreSQL, running the suite, and the guards of `make check`.

Not here: anything the platform itself needs at run time.
"""
