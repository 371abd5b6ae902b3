"""What keeps an installation alive: backup, restore, the doctor and the health endpoint.

Not here: what the data mean. Every table is copied and counted alike, whichever room it is of.
The command line and the system administrator's pages depend on it.
"""
