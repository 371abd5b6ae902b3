"""Pure engines: packages without Django, independent of each other, runnable from a notebook.

They import the standard library, their own dependencies and `guatu.core`; no room.
"""
