"""The circular's wording as its author edits it: texts in which the figures stay live. Pure.

A figure stands as `{完成率}`: a name of a fixed dictionary made from the run, replaced once, its
value never read again (trust C-9).
"""
