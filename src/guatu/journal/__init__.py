"""The one writer and its chained record of who did what (trust F-1, F-2, F-5, F-6).

Not here: what the acts mean. Every room that stores something writes through `journal.act`.
"""
