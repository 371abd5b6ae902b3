"""Year-end completion forecast from a project's own record and projects of like state (M-D7).

Pure: no database, no clock. Reading the history and keeping results is `assessment.forecasting`
and `services.forecast`; the pages of the room show it.
"""
