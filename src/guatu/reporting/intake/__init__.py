"""Taking report workbooks in: good rows enter, doubtful rows wait with a question (office.md 2).

`rows` reads tables, `judge` decides purely, `write` stores; services.intake puts them together.
"""
