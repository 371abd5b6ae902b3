"""Asking for a correction of a locked round (申请更正): units and reviewers ask.

The office answers. Not here: the correction itself, which two of its people make (`assessment`).
"""
