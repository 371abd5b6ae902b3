"""Taking a year's list in from workbooks: parse rows, plan the changes, write them (M-A1, M-A3).

It lives in planning because a list row carries plans and dates besides the project itself.
"""
