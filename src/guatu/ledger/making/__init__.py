"""Making the year's list (M-A10): calls, applications, opinions, decisions, versions, adjustments.

Not here: plans and dates of what is listed; issuing writes those too and stands in planning.
`planning.making` builds on it.
"""
