"""Settings and system checks: how the rooms are put together into one Django project.

No business here. The command line and the server start from it; nothing imports it back.
"""
