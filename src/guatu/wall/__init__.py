"""Pages that join rooms: the desk, the project's page, results. Reads only.

Writes nothing and owns no table; nothing depends on it but the command line.
"""
